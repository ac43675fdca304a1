"""How the shares of subjects with a record differ between two groups, by groups within groups."""

from typing import Final

from analysis.data.groups.compared import two_groups
from analysis.data.groups.crossed import crossed, level_of
from analysis.data.sample import Block, Sample
from analysis.methods.common import Estimate
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.risk_difference import RiskDifference

CONTEXT: Final = "risk_difference"
HOW: Final = "Difference of two proportions, Wald limits without continuity correction"


def risk_difference(step: RiskDifference, sample: Sample) -> list[Statistic]:
    """Return the counts of both groups, the difference and its limits; context ``risk_difference``."""
    groups = two_groups(step, sample)
    names = tuple(groups)
    first, second = (group.subjects for group in groups.values())
    records = crossed(step, sample)
    stats = []
    for labels in records.groups:
        having = set(records.frame.loc[records.of(labels), "USUBJID"])
        x1, x2 = (sum(s in having for s in group) for group in (first, second))
        block = Block("USUBJID", CONTEXT, HOW, level_of(labels))
        stats += [
            block.stat("n.1", f"Subjects, {names[0]}", x1, "xx"),
            block.stat("N.1", f"Subjects in the group, {names[0]}", len(first), "xx"),
            block.stat("n.2", f"Subjects, {names[1]}", x2, "xx"),
            block.stat("N.2", f"Subjects in the group, {names[1]}", len(second), "xx"),
            *block.estimate("Difference", _estimate(step, names, (x1, len(first)), (x2, len(second))), "xx.x%"),
            block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        ]
    return stats


def _estimate(
    step: RiskDifference, names: tuple[str, ...], first: tuple[int, int], second: tuple[int, int]
) -> Estimate:
    if not (first[1] and second[1]):
        empty = names[0] if not first[1] else names[1]
        return Estimate(estimate=None, conf_low=None, conf_high=None, reason=f"there are no subjects in {empty}")
    from analysis.methods.rates.wald import wald_difference

    found = wald_difference(*first, *second, step.conf_level, quantile=step.quantile)
    limits = found.interval
    return Estimate(estimate=found.estimate, conf_low=limits.conf_low, conf_high=limits.conf_high)


METHOD: Final = Method(statistics=risk_difference, libraries=("scipy", *PANDAS), data_contexts=(CONTEXT,))
