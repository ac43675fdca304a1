"""Do two groups differ in location? The exact rank test, the shift and effect sizes."""

import math
from typing import Final

from analysis.data.groups.compared import two_groups
from analysis.data.groups.described import described
from analysis.data.sample import Block, Sample, digits, numbers
from analysis.methods.common import Floats
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
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
    groups = two_groups(step, sample)
    name = step.variable.variable
    stats: list[Statistic] = []
    values = {}
    for label, group in groups.items():
        stats += described(Block(name, "summary", "Description", group1_level=label), group, step.variable, step.digits)
        values[label] = numbers(group.column(step.variable))
    x, y = values.values()
    reason = ""
    if len(x) == 0 or len(y) == 0:
        reason = f"no value in group {' and no value in group '.join(g for g, v in values.items() if len(v) == 0)}"
    elif len({*x.tolist(), *y.tolist()}) == 1:
        reason = "all values are equal"
    found, ties, level = ({}, "", "") if reason else _compared(step, x, y)
    absent = len(sample.subjects) - len(x) - len(y)
    left_out = f"{absent} of {len(sample.subjects)} subjects have no value or no group and are left out"
    warning = "; ".join(filter(None, (left_out if absent and not reason else "", ties)))
    test = Block(name, "rank_test", f"Exact Wilcoxon–Mann–Whitney on midranks; {TWO_SIDED[step.two_sided]}")
    shift = Block(name, "shift", "Hodges–Lehmann; interval inverts the exact permutation distribution")
    effect = Block(name, "effect", "Effect sizes of the rank test (ties count one half); Newcombe's method 5 interval")
    w = "W" if reason else "W (pairs in which the first group is greater)"
    fmt = digits(step.digits)
    stats += [
        test.stat("statistic", w, found.get("statistic"), "xx.x", reason=reason),
        test.stat("p.value", "Exact two-sided p", found.get("p.value"), "p", reason=reason, warning=warning),
        test.stat("p.value.min", "Smallest attainable p", found.get("p.value.min"), "p", reason=reason),
        shift.stat("estimate", "Hodges–Lehmann shift", found.get("estimate"), fmt, reason=reason, warning=level),
        shift.stat("conf.low", "Lower limit", found.get("conf.low"), fmt, reason=reason),
        shift.stat("conf.high", "Upper limit", found.get("conf.high"), fmt, reason=reason),
        shift.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
    ]
    for key, label in EFFECTS.items():
        for limit, words in (("", ""), (".conf.low", ", lower limit"), (".conf.high", ", upper limit")):
            value = found.get(f"{key}{limit}")
            stats.append(effect.stat(f"{key}{limit}", f"{label}{words}", value, "xx.xx", reason=reason))
    return [*stats, effect.stat("conf.level", "Two-sided confidence level", step.conf_level, "%")]


def _compared(step: RankComparison, x: Floats, y: Floats) -> tuple[dict[str, float], str, str]:
    """Return the estimates by name, what to know of ties, and what to know of the level of the interval."""
    from analysis.methods.ranks.rank_effect import rank_effect
    from analysis.methods.ranks.rank_test import rank_test
    from analysis.methods.ranks.shift import hodges_lehmann

    test = rank_test(x, y, step.two_sided)
    shift = hodges_lehmann(x, y, step.conf_level, step.two_sided)
    effect = rank_effect(x, y, step.conf_level)
    level = ""
    if abs(shift.conf_level_achieved - step.conf_level) > 1e-9:
        level = f"the exact distribution is discrete: the level achieved is {shift.conf_level_achieved:.4f}"
    if math.isinf(shift.conf_low) or math.isinf(shift.conf_high):
        level = (
            "a limit is infinite: in groups of this size no shift, however large, has a p small enough for the level"
        )
    found = {
        "statistic": test.statistic,
        "p.value": test.p_value,
        "p.value.min": test.p_min_attainable,
        "estimate": shift.estimate,
        "conf.low": shift.conf_low,
        "conf.high": shift.conf_high,
        "rank.biserial": effect.rank_biserial,
        "rank.biserial.conf.low": effect.rank_biserial_interval.conf_low,
        "rank.biserial.conf.high": effect.rank_biserial_interval.conf_high,
        "prob.superiority": effect.prob_superiority,
        "prob.superiority.conf.low": effect.prob_superiority_interval.conf_low,
        "prob.superiority.conf.high": effect.prob_superiority_interval.conf_high,
    }
    return found, "tied values share midranks" if test.has_ties else "", level


METHOD: Final = Method(statistics=rank_comparison, libraries=("pingouin", "scipy", *PANDAS))
