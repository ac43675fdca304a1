"""What is derived for each subject, worked by hand: best response, time to event, peak."""

import numpy as np
import pandas as pd
import pytest

from analysis.data.derive import best_response, peaks, time_to_event
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.derived import derive as second_route
from sap.model.derivations import BestResponse, Peak, TimeToEvent
from sap.model.part import Window
from tests.each import each

INFUSION = pd.Timestamp("2021-03-01")


def day(since_infusion: int | None) -> pd.Timestamp:
    return pd.NaT if since_infusion is None else INFUSION + pd.Timedelta(days=since_infusion)


def adsl(**transplanted: int | None) -> pd.DataFrame:
    """Subjects by id and the day of their transplantation."""
    subjects = transplanted or {"1": None}
    return pd.DataFrame(
        {
            "USUBJID": list(subjects),
            "TRTSDT": pd.to_datetime([INFUSION] * len(subjects)),
            "HSCTDT": pd.to_datetime([day(d) for d in subjects.values()]),
        }
    )


def responses(*assessed: tuple[str, int], subject: str = "1") -> pd.DataFrame:
    frame = pd.DataFrame(list(assessed), columns=["AVALC", "DAY"])
    return frame.assign(USUBJID=subject, ADT=pd.to_datetime([day(d) for d in frame["DAY"]])).drop(columns="DAY")


BOR = BestResponse(
    id="BOR", kind="best_response", text="x", parameter="OVRLRESP", order=("CR", "CRi", "PR", "NR"),
    window=Window(start=1), before="HSCTDT",
)  # fmt: skip


def best(*assessed: tuple[str, int], transplanted: int | None = None, spec: BestResponse = BOR) -> tuple[str, float]:
    (row,) = best_response(adsl(**{"1": transplanted}), responses(*assessed), spec).to_dict("records")
    return row["BOR"], row["RSPDAY"]


@each(
    ("assessed", "expected"),
    [
        ([("NR", 14), ("CR", 28)], ("CR", 28)),
        ([("CR", 14), ("NR", 28)], ("CR", 14)),
        ([("CRi", 14), ("CR", 28)], ("CR", 28)),
        ([("PR", 14), ("CRi", 28)], ("CRi", 28)),
        ([("NR", 14), ("PR", 28)], ("PR", 28)),
    ],
)
def test_the_best_response_is_the_first_in_the_plans_order(assessed, expected):
    assert best(*assessed) == expected


def test_the_day_is_that_of_the_first_such_response_in_any_order_of_rows():
    assert best(("CR", 60), ("CR", 28), ("CRi", 14)) == ("CR", 28)


@each(("assessed_on", "response"), [(19, "CR"), (20, "NE"), (21, "NE")])
def test_an_assessment_on_the_day_of_transplantation_or_later_does_not_count(assessed_on, response):
    assert best(("CR", assessed_on), transplanted=20)[0] == response


def test_without_transplantation_every_assessment_counts():
    assert best(("CR", 400)) == ("CR", 400)


def test_the_same_assessments_count_when_the_plan_does_not_stop_at_transplantation():
    anyway = BOR.model_copy(update={"before": None})
    assert best(("NR", 14), ("CR", 63), transplanted=34, spec=anyway) == ("CR", 63)


@each(("assessed_on", "response"), [(-1, "NE"), (0, "NE"), (1, "CR")])
def test_an_assessment_before_the_window_does_not_count(assessed_on, response):
    assert best(("CR", assessed_on))[0] == response


def test_a_treated_subject_without_an_assessment_is_not_evaluable():
    response, on = best()
    assert response == "NE"
    assert pd.isna(on)


def test_each_subject_has_its_own_best_response():
    both = pd.concat([responses(("PR", 14), subject="1"), responses(("CR", 14), subject="2")], ignore_index=True)
    found = best_response(adsl(**{"2": None, "1": None, "3": None}), both, BOR)
    assert dict(zip(found["USUBJID"], found["BOR"], strict=True)) == {"2": "CR", "1": "PR", "3": "NE"}


