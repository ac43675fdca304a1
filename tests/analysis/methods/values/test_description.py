"""Descriptive statistics against R and SAS definitions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.values.description import count, describe
from tests.each import each
from tests.reference_check import agrees

moderate = settings(max_examples=60, deadline=None, derandomize=True)
AGES = [18, 23, 31, 38, 43, 44, 51, 55, 60, 73]
TIED = [2.5, 7, 1, 9.25, 4, 4, 3.3]

# R: quantile(x, c(.25, .5, .75), type = 1, ..., 9)
QUARTILES = {
    "ages": (
        AGES,
        [
            (31, 43, 55),
            (31, 43.5, 55),
            (23, 43, 55),
            (27, 43, 53),
            (31, 43.5, 55),
            (29, 43.5, 56.25),
            (32.75, 43.5, 54),
            (30.33333333333333, 43.5, 55.41666666666666),
            (30.5, 43.5, 55.3125),
        ],
    ),
    "tied": (
        TIED,
        [
            (2.5, 4, 7),
            (2.5, 4, 7),
            (2.5, 4, 4),
            (2.125, 3.65, 4.75),
            (2.7, 4, 6.25),
            (2.5, 4, 7),
            (2.9, 4, 5.5),
            (2.633333333333334, 4, 6.499999999999999),
            (2.65, 4, 6.4375),
        ],
    ),
    "two": (
        [1, 4],
        [
            (1, 1, 4),
            (1, 2.5, 4),
            (1, 1, 4),
            (1, 1, 2.5),
            (1, 2.5, 4),
            (1, 2.5, 4),
            (1.75, 2.5, 3.25),
            (1, 2.5, 4),
            (1, 2.5, 4),
        ],
    ),
    "one": ([3.5], [(3.5, 3.5, 3.5)] * 9),
}


@each("name", QUARTILES)
def test_quartiles_by_each_definition_of_r(name):
    values, by_type = QUARTILES[name]
    for r_type, expected in enumerate(by_type, start=1):
        got = describe(values, f"r{r_type}")
        source = f"R quantile(type={r_type})"
        agrees([got.q1, got.median, got.q3], expected, method=f"describe r{r_type}", source=source, case=name)


@each(("sas", "r"), [("sas1", "r4"), ("sas2", "r3"), ("sas3", "r1"), ("sas4", "r6"), ("sas5", "r2")])
def test_sas_definitions_are_those_of_hyndman_and_fan(sas, r):
    from dataclasses import replace

    assert describe(TIED, sas) == replace(describe(TIED, r), quantile=sas)


@each(
    ("values", "expected"),
    [
        # R: c(mean(x), sd(x), exp(mean(log(x))))
        (AGES, (43.6, 16.95877354056006, 40.31320935876198)),
        (TIED, (4.435714285714286, 2.798022260709977, 3.644917241184149)),
    ],
)
def test_moments_are_those_of_r(values, expected):
    got = describe(values)
    source = "R mean, sd, exp(mean(log(x)))"
    agrees([got.mean, got.sd, got.geometric_mean], expected, method="describe", source=source, case=str(values[:3]))
    assert (got.minimum, got.maximum, got.n, got.n_missing) == (min(values), max(values), len(values), 0)


def test_missing_values_are_counted_and_not_used():
    with_gaps = describe([np.nan, 2, None, 4])
    assert (with_gaps.n, with_gaps.n_missing, with_gaps.mean) == (2, 2, 3)


def test_what_cannot_be_estimated_is_none():
    assert describe([5.0]).sd is None
    assert describe([5.0]).mean == 5
    assert describe([0, 1, 2]).geometric_mean is None
    assert describe([-1, 1]).geometric_mean is None
    nobody = describe([None, float("nan")])
    assert (nobody.n, nobody.n_missing, nobody.mean, nobody.median, nobody.minimum) == (0, 2, None, None, None)


@moderate
@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30), st.sampled_from(["r2", "r7", "sas5"]))
def test_statistics_are_ordered(values, quantile):
    got = describe(values, quantile)
    ordered = [got.minimum, got.q1, got.median, got.q3, got.maximum]
    assert all(low <= high * (1 + 1e-12) for low, high in pairwise(ordered))
    assert got.geometric_mean <= got.mean * (1 + 1e-12)


@each(
    ("values", "message"),
    [([], "no subjects"), ([1, float("inf")], "infinite"), (["a"], "must be numbers"), ([[1]], "one-dimensional")],
)
def test_bad_values_are_errors(values, message):
    with pytest.raises(ValueError, match=message):
        describe(values)


def test_an_unknown_quantile_is_an_error_that_lists_the_choices():
    with pytest.raises(ValueError, match="'sas5'"):
        describe([1, 2], "type7")


@each(("n", "denominator", "percent"), [(7, 10, 70), (0, 10, 0), (10, 10, 100), (1, 8, 12.5), (0, 0, None)])
def test_counts_and_percents_by_hand(n, denominator, percent):
    found, case = count(n, denominator), f"{n} of {denominator}"
    agrees([found.n, found.N, found.percent], [n, denominator, percent], method="count", source="by hand", case=case)


def test_counts_have_their_planned_denominator():
    assert count(7, 10).percent == 70
    assert (count(0, 10).n, count(0, 10).N, count(0, 10).percent) == (0, 10, 0)
    assert count(1, 3).percent == pytest.approx(100 / 3)
    assert count(0, 0).percent is None


@each(("n", "denominator"), [(11, 10), (-1, 10), (1.5, 10), (1, -2), (float("nan"), 1)])
def test_impossible_counts_are_errors(n, denominator):
    with pytest.raises(ValueError, match="must"):
        count(n, denominator)
