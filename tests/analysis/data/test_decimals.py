"""Decimals of descriptions: as many as are recorded, and more by the rule of the plan."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.decimals import MOST, formats, recorded
from sap.model.conventions import Decimals
from tests.each import each


def ruled(plan, **more):
    conventions = plan.conventions.model_copy(update={"decimals": Decimals(**more)})
    return plan.model_copy(update={"conventions": conventions})


@each(
    "values, places",
    [
        ([], 0),
        ([1, 1500], 0),
        ([1, 2.5, 3.25], 2),
        ([np.nan, 0.1], 1),
        ([1e-9], 0),
        ([1 / 3], MOST),
        ([-0.05], 2),
    ],
)
def test_the_most_decimals_of_any_value_are_those_recorded(values, places):
    assert recorded(np.array(values, dtype=float)) == places


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1), st.integers(0, MOST))
def test_values_of_so_many_decimals_have_at_most_so_many(whole, places):
    assert recorded(np.array([round(n / 10**places, places) for n in whole])) <= places


def test_by_the_rule_the_mean_has_one_more_than_recorded_the_deviation_two_and_the_extremes_none(plan):
    found = formats(ruled(plan), None, np.array([7.1, 8.2]))
    assert (found.mean, found.median, found.sd, found.recorded) == ("xx.xx", "xx.xx", "xx.xxx", "xx.x")


def test_what_a_step_states_is_what_is_recorded(plan):
    assert formats(ruled(plan, mean=0), 0, np.array([7.1])).mean == "xx"


def test_without_a_rule_the_data_change_no_format(plan):
    assert formats(plan, None, np.array([7.123])) == formats(plan, 0, np.array([7.0]))
