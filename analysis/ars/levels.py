"""What a result is about within its analysis: a category, an event, a criterion, a time or a subject."""

from dataclasses import dataclass

from analysis.ars.units import Unit
from analysis.results import Row
from analysis.steps.counts import OTHER
from sap.clause import Comparator
from sap.derivations import DltStatus
from sap.methods import (
    AdverseEvents,
    Binomial,
    BySubject,
    CompetingRisks,
    Criteria,
    Distribution,
    KaplanMeier,
    Posterior,
    Profile,
    Records,
    TimeDependent,
)
from sap.model import Reference
from sap.plan import Plan

MEDIAN = "median"
"""Where a level of a time-to-event analysis names a statistic, not a time."""


@dataclass(frozen=True)
class Level:
    """One predefined level, by name and in words; without a comparator no single comparison defines it."""

    name: str
    label: str
    comparator: Comparator | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Factor:
    """What the levels of a result are levels of.

    Attributes
    ----------
    kind : {"event", "category", "criterion", "time", "subject", "record", "level"}
        What a level is.
    reference : Reference
        The variable it is a value of.
    levels : tuple of Level
        Those the plan defines; empty where the data define them.
    """

    kind: str
    reference: Reference
    levels: tuple[Level, ...] = ()


def factor(plan: Plan, unit: Unit) -> Factor | None:
    """Return the factor whose levels the results of an analysis are about; None when there is none."""
    step = unit.step
    if isinstance(step, Binomial | Posterior):
        name = " / ".join(step.event)
        return Factor("event", unit.reference, (Level(name, name, *one_of(step.event)),))
    if isinstance(step, Distribution):
        listed = tuple(Level(v, v, Comparator.EQ, (v,)) for v in step.levels)
        return Factor("category", unit.reference, (*listed, Level(OTHER, OTHER, Comparator.NOTIN, step.levels)))
    if isinstance(step, Criteria):
        rules = {d.id: d.rule for d in plan.derivations if isinstance(d, DltStatus)}
        levels = tuple(Level(c.id, c.text) for c in plan.dlt_rule(rules[unit.reference.dataset]).criteria)
        return Factor("criterion", unit.reference, levels)
    if isinstance(step, KaplanMeier | CompetingRisks | TimeDependent):
        return Factor("time", unit.reference)
    if isinstance(step, AdverseEvents | Records):
        return Factor("record" if isinstance(step, Records) else "event", unit.reference)
    if isinstance(step, BySubject | Profile):
        return Factor("subject", Reference(dataset="ADSL", variable="USUBJID"))
    if step is not None and any(r.variable_level for r in unit.rows):
        return Factor("level", unit.reference)
    return None


def one_of(values: tuple[str, ...]) -> tuple[Comparator, tuple[str, ...]]:
    """Return the comparator and values of "is one of these"."""
    return (Comparator.EQ if len(values) == 1 else Comparator.IN, values)


def statistic_level(unit: Unit, row: Row) -> str:
    """Return the level where it names a statistic (the median of a curve, a day, a look), else nothing."""
    if isinstance(unit.step, Posterior) and row.context != "posterior":
        return row.variable_level
    if isinstance(unit.step, Profile) and row.context == "profile":
        return row.variable_level
    return MEDIAN if isinstance(unit.step, KaplanMeier) and row.variable_level == MEDIAN else ""
