"""Times to event of the other trial: fractions by hand in README.md, limits from R 4 (package survival)."""

import pytest

from tests.each import each

LOW_DOSE, HIGH_DOSE = "0.3 mg/kg", "1 mg/kg"


def test_times_count_as_the_data_do(study):
    adtte = study.data["ADTTE"]
    assert adtte.loc[adtte["USUBJID"] == "SOL-201-001", "AVAL"].tolist() == [43, 61]
    data = study.derived
    assert list(data["PROGR"]["AVAL"]) == [43, 85, 85, 127, 127, 19, 43, 85, 43, 127, 169]
    assert data["PROGRN"].set_index("USUBJID").loc["SOL-201-009", ["AVAL", "CNSR"]].tolist() == [61, 1]


@each(
    ("group", "day", "at_risk", "survival", "limits"),
    [
        # R: summary(survfit(Surv(t, e) ~ dose, conf.type = "log"), times = c(85, 127))
        (LOW_DOSE, "85", 4, 3 / 5, (0.293316431638, 1)),
        (HIGH_DOSE, "85", 3, 1 / 2, (0.224630347769, 1)),
        (HIGH_DOSE, "127", 2, 1 / 4, (0.0504587931389, 1)),
    ],
)
def test_progression_free_survival(stat, group, day, at_risk, survival, limits):
    at = {"context": "survival_at", "variable": "PROGR", "level": day}
    assert stat("SURVIVAL", "n.risk", group, **at) == at_risk
    assert stat("SURVIVAL", "estimate", group, **at) == pytest.approx(survival, rel=1e-12)
    found = tuple(stat("SURVIVAL", s, group, **at) for s in ("conf.low", "conf.high"))
    assert found == pytest.approx(limits, rel=1e-10)


def test_where_the_curve_reaches_zero_there_are_no_limits(stat):
    at = {"context": "survival_at", "variable": "PROGR", "level": "127"}
    found = [stat("SURVIVAL", s, LOW_DOSE, **at) for s in ("n.risk", "estimate", "conf.low", "conf.high")]
    assert found == [2, 0, None, None]  # R: lower and upper are NA


@each(
    ("group", "day", "at_risk", "survival", "limits"),
    [
        # R: summary(survfit(Surv(t, e) ~ 1, conf.type = "log-log", conf.int = 0.9), times = c(90, 91)), and ~ dose, times = 121
        ("", "90", 9, 9 / 11, (0.525523549839, 0.939327339190)),  # the death 90 days after the start is on day 91
        ("", "91", 9, 8 / 11, (0.43759554458, 0.884522440929)),
        (LOW_DOSE, "121", 4, 3 / 5, (0.191014178425, 0.85416529293)),
        (HIGH_DOSE, "121", 3, 2 / 3, (0.270412902045, 0.881872062948)),
    ],
)
def test_overall_survival(stat, group, day, at_risk, survival, limits):
    at = {"context": "survival_at", "variable": "DEATH", "level": day}
    assert stat("SURVIVAL", "n.risk", group, **at) == at_risk
    assert stat("SURVIVAL", "estimate", group, **at) == pytest.approx(survival, rel=1e-12)
    found = tuple(stat("SURVIVAL", s, group, **at) for s in ("conf.low", "conf.high"))
    assert found == pytest.approx(limits, rel=1e-10)
    assert stat("SURVIVAL", "estimate", group, context="survival_at", variable="DEATH", level="366") is None


@each(
    ("endpoint", "group", "median", "limits"),
    [
        # R: print(survfit(...)); the plan takes the left end of the plateau at 1/2 for PFS, where R takes its midpoint, 85
        ("PROGR", LOW_DOSE, 127, (85, None)),
        ("PROGR", HIGH_DOSE, 43, (43, None)),
        ("DEATH", "", 181, (91, None)),
        ("DEATH", LOW_DOSE, 201, (61, None)),
        ("DEATH", HIGH_DOSE, 181, (19, None)),
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
        for day in ("1", "91", "121", "181")
    }
    assert table == {"1": (11, 0, 0), "91": (9, 2, 0), "121": (7, 3, 1), "181": (4, 4, 3)}


def test_reverse_follow_up(stat):
    # R: survfit(Surv(t, 1 - e) ~ 1, conf.type = "log-log", conf.int = 0.9): 211 (121 to NA)
    at = {"context": "follow_up_reverse_km", "variable": "DEATH"}
    assert [stat("SURVIVAL", s, **at) for s in ("estimate", "conf.low", "conf.high")] == [211, 121, None]
