"""The rank distribution of large samples, by inversion of its transform, against R, whole numbers and other formulas."""

import itertools
import math
import time
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import hypergeom, rankdata

from analysis.methods.ranks import rank_distribution as module
from analysis.methods.ranks.rank_distribution import _FAR, Scores, distribution_of_sum, rank_distribution, tail_of_sum
from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from tests.each import each
from tests.reference_check import agrees


def test_tails_without_ties_are_those_of_r():
    # R 4.2.2: pwilcox(c(7000, 5000), 130, 130) and pwilcox(c(15000, 17000, 19999), 200, 200)
    values = {
        130: {7000: 8.31902143380436e-03, 5000: 3.44470125780166e-09},
        200: {15000: 6.79239914410343e-06, 17000: 4.68746100755053e-03, 19999: 4.99827662826623e-01},
    }
    for n, tails in values.items():
        distribution = rank_distribution(np.arange(2.0 * n), n)
        assert distribution.scores is not None
        for w, expected in tails.items():
            agrees(distribution.less(w), expected, method="rank_test less", source="R pwilcox", case=f"{w}, {n} v {n}")
            mirrored = distribution.greater(n * n - w)
            agrees(mirrored, expected, method="rank_test greater", source="R pwilcox", case=f"{w}, {n} v {n}")


