"""Time in a state that subjects enter: a case worked by hand, and accounts that close whatever the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.states.follow_up import censored_at, counts_at, events_compared, follow_up_in
from analysis.methods.states.switch import split_at
from analysis.methods.survival.curve_estimates import n_risk_at
from tests.analysis.methods.survival_strategies import quick
from tests.each import each

DAYS = st.integers(0, 15).map(float)
FOLLOWED = st.lists(st.tuples(DAYS, st.booleans(), st.one_of(st.none(), DAYS)), min_size=1, max_size=14)


def split(subjects):
    time, event, entered = zip(*subjects, strict=True)
    return split_at(time, event, entered)


# A dies at 10; B enters at 5 and dies at 20; C enters at 10 and is censored at 30; D dies at 25.
HAND = split([(10, 1, None), (20, 1, 5), (30, 0, 10), (25, 1, None)])


def test_each_subject_is_counted_where_it_was_and_what_ended_it_there():
    before, after = (follow_up_in(HAND, exposed=e) for e in (False, True))
    assert (before.n, before.n_event, before.n_censor, before.n_leave) == (4, 2, 0, 2)
    assert (after.n, after.n_event, after.n_censor, after.n_leave) == (2, 1, 1, 0)
    assert (before.time, after.time) == (10 + 5 + 10 + 25, 15 + 20)
    assert (before.first, after.first) == (0, 5)


@each(
    ("day", "exposed", "expected"),
    [
        (0, False, (4, 4, 0, 0, 0)),
        (5, False, (4, 4, 0, 0, 0)),
        (10, False, (3, 4, 0, 0, 1)),
        (11, False, (1, 4, 1, 0, 2)),
        (5, True, (0, 0, 0, 0, 0)),
        (6, True, (1, 1, 0, 0, 0)),
        (20, True, (2, 2, 0, 0, 0)),
        (31, True, (0, 2, 1, 1, 0)),
    ],
)
def test_who_enters_or_ends_on_a_day_is_in_the_state_before_on_that_day(day, exposed, expected):
    there = counts_at(HAND, day, exposed=exposed)
    assert (there.n_risk, there.n_enter, there.n_event, there.n_censor, there.n_leave) == expected


def test_from_a_landmark_only_what_goes_on_counts():
    # B's row before 5 ends at 5; with the curves from 5, three are unexposed and B is exposed on day 5 itself.
    assert counts_at(HAND, 5, exposed=False, landmark=5).n_risk == 3
    assert counts_at(HAND, 5, exposed=True, landmark=5).n_risk == 1
    assert counts_at(HAND, 31, exposed=False, landmark=5).n_leave == 1


def test_days_on_which_nobody_of_those_who_entered_was_at_risk_are_named():
    rows = split([(6, 0, 2), (15, 1, 10), (20, 0, None)])
    assert counts_at(rows, 12, exposed=True).gap == (6, 10)
    assert counts_at(rows, 9, exposed=True).gap is None
    assert counts_at(split([(6, 0, 2), (15, 1, 6)]), 12, exposed=True).gap is None


def test_an_event_teaches_only_while_both_states_are_at_risk():
    assert events_compared(HAND) == 3
    assert events_compared(split([(3, 1, None), (20, 1, 5), (9, 0, None)])) == 0
    assert events_compared(split([(5, 1, None), (5, 1, 2)])) == 2


def test_a_subject_who_leaves_is_not_censored():
    assert censored_at(HAND, np.array([5.0, 10.0, 25.0]), exposed=False).tolist() == [0, 0, 0]
    assert censored_at(HAND, np.array([20.0, 30.0]), exposed=True).tolist() == [0, 1]


def test_nobody_in_a_state_has_no_first_day():
    # The same follow-up where the start is day 1: four days later, the last is day 5.
    assert follow_up_in(split([(5, 1, None)]), exposed=False, origin=1).time == 4
    nobody = follow_up_in(split([(3, 1, None)]), exposed=True)
    assert (nobody.n, nobody.time, nobody.first) == (0, 0, None)


@quick
@given(FOLLOWED, DAYS)
def test_both_states_together_are_all_subjects_all_events_and_all_time(subjects, day):
    rows = split(subjects)
    both = [follow_up_in(rows, exposed=e) for e in (False, True)]
    assert sum(b.n_event for b in both) == sum(event for _, event, _ in subjects)
    assert sum(b.n_censor for b in both) == sum(not event for _, event, _ in subjects)
    assert sum(b.time for b in both) == pytest.approx(sum(time for time, _, _ in subjects))
    at_risk = sum(counts_at(rows, day, exposed=e).n_risk for e in (False, True))
    assert at_risk == n_risk_at([time for time, _, _ in subjects], [day])[0]


@quick
@given(FOLLOWED, DAYS, DAYS, st.booleans())
def test_at_risk_are_those_who_entered_less_those_gone(subjects, day, landmark, exposed):
    there = counts_at(split(subjects), max(day, landmark), exposed=exposed, landmark=landmark)
    assert there.n_risk == there.n_enter - there.n_event - there.n_censor - there.n_leave