RECIST = BestResponse(
    id="BOR", kind="best_response", text="x", parameter="OVRLRESP", order=("CR", "PR", "SD", "PD"), min_days=42,
    confirmation=28,
)  # fmt: skip


def recist(*assessed: tuple[str, int], **changes) -> tuple[str, float]:
    return best(*assessed, spec=RECIST.model_copy(update=changes))


def test_best_response_is_up_to_and_including_the_first_progression():
    """RECIST 1.1, 4.4: the best response from the start of treatment until disease progression."""
    plain = {"min_days": None, "confirmation": None}
    cases: dict[tuple[tuple[str, int], ...], tuple[str, float]] = {
        (("PD", 28), ("CR", 56)): ("PD", 28),
        (("SD", 28), ("PD", 56), ("CR", 84)): ("SD", 28),
        (("PR", 28), ("PD", 56), ("CR", 84)): ("PR", 28),
        (("PD", -3), ("CR", 28)): ("CR", 28),  # known before treatment: no progression of it
        (("PD", 0), ("CR", 28)): ("CR", 28),
        (("CR", 0), ("SD", 28)): ("SD", 28),  # the day of infusion is no day of response
        (("CR", -7),): ("NE", float("nan")),
        (("NE", 28), ("PD", 56), ("NE", 60), ("PR", 84)): ("PD", 56),
    }
    found = {seen: recist(*seen, **plain) for seen in cases}
    wrong = {s: f for s, f in found.items() if f[0] != cases[s][0] or not (f[1] == cases[s][1] or pd.isna(cases[s][1]))}
    assert not wrong


def test_progression_ends_best_response_before_its_window_opens_and_where_the_order_leaves_it_out():
    late = {"min_days": None, "confirmation": None, "window": Window(start=21)}
    assert recist(("PD", 14), ("CR", 56), **late)[0] == "NE"
    assert recist(("PD", 14), ("CR", 56), **late, order=("CR", "PR"), stable=())[0] == "NE"


def test_what_is_progression_is_the_plans_word_or_the_usual_ones():
    for value in ("PD", "Progressive disease", "Relapse", "PMD"):
        spec = BOR.model_copy(update={"order": ("CR", value)})
        assert best((value, 14), ("CR", 28), spec=spec) == (value, 14), value
    for value in ("NR", "RD", "POSITIVE", "NE", "iUPD"):
        spec = BOR.model_copy(update={"order": ("CR", value)})
        assert best((value, 14), ("CR", 28), spec=spec) == ("CR", 28), value
    assert best(("NR", 14), ("CR", 28), spec=BOR.model_copy(update={"progression": ("NR",)})) == ("NR", 14)
    assert recist(("PD", 28), ("CR", 56), progression=(), min_days=None, confirmation=None) == ("CR", 56)


TABLE_3: dict[tuple[str, ...], str] = {
    ("CR", "CR"): "CR",
    ("CR", "PR"): "SD",
    ("CR", "SD"): "SD",
    ("CR", "PD"): "SD",
    ("CR", "NE"): "SD",
    ("PR", "CR"): "PR",
    ("PR", "PR"): "PR",
    ("PR", "SD"): "SD",
    ("PR", "PD"): "SD",
    ("PR", "NE"): "SD",
    ("NE", "NE"): "NE",
    ("SD", "PD"): "SD",
    ("PR", "NE", "PR"): "PR",
    ("PR", "SD", "PR"): "SD",
    ("CR", "NE", "CR"): "CR",
    ("PD", "PR", "PR"): "PD",
    ("PR", "PD", "PR"): "SD",
    ("CR", "PR", "CR"): "PR",
}
"""RECIST 1.1 (Eur J Cancer 2009;45:228), table 3, where stable disease lasted long enough; then three assessments."""


def test_a_response_that_is_not_confirmed_counts_as_in_table_3_of_recist():
    seen = {values: [(v, 49 + 28 * i) for i, v in enumerate(values)] for values in TABLE_3}
    assert {values: recist(*pairs)[0] for values, pairs in seen.items()} == TABLE_3


