"""The second route of the rank correlations: against values from R, the first route, and by hand."""

import itertools
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.methods.ranks.correlation import is_small, rank_correlation
from analysis.recompute.correlation import AssociationSample, is_computed
from analysis.recompute.exact import pairings
from analysis.recompute.exact.pairings import MOST_PAIRS, concordance, concordances, rank_products, steps
from analysis.recompute.trial.sample import Place, Untried
from sap.methods.correlation import Correlation
from tests.each import each

PLACE = Place("A", "S", "", "", "X", "D.Y")
pairs = st.integers(0, 8).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 9).map(Fraction), min_size=n, max_size=n) for _ in range(2)))
)


def recomputed(x, y, coefficient):
    step = Correlation(method="correlation", variable="D.X", with_variable="D.Y", coefficient=coefficient)
    sample = AssociationSample(PLACE, tuple(map(Fraction, x)), tuple(map(Fraction, y)), step)
    return {p.stat_name: p.value for p in sample.promises()}


@pytest.mark.parametrize("coefficient", ["spearman", "kendall"])
@given(pair=pairs)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_two_algorithms_give_one_answer(coefficient, pair):
    x, y = pair
    first, second = (
        rank_correlation([float(v) for v in x], [float(v) for v in y], coefficient),
        recomputed(x, y, coefficient),
    )
    told = {
        "estimate": first.estimate.estimate,
        "conf.low": first.estimate.conf_low,
        "conf.high": first.estimate.conf_high,
        "p.value": first.p_value,
        "p.value.min": first.p_min_attainable,
    }
    for name, value in told.items():
        assert (value is None) == (second[name] is None), name
        assert value is None or float(second[name]) == pytest.approx(value, rel=1e-12, abs=1e-14), name


def test_the_permanent_and_the_tables_count_every_permutation():
    x, y = [Fraction(v) for v in (1, 1, 2, 3, 3)], [Fraction(v) for v in (5, 0, 5, 5, 2)]
    a, b = steps(x), steps(y)
    assert a == [0, 0, 1, 2, 2]
    assert rank_products(x, y) == Counter(
        sum(v * w for v, w in zip(a, p, strict=True)) for p in itertools.permutations(b)
    )
    listed = Counter(concordance(x, p) for p in itertools.permutations(y))
    found = concordances(x, y)
    assert {s: Fraction(n, found.total()) for s, n in found.items()} == {s: Fraction(n, 120) for s, n in listed.items()}


# cor.test(x, y, method = m, exact = TRUE), Hollander and Wolfe's example
def test_r_agrees_without_ties():
    x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    assert float(recomputed(x, y, "spearman")["p.value"]) == pytest.approx(0.096797839506172836, rel=1e-13)
    assert float(recomputed(x, y, "kendall")["p.value"]) == pytest.approx(0.1194389329805996, rel=1e-13)


# y against x = 0..19 and with ties; suppressWarnings(cor.test(x, y, method = m, exact = FALSE))$p.value
@each(
    ("x", "y", "spearman", "kendall"),
    [
        (range(20), [7 * v % 20 for v in range(20)], 0.10996436611637714, 0.037853811799241202),
        (
            [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18],
            [3, 1, 2, 2, 5, 9, 4, 7, 8, 6, 6, 12, 10, 11, 20, 13, 19, 14, 15, 16],
            1.097037629778182e-08,
            3.8976472397088155e-06,
        ),
    ],
)
def test_r_agrees_where_p_is_approximate(x, y, spearman, kendall):
    for coefficient, p in (("spearman", spearman), ("kendall", kendall)):
        found = recomputed(x, y, coefficient)
        assert float(found["p.value"]) == pytest.approx(p, rel=1e-11, abs=0)
        assert (found["p.type"], found["p.value.min"]) == ("approximate", None)


@pytest.mark.parametrize("coefficient", ["spearman", "kendall"])
@given(pair=st.integers(15, 40).flatmap(lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_two_approximations_of_p_give_one_answer(coefficient, pair):
    first = rank_correlation(*(list(map(float, v)) for v in pair), coefficient)
    second = recomputed(*pair, coefficient)
    assert not first.exact
    assert second["p.type"] == "approximate"
    assert second["p.value"] == pytest.approx(first.p_value, rel=1e-10, abs=0)


def test_a_perfect_order_of_many_pairs_has_an_approximate_p_of_zero():
    # limit of the t distribution as rho goes to 1; cor.test(1:20, 1:20, method = "spearman", exact = FALSE): 0
    assert recomputed(range(20), range(20), "spearman")["p.value"] == 0


@pytest.mark.parametrize("coefficient", ["spearman", "kendall"])
@given(
    pair=st.integers(13, 60).flatmap(
        lambda n: st.tuples(
            *(st.integers(1, 9).flatmap(lambda k: st.lists(st.integers(0, k), min_size=n, max_size=n)) for _ in "xy")
        )
    )
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_both_routes_cease_to_be_exact_at_the_same_sizes(coefficient, pair):
    x, y = pair
    sizes = [tuple(n for _, n in sorted(Counter(values).items())) for values in (x, y)]
    step = Correlation(method="correlation", variable="D.X", with_variable="D.Y", coefficient=coefficient)
    sample = AssociationSample(PLACE, tuple(map(Fraction, x)), tuple(map(Fraction, y)), step)
    assume(all(len(s) > 1 for s in sizes))
    assert is_computed(sample) == is_small(coefficient, *sizes)


def test_too_many_pairs_are_never_a_pass(monkeypatch):
    many = range(MOST_PAIRS + 1)
    found = recomputed(many, [v * v % 13 for v in many], "spearman")
    assert found["p.value"] == Untried(f"too many pairs for a permanent ({MOST_PAIRS + 1})")
    assert found["estimate"] is not None
    monkeypatch.setattr(pairings, "MOST_TABLES", 10)
    crowded = [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert recomputed(crowded, crowded[::-1], "kendall")["p.type"] == Untried("more than 10 tables of ties")
