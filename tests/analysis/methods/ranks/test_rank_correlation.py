"""Spearman's rho and Kendall's tau-b: against R, against every permutation listed, by hand, and what must hold."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.ranks.correlation import (
    COEFFICIENTS,
    EXACT,
    MOST_STATES,
    correlation_distribution,
    is_small,
    rank_correlation,
    tie_sizes,
)
from tests.each import each
from tests.reference_check import agrees

both = each("coefficient", COEFFICIENTS)
moderate = settings(max_examples=60, deadline=None, derandomize=True)
pairs = st.integers(3, 6).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 4).map(float), min_size=n, max_size=n) for _ in range(2)))
)

# Hollander and Wolfe's example on the page of cor.test.
LIGHT = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
TASTE = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]

# perms <- function(v) { if (length(v) <= 1) return(matrix(v, 1)); out <- NULL
#   for (i in seq_along(v)) out <- rbind(out, cbind(v[i], perms(v[-i]))); out }
# P <- perms(seq_along(y)); r <- apply(P, 1, function(p) cor(x, y[p], method = m)); o <- cor(x, y, method = m)
# c(o, mean(abs(r) >= abs(o) - 1e-9), mean(abs(r) >= max(abs(r)) - 1e-9))
TIED = [
    (
        "doses and peaks",
        [1, 1, 1.5, 1.5, 1.5, 2, 2],
        [3.1, 0, 0, 19.8, 33.9, 46.2, 19.8],
        {
            "spearman": (0.67357531405456339, 0.15238095238095239, 0.0095238095238095247),
            "kendall": (0.57353933467640439, 0.15238095238095239, 0.0095238095238095247),
        },
    ),
    (
        "ties in both",
        [1, 1, 2, 2, 3, 3, 3, 3],
        [5, 5, 1, 2, 2, 2, 9, 9],
        {
            "spearman": (0.13344012817090595, 0.74285714285714288, 0.0023809523809523812),
            "kendall": (0.093250480824031368, 0.87619047619047619, 0.0023809523809523812),
        },
    ),
    (
        "few values",
        [0, 0, 0, 1, 1, 1, 2],
        [7, 1, 1, 1, 3, 3, 7],
        {
            "spearman": (0.38783587594066982, 0.34285714285714286, 0.014285714285714285),
            "kendall": (0.3872983346207417, 0.34285714285714286, 0.014285714285714285),
        },
    ),
    (
        "all but one tied",
        [1, 2, 3, 4, 5, 6],
        [2, 2, 2, 2, 2, 9],
        {
            "spearman": (0.6546536707079772, 1 / 3, 1 / 3),
            "kendall": (0.57735026918962573, 1 / 3, 1 / 3),
        },
    ),
]


# cor.test(x, y, method = m, exact = TRUE) without ties; R counts every permutation for Spearman up to n = 9.
@each(
    ("coefficient", "estimate", "p_value"),
    [("spearman", 0.6, 0.096797839506172836), ("kendall", 4 / 9, 0.1194389329805996)],
)
def test_without_ties_it_is_cor_test(coefficient, estimate, p_value):
    found = rank_correlation(LIGHT, TASTE, coefficient)
    source = f'R cor.test(x, y, method="{coefficient}", exact=TRUE)'
    agrees(found.estimate.estimate, estimate, method="rank_correlation estimate", source=source, case="light and taste")
    agrees(found.p_value, p_value, method="rank_correlation exact p", source=source, case="light and taste")
    assert found.exact
    assert not found.has_ties


# cor.test(1:14, y, method = "kendall", exact = TRUE)
@each(
    ("y", "estimate", "p_value"),
    [
        ([2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 14, 11, 13, 12], 0.80219780219780223, 8.8168738963112503e-06),
        ([5, 1, 4, 2, 3, 9, 10, 6, 8, 7, 14, 12, 13, 11], 0.60439560439560436, 0.0019570772224541955),
    ],
)
def test_fourteen_pairs_are_exact(y, estimate, p_value):
    found = rank_correlation(range(1, 15), y, "kendall")
    source = 'R cor.test(1:14, y, method="kendall", exact=TRUE)'
    agrees(found.estimate.estimate, estimate, method="rank_correlation estimate", source=source, case=str(y))
    agrees(found.p_value, p_value, method="rank_correlation exact p", source=source, case=str(y))


@each(("case", "x", "y", "expected"), TIED, ids=[t[0] for t in TIED])
@both
def test_with_ties_it_is_every_permutation_listed_in_r(case, x, y, expected, coefficient):
    found = rank_correlation(x, y, coefficient)
    source = f'R cor(x, y[p], method="{coefficient}") over all permutations p'
    estimate, p_value, least = expected[coefficient]
    agrees(found.estimate.estimate, estimate, method="rank_correlation estimate", source=source, case=case)
    agrees(found.p_value, p_value, method="rank_correlation exact p", source=source, case=case)
    agrees(found.p_min_attainable, least, method="rank_correlation smallest p", source=source, case=case)
    assert found.has_ties


# For ten pairs R's "exact" p of Spearman is an Edgeworth series: cor.test(1:10, y, method = "spearman", exact = TRUE)
# gives 0. Of the 3 628 800 pairings 746 are at least as far from zero (each listed once by itertools.permutations).
def test_ten_pairs_are_counted_and_not_expanded_in_a_series():
    found = rank_correlation(range(10), [1, 0, 3, 2, 5, 4, 7, 6, 9, 8], "spearman")
    assert found.p_value == 746 / math.factorial(10)
    assert found.p_min_attainable == 2 / math.factorial(10)


X18 = [12, 7, 9, 15, 3, 8, 14, 1, 6, 10, 2, 13, 5, 11, 4, 16, 18, 17]
Y18 = [10, 3, 8, 15, 5, 7, 18, 2, 9, 6, 1, 14, 4, 17, 12, 11, 16, 13]
X39 = [*(1 + i // 5 for i in range(24)), *range(6, 21)]
Y39 = [3, 1, 1, 4, 2, 2, 2, 5, 3, 3, 4, 6, 6, 1, 7, 7, 7, 2, 8, 5, 9, 8, 8, 3]
Y39 += [1, 1, 9, 9, 4, 5, 6, 7, 8, 2, 3, 10, 11, 12, 12]


# cor.test(x, y, method = m, exact = FALSE)
@each(
    ("x", "y", "coefficient", "estimate", "p_value"),
    [
        (X18, Y18, "spearman", 0.77708978328173384, 0.00014812554588688426),
        (X18, Y18, "kendall", 0.58169934640522891, 0.00074864494538590522),
        (X39, Y39, "spearman", 0.55331327300851685, 0.00025872169993764973),
        (X39, Y39, "kendall", 0.45764911037179046, 0.00011033931754206486),
    ],
)
def test_too_many_pairs_are_approximated_as_cor_test_does_and_say_so(x, y, coefficient, estimate, p_value):
    found = rank_correlation(x, y, coefficient)
    source = f'R cor.test(x, y, method="{coefficient}", exact=FALSE)'
    agrees(found.estimate.estimate, estimate, method="rank_correlation estimate", source=source, case=str(len(x)))
    agrees(found.p_value, p_value, method="rank_correlation approximate p", source=source, case=str(len(x)))
    assert found.exact is False
    assert found.estimate.conf_level == 0.95
    assert found.p_method != EXACT
    assert found.p_min_attainable is None


# tanh(atanh(r) + c(-1, 1) * qnorm(.975) * se), se = sqrt((1 + r^2 / 2) / (n - 3)) or sqrt(0.437 / (n - 4)), in R
def test_the_interval_is_fishers_with_the_standard_errors_of_bonett_and_wright():
    limits = {
        "spearman": (-0.17424406977828477, 0.91579787901333876),
        "kendall": (-0.10132909957581682, 0.78458581177199349),
    }
    for coefficient, expected in limits.items():
        found = rank_correlation(LIGHT, TASTE, coefficient).estimate
        source = "R tanh(atanh(r) + c(-1, 1) * qnorm(.975) * se)"
        method = "rank_correlation interval"
        agrees([found.conf_low, found.conf_high], expected, method=method, source=source, case=coefficient)
        assert "approximate" in found.conf_type


def test_three_pairs_by_hand():
    # Ranks 1 2 3 against 1 3 2: S of centred ranks 1, of the six pairings two reach 2, two reach 1, two reach -1 or -2.
    found = rank_correlation([10, 20, 30], [1, 9, 5], "spearman")
    assert found.estimate.estimate == 0.5
    assert found.p_value == 1
    assert found.p_min_attainable == pytest.approx(2 / 6)
    # Pairs 1-2 and 1-3 agree, 2-3 does not.
    assert rank_correlation([10, 20, 30], [1, 9, 5], "kendall").estimate.estimate == pytest.approx(1 / 3)


def numerator(x, y, coefficient):
    """Concordant minus discordant pairs, or the sum of products of centred doubled midranks, straight from the words."""
    n = len(x)
    if coefficient == "kendall":
        return sum(
            ((x[i] > x[j]) - (x[i] < x[j])) * ((y[i] > y[j]) - (y[i] < y[j])) for i in range(n) for j in range(i)
        )
    a, b = ([sum(2 * (w < u) + (w == u) for w in v) - n for u in v] for v in (x, y))
    return sum(v * w for v, w in zip(a, b, strict=True))


@both
@given(pair=pairs)
@moderate
def test_the_distribution_is_that_of_every_permutation(coefficient, pair):
    x, y = pair
    listed = Counter(numerator(x, p, coefficient) for p in itertools.permutations(y))
    found = correlation_distribution(coefficient, tie_sizes(np.array(x)), tie_sizes(np.array(y)))
    assert {s: Fraction(k, found.arrangements) for s, k in found.counts.items()} == {
        s: Fraction(k, listed.total()) for s, k in listed.items()
    }
    assert sum(s * k for s, k in found.counts.items()) == 0


@both
@given(pair=pairs)
@moderate
def test_exchanging_or_reversing_the_variables_changes_no_p(coefficient, pair):
    x, y = pair
    found = rank_correlation(x, y, coefficient)
    turned = rank_correlation(x, [-v for v in y], coefficient)
    assert rank_correlation(y, x, coefficient).p_value == found.p_value == turned.p_value
    if found.estimate.estimable:
        assert turned.estimate.estimate == pytest.approx(-found.estimate.estimate, abs=1e-15)
        assert -1 <= found.estimate.estimate <= 1
        assert found.p_min_attainable <= found.p_value <= 1


@both
@given(pair=pairs)
@moderate
def test_only_the_order_of_the_values_counts(coefficient, pair):
    x, y = pair
    assert rank_correlation([math.exp(v) for v in x], [v**3 for v in y], coefficient) == rank_correlation(
        x, y, coefficient
    )


@both
def test_the_exact_size_is_fourteen_pairs_without_ties_and_more_with(coefficient):
    assert is_small(coefficient, (1,) * 14, (1,) * 14)
    assert not is_small(coefficient, (1,) * 15, (1,) * 15)
    assert is_small(coefficient, (8, 8, 9), (1,) * 25)
    # Few multisets, and many digits.
    assert math.prod(t + 1 for t in (70, 70)) < MOST_STATES
    assert not is_small(coefficient, (70, 70), (1,) * 140)
    with pytest.raises(ValueError, match="15 pairs with these ties are too many"):
        correlation_distribution(coefficient, (1,) * 15, (1,) * 15)


@both
@each(
    ("x", "y", "reason"),
    [
        ([], [], "fewer than 3 pairs"),
        ([1, 2], [1, 2], "fewer than 3 pairs"),
        ([1, 2, 3], [4, 4, 4], "all values of one variable are equal"),
        ([2, 2, 2], [4, 5, 6], "all values of one variable are equal"),
    ],
)
def test_there_is_no_coefficient_without_pairs_or_without_variation(coefficient, x, y, reason):
    found = rank_correlation(x, y, coefficient)
    assert found.estimate.reason == reason
    assert (found.n, found.p_value, found.p_min_attainable, found.exact) == (len(x), None, None, False)


@both
def test_there_are_no_limits_at_one_and_minus_one(coefficient):
    for sign in (1, -1):
        found = rank_correlation(range(6), [sign * v for v in range(6)], coefficient)
        assert found.estimate.estimate == sign
        assert found.estimate.conf_low is found.estimate.conf_high is None
        assert found.estimate.conf_low_reason == "a coefficient of 1 or -1 has no standard error on Fisher's scale"
        assert found.p_value == pytest.approx(2 / 720)


@both
def test_perfect_agreement_of_many_pairs_has_a_p_too(coefficient):
    found = rank_correlation(range(40), range(40), coefficient)
    assert found.estimate.estimate == 1
    assert found.p_value < 1e-15


def test_the_standard_error_needs_four_pairs_for_rho_and_five_for_tau():
    four = [1, 2, 3, 4], [1, 3, 2, 4]
    assert rank_correlation(*four, "spearman").estimate.conf_low is not None
    assert rank_correlation(*four, "kendall").estimate.conf_low_reason == "fewer than 5 pairs"
    assert rank_correlation([1, 2, 3], [1, 3, 2], "spearman").estimate.conf_high_reason == "fewer than 4 pairs"


def test_what_is_no_pair_is_refused():
    with pytest.raises(ValueError, match="3 values of x and 2 of y"):
        rank_correlation([1, 2, 3], [1, 2], "spearman")
    with pytest.raises(ValueError, match=r"^x has missing or infinite values at positions \[0\]"):
        rank_correlation([math.inf, 2, 3], [1, 2, 3], "kendall")
    with pytest.raises(ValueError, match=r"^x must be numbers, not values of type"):
        rank_correlation(["1", "2", "3"], [1, 2, 3], "kendall")
    with pytest.raises(ValueError, match=r"y has missing or infinite values at positions \[1\]"):
        rank_correlation([1, 2, 3], [1, math.nan, 3], "kendall")
    with pytest.raises(ValueError, match="coefficient must be one of 'spearman', 'kendall'"):
        rank_correlation([1, 2, 3], [1, 2, 3], "pearson")
    with pytest.raises(ValueError, match="conf_level must be strictly between 0 and 1"):
        rank_correlation([1, 2, 3], [1, 2, 3], "kendall", 95)
