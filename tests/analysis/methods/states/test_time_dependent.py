"""Transplantation as a state that changes in time: Simon-Makuch curves and the Mantel-Byar test."""

import math

import pytest

from analysis.methods.states.switch import split_at
from analysis.methods.states.time_dependent import mantel_byar, simon_makuch
from tests.analysis.methods.survival_reference import SMALL_SAMPLES, name
from tests.each import each
from tests.reference_check import agrees

CASES = SMALL_SAMPLES["time_dependent"]
COLUMNS = {
    "time": "time",
    "n_risk": "n_risk",
    "n_event": "n_event",
    "surv": "surv",
    "std_err": "std_err",
    "conf_low": "lower",
    "conf_high": "upper",
}


def rows(case):
    return case["start"], case["stop"], case["event"], case["exposed"]


def check_curves(case, expected, landmark):
    both = simon_makuch(*rows(case), landmark=landmark, conf_type=expected["conf_type"])
    curve = both.exposed if expected["exposed"] else both.unexposed
    for column, key in COLUMNS.items():
        agrees(
            getattr(curve, column).tolist(),
            expected[key],
            method=f"simon_makuch {column}",
            source="R survival 3.5.3 survfit(Surv(start, stop, event) ~ exposed)",
            case=f"{case['name']} landmark={landmark} exposed={expected['exposed']}",
        )


@each("case", CASES, ids=name)
def test_curves_are_those_of_survfit_on_start_stop_data(case):
    for expected in case["curves"]:
        check_curves(case, expected, 0)


@each("case", CASES, ids=name)
def test_curves_from_a_landmark(case):
    # R: the rows that end after the landmark, starting no earlier than the landmark.
    for expected in case["landmark_curves"]:
        check_curves(case, expected, case["landmark"])


@each("case", CASES, ids=name)
def test_mantel_byar_is_the_exact_score_test_of_coxph(case):
    result = mantel_byar(*rows(case))
    source = 'R survival 3.5.3 coxph(Surv(start, stop, event) ~ exposed, ties = "exact")$score'
    agrees(result.statistic, case["mantel_byar"], method="mantel_byar", source=source, case=case["name"])
    assert (result.groups, result.df) == (("unexposed", "exposed"), 1)


@each(
    ("case", "start", "stop", "event", "exposed", "score"),
    [
        (
            "no ties",
            [0, 0, 3, 0, 0, 2, 0, 6],
            [4, 3, 9, 7, 2, 12, 6, 8],
            [1, 0, 1, 1, 0, 1, 0, 1],
            [0, 0, 1, 0, 0, 1, 0, 1],
            3.0935672514619879,
        ),
        (
            "ties in one state",
            [0, 0, 0, 3, 0, 5, 0],
            [6, 6, 3, 6, 5, 9, 11],
            [1, 1, 0, 0, 0, 1, 1],
            [0, 0, 0, 1, 0, 1, 0],
            0.14754098360655743,
        ),
        (
            "ties across states",
            [0, 0, 2, 0, 0, 4, 0, 0, 1],
            [5, 2, 5, 8, 4, 8, 8, 1, 10],
            [1, 0, 1, 1, 0, 0, 1, 0, 1],
            [0, 0, 1, 0, 0, 1, 0, 0, 1],
            1.3636363636363635,
        ),
        (
            "events at the instant of a switch",
            [0, 0, 3, 0, 0, 3, 0, 0],
            [3, 3, 7, 3, 3, 9, 9, 12],
            [1, 0, 1, 1, 0, 1, 1, 0],
            [0, 0, 1, 0, 0, 1, 0, 1],
            0.27472527472527447,
        ),
    ],
)
def test_mantel_byar_of_a_few_rows(case, start, stop, event, exposed, score):
    # R 4.2.2, survival 3.5.3: coxph(Surv(start, stop, event) ~ exposed, ties = "exact")$score
    source = 'R survival 3.5.3 coxph(Surv(start, stop, event) ~ exposed, ties = "exact")$score'
    result = mantel_byar(start, stop, event, exposed)
    agrees(result.statistic, score, method="mantel_byar", source=source, case=case)


