"""How many subjects had the event, and what rates are compatible with that."""

from typing import Final

from analysis.data.sample import Block, Sample, without_value
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method, event_level
from sap.methods.binomial import Binomial


def binomial(step: Binomial, sample: Sample) -> list[Statistic]:
    """Return n, N, the proportion and its exact interval; a subject without a value has no event."""
    from analysis.methods.rates.clopper_pearson import clopper_pearson

    values = sample.codes(step.variable)
    total = len(sample.subjects)
    events = int(sample.has(step.variable, step.event).sum())
    name, level = step.variable.variable, " / ".join(step.event)
    two_sided = Block(name, "proportion", "Clopper–Pearson exact binomial interval", level)
    reason = f"there are no subjects in {sample.name}" if total == 0 else None
    limits = clopper_pearson(events, total, step.conf_level) if total else None
    low, high = (limits.conf_low, limits.conf_high) if limits else (None, None)
    missing = without_value(step.variable, step.event, values)
    stats = [
        two_sided.stat("n", "Subjects with event", events, "xx", warning=missing),
        two_sided.stat("N", "Subjects", total, "xx"),
        two_sided.stat("estimate", "Proportion", events / total if total else None, "xx.x%", reason=reason),
        two_sided.stat("conf.low", "Lower limit", low, "xx.x%", reason=reason),
        two_sided.stat("conf.high", "Upper limit", high, "xx.x%", reason=reason),
        two_sided.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
    ]
    if step.upper_bound:
        one_sided = Block(name, "proportion_upper_bound", "Clopper–Pearson one-sided upper bound", level)
        bound = clopper_pearson(events, total, step.conf_level, "upper").conf_high if total else None
        stats += [
            one_sided.stat("conf.high", "One-sided upper bound", bound, "xx.x%", reason=reason),
            one_sided.stat("conf.level", "One-sided confidence level", step.conf_level, "%"),
        ]
    return stats


METHOD: Final = Method(
    statistics=binomial,
    libraries=("statsmodels", *PANDAS),
    levels="event",
    planned_levels=lambda step, _plan, _dataset: (event_level(step.event),),
)
