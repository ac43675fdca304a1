"""How many subjects met each criterion of a rule."""

from typing import Final

from analysis.data.dlt import SEPARATOR
from analysis.data.sample import Block, Sample, counts_and_shares
from analysis.results.ard import Statistic
from analysis.steps import Level, Method
from sap.methods.criteria import Criteria
from sap.model.derivations import DltStatus
from sap.model.part import Reference
from sap.plan.plan import Plan


def criteria(step: Criteria, sample: Sample) -> list[Statistic]:
    """Return n, N and percentage of subjects who met each criterion of a rule; a subject may meet several."""
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [set(str(v).split(SEPARATOR)) for v in sample.column(reference).fillna("")]
    counts = {c.id: sum(c.id in m for m in met) for c in sample.rule(step.data).criteria}
    about = Block(reference.variable, "criteria", "Counts and percentages; not exclusive")
    return counts_and_shares(about, counts, sample)


def _planned_levels(_step: Criteria, plan: Plan, dataset: str) -> tuple[Level, ...]:
    rules = {d.id: d.rule for d in plan.derivations if isinstance(d, DltStatus)}
    return tuple(Level(c.id, c.text) for c in plan.dlt_rule(rules[dataset]).criteria)


METHOD: Final = Method(statistics=criteria, levels="criterion", planned_levels=_planned_levels)
