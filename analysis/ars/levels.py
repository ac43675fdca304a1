"""What a result is about within its analysis: a category, an event, a criterion, a time or a subject."""

from dataclasses import dataclass

from analysis.ars.units import SUBJECTS, Unit
from analysis.results.ard import Row
from analysis.steps.catalogue import METHODS, LevelKind
from sap.methods.binomial import Binomial
from sap.methods.criteria import Criteria
from sap.methods.distribution import Distribution
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.model.clause import Comparator
from sap.model.derivations import DltStatus
from sap.model.part import Reference
from sap.plan.plan import Plan

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
    """What the levels of a result are levels of."""

    kind: LevelKind
    """What a level is."""
    reference: Reference
    """The variable it is a value of."""
    levels: tuple[Level, ...] = ()
    """Those the plan defines; empty where the data define them."""


def factor(plan: Plan, unit: Unit) -> Factor | None:
    """Return the factor whose levels the results of an analysis are about; None when there is none."""
    if unit.step is None:
        return None
    kind = METHODS[unit.step.method].levels
    if kind == "level" and not any(r.variable_level for r in unit.rows):
        return None
    return Factor(kind, SUBJECTS if kind == "subject" else unit.reference, _listed(plan, unit))


def _listed(plan: Plan, unit: Unit) -> tuple[Level, ...]:
    """Return the levels that the plan defines."""
    match unit.step:
        case Binomial() | Posterior():
            name = " / ".join(unit.step.event)
            return (Level(name, name, *one_of(unit.step.event)),)
        case Distribution():
            listed = (Level(v, v, Comparator.EQ, (v,)) for v in unit.step.levels)
            other, missing = unit.step.other, unit.step.missing
            unlisted = Level(other, other, Comparator.NOTIN, tuple(dict.fromkeys((*unit.step.levels, ""))))
            absent = () if "" in unit.step.levels else (Level(missing, missing, Comparator.EQ, ("",)),)
            return (*listed, unlisted, *absent)
        case Criteria():
            rules = {d.id: d.rule for d in plan.derivations if isinstance(d, DltStatus)}
            return tuple(Level(c.id, c.text) for c in plan.dlt_rule(rules[unit.reference.dataset]).criteria)
        case _:
            return ()


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
