"""Several tests at one level against R, the closure principle, and by hand."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.multiple.families import fixed_sequence, graphical_test, step_procedure
from tests.each import each
from tests.reference_check import agrees

FILE = Path(__file__).resolve().parents[3] / "reference" / "designs_rates_tests.json"
FOUND = json.loads(FILE.read_text("utf-8"))
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=5)


def closed(p, local):
    """The adjusted p-values of a closed test: the largest p of an intersection with the hypothesis."""
    sets = [c for k in range(1, len(p) + 1) for c in combinations(range(len(p)), k)]
    return [max(min(1, local(sorted(p[j] for j in c))) for c in sets if i in c) for i in range(len(p))]


@each("procedure", ["bonferroni", "holm", "hochberg", "hommel"])
def test_adjusted_p_values_are_those_of_r(procedure):
    for i, case in enumerate(FOUND["adjust"]):
        got = step_procedure(case["p"], procedure).adjusted
        agrees(got, case[procedure], method=f"step_procedure {procedure}", source="R p.adjust", case=str(i))


def test_graphs_are_those_of_gmcp():
    for i, case in enumerate(FOUND["graphs"]):
        got = graphical_test(case["p"], case["weights"], case["transition"])
        agrees(got.adjusted, case["adjusted"], method="graphical_test", source="R gMCPLite::gMCP", case=str(i))
        assert list(got.rejected) == case["rejected"]


@given(P_VALUES)
def test_holm_and_hommel_are_the_closed_tests_of_bonferroni_and_simes(p):
    holm = closed(p, lambda q: len(q) * q[0])
    hommel = closed(p, lambda q: min(len(q) * x / (i + 1) for i, x in enumerate(q)))
    assert step_procedure(p, "holm").adjusted == pytest.approx(holm)
    assert step_procedure(p, "hommel").adjusted == pytest.approx(hommel)


@given(P_VALUES)
def test_a_graph_with_equal_shares_is_holm_and_a_chain_is_the_fixed_sequence(p):
    m = len(p)
    equal = [[0 if i == j else 1 / (m - 1) for j in range(m)] for i in range(m)]
    chain = [[float(j == i + 1) for j in range(m)] for i in range(m)]
    holm, sequence = step_procedure(p, "holm"), fixed_sequence(p)
    assert graphical_test(p, [1 / m] * m, equal).adjusted == pytest.approx(holm.adjusted)
    by_chain = graphical_test(p, [1.0] + [0.0] * (m - 1), chain)
    assert by_chain.adjusted == pytest.approx(sequence.adjusted)
    assert by_chain.rejected == sequence.rejected
    assert by_chain.tested == sequence.tested


def test_by_hand_what_stands_after_one_not_rejected_is_not_tested():
    found = fixed_sequence([0.01, 0.2, 0.001])
    assert found.adjusted == (0.01, 0.2, 0.2)
    assert found.rejected == (True, False, False)
    assert found.tested == (True, True, False)
    assert found.local_alpha == (0.05, 0.05, 0)


def test_by_hand_the_level_of_what_is_rejected_goes_on():
    found = graphical_test([0.01, 0.04, 0.5], [0.5, 0.5, 0], [[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    assert found.rejected == (True, True, False)
    assert found.local_alpha == pytest.approx((0.025, 0.05, 0.05))


def test_a_p_value_that_is_not_estimable_is_not_rejected_and_keeps_its_level():
    assert step_procedure([0.02, None], "holm").adjusted == (0.04, None)
    assert fixed_sequence([None, 0.001]).tested == (True, False)
    found = graphical_test([None, 0.001], [0.5, 0.5], [[0, 1], [1, 0]])
    assert found.rejected == (False, True)
    assert found.local_alpha == pytest.approx((0.05, 0.025))


@each(
    ("call", "message"),
    [
        (lambda: step_procedure([], "holm"), "^p must have"),
        (lambda: step_procedure([1.2], "holm"), "^p must be a probability"),
        (lambda: step_procedure([0.2], "sidak"), "^procedure"),
        (lambda: fixed_sequence([0.2], 1), "^alpha"),
        (lambda: graphical_test([0.2], [1, 0], [[0]]), "^weights and transitions"),
        (lambda: graphical_test([0.2], [1.1], [[0]]), "^weights must"),
        (lambda: graphical_test([0.2, 0.3], [1, 0], [[0, -1], [0, 0]]), "^transitions, row 1"),
        (lambda: graphical_test([0.2], [1], [[1]]), "^transitions must"),
    ],
)
def test_what_is_no_family_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
