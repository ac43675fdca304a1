"""How many subjects met each criterion of a rule."""

from typing import Final

from analysis.data.dlt import SEPARATOR, observed
from analysis.data.sample import Block, Sample, counts_and_shares
from analysis.results.ard import Statistic
from analysis.steps import Level, Method
from sap.methods.criteria import Criteria, last_day_asked
from sap.model.days import days_between
from sap.model.derivations import DltStatus
from sap.model.part import Reference
from sap.plan.plan import Plan

WITHIN_REACH: Final = "criteria_within_reach"


def criteria(step: Criteria, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of subjects who met each criterion of a rule; a subject may meet several."""
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [set(str(v).split(SEPARATOR)) for v in sample.column(reference).fillna("")]
    counts = {c.id: sum(c.id in m for m in met) for c in sample.rule(step.data).criteria}
    about = Block(reference.variable, "criteria", "Counts and percentages; not exclusive")
    return [*counts_and_shares(about, counts, sample), *_within_reach(step, sample)]


def _within_reach(step: Criteria, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of subjects who could have met each criterion that asks for a duration.

    A criterion of at least d days with onset from day s on is complete on day s + d - 1 at the earliest. It is within
    reach of a subject who was seen on that day, and in whom the date of the step had not come by then.
    """
    if step.before is None:
        return []
    treated = observed(sample.data["ADSL"]).reindex(list(sample.subjects))
    seen, stop = (days_between(treated["TRTSDT"], treated[name]) for name in ("SEEN", step.before))
    rule = sample.rule(step.data)
    asked = {c.id: last for c in rule.criteria if (last := last_day_asked(rule, c)) is not None}
    counts = {name: int(((seen >= last) & ~(stop <= last)).sum()) for name, last in asked.items()}
    how = "Counts and percentages; observed long enough, from the first day of the window"
    return counts_and_shares(Block("CRITERIA", WITHIN_REACH, how), counts, sample)


def _planned_levels(_step: Criteria, plan: Plan, dataset: str) -> tuple[Level, ...]:
    rules = {d.id: d.rule for d in plan.derivations if isinstance(d, DltStatus)}
    return tuple(Level(c.id, c.text) for c in plan.dlt_rule(rules[dataset]).criteria)


METHOD: Final = Method(statistics=criteria, levels="criterion", planned_levels=_planned_levels)
