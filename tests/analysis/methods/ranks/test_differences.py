"""Differences are selected as they would be from a list of all of them, and so are the limits of the shift."""

import numpy as np
import pytest

from analysis.methods.ranks import shift
from analysis.methods.ranks.differences import Differences


@pytest.mark.parametrize("seed", range(12))
def test_selection_is_that_of_a_list_of_all(seed):
    rng = np.random.default_rng(seed)
    n1, n2, decimals = (int(rng.integers(*ends)) for ends in ((1, 30), (1, 30), (0, 4)))
    x, y = (np.round(rng.normal(0, 3, n), decimals) + 0.0 for n in (n1, n2))
    every, whole = Differences.of(x, y), np.sort(np.subtract.outer(x, y).ravel())
    assert [every.smallest(k) for k in range(whole.size)] == whole.tolist()
    assert every.median() == np.median(whole)
    for value in (*whole[:: max(1, whole.size // 7)], 0.05):
        assert every.below(value).sum() == (whole < value).sum()
        assert every.below(value, or_at=True).sum() == (whole <= value).sum()
    low, high = whole[whole.size // 4], whole[whole.size // 2]
    listed, before = every.between(low, high)
    assert listed.tolist() == whole[(whole >= low) & (whole <= high)].tolist()
    assert before == (whole < low).sum()


def test_a_case_by_hand():
    every = Differences.of(np.array([5.0, 1.0]), np.array([2.0, 1.0, 4.0]))  # -3 -1 0 1 3 4
    assert [every.smallest(k) for k in range(6)] == [-3, -1, 0, 1, 3, 4]
    assert every.median() == 0.5


@pytest.mark.parametrize("two_sided", ["absolute_deviation", "twice_smaller_tail"])
@pytest.mark.parametrize("seed", range(8))
def test_the_interval_of_a_part_is_that_of_the_whole_list(seed, two_sided, monkeypatch):
    rng = np.random.default_rng(seed)
    n1, n2, decimals = (int(rng.integers(*ends)) for ends in ((2, 30), (2, 30), (0, 4)))
    x, y = np.round(rng.normal(0.5, 1, n1), decimals) + 0.0, np.round(rng.normal(0, 1, n2), decimals) + 0.0
    for level in (0.5, 0.9, 0.99):
        whole = shift.hodges_lehmann(x, y, level, two_sided)
        with monkeypatch.context() as patched:
            patched.setattr(shift, "_MOST_LISTED", 0)
            assert shift.hodges_lehmann(x, y, level, two_sided) == whole


def test_two_large_groups_list_a_part_alone(monkeypatch):
    rng = np.random.default_rng(3)
    x, y = rng.normal(0.1, 1, 600), rng.normal(0, 1, 600)
    sizes = []
    between = Differences.between
    monkeypatch.setattr(
        Differences,
        "between",
        lambda self, low, high: (found := between(self, low, high), sizes.append(found[0].size))[0],
    )
    found = shift.hodges_lehmann(x, y)
    assert max(sizes) < 600 * 600 / 10
    with monkeypatch.context() as patched:
        patched.setattr(shift, "_MOST_LISTED", 10**6)
        assert shift.hodges_lehmann(x, y) == found