def test_where_stable_disease_was_too_short_it_does_not_count():
    """The same table: progression where it follows, not evaluable where nothing does."""
    assert recist(("CR", 14), ("PD", 41)) == ("PD", 41)
    assert recist(("PR", 14), ("NE", 60))[0] == "NE"
    assert recist(("SD", 41))[0] == "NE"
    assert recist(("SD", 42)) == ("SD", 42)
    assert recist(("SD", 28), ("SD", 56)) == ("SD", 56)


def test_a_confirmation_is_as_late_as_the_plan_asks():
    assert recist(("PR", 49), ("PR", 76))[0] == "SD"
    assert recist(("PR", 49), ("PR", 77)) == ("PR", 49)
    assert recist(("PR", 49), ("CR", 60), ("CR", 88)) == ("CR", 60)


def test_stable_disease_must_be_named_where_a_rule_is_about_it():
    with pytest.raises(ValueError, match=r"the order has none: name it, as stable: \[SD\]"):
        BestResponse.model_validate(BOR.model_dump() | {"confirmation": 28})
    with pytest.raises(ValueError, match="stable names SD, which the order has not"):
        BestResponse.model_validate(BOR.model_dump() | {"stable": ["SD"]})
    leukemia = BestResponse.model_validate(BOR.model_dump() | {"confirmation": 28, "stable": ["NR"]})
    assert best(("CR", 14), ("CRi", 60), spec=leukemia)[0] == "NR"


def test_a_window_with_an_end_alone_opens_after_the_day_of_treatment():
    content = BOR.model_dump() | {"window": {"end": 90}}
    assert BestResponse.model_validate(content).window == Window(start=1, end=90)
    assert Peak(id="P", kind="peak", text="x", parameter="CK", window=Window(end=28)).window == Window(start=0, end=28)


def by_definition(seen: list[tuple[str, int]]) -> str:
    """Best response without options, in the words of the definition."""
    days = [d for v, d in seen if v == "PD" and d >= 1]
    counted = [v for v, d in seen if d >= 1 and (not days or d <= min(days))]
    return next((v for v in ("CR", "PR", "SD", "PD") if v in counted), "NE")


def test_nothing_after_a_progression_and_nothing_on_a_day_before_changes_the_best_response():
    rng = np.random.default_rng(20261129)
    wrong = []
    for _ in range(300):
        days = sorted(rng.choice(np.arange(-5, 120), size=rng.integers(1, 7), replace=False).tolist())
        seen = [(str(v), d) for v, d in zip(rng.choice(["CR", "PR", "SD", "PD", "NE"], len(days)), days, strict=True)]
        plain = recist(*seen, min_days=None, confirmation=None)[0]
        more = [*seen, ("PD", 130), ("CR", 140), ("CR", 0), ("CR", 180)]
        every = {"plain": {"min_days": None, "confirmation": None}, "confirmed": {}}
        same = all(recist(*seen, ("PD", 130), **o) == recist(*more, **o) for o in every.values())
        # A response that is asked to be confirmed is never better than one that is not.
        order = ("CR", "PR", "SD", "PD", "NE")
        if plain != by_definition(seen) or not same or order.index(recist(*seen)[0]) < order.index(plain):
            wrong.append(seen)
    assert not wrong


def test_the_second_route_finds_the_same_best_response_under_every_option(plan):
    rng = np.random.default_rng(7)
    wrong = []
    for i in range(300):
        size = int(rng.integers(0, 8))
        days = rng.integers(-3, 150, size).tolist()
        values = rng.choice(["CR", "PR", "SD", "PD", "NE", ""], size).tolist()
        options = {
            "confirmation": [None, 1, 28][i % 3],
            "min_days": [None, 42][i % 2],
            "window": Window(start=int(rng.integers(-2, 30)), end=[None, 120][i % 2]),
            "order": [("CR", "PR", "SD", "PD"), ("CR", "PR", "SD", "PD", "NE"), ("CR", "PR", "SD")][i % 3],
        }
        spec = RECIST.model_copy(update=options)
        frame = responses(*zip(values, days, strict=True)).assign(PARAMCD="OVRLRESP")
        frame.loc[frame.index % 7 == 6, "ADT"] = pd.NaT
        (row,) = best_response(adsl(), frame, spec).to_dict("records")
        records = to_records(frame)
        (subject,) = to_records(adsl()).of("1")
        again = second_route(plan, spec, subject, lambda _, r=records: r.of("1"))
        for name in spec.provides:
            first = None if pd.isna(row[name]) else row[name]
            if first != again[name]:
                wrong.append((name, first, again[name], list(zip(values, days, strict=True)), options))
    assert not wrong


