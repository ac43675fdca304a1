"""The Cochran–Armitage test against R's prop.trend.test, and its exact p-values against enumeration in R."""

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.rates.trend import cochran_armitage
from tests.reference_check import agrees

CASES = json.loads((Path(__file__).resolve().parents[3] / "reference" / "compare_proportions.json").read_text("utf-8"))[
    "trend"
]


def test_chi_square_and_exact_p_are_those_of_r():
    source = "R prop.trend.test; exact: conditional on the total, by enumeration, |S-E| >= observed"
    for i, case in enumerate(CASES):
        found = cochran_armitage(case["x"], case["n"], case["scores"])
        if case["chisq"] == "NA":  # nobody has the event: R's exact p is 1 of one table
            assert "nobody" in found.reason
            continue
        got = [found.statistic, found.p_value, found.p_exact, found.p_increasing]
        wanted = [case[k] for k in ("chisq", "p_asymptotic", "p_exact_two_sided", "p_exact_increasing")]
        agrees(got, wanted, method="cochran_armitage", source=source, case=str(i))


def test_three_tables_by_hand():
    # One event among 2, 2 and 2, in the last group: S is 1, 2 or 3, each with probability 1/3; E is 2.
    found = cochran_armitage([0, 0, 1], [2, 2, 2])
    assert found.p_exact == pytest.approx(float(Fraction(2, 3)), rel=1e-12)
    assert found.p_increasing == pytest.approx(float(Fraction(1, 3)), rel=1e-12)


@pytest.mark.parametrize(
    "scores", [[0, 0.3, 1], [0.1, 0.3, 1.0], [0, 0.6931471805599453, 2.302585092994046], [1 / 3, 100, 1e9]]
)
def test_doses_of_any_decimals_are_enumerated(scores):
    x, n = [1, 2, 3], [5, 4, 6]
    tables = [
        (math.prod(map(math.comb, n, k)), sum(Fraction(repr(float(s))) * m for s, m in zip(scores, k, strict=True)))
        for k in itertools.product(*(range(m + 1) for m in n))
        if sum(k) == sum(x)
    ]
    observed = sum(Fraction(repr(float(s))) * m for s, m in zip(scores, x, strict=True))
    mean = sum(w * t for w, t in tables) / sum(w for w, _ in tables)
    far = sum(w for w, t in tables if abs(t - mean) >= abs(observed - mean))
    above = sum(w for w, t in tables if t >= observed)
    found = cochran_armitage(x, n, scores)
    assert found.p_exact == pytest.approx(far / math.comb(15, 6), rel=1e-12)
    assert found.p_increasing == pytest.approx(above / math.comb(15, 6), rel=1e-12)


def test_doses_are_compared_by_their_ratios_alone():
    by_dose, by_unit = (cochran_armitage([10, 20, 30], [60, 60, 60], s) for s in ([0, 100, 1000], [0, 0.1, 1]))
    assert (by_dose.p_exact, by_dose.p_increasing) == (by_unit.p_exact, by_unit.p_increasing)


table = st.lists(st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=4)


@given(table)
def test_scores_may_be_moved_and_stretched_and_turned(groups):
    x, n = ([g[i] for g in groups] for i in (0, 1))
    plain, moved = cochran_armitage(x, n), cochran_armitage(x, n, [5.0 + 2.5 * i for i in range(len(n))])
    turned = cochran_armitage(x[::-1], n[::-1])
    if plain.reason is None:
        assert moved.statistic == pytest.approx(plain.statistic, rel=1e-9, abs=1e-12)
        assert moved.p_exact == pytest.approx(plain.p_exact, rel=1e-9)
        assert turned.p_exact == pytest.approx(plain.p_exact, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "n", "scores", "reason"),
    [
        ([0, 0], [3, 4], None, "nobody"),
        ([3, 4], [3, 4], None, "everybody"),
        ([1, 0], [3, 0], None, "one group alone"),
        ([1, 1], [3, 3], [2, 2], "same"),
    ],
)
def test_without_anything_to_compare_there_is_a_reason(x, n, scores, reason):
    assert reason in cochran_armitage(x, n, scores).reason


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match="2 counts of events, 3 sizes and 3 scores"):
        cochran_armitage([1, 2], [3, 3, 3])
