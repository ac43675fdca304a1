"""Probability of superiority and rank-biserial correlation."""

import numpy as np
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.ranks.rank_effect import rank_effect
from analysis.methods.ranks.rank_test import rank_test
from tests.analysis.methods.exact_reference import WILCOXON, limits, wilcoxon_name
from tests.each import each
from tests.reference_check import agrees

moderate = settings(max_examples=60, deadline=None, derandomize=True)
samples = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=9)

# R: polyroot() of (h-t)^2 mn (2-t)(1+t) = z^2 t(1-t) [(2-t)(1+t) + k(1-t)(1+t) + k t(2-t)], k = (m+n)/2 - 1,
# the equation of Newcombe 2006, method 5, with h the estimate.
NEWCOMBE = [
    (17 / 21, 7, 3, 0.95, 0.4081116391848301, 0.9590789131786616),
    (1, 7, 3, 0.95, 0.6001082475812333, 1),
    (11 / 21, 7, 3, 0.90, 0.2379243635611326, 0.7937290138350189),
    (0.5, 10, 10, 0.99, 0.2243552471769711, 0.7756447528230145),
    (0.7, 10, 5, 0.95, 0.3892777832682293, 0.8889645483073064),
    (0, 1, 1, 0.95, 0, 0.7934506856227624),
]


def samples_with(theta, n1, n2):
    """Make two samples whose probability of superiority is theta."""
    pairs = round(theta * n1 * n2)
    y = np.arange(1, n2 + 1)
    return [min(max(pairs - i * n2, 0), n2) + 0.5 for i in range(n1)], y


@each("case", WILCOXON, ids=wilcoxon_name)
def test_point_values_count_pairs(case):
    effect = rank_effect(case["x"], case["y"])
    source, name = "R W / (n1 * n2)", case["name"]
    agrees(effect.prob_superiority, case["prob_superiority"], method="prob_superiority", source=source, case=name)
    expected = 2 * case["W"] / (len(case["x"]) * len(case["y"])) - 1
    agrees(effect.rank_biserial, expected, method="rank_biserial", source="2 W / (n1 n2) - 1", case=name)


@each(("theta", "n1", "n2", "level", "low", "high"), NEWCOMBE)
def test_interval_is_newcombes_method_5(theta, n1, n2, level, low, high):
    effect = rank_effect(*samples_with(theta, n1, n2), level)
    assert effect.prob_superiority == pytest.approx(theta, abs=1e-14)
    label, source = f"{theta:.3f}, {n1} v {n2} at {level}", "R polyroot of Newcombe's method 5"
    interval = effect.prob_superiority_interval
    agrees(limits(interval), [low, high], method="prob_superiority interval", source=source, case=label)
    biserial = limits(effect.rank_biserial_interval)
    assert biserial == pytest.approx([2 * low - 1, 2 * high - 1], abs=1e-12)


def test_the_sign_is_pingouins():
    x, y = [5, 6, 7, 9], [1, 2, 8]
    table = pingouin.mwu(np.array(x), np.array(y))
    effect = rank_effect(x, y)
    assert effect.rank_biserial == pytest.approx(table["RBC"].iloc[0], abs=1e-12)
    assert effect.prob_superiority == pytest.approx(table["CLES"].iloc[0], abs=1e-12)


@moderate
@given(samples, samples, st.floats(0.6, 0.99))
def test_intervals_contain_the_estimate_mirror_and_nest(x, y, level):
    if len(set(x) | set(y)) == 1:
        return
    effect, swapped, wider = rank_effect(x, y, level), rank_effect(y, x, level), rank_effect(x, y, (1 + level) / 2)
    interval, outer = effect.prob_superiority_interval, wider.prob_superiority_interval
    assert 0 <= outer.conf_low <= interval.conf_low <= effect.prob_superiority + 1e-12
    assert effect.prob_superiority - 1e-12 <= interval.conf_high <= outer.conf_high <= 1
    assert swapped.prob_superiority == pytest.approx(1 - effect.prob_superiority, abs=1e-12)
    mirrored = [1 - interval.conf_high, 1 - interval.conf_low]
    assert limits(swapped.prob_superiority_interval) == pytest.approx(mirrored, abs=1e-9)
    assert effect.prob_superiority == pytest.approx(rank_test(x, y).statistic / (len(x) * len(y)), abs=1e-12)


@each(
    ("x", "y", "level", "message"),
    [
        ([], [1], 0.95, "x is empty"),
        ([1], [float("nan")], 0.95, "missing or infinite"),
        ([1, 1], [1], 0.95, "all values"),
        ([1], [2], 0, "conf_level"),
    ],
)
def test_bad_input_is_an_error(x, y, level, message):
    with pytest.raises(ValueError, match=message):
        rank_effect(x, y, level)