def times(aval: float, cnsr: int, transplanted: int | None, origin_day: int = 0) -> tuple[float, float]:
    records = pd.DataFrame(
        {"USUBJID": ["1"], "STARTDT": [INFUSION], "AVAL": [aval + origin_day], "CNSR": [float(cnsr)]}
    )
    spec = TimeToEvent(id="OS", kind="time_to_event", text="x", parameter="OS", censor_at="HSCTDT")
    (row,) = time_to_event(adsl(**{"1": transplanted}), records, spec, origin_day).to_dict("records")
    return row["AVAL"], row["CNSR"]


@each(
    ("aval", "cnsr", "transplanted", "expected"),
    [
        (87, 0, 26, (26, 1)),
        (488, 1, 34, (34, 1)),
        (87, 0, None, (87, 0)),
        (87, 0, 90, (87, 0)),
        (87, 0, 87, (87, 0)),
        (87, 1, 87, (87, 1)),
        (87, 0, 0, (0, 1)),
    ],
)
def test_a_time_is_censored_at_transplantation_only_when_that_comes_before_it(aval, cnsr, transplanted, expected):
    """An event on the very day of transplantation stays an event."""
    assert times(aval, cnsr, transplanted) == expected


def test_a_time_that_counts_its_first_day_as_one_is_cut_and_kept_in_the_same_count():
    # 87 and 26 days after the start are days 88 and 27 where the start is day 1.
    assert times(87, 0, None, origin_day=1) == (88, 0)
    assert times(87, 0, 26, origin_day=1) == (27, 1)
    assert times(87, 0, 87, origin_day=1) == (88, 0)
    assert times(87, 0, 0, origin_day=1) == (1, 1)


def test_a_transplantation_before_the_start_cannot_censor_a_time():
    with pytest.raises(ValueError, match="HSCTDT is before the start of the time for 1"):
        times(87, 0, -5)


def test_time_to_event_without_censoring_is_the_data(study):
    spec = TimeToEvent(id="OS", kind="time_to_event", text="x", parameter="OS")
    found = time_to_event(study.data["ADSL"], study.data["ADTTE"], spec, 0)
    assert found["AVAL"].tolist() == study.data["ADTTE"]["AVAL"].tolist()


def kinetics(*measured: tuple[int, float | None], lloq: float | None = 0.1, subject: str = "1") -> pd.DataFrame:
    """Values by days since infusion; None is below quantification."""
    frame = pd.DataFrame(list(measured), columns=["DAY", "AVAL"])
    frame["AVAL"] = frame["AVAL"].astype("float64")
    below = frame["AVAL"].isna().map({True: "Y", False: ""})
    dates = pd.to_datetime([day(d) for d in frame["DAY"]])
    return frame.assign(USUBJID=subject, ADT=dates, BLQFL=below, LLOQ=lloq).drop(columns="DAY")


def peak(records: pd.DataFrame, rule: str = "zero", end: int | None = 28) -> tuple[float, float] | None:
    spec = Peak(
        id="EXPAN", kind="peak", text="x", parameter="CARTPCT", window=Window(start=0, end=end),
        below_quantification=rule,
    )  # fmt: skip
    rows = peaks(adsl(), records, spec).to_dict("records")
    return (rows[0]["PEAK"], rows[0]["TPEAK"]) if rows else None


def test_the_peak_is_the_highest_value_and_its_day():
    assert peak(kinetics((4, 1.0), (8, 55.3), (12, 20.0))) == (55.3, 8)


