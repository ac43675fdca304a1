"""Subjects by criterion of a rule, by the second route: each subject's criteria counted one by one."""

from collections.abc import Iterator
from datetime import timedelta

from analysis.recompute.trial.cells import NoRouteError, a_date
from analysis.recompute.trial.derived import SEPARATOR, last_contact
from analysis.recompute.trial.sample import CountSample, Sample
from analysis.recompute.trial.world import Cohort
from sap.methods.criteria import Criteria, last_day_asked
from sap.model.derivations import DltStatus
from sap.model.part import Reference


def samples(cohort: Cohort, step: Criteria) -> Iterator[Sample]:
    """Yield who met each criterion of the rule."""
    world = cohort.world
    derivation = next(d for d in world.plan.derivations if d.id == world.resolve(step.data))
    if not isinstance(derivation, DltStatus):
        raise NoRouteError(f"{derivation.id} has no criteria")
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [str(world.value(s, reference) or "").split(SEPARATOR) for s in cohort.subjects]
    rule = world.plan.dlt_rule(derivation.rule)
    for criterion in rule.criteria:
        count = sum(criterion.id in ids for ids in met)
        yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria", count, len(met))
        last = last_day_asked(rule, criterion)
        if step.before is not None and last is not None:
            count = sum(_reached(cohort, s, last, step.before) for s in cohort.subjects)
            yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria_within_reach", count, len(met))


def _reached(cohort: Cohort, subject: str, last: int, before: str) -> bool:
    """Return whether a subject was seen on a day since first treatment, and a date of ADSL came only after it."""
    (row,) = cohort.world.records(subject, "ADSL")
    start, seen, stop = (a_date(c) for c in (row.get("TRTSDT"), last_contact(row), row.get(before)))
    if start is None or seen is None:
        return False
    day = start + timedelta(days=last)
    return day <= seen and (stop is None or day < stop)
