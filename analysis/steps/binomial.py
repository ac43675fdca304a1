"""How many subjects had the event, and what rates are compatible with that."""

from analysis.data.sample import Block, Sample, without_value
from analysis.methods.rates.clopper_pearson import clopper_pearson
from analysis.results.ard import Statistic
from sap.methods.binomial import Binomial

METHOD = "Clopper–Pearson exact binomial interval"


def binomial(step: Binomial, sample: Sample) -> list[Statistic]:
    """Return n, N, the proportion and its exact interval; a subject without a value has no event."""
    values = sample.codes(step.variable)
    total = len(sample.subjects)
    events = int(sample.has(step.variable, step.event).sum())
    level = " / ".join(step.event)
    two_sided = Block(step.variable.variable, "proportion", METHOD, level)
    reason = f"there are no subjects in {sample.name}" if total == 0 else None
    low, high = _limits(events, total, step.conf_level)
    stats = [
        two_sided.stat(
            "n", "Subjects with event", events, "xx", warning=without_value(step.variable, step.event, values)
        ),
        two_sided.stat("N", "Subjects", total, "xx"),
        two_sided.stat("estimate", "Proportion", events / total if total else None, "xx.x%", reason=reason),
        two_sided.stat("conf.low", "Lower limit", low, "xx.x%", reason=reason),
        two_sided.stat("conf.high", "Upper limit", high, "xx.x%", reason=reason),
        two_sided.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
    ]
    if step.upper_bound:
        one_sided = Block(
            step.variable.variable, "proportion_upper_bound", "Clopper–Pearson one-sided upper bound", level
        )
        bound = clopper_pearson(events, total, step.conf_level, "upper").conf_high if total else None
        stats += [
            one_sided.stat("conf.high", "One-sided upper bound", bound, "xx.x%", reason=reason),
            one_sided.stat("conf.level", "One-sided confidence level", step.conf_level, "%"),
        ]
    return stats


def _limits(events: int, total: int, conf_level: float) -> tuple[float | None, float | None]:
    if total == 0:
        return None, None
    interval = clopper_pearson(events, total, conf_level)
    return interval.conf_low, interval.conf_high
