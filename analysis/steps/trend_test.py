"""Does a proportion change with the order of the groups? Counts of each, and the Cochran–Armitage test."""

from typing import Final

from analysis.data.sample import Block, Sample, without_value
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method, event_level
from sap.methods.trend_test import TrendTest

CONTEXT: Final = "trend_test"


def trend_test(step: TrendTest, sample: Sample) -> list[Statistic]:
    """Return counts and share of each group, then the test; context ``trend_test``."""
    from analysis.methods.rates.trend import cochran_armitage

    name, level = step.variable.variable, " / ".join(step.event)
    how = "Cochran–Armitage test of a trend"
    stats, events, sizes = [], [], []
    for label, group in sample.group(sample.plan.grouping(step.by)).items():
        events.append(int(group.has(step.variable, step.event).sum()))
        sizes.append(len(group.subjects))
        block = Block(name, CONTEXT, how, level, label)
        missing = without_value(step.variable, step.event, group.codes(step.variable))
        share = events[-1] / sizes[-1] if sizes[-1] else None
        stats += [
            block.stat("n", "Subjects with event", events[-1], "xx", warning=missing),
            block.stat("N", "Subjects", sizes[-1], "xx"),
            block.stat("p", "Proportion", share, "xx.x%", reason=f"there are no subjects in {label}"),
        ]
    found = cochran_armitage(events, sizes, step.scores or None)
    block = Block(name, CONTEXT, how, level)
    told = {
        "statistic": ("Chi-square", found.statistic, "xx.xx"),
        "p.value": ("Two-sided p by chi-square", found.p_value, "p"),
        "p.value.exact": ("Exact two-sided p", found.p_exact, "p"),
        "p.value.increasing": ("Exact one-sided p of an increase", found.p_increasing, "p"),
    }
    return [*stats, *(block.stat(n, words, v, fmt, reason=found.reason) for n, (words, v, fmt) in told.items())]


METHOD: Final = Method(
    statistics=trend_test,
    libraries=PANDAS,
    levels="event",
    planned_levels=lambda step, _plan, _dataset: (event_level(step.event),),
)
