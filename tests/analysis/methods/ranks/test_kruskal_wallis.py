"""The Kruskal–Wallis test against R's kruskal.test and a listing of all assignments, by hand, and by its properties."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.ranks.kruskal_wallis import kruskal_wallis
from tests.reference_check import agrees

FILE = Path(__file__).resolve().parents[3] / "reference" / "compare_values.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["kruskal_jonckheere"]


def groups_of(case):
    values, group = np.array(case["values"]), np.array(case["group"])
    return [values[group == g] for g in sorted(set(case["group"]))]


def test_statistic_and_chi_square_are_those_of_kruskal_test():
    for i, case in enumerate(CASES):
        found = kruskal_wallis(*groups_of(case), exact_up_to=0)
        wanted = [case["H"], case["df"], case["p_asymptotic"]]
        got = [found.statistic, found.df, found.p_value]
        agrees(got, wanted, method="kruskal_wallis", source="R 4.2.2 kruskal.test", case=str(i))


def test_the_exact_p_is_that_of_all_assignments():
    tried = [case for case in CASES if "kw_p_exact" in case]
    for i, case in enumerate(tried):
        found = kruskal_wallis(*groups_of(case))
        assert found.exact
        assert found.n_assignments == case["assignments"]
        source = "R 4.2.2, all assignments listed, H >= observed"
        agrees(found.p_value, case["kw_p_exact"], method="kruskal_wallis exact", source=source, case=str(i))
    assert len(tried) > 10


def test_by_hand():
    # Ranks 1, 2 | 3, 4 | 5, 6: the means lie 2 from 3.5, H = 5 * (2 * 4 + 0 + 2 * 4) / 17.5; 3! of 90 orders do it.
    found = kruskal_wallis([1, 2], [3, 4], [5, 6])
    assert found.statistic == pytest.approx(32 / 7, rel=1e-12)
    assert found.p_value == 6 / 90
    assert (found.sizes, found.df, found.has_ties) == ((2, 2, 2), 2, False)


def test_beyond_the_number_of_assignments_the_test_is_that_of_chi_square():
    groups = ([1, 2], [3, 4], [5, 6])
    assert kruskal_wallis(*groups, exact_up_to=90).exact
    beyond = kruskal_wallis(*groups, exact_up_to=89)
    assert not beyond.exact
    assert beyond.p_value == pytest.approx(math.exp(-16 / 7), rel=1e-12)


def test_equal_values_are_no_comparison():
    found = kruskal_wallis([3, 3], [3], [3, 3])
    assert (found.statistic, found.p_value, found.reason) == (None, None, "all values are equal")


def test_too_few_groups_and_empty_ones_are_told():
    with pytest.raises(ValueError, match="needs two groups"):
        kruskal_wallis([1, 2])
    with pytest.raises(ValueError, match="group 2 is empty"):
        kruskal_wallis([1, 2], [])


GROUPS = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=2, max_size=3)


@given(GROUPS, st.randoms(use_true_random=False))
def test_neither_order_nor_scale_of_the_values_matters(groups, random):
    found = kruskal_wallis(*groups)
    turned = [[math.exp(v) for v in random.sample(g, len(g))] for g in random.sample(groups, len(groups))]
    again = kruskal_wallis(*turned)
    assert (found.p_value, found.reason) == (again.p_value, again.reason)
    if found.reason is None:
        assert 0 < found.p_value <= 1
        assert found.statistic == pytest.approx(again.statistic, rel=1e-12, abs=1e-12)