@pytest.mark.parametrize(("size", "n1", "decimals"), [(100, 40, 1), (240, 100, 0), (200, 30, 0)])
def test_it_is_the_distribution_that_the_recursion_counts(monkeypatch, size, n1, decimals):
    monkeypatch.setattr(module, "_MOST_ADDED", math.inf)
    pooled = np.round(np.random.default_rng(size + n1).normal(0, 2, size), decimals)
    counted = rank_distribution(pooled, n1)
    assert counted.scores is None
    scores = Scores.of(rankdata(pooled), n1)
    of_sum = n1 * (n1 + 1) / 2
    sums, probability = distribution_of_sum(scores)
    found = dict(zip(np.rint(2 * (sums - of_sum)).tolist(), probability.tolist(), strict=True))
    twice = np.rint(2 * counted.statistic).tolist()
    assert [found.get(w, 0) for w in twice] == pytest.approx(counted.probability.tolist(), abs=1e-15)
    assert sum(found.get(w, 0) for w in twice) == pytest.approx(1, abs=1e-13)
    for w in counted.statistic[:: counted.statistic.size // 8]:
        for side, tail in ((-1, counted.less(w)), (1, counted.greater(w))):
            if 1e-25 < tail < _FAR:
                assert tail_of_sum(scores, w + of_sum, side) == pytest.approx(tail, rel=1e-9, abs=0)


def test_of_zeros_and_ones_it_is_the_hypergeometric_distribution():
    # 1,000 v 1,000 with 700 ones: W grows with the ones drawn, so its tail is that of their number.
    x, y = np.repeat([0.0, 1.0], [680, 320]), np.repeat([0.0, 1.0], [620, 380])
    test = rank_test(x, y)
    assert test.p_less == pytest.approx(hypergeom.cdf(320, 2000, 700, 1000), rel=1e-9, abs=0)
    assert test.p_greater == pytest.approx(hypergeom.sf(319, 2000, 700, 1000), rel=1e-9, abs=0)
    assert test.p_value == pytest.approx(2 * hypergeom.cdf(320, 2000, 700, 1000), rel=1e-9, abs=0)


def test_of_few_large_ties_it_is_the_multivariate_hypergeometric_distribution():
    # Three values: no sum of ranks is near another, and the transform has peaks all round the circle.
    sizes, n1 = (330, 190, 80), 260
    pooled = np.repeat([0.0, 1.0, 2.0], sizes)
    midranks = [Fraction(int(2 * v), 2) for v in np.unique(rankdata(pooled))]
    counts = {}
    for second, third in itertools.product(range(sizes[1] + 1), range(sizes[2] + 1)):
        drawn = (n1 - second - third, second, third)
        if 0 <= drawn[0] <= sizes[0]:
            at = sum(d * m for d, m in zip(drawn, midranks, strict=True))
            counts[at] = counts.get(at, 0) + math.prod(map(math.comb, sizes, drawn))
    scores = Scores.of(rankdata(pooled), n1)
    for share in (Fraction(1, 2), Fraction(3, 100), Fraction(1, 10**6), Fraction(1, 10**15)):
        passed, at = 0, min(counts)
        for value in sorted(counts):
            passed, at = passed + counts[value], value
            if Fraction(passed, math.comb(600, n1)) > share:
                break
        expected = float(Fraction(passed, math.comb(600, n1)))
        assert tail_of_sum(scores, float(at), -1) == pytest.approx(expected, rel=1e-9, abs=0), share


def test_beyond_complete_separation_there_is_nothing_and_at_it_one_allocation():
    scores = Scores.of(np.arange(1.0, 301), 150)
    least, greatest = scores.ends
    assert (least, greatest) == (150 * 151 / 2, 300 * 301 / 2 - 150 * 151 / 2)
    assert tail_of_sum(scores, greatest, 1) == pytest.approx(1 / math.comb(300, 150), rel=1e-9, abs=0)
    assert tail_of_sum(scores, least, -1) == pytest.approx(1 / math.comb(300, 150), rel=1e-9, abs=0)
    assert tail_of_sum(scores, greatest + 1, 1) == tail_of_sum(scores, least - 1, -1) == 0
    tied = rank_test(np.repeat([3.0, 2.0], [140, 10]), np.repeat([2.0, 1.0], [50, 100]))
    # By hand: the 140 threes and any 10 of 60 twos; with them at the other end 100 ones and 50 of the twos.
    ends = math.comb(60, 10), math.comb(60, 50)
    assert tied.p_min_attainable == pytest.approx(sum(ends) / math.comb(300, 150), rel=1e-9, abs=0)
    assert rank_test(range(1000), range(1000, 2000)).p_value > 0


@each(("size", "decimals"), [(405, 6), (1000, 1)])
def test_a_thousand_a_group_take_seconds_and_the_interval_is_that_of_the_test(size, decimals):
    generator = np.random.default_rng(3)
    x, y = (np.round(generator.normal(mean, 2, size), decimals) for mean in (0, 0.1))
    started = time.perf_counter()
    interval = hodges_lehmann(x, y)
    assert time.perf_counter() - started < 60
    assert interval.estimate == np.median(np.subtract.outer(x, y))
    # A shift just outside is rejected, one just inside is not; values are ranked as they were recorded.
    step = 0.4 * 10.0**-decimals
    p = [rank_test(np.round(x - at, 9), y).p_value for at in (interval.conf_low - step, interval.conf_low + step)]
    assert p[0] <= 0.05 < p[1]
    p = [rank_test(np.round(x - at, 9), y).p_value for at in (interval.conf_high + step, interval.conf_high - step)]
    assert p[0] <= 0.05 < p[1]


def test_far_tails_are_those_of_r():
    # R 4.2.2: pwilcox(c(3500, 2500, 1500, 500), 130, 130)
    distribution = rank_distribution(np.arange(260.0), 130)
    far = {
        3500: 8.1370156351653119e-18,
        2500: 4.4041876111107872e-26,
        1500: 1.9962951292832086e-37,
        500: 4.5316596594973999e-55,
    }
    found = {w: distribution.less(w) for w in far}
    assert found == pytest.approx(far, rel=1e-9, abs=0)


def test_the_smallest_p_of_a_large_sample_is_that_of_the_end_farther_from_the_middle():
    """Of 100 v 160, 120 tied at one end: one allocation of choose(260, 100) gives the other end, which is farther."""
    one = 1 / math.comb(260, 100)
    untied, tied = np.arange(140.0), np.full(120, 1e3)
    for pooled in (np.concatenate([untied, tied]), -np.concatenate([untied, tied])):
        distribution = rank_distribution(pooled, 100)
        assert distribution.scores is not None
        assert distribution.smallest_p("absolute_deviation") == pytest.approx(one, rel=1e-11, abs=0)
        assert distribution.smallest_p("twice_smaller_tail") == pytest.approx(2 * one, rel=1e-11, abs=0)


def test_the_smallest_p_of_a_large_sample_without_ties_is_that_of_both_ends():
    distribution = rank_distribution(np.arange(260.0), 100)
    both = 2 / math.comb(260, 100)
    assert distribution.smallest_p("absolute_deviation") == pytest.approx(both, rel=1e-11, abs=0)
    assert distribution.smallest_p("twice_smaller_tail") == pytest.approx(both, rel=1e-11, abs=0)
