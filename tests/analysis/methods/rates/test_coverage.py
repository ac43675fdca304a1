"""Exact coverage of binomial intervals."""

import numpy as np
import pytest

from analysis.methods.rates.intervals import BINOMIAL_METHODS, binomial_interval, coverage
from tests.each import each

GRID = np.linspace(0, 1, 1001)


@each("method", ["clopper-pearson", "blaker", "minimum-likelihood"])
@each("n", [1, 10, 25])
def test_exact_intervals_never_cover_less_than_their_level(method, n):
    assert coverage(n, GRID, 0.95, method).coverage.min() >= 0.95 - 1e-12


@each("method", ["wilson", "jeffreys", "agresti-coull", "mid-p"])
def test_approximate_intervals_dip_below_their_level_but_not_far(method):
    lowest = coverage(25, GRID[1:-1], 0.95, method).coverage.min()
    assert 0.8 < lowest < 0.97


def test_jeffreys_and_wilson_dip_as_brown_cai_and_dasgupta_show():
    # Brown, Cai and DasGupta 2001, section 4: both fall well below 95% near the edges.
    near_zero = np.linspace(0.001, 0.05, 500)
    assert coverage(50, near_zero, 0.95, "wilson").coverage.min() < 0.9
    assert coverage(50, near_zero, 0.95, "jeffreys").coverage.min() < 0.9


def test_the_first_subject_by_hand():
    # n = 1: (0, 0.975) at x = 0 and (0.025, 1) at x = 1. At p = 0.01 only x = 0 covers: 0.99.
    result = coverage(1, [0.01, 0.5, 0.98], 0.95)
    assert result.coverage.tolist() == pytest.approx([0.99, 1.0, 0.98])
    assert result.mean_width.tolist() == pytest.approx([0.975, 0.975, 0.975])


@each("method", BINOMIAL_METHODS)
def test_coverage_is_symmetric_and_total_at_the_edges(method):
    result = coverage(7, GRID, 0.9, method)
    inside = (np.abs(GRID - 0.5) < 0.5) & ~np.isin(GRID, _limits(7, 0.9, method))
    assert result.coverage[inside] == pytest.approx(result.coverage[::-1][inside], abs=1e-12)
    assert result.coverage[[0, -1]].tolist() == pytest.approx([1, 1])


def _limits(n, level, method):
    intervals = [binomial_interval(x, n, level, method) for x in range(n + 1)]
    return [limit for i in intervals for limit in (i.conf_low, i.conf_high)]


@each("p", [[-0.1], [1.1], [float("nan")], [[0.5]]])
def test_bad_proportions_are_errors(p):
    with pytest.raises(ValueError, match="p must"):
        coverage(10, p)


def test_no_subjects_is_an_error():
    with pytest.raises(ValueError, match="n must be at least 1"):
        coverage(0, GRID)


def test_a_limit_is_inside_its_interval_whatever_the_decimals_of_the_level():
    # By hand, n = 1: 0/1 has (0, 1 - a/2) and 1/1 has (a/2, 1), so both hold a/2 and 1 - a/2, and both values cover.
    for level in (0.8, 0.9, 0.95, 0.98, 0.99, 0.999):
        tail = round((1 - level) / 2, 6)
        assert coverage(1, [tail, 1 - tail], level).coverage == pytest.approx([1, 1], rel=1e-12), level
