"""How survival differs between two groups: on a day, and in the mean up to one."""

from typing import Final

import numpy as np

from analysis.data.groups.compared import times_compared, two_groups
from analysis.data.sample import Block, Sample
from analysis.methods.common import Estimate
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.survival_difference import SurvivalDifference

AT: Final = "survival_difference"
MEAN: Final = "restricted_mean"
MEANS: Final = {"difference": "restricted_mean_difference", "ratio": "restricted_mean_ratio"}


def survival_difference(step: SurvivalDifference, sample: Sample) -> list[Statistic]:
    """Return survival of both groups on each day and how it differs, then the restricted means and how they do."""
    from analysis.methods.survival.curve_estimates import restricted_mean, survival_at
    from analysis.methods.survival.kaplan_meier import kaplan_meier
    from analysis.methods.survival.two_curves import Contrast, difference, ratio

    groups = two_groups(step, sample)
    data = times_compared(step, sample, groups)
    curves = {}
    for label in groups:
        own = np.array([g == label for g in data.groups], dtype=np.bool_)
        curves[label] = kaplan_meier(data.times[own], data.events[own], step.conf_level, "plain") if own.any() else None
    nobody = {label: Estimate(estimate=None, reason=f"no time in group {label}") for label in groups}
    stats: list[Statistic] = []

    def contrast(block: Block, words: str, found: Contrast, fmt: str) -> list[Statistic]:
        limits = found.reason or found.interval_reason
        return [
            block.stat("estimate", words, found.estimate, fmt, reason=found.reason, warning=data.left_out),
            block.stat("conf.low", "Lower limit", found.conf_low, fmt, reason=limits),
            block.stat("conf.high", "Upper limit", found.conf_high, fmt, reason=limits),
            block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
            block.stat("p.value", "Two-sided p by Wald", found.p_value, "p", reason=limits),
        ]

    for day in step.landmarks:
        pair = [survival_at(c, [day])[0] if c else nobody[label] for label, c in curves.items()]
        for label, found in zip(groups, pair, strict=True):
            block = Block(step.data, AT, "Kaplan–Meier", str(day), label)
            stats.append(block.stat("surv", "Survival", found.estimate, "xx.x%", reason=found.reason))
        block = Block(step.data, AT, "Difference of Kaplan–Meier estimates, Greenwood variances, Wald", str(day))
        stats += contrast(block, "Difference in survival", difference(pair[0], pair[1], step.conf_level), "xx.x%")
    if step.restricted_mean is None:
        return stats
    day = step.restricted_mean
    pair = [restricted_mean(c, day) if c else nobody[label] for label, c in curves.items()]
    for label, found in zip(groups, pair, strict=True):
        block = Block(step.data, MEAN, "Area under the Kaplan–Meier curve", str(day), label)
        error = found.std_err if found.estimate is not None else None
        stats += [
            block.stat("mean", "Restricted mean", found.estimate, "xx.x", reason=found.reason),
            block.stat("std.error", "Standard error", error, "xx.xx", reason=found.reason),
        ]
    apart = Block(step.data, MEANS["difference"], "Difference of restricted means, Wald", str(day))
    over = Block(step.data, MEANS["ratio"], "Ratio of restricted means, Wald on the scale of logarithms", str(day))
    stats += contrast(apart, "Difference in restricted means", difference(pair[0], pair[1], step.conf_level), "xx.x")
    return stats + contrast(over, "Ratio of restricted means", ratio(pair[0], pair[1], step.conf_level), "xx.xx")


METHOD: Final = Method(statistics=survival_difference, libraries=("lifelines", "scipy", *PANDAS), levels="time")
