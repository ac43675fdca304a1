"""The exact comparison of two groups where there is little to compare: each reason is the real one."""

import pandas as pd

from analysis.data.sample import Sample
from analysis.steps.rank_comparison import rank_comparison
from sap.methods.rank_comparison import RankComparison


def compared(plan, first, second):
    """Return the comparison of the values of two groups, by context and name."""
    names = tuple(f"S{i}" for i in range(len(first) + len(second)))
    codes = ["CR"] * len(first) + ["PR"] * len(second)
    frame = pd.DataFrame({"USUBJID": names, "PEAK": [*first, *second]})
    best = pd.DataFrame({"USUBJID": names, "BOR": codes})
    step = RankComparison(method="rank_comparison", variable="EXPAN.PEAK", by="RSPGRP")
    stats = rank_comparison(step, Sample(names, {"EXPAN": frame, "BOR": best}, plan, "the set"))
    return {(s.context, s.stat_name): s for s in stats if s.context != "summary"}


def test_each_group_without_a_value_is_named(plan):
    nan = float("nan")
    labels = [level.label for level in plan.grouping("RSPGRP").levels]
    for first, second, told in (
        ([1.0], [nan], f"no value in group {labels[1]}"),
        ([], [2.0], f"no value in group {labels[0]}"),
        ([nan], [nan], f"no value in group {labels[0]} and no value in group {labels[1]}"),
    ):
        found = compared(plan, first, second)
        assert {s.error for s in found.values() if s.stat is None} == {f"not estimable: {told}"}


def test_an_infinite_limit_says_why(plan):
    """Of 2 and 2 the smallest two-sided p is 2/6, above 1 - 0.95; of 4 and 4 it is 2/70 (R: wilcox.test(5:8, 1:4)$p.value)."""
    few = compared(plan, [1.0, 2.0], [3.0, 4.0])
    assert few["shift", "conf.low"].stat == -float("inf")
    assert few["shift", "estimate"].warning.startswith("a limit is infinite: in groups of this size no shift")
    more = compared(plan, [5.0, 6.0, 7.0, 8.0], [1.0, 2.0, 3.0, 4.0])
    assert (more["shift", "conf.low"].stat, more["shift", "conf.high"].stat) == (1, 7)  # R: conf.int of the same
    assert "infinite" not in more["shift", "estimate"].warning
