"""Do two groups differ in location? The exact rank test, the shift and effect sizes."""

import math

from analysis.data.sample import Block, Sample, digits, numbers
from analysis.methods.common import Interval
from analysis.methods.ranks.rank_effect import rank_effect
from analysis.methods.ranks.rank_test import rank_test
from analysis.methods.ranks.shift import hodges_lehmann
from analysis.results.ard import Statistic
from analysis.steps.summary import described
from sap.methods.rank_comparison import RankComparison

EFFECTS = {
    "rank.biserial": "Rank-biserial correlation",
    "prob.superiority": "Probability of superiority",
}
TWO_SIDED = {
    "absolute_deviation": "two-sided p = P(|W − E(W)| at least as large as observed)",
    "twice_smaller_tail": "two-sided p = twice the smaller tail",
}


def rank_comparison(step: RankComparison, sample: Sample) -> list[Statistic]:
    """Return the description of each group and the exact comparison of the first with the second."""
    groups = sample.group(sample.plan.grouping(step.by))
    name = step.variable.variable
    stats: list[Statistic] = []
    values = []
    for label, group in groups.items():
        stats += described(Block(name, "summary", "Description", group1_level=label), group, step.variable, step.digits)
        values.append(numbers(group.column(step.variable)))
    x, y = values
    absent = len(sample.subjects) - len(x) - len(y)
    warning = (
        f"{absent} of {len(sample.subjects)} subjects have no value or no group and are left out" if absent else ""
    )
    test_block = Block(name, "rank_test", f"Exact Wilcoxon–Mann–Whitney on midranks; {TWO_SIDED[step.two_sided]}")
    shift_block = Block(name, "shift", "Hodges–Lehmann; interval inverts the exact permutation distribution")
    effect_block = Block(
        name, "effect", "Effect sizes of the rank test (ties count one half); Newcombe's method 5 interval"
    )
    if len(x) == 0 or len(y) == 0:
        empty = " and no value in group ".join(g for g, v in zip(groups, values, strict=True) if len(v) == 0)
        return stats + _not_estimable(step, (test_block, shift_block, effect_block), f"no value in group {empty}")
    if len({*x.tolist(), *y.tolist()}) == 1:
        return stats + _not_estimable(step, (test_block, shift_block, effect_block), "all values are equal")
    test = rank_test(x, y, step.two_sided)
    shift = hodges_lehmann(x, y, step.conf_level, step.two_sided)
    effect = rank_effect(x, y, step.conf_level)
    ties = "tied values share midranks" if test.has_ties else ""
    level = ""
    if shift.conf_level_achieved is not None and abs(shift.conf_level_achieved - step.conf_level) > 1e-9:
        level = f"the exact distribution is discrete: the level achieved is {shift.conf_level_achieved:.4f}"
    if math.isinf(shift.conf_low) or math.isinf(shift.conf_high):
        level = (
            "a limit is infinite: in groups of this size no shift, however large, has a p small enough for the level"
        )
    fmt = digits(step.digits)
    return [
        *stats,
        test_block.stat("statistic", "W (pairs in which the first group is greater)", test.statistic, "xx.x"),
        test_block.stat(
            "p.value", "Exact two-sided p", test.p_value, "p", warning="; ".join(filter(None, (warning, ties)))
        ),
        test_block.stat("p.value.min", "Smallest attainable p", test.p_min_attainable, "p"),
        shift_block.stat("estimate", "Hodges–Lehmann shift", shift.estimate, fmt, warning=level),
        shift_block.stat("conf.low", "Lower limit", shift.conf_low, fmt),
        shift_block.stat("conf.high", "Upper limit", shift.conf_high, fmt),
        shift_block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        *_effect(effect_block, "rank.biserial", effect.rank_biserial, effect.rank_biserial_interval),
        *_effect(effect_block, "prob.superiority", effect.prob_superiority, effect.prob_superiority_interval),
        effect_block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
    ]


def _effect(block: Block, name: str, value: float | None, limits: Interval | None, reason: str = "") -> list[Statistic]:
    low, high = (limits.conf_low, limits.conf_high) if limits is not None else (None, None)
    label = EFFECTS[name]
    return [
        block.stat(name, label, value, "xx.xx", reason=reason),
        block.stat(f"{name}.conf.low", f"{label}, lower limit", low, "xx.xx", reason=reason),
        block.stat(f"{name}.conf.high", f"{label}, upper limit", high, "xx.xx", reason=reason),
    ]


def _not_estimable(step: RankComparison, blocks: tuple[Block, Block, Block], reason: str) -> list[Statistic]:
    test, shift, effect = blocks
    fmt = digits(step.digits)
    return [
        test.stat("statistic", "W", None, "xx.x", reason=reason),
        test.stat("p.value", "Exact two-sided p", None, "p", reason=reason),
        test.stat("p.value.min", "Smallest attainable p", None, "p", reason=reason),
        shift.stat("estimate", "Hodges–Lehmann shift", None, fmt, reason=reason),
        shift.stat("conf.low", "Lower limit", None, fmt, reason=reason),
        shift.stat("conf.high", "Upper limit", None, fmt, reason=reason),
        shift.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        *_effect(effect, "rank.biserial", None, None, reason),
        *_effect(effect, "prob.superiority", None, None, reason),
        effect.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
    ]
