"""Times to event of the other trial: fractions by hand in README.md, limits from R 4 (package survival)."""

import pytest

from analysis.derive import derive

LOW_DOSE, HIGH_DOSE = "0.3 mg/kg", "1 mg/kg"


def test_times_count_from_zero_whatever_the_data_count(study):
    adtte = study.data["ADTTE"]
    assert adtte.loc[adtte["USUBJID"] == "SOL-201-001", "AVAL"].tolist() == [43, 61]
    data = derive(study)
    assert list(data["PROGR"]["AVAL"]) == [42, 84, 84, 126, 126, 18, 42, 84, 42, 126, 168]
    assert data["PROGRN"].set_index("USUBJID").loc["SOL-201-009", ["AVAL", "CNSR"]].tolist() == [60, 1]


@pytest.mark.parametrize(
    ("group", "day", "at_risk", "survival", "limits"),
    [
        # R: summary(survfit(Surv(t, e) ~ dose, conf.type = "log"), times = c(84, 126))
        (LOW_DOSE, "84", 4, 3 / 5, (0.293316431638, 1)),
        (HIGH_DOSE, "84", 3, 1 / 2, (0.224630347769, 1)),
        (HIGH_DOSE, "126", 2, 1 / 4, (0.0504587931389, 1)),
    ],
)
def test_progression_free_survival(stat, group, day, at_risk, survival, limits):
    at = {"context": "survival_at", "variable": "PROGR", "level": day}
    assert stat("SURVIVAL", "n.risk", group, **at) == at_risk
    assert stat("SURVIVAL", "estimate", group, **at) == pytest.approx(survival, rel=1e-12)
    found = tuple(stat("SURVIVAL", s, group, **at) for s in ("conf.low", "conf.high"))
    assert found == pytest.approx(limits, rel=1e-10)


def test_where_the_curve_reaches_zero_there_are_no_limits(stat):
    at = {"context": "survival_at", "variable": "PROGR", "level": "126"}
    found = [stat("SURVIVAL", s, LOW_DOSE, **at) for s in ("n.risk", "estimate", "conf.low", "conf.high")]
    assert found == [2, 0, None, None]  # R: lower and upper are NA


@pytest.mark.parametrize(
    ("group", "day", "at_risk", "survival", "limits"),
    [
        # R: summary(survfit(Surv(t, e) ~ 1, conf.type = "log-log", conf.int = 0.9), times = 90), and ~ dose, times = 120
        ("", "90", 9, 8 / 11, (0.43759554458, 0.884522440929)),
        (LOW_DOSE, "120", 4, 3 / 5, (0.191014178425, 0.85416529293)),
        (HIGH_DOSE, "120", 3, 2 / 3, (0.270412902045, 0.881872062948)),
    ],
)
def test_overall_survival(stat, group, day, at_risk, survival, limits):
    at = {"context": "survival_at", "variable": "DEATH", "level": day}
    assert stat("SURVIVAL", "n.risk", group, **at) == at_risk
    assert stat("SURVIVAL", "estimate", group, **at) == pytest.approx(survival, rel=1e-12)
    found = tuple(stat("SURVIVAL", s, group, **at) for s in ("conf.low", "conf.high"))
    assert found == pytest.approx(limits, rel=1e-10)
    assert stat("SURVIVAL", "estimate", group, context="survival_at", variable="DEATH", level="365") is None


@pytest.mark.parametrize(
    ("endpoint", "group", "median", "limits"),
    [
        # R: print(survfit(...)); the plan takes the left end of the plateau at 1/2 for PFS, where R takes its midpoint, 84
        ("PROGR", LOW_DOSE, 126, (84, None)),
        ("PROGR", HIGH_DOSE, 42, (42, None)),
        ("DEATH", "", 180, (90, None)),
        ("DEATH", LOW_DOSE, 200, (60, None)),
        ("DEATH", HIGH_DOSE, 180, (18, None)),
    ],
)
def test_medians(stat, endpoint, group, median, limits):
    at = {"context": "survival", "variable": endpoint, "level": "median"}
    assert stat("SURVIVAL", "estimate", group, **at) == median
    assert tuple(stat("SURVIVAL", s, group, **at) for s in ("conf.low", "conf.high")) == limits


def test_numbers_at_risk_with_an_event_and_a_censoring_at_the_same_time(stat):
    table = {
        day: tuple(
            stat("SURVIVAL", s, context="at_risk", variable="DEATH", level=day)
            for s in ("n.risk", "n.event", "n.censor")
        )
        for day in ("0", "90", "120", "180")
    }
    assert table == {"0": (11, 0, 0), "90": (9, 2, 0), "120": (7, 3, 1), "180": (4, 4, 3)}


def test_reverse_follow_up(stat):
    # R: survfit(Surv(t, 1 - e) ~ 1, conf.type = "log-log", conf.int = 0.9): 210 (120 to NA)
    at = {"context": "follow_up_reverse_km", "variable": "DEATH"}
    assert [stat("SURVIVAL", s, **at) for s in ("estimate", "conf.low", "conf.high")] == [210, 120, None]
