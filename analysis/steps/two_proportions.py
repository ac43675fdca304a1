"""How do the proportions of two groups differ? Counts, a difference or ratio with its limits, and a p-value."""

import math
from collections.abc import Sequence
from typing import Final

from analysis.data.groups.compared import strata_of, two_groups
from analysis.data.sample import Block, Sample, without_value
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method, event_level
from sap.methods.two_proportions import TwoProportions

CONTEXT: Final = "two_proportions"
NAMES: Final = {"difference": "Difference", "ratio": "Ratio", "odds_ratio": "Odds ratio"}
Table = tuple[int, int, int, int]


def two_proportions(step: TwoProportions, sample: Sample) -> list[Statistic]:
    """Return counts and share of each group, how they differ, and p; context ``two_proportions``."""
    groups = two_groups(step, sample)
    strata = strata_of(step, sample)
    name, level = step.variable.variable, " / ".join(step.event)
    words = step.value_words
    how = f"{NAMES[step.measure]}, limits of {words['limits'][step.limits]}; {words['test'][step.test]} test"
    stats = []
    having = sample.has(step.variable, step.event)
    events = set(having.index[having.to_numpy()])
    for label, group in groups.items():
        own = [s for s in group.subjects if s in strata]
        n = sum(s in events for s in own)
        block = Block(name, CONTEXT, how, level, label)
        missing = without_value(step.variable, step.event, group.codes(step.variable))
        left = len(group.subjects) - len(own)
        out = f"{left} of {len(group.subjects)} subjects have no stratum and are left out" if left else ""
        stats += [
            block.stat("n", "Subjects with event", n, "xx", warning="; ".join(filter(None, (out, missing)))),
            block.stat("N", "Subjects", len(own), "xx"),
            block.stat("p", "Proportion", n / len(own) if own else None, "xx.x%", reason=_nobody([label])),
        ]
    first, second = (group.subjects for group in groups.values())
    tables = [_table(first, second, strata, events, one) for one in dict.fromkeys(strata.values())]
    empty = [label for label, i in zip(groups, (1, 3), strict=True) if not sum(t[i] for t in tables)]
    reason = _nobody(empty)
    found: dict[str, float] = {}
    if not empty:
        found, reason = _estimated(step, [t for t in tables if t[1] and t[3]])
    block = Block(name, CONTEXT, how, level)
    fmt = "xx.x%" if step.measure == "difference" else "xx.xx"
    untold = reason or "a cell of the table is 0, or there is no such limit"
    return [
        *stats,
        block.stat("estimate", NAMES[step.measure], found.get("estimate"), fmt, reason=reason or "it is infinite"),
        block.stat("conf.low", "Lower limit", found.get("conf.low"), fmt, reason=untold),
        block.stat("conf.high", "Upper limit", found.get("conf.high"), fmt, reason=untold),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.stat("p.value", "Two-sided p", found.get("p.value"), "p", reason=untold),
    ]


def _nobody(labels: Sequence[str]) -> str:
    return f"there are no subjects in {' and none in '.join(labels)}" if labels else ""


def _table(
    first: Sequence[str], second: Sequence[str], strata: dict[str, str], events: set[str], stratum: str
) -> Table:
    one, two = ([s for s in group if strata.get(s) == stratum] for group in (first, second))
    return sum(s in events for s in one), len(one), sum(s in events for s in two), len(two)


def _estimated(step: TwoProportions, tables: Sequence[Table]) -> tuple[dict[str, float], str]:
    """Return what can be told, by name, and why nothing can."""
    from analysis.methods.rates.score import mantel_haenszel, newcombe, score_limits, wald_ratio
    from analysis.methods.rates.two_proportions import fisher_exact
    from analysis.methods.rates.wald import wald_difference

    if not tables:
        return {}, "no stratum has subjects of both groups"
    score = score_limits(tables, "difference", step.conf_level)
    p = fisher_exact(*tables[0]).p_value if step.test == "fisher" else score.p_value
    limits: tuple[float | None, float | None] | None
    if step.limits == "mantel_haenszel":
        found = mantel_haenszel(tables, "difference" if step.measure == "difference" else "odds_ratio", step.conf_level)
        limits = found.conf_low, found.conf_high
    else:
        found = score if step.measure == "difference" else score_limits(tables, step.measure, step.conf_level)
        limits = found.conf_low, found.conf_high
        if step.limits == "newcombe":
            limits = newcombe(*tables[0], step.conf_level)
        elif step.limits == "wald" and step.measure == "difference":
            interval = wald_difference(*tables[0], step.conf_level).interval
            limits = interval.conf_low, interval.conf_high
        elif step.limits == "wald":
            limits = wald_ratio(tables[0], step.measure, step.conf_level)
    low, high = limits or (None, None)
    told = {"estimate": found.estimate, "conf.low": low, "conf.high": high, "p.value": p}
    return {name: v for name, v in told.items() if v is not None and math.isfinite(v)}, found.reason or ""


METHOD: Final = Method(
    statistics=two_proportions,
    libraries=("scipy", "statsmodels", *PANDAS),
    levels="event",
    planned_levels=lambda step, _plan, _dataset: (event_level(step.event),),
)