def test_a_change_of_state_by_everybody_at_once_leaves_no_test():
    # One subject unexposed to 2, events there; then all exposed: two groups, never side by side.
    result = mantel_byar([0, 0, 2], [2, 2, 5], [1, 0, 1], [0, 0, 1])
    assert (result.statistic, result.p_value) == (None, None)
    assert result.reason == "only one group was at risk at each event"


def test_no_test_because_of_both_is_told_as_both():
    # At 2 the unexposed alone are at risk and one of two has the event; from 4 on one exposed is beside the other, and
    # at 5 both have it: that event took all, the first did not.
    result = mantel_byar([0, 0, 4], [2, 5, 5], [1, 1, 1], [0, 0, 1])
    assert (result.statistic, result.p_value) == (None, None)
    assert result.reason == (
        "every event came while only one group was at risk, or took all who were then at risk in more than one group, "
        "so the groups could not differ"
    )


def test_follow_up_is_split_at_the_switch():
    split = split_at([10, 20, 30, 40, 50], [1, 1, 0, 1, 0], [None, 5, 30, 0, 60])
    assert split.subject.tolist() == [0, 1, 1, 2, 3, 4]
    assert split.start.tolist() == [0, 0, 5, 0, 0, 0]
    assert split.stop.tolist() == [10, 5, 20, 30, 40, 50]
    assert split.event.tolist() == [True, False, True, False, True, False]
    assert split.exposed.tolist() == [False, False, True, False, True, False]


def test_a_death_on_the_day_of_origin_counts():
    split = split_at([0, 10], [1, 0], [None, None])
    curves = simon_makuch(split.start, split.stop, split.event, split.exposed)
    assert curves.unexposed.surv.tolist() == [0.5, 0.5]


def test_a_subject_is_not_at_risk_in_a_state_at_the_instant_of_entering_it():
    # lifelines' entry= counts three at risk at 5 and answers 2/3.
    curves = simon_makuch([0, 0, 5, 0], [9, 5, 9, 5], [0, 0, 0, 1], [1, 0, 1, 1])
    assert curves.exposed.n_risk.tolist() == [2, 2]
    assert curves.exposed.surv[0] == 0.5


def test_with_nobody_exposed_there_is_no_exposed_curve_and_no_test():
    split = split_at([10, 20], [1, 0], [None, None])
    arrays = (split.start, split.stop, split.event, split.exposed)
    curves = simon_makuch(*arrays)
    assert curves.exposed is None
    assert curves.exposed_reason == "no follow-up in this state after 0"
    assert mantel_byar(*arrays).reason == "only one group was at risk when events occurred"


def test_beyond_all_follow_up_there_is_no_curve():
    curves = simon_makuch([0], [10], [1], [0], landmark=10)
    assert curves.unexposed is None
    assert curves.unexposed_reason == "no follow-up in this state after 10"


@each(
    ("start", "stop", "event", "exposed", "message"),
    [
        ([], [], [], [], "start is empty"),
        ([0, 5], [5], [0, 1], [0, 1], "start has 2 values and stop 1"),
        ([0, 5], [5, 5], [0, 1], [0, 1], r"stop is not after start in rows \[1\]"),
        ([0, -1], [5, 5], [0, 1], [0, 1], "start is negative"),
        ([0, math.nan], [5, 5], [0, 1], [0, 1], "start has missing"),
        ([0, 1], [5, 5], [0, 2], [0, 1], "event must be"),
        ([0, 1], [5, 5], [0, 1], [0, 7], "exposed must be"),
    ],
)
def test_bad_rows_are_named(start, stop, event, exposed, message):
    with pytest.raises(ValueError, match=message):
        simon_makuch(start, stop, event, exposed)
    with pytest.raises(ValueError, match=message):
        mantel_byar(start, stop, event, exposed)


def test_bad_options_are_errors():
    with pytest.raises(ValueError, match="landmark is negative"):
        simon_makuch([0], [5], [1], [0], landmark=-1)
    with pytest.raises(ValueError, match="conf_level"):
        simon_makuch([0], [5], [1], [0], conf_level=95)
    with pytest.raises(ValueError, match="switch_time is negative"):
        split_at([5], [1], [-1])
