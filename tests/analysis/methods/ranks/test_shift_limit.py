"""The limit of the Hodges-Lehmann interval is that of a walk over every shift, though few are computed."""

import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.ranks import shift as module
from analysis.methods.ranks.rank_distribution import rank_distribution
from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import Shifts, first_not_rejected, hodges_lehmann
from tests.analysis.methods.exact_reference import limits

thorough = settings(max_examples=150, deadline=None, derandomize=True)
sample = st.lists(st.sampled_from([0, 0, 0, 1, 2, 2, 3, 5, 8, 13, 21]).map(float), min_size=1, max_size=8)
levels = st.sampled_from([0.3, 0.5, 0.8, 0.9, 0.95, 0.99])
bounded = st.sampled_from(["absolute_deviation", "twice_smaller_tail"])
definitions = st.sampled_from(["absolute_deviation", "twice_smaller_tail", "point_probability"])


def shifts(x, y, two_sided="absolute_deviation"):
    differences = np.unique(np.subtract.outer(x, y))
    ends = [differences[0] - 1, *differences, differences[-1] + 1]
    places = sorted([*differences, *((a + b) / 2 for a, b in pairwise(ends))])
    return Shifts(np.array(x), np.array(y), np.array(places), 1e-9, two_sided)


def walk(every, alpha):
    """Take the shifts one after the other until one is not rejected: slow, and nothing to get wrong."""
    p = [every.p_value(i) for i in range(every.places.size)]
    first = next((i for i, value in enumerate(p) if value > alpha), None)
    outside = p if first is None else p[: first - (first > 0 and first % 2 == 0)]
    return first, max(outside, default=0.0)


def tell_apart(x, y):
    return len(set(x) | set(y)) > 1


@thorough
@given(sample, sample, st.sampled_from([0.0, 0.5]), levels, definitions)
def test_the_limit_is_that_of_a_walk_over_every_shift(x, y, between, level, two_sided):
    y = [value + between for value in y]
    if tell_apart(x, y):
        alpha = 1 - level
        assert first_not_rejected(shifts(x, y, two_sided), alpha) == walk(shifts(x, y, two_sided), alpha)


def slow_lower_limit(x, y, alpha, two_sided):
    """Raise the shift difference by difference, with the rank test itself at each and between."""

    def p(shift):
        moved = np.subtract(x, shift)
        return rank_test(moved, y, two_sided=two_sided).p_value if tell_apart(moved, y) else 1.0

    differences = np.unique(np.subtract.outer(x, y)).tolist()
    passed, limit, p_at_limit = 0.0, -math.inf, 0.0
    for difference in [*differences, math.inf]:
        place = (max(limit, differences[0] - 50) + min(difference, differences[-1] + 50)) / 2
        if p(place) > alpha:
            return limit, passed
        passed = max(passed, p_at_limit, p(place))
        if math.isfinite(difference):
            limit, p_at_limit = difference, p(difference)
            if p_at_limit > alpha:
                return limit, passed
    return None, passed


@thorough
@given(sample, sample, st.sampled_from([0.0, 0.5]), levels, definitions)
def test_the_interval_is_that_of_the_rank_test_at_every_difference(x, y, between, level, two_sided):
    y = [value + between for value in y]
    if tell_apart(x, y):
        found = hodges_lehmann(x, y, level, two_sided)
        low, below = slow_lower_limit(x, y, 1 - level, two_sided)
        high, above = slow_lower_limit(y, x, 1 - level, two_sided)
        expected = [found.estimate if low is None else low, found.estimate if high is None else -high]
        assert limits(found) == pytest.approx(expected, abs=1e-12)
        assert found.conf_level_achieved == pytest.approx(1 - max(below, above), abs=1e-12)


@thorough
@given(sample, sample, bounded)
def test_no_p_value_lies_above_its_first_bound(x, y, two_sided):
    if tell_apart(x, y):
        every = shifts(x, y, two_sided)
        bounds = every.first_ceilings()
        assert all(every.p_value(i) <= bound for i, bound in enumerate(bounds))


@thorough
@given(sample, sample, bounded, st.data())
def test_no_p_value_lies_above_its_bound_by_another_shift(x, y, two_sided, data):
    if tell_apart(x, y):
        every = shifts(x, y, two_sided)
        bounds = np.ones(every.places.size)
        every.tighten(bounds, np.arange(bounds.size), data.draw(st.integers(0, bounds.size - 1)))
        assert all(every.p_value(i) <= bound for i, bound in enumerate(bounds))


def test_p_may_fall_on_its_way_up_so_that_a_bisection_alone_would_err():
    # By hand, 0, 9, 9 against 0, 7.5, ten allocations: at -7.5 two values tie and W = 0.5 or less has 0.6, between 0.4.
    every = shifts([0.0, 9.0, 9.0], [0.0, 7.5], "point_probability")
    assert [every.p_value(i) for i in range(4)] == pytest.approx([0.4, 0.6, 0.4, 0.6])
    assert first_not_rejected(every, 0.5) == (1, pytest.approx(0.4))


def test_without_ties_the_two_distributions_are_one_and_the_bound_is_p_itself():
    every = shifts([1.0, 4.0, 11.0, 20.0], [2.0, 7.5, 9.25])
    bounds = every.first_ceilings()
    between = range(0, every.places.size, 2)
    assert [bounds[i] for i in between] == pytest.approx([every.p_value(i) for i in between], rel=1e-10)


def test_p_is_that_of_the_rank_test_of_the_shifted_values():
    x, y = [0.0, 2.0, 2.0, 9.0], [1.0, 2.0, 5.0]
    every = shifts(x, y)
    for i, place in enumerate(every.places):
        assert every.p_value(i) == pytest.approx(rank_test(np.subtract(x, place), y).p_value, rel=1e-12, abs=0)


@pytest.mark.parametrize("kind", ["ties", "no ties", "half of all values zero"])
def test_fifty_a_group_take_few_distributions(monkeypatch, kind):
    generator = np.random.default_rng(11)
    x, y = generator.normal(0, 2, 50), generator.normal(1, 2, 50)
    if kind == "ties":
        x, y = np.round(x, 1), np.round(y, 1)
    if kind == "half of all values zero":
        x, y = np.where(generator.random(50) < 0.5, 0, x), np.where(generator.random(50) < 0.5, 0, y)
    made = []
    monkeypatch.setattr(module, "rank_distribution", lambda *given: made.append(given) or rank_distribution(*given))
    interval = hodges_lehmann(x, y)
    assert len(made) < 60 < len(set(np.subtract.outer(x, y).ravel().tolist()))
    low, high = limits(interval)
    # A shift just outside is rejected; values are ranked as they were recorded.
    assert rank_test(np.round(x - low + 1e-7, 9), np.round(y, 9)).p_value <= 0.05
    assert rank_test(np.round(x - high - 1e-7, 9), np.round(y, 9)).p_value <= 0.05


def test_a_hundred_a_group_with_ties_take_seconds():
    generator = np.random.default_rng(1)
    x, y = np.round(generator.normal(0, 2, 100), 1), np.round(generator.normal(1, 2, 100), 1)
    started = time.perf_counter()
    interval = hodges_lehmann(x, y)
    assert time.perf_counter() - started < 30
    assert math.isfinite(interval.conf_low)
    assert math.isfinite(interval.conf_high)