def test_among_equal_peaks_the_first_day_counts_whatever_the_order_of_rows():
    assert peak(kinetics((12, 55.3), (8, 55.3), (10, 1.0))) == (55.3, 8)


@each(("on", "expected"), [(-1, 1.0), (0, 9.0), (28, 9.0), (29, 1.0)])
def test_a_peak_outside_the_window_does_not_count(on, expected):
    assert peak(kinetics((on, 9.0), (5, 1.0)))[0] == expected


# LLOQ 0.1 %: what a subject in whom nothing was ever quantified counts, and the first day of it.
@each(("rule", "expected"), [("zero", (0.0, 0)), ("half", (0.05, 0)), ("lloq", (0.1, 0))])
def test_a_subject_always_below_quantification_has_the_peak_the_rule_says(rule, expected):
    assert peak(kinetics((0, None), (7, None)), rule) == expected


def test_a_subject_always_below_quantification_has_no_peak_when_such_values_are_missing():
    assert peak(kinetics((0, None), (7, None)), "missing") is None


@each("rule", ["zero", "half", "lloq", "missing"])
def test_a_quantified_value_is_the_peak_under_every_rule(rule):
    assert peak(kinetics((0, None), (7, 0.2), (9, None)), rule) == (0.2, 7)


def test_a_sample_that_was_not_measured_is_not_used():
    records = kinetics((4, 3.0), (8, None)).assign(BLQFL="")
    assert peak(records, "lloq") == (3.0, 4)


def test_a_laboratory_value_without_a_limit_of_quantification_has_a_peak():
    records = kinetics((4, 38.4), (8, 40.1)).drop(columns=["BLQFL", "LLOQ"])
    assert peak(records) == (40.1, 8)


def test_half_of_an_unknown_limit_is_refused():
    with pytest.raises(ValueError, match="below quantification has no LLOQ"):
        peak(kinetics((4, None), lloq=None), "half")


def test_a_value_below_the_limit_that_is_not_called_so_is_refused():
    with pytest.raises(ValueError, match=r"under its lloq .*0\.05"):
        peak(kinetics((4, 0.05)))


def test_a_subject_without_a_sample_has_no_peak():
    assert peak(kinetics(subject="2")) is None


def test_the_peaks_of_the_study_are_the_highest_values_of_its_listing(study):
    """Read from data/adck.csv, days since infusion (study day minus one)."""
    found = study.derived["EXPAN"].set_index("USUBJID")
    assert found["PEAK"].tolist() == [6.4, 19.6, 17.9, 46.2, 3.1, 38.5, 55.3, 72.4, 33.7, 61.8]
    assert found["TPEAK"].tolist() == [14, 16, 12, 10, 8, 18, 14, 6, 12, 10]


def test_the_best_responses_of_the_study_are_those_before_transplantation(study):
    found = study.derived
    assert found["BOR"]["BOR"].tolist() == ["NR", "PR", "CRi", "CRi", "NR", "CR", "CRi", "CRi", "CRi", "CRi"]


def test_with_transplantation_those_are_cr_whose_counts_came_back(study):
    """Read from data/adrs.csv: 01 after salvage, 04 and 08 to 10 after engraftment; 03 and 07 never recovered."""
    found = study.derived["BORANY"]
    assert found["BOR"].tolist() == ["CR", "PR", "CRi", "CR", "NR", "CR", "CRi", "CR", "CR", "CR"]
    assert found["RSPDAY"].tolist() == [62, 15, 14, 48, 14, 28, 15, 46, 48, 47]


def test_derivations_stand_beside_the_source_datasets_and_change_none(study):
    before = {name: frame.copy() for name, frame in study.data.items()}
    found = study.derived
    assert set(found) == set(study.data) | {d.id for d in study.plan.derivations}
    assert all(study.data[name].equals(frame) for name, frame in before.items())


@each("derivation", range(8))
def test_a_derivation_has_the_variables_the_plan_may_name_one_row_a_subject(study, derivation):
    spec = study.plan.derivations[derivation]
    frame = study.derived[spec.id]
    assert set(frame.columns) == {"USUBJID", *spec.provides}
    assert frame["USUBJID"].is_unique
