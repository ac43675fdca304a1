"""What each method of the plan is given: the values of the subjects it is about, read from the records again."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from analysis.recompute.cohort import Cohort
from analysis.recompute.dated import dated, in_order
from analysis.recompute.dispositions import tallies
from analysis.recompute.evaluated import evaluated
from analysis.recompute.samples import (
    AssociationSample,
    BinomialSample,
    CausesSample,
    CountSample,
    CourseSample,
    EventsSample,
    ListedSample,
    RecordsSample,
    Sample,
    StatesSample,
    TimesSample,
)
from analysis.recompute.trial.derived import SEPARATOR, quantity
from analysis.recompute.trial.records import Cell, NoRouteError, Record, a_date, a_number, days
from analysis.recompute.trial.toxicity import inside, is_related
from analysis.recompute.trial.where import equals, record_meets
from sap.methods.adverse_events import AdverseEvents
from sap.methods.binomial import Binomial
from sap.methods.by_subject import BySubject
from sap.methods.competing_risks import CompetingRisks
from sap.methods.correlation import Correlation
from sap.methods.criteria import Criteria
from sap.methods.disposition import Disposition
from sap.methods.distribution import Distribution
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.methods.records import Records
from sap.methods.summary import Summary
from sap.methods.time_dependent import TimeDependent
from sap.model.datasets import variables
from sap.model.derivations import DltStatus
from sap.model.part import Reference
from sap.model.times import at_risk_days

NOT_CODED: Final = "Not coded"


def _listed(cohort: Cohort, step: BySubject) -> Iterator[Sample]:
    for reference in step.variables:
        for subject in cohort.subjects:
            yield ListedSample(cohort.of(reference, subject), cohort.world.value(subject, reference))


def _summary(cohort: Cohort, step: Summary) -> Iterator[Sample]:
    yield cohort.values(step.variable)


def _binomial(cohort: Cohort, step: Binomial) -> Iterator[Sample]:
    cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
    count = sum(any(equals(c, e) for e in step.event) for c in cells)
    yield BinomialSample(cohort.on(step.variable.variable, " / ".join(step.event)), count, len(cells), step)


def _posterior(cohort: Cohort, step: Posterior) -> Iterator[Sample]:
    place = cohort.on(step.variable.variable, " / ".join(step.event))
    yield evaluated(cohort.world, place, cohort.subjects, step)


def _disposition(cohort: Cohort, step: Disposition) -> Iterator[Sample]:
    for (context, level), count in tallies(cohort.world, step, cohort.subjects).items():
        yield CountSample(cohort.on("USUBJID", level), context, count, len(cohort.subjects))


def _distribution(cohort: Cohort, step: Distribution) -> Iterator[Sample]:
    """Yield the levels; then, where anybody analysed is so, who has another value, and who has none."""
    seen = {s: cohort.world.value(s, step.variable) for s in cohort.analysed}
    outside = {s for s, cell in seen.items() if not any(equals(cell, level) for level in step.levels)}
    absent = {s for s in outside if seen[s] is None}
    own = frozenset(cohort.subjects)
    of_all = step.percentages == "all"
    size = len(own) if of_all else len(own - absent)
    name = step.variable.variable
    for level in step.levels:
        count = sum(equals(seen[s], level) for s in own)
        yield CountSample(cohort.on(name, level), "distribution", count, size)
    if outside - absent:
        yield CountSample(cohort.on(name, step.other), "distribution", len(own & (outside - absent)), size)
    if absent:
        context = "distribution" if of_all else "not_recorded"
        yield CountSample(cohort.on(name, step.missing), context, len(own & absent), len(own), share=of_all)


def _criteria(cohort: Cohort, step: Criteria) -> Iterator[Sample]:
    world = cohort.world
    derivation = next(d for d in world.plan.derivations if d.id == world.resolve(step.data))
    if not isinstance(derivation, DltStatus):
        raise NoRouteError(f"{derivation.id} has no criteria")
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [str(world.value(s, reference) or "").split(SEPARATOR) for s in cohort.subjects]
    for criterion in world.plan.dlt_rule(derivation.rule).criteria:
        count = sum(criterion.id in ids for ids in met)
        yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria", count, len(met))


def _adverse_events(cohort: Cohort, step: AdverseEvents) -> Iterator[Sample]:
    """Yield who had any event, an event of each class, and of each term; in a group also of those only others had."""
    found: dict[tuple[str, str], dict[str, list[Record]]] = {("USUBJID", ""): {}}
    inside = frozenset(cohort.subjects)
    told = [(s, r) for s in cohort.analysed for r in cohort.world.records(s, "ADAE")]
    counted = [(s, r) for s, r in told if not step.treatment_emergent or r.get("TRTEMFL") == "Y"]
    classes: dict[str, set[Cell]] = defaultdict(set)
    for _, row in counted:
        classes[_term(row)].add(row.get("AEBODSYS") or NOT_CODED)
    for subject, row in counted:
        term, soc = _term(row), str(row.get("AEBODSYS") or NOT_CODED)
        if None in {row.get("AEDECOD"), row.get("AEBODSYS")} and len(classes[term]) > 1:
            term = f"{term} ({soc})"
        for kind in (("USUBJID", ""), ("AEBODSYS", soc), ("AEDECOD", term)):
            had = found.setdefault(kind, {})
            if subject in inside:
                had.setdefault(subject, []).append(row)
    plan = cohort.world.plan
    ungraded = next(v.missing for v in variables("ADAE", plan.datasets["ADAE"]) if v.name == "ATOXGR")
    for (variable, level), rows in found.items():
        grades = tuple(tuple(g for r in of if (g := a_number(r.get("ATOXGR"))) is not None) for of in rows.values())
        related = tuple(any(is_related(r, plan.conventions.relatedness) for r in of) for of in rows.values())
        place = cohort.on(variable, level)
        yield EventsSample(place, grades, related, len(cohort.subjects), step.severe, ungraded)


def _term(row: Record) -> str:
    """Return what an event is called: its code, what was reported, or that it has none."""
    reported = row.get("AETERM")
    return str(row.get("AEDECOD") or (f"{reported} (not coded)" if reported else NOT_CODED))


def _association(cohort: Cohort, step: Correlation) -> Iterator[Sample]:
    found = [
        (x, y)
        for s in cohort.subjects
        if (x := a_number(cohort.world.value(s, step.variable))) is not None
        and (y := a_number(cohort.world.value(s, step.with_variable))) is not None
    ]
    place = cohort.on(step.variable.variable, str(step.with_variable))
    yield AssociationSample(place, tuple(x for x, _ in found), tuple(y for _, y in found), step)


def _course(cohort: Cohort, step: Profile) -> Iterator[Sample]:
    """Yield the values of a parameter by subject and day; a limit of quantification is that of a value that counts."""
    courses: dict[str, dict[int, tuple[Fraction, ...]]] = {}
    limits: list[Fraction] = []
    for subject in cohort.subjects:
        start = a_date(cohort.world.value(subject, Reference(dataset="ADSL", variable="TRTSDT")))
        for row in cohort.world.records(subject, step.dataset):
            day, value = days(start, a_date(row.get("ADT"))), quantity(row, step.below_quantification)
            if row.get("PARAMCD") != step.parameter or day is None or value is None:
                continue
            if step.window is not None and not inside(step.window, day):
                continue
            course = courses.setdefault(subject, {})
            course[day] = (*course.get(day, ()), value)
            limit = a_number(row.get("LLOQ"))
            limits += [] if limit is None else [limit]
    has_limit = step.dataset in cohort.world.plan.datasets and any(
        v.name == "LLOQ" for v in variables(step.dataset, cohort.world.plan.datasets[step.dataset])
    )
    yield CourseSample(cohort.on(step.parameter), courses, tuple(limits) if has_limit else None)


def _dated(cohort: Cohort, step: Records) -> Iterator[Sample]:
    """Yield the records that meet the clause, in days since the first treatment of their subject."""
    found, endless = {}, 0
    for subject in cohort.subjects:
        rows = cohort.world.records(subject, step.dataset)
        kept = in_order(step, [r for r in rows if step.where is None or record_meets(r, step.where)])
        if kept:
            start = a_date(cohort.world.value(subject, Reference(dataset="ADSL", variable="TRTSDT")))
            found[subject] = tuple(dated(step, row, start) for row in kept)
            endless += sum(step.end is not None and row.get(step.end) is None for row in kept)
    yield RecordsSample(cohort.on(step.name or step.value or step.start), found, endless, len(cohort.subjects), step)


def _times(cohort: Cohort, step: KaplanMeier) -> Iterator[Sample]:
    pairs = []
    for subject in cohort.subjects:
        time = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="AVAL")))
        censored = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="CNSR")))
        if time is not None and censored is not None:
            pairs.append((time, censored == 0))
    times, events = tuple(t for t, _ in pairs), tuple(e for _, e in pairs)
    yield TimesSample(cohort.on(step.data), times, events, step, _counted_on(cohort, step))


def _counted_on(cohort: Cohort, step: KaplanMeier | TimeDependent, start: int = 0) -> tuple[int, ...]:
    """Return the days of the plan, or those that the longest time of anybody analysed asks for."""
    seen = (cohort.world.value(s, Reference(dataset=step.data, variable="AVAL")) for s in cohort.analysed)
    longest = max((float(t) for t in map(a_number, seen) if t is not None), default=0.0)
    return at_risk_days(step.at_risk, max(cohort.world.plan.conventions.origin_day, start), longest)


def _causes(cohort: Cohort, step: CompetingRisks) -> Iterator[Sample]:
    found: list[tuple[Fraction, str | None]] = []
    for subject in cohort.subjects:
        of = {
            n: cohort.world.value(subject, Reference(dataset=step.data, variable=n))
            for n in ("AVAL", "CNSR", "EVNTDESC")
        }
        time, censored = a_number(of["AVAL"]), a_number(of["CNSR"])
        if time is not None and censored is not None:
            found.append((time, str(of["EVNTDESC"]) if censored == 0 else None))
    yield CausesSample(cohort.on(step.data), tuple(t for t, _ in found), tuple(c for _, c in found), step)


def _states(cohort: Cohort, step: TimeDependent) -> Iterator[Sample]:
    """Yield times and entries on one clock: a derived day counts from 0, a column of the data as the times do."""
    plan = cohort.world.plan
    first_day = plan.conventions.origin_day
    behind = first_day if any(d.id == step.exposure.dataset for d in plan.derivations) else 0
    found: list[tuple[Fraction, bool, Fraction | None]] = []
    for subject in cohort.subjects:
        time, censored = (
            a_number(cohort.world.value(subject, Reference(dataset=step.data, variable=n))) for n in ("AVAL", "CNSR")
        )
        start = cohort.world.value(subject, Reference(dataset=step.data, variable="STARTDT"))
        if time is not None and censored is not None and start is not None:
            entry = a_number(cohort.world.value(subject, step.exposure))
            if entry is not None:
                entry = entry + behind if entry + behind > first_day else Fraction(0)
            found.append((time, censored == 0, entry))
    times, events, entered = zip(*found, strict=True) if found else ((), (), ())
    counted = _counted_on(cohort, step, step.start)
    yield StatesSample(cohort.on(step.data), times, events, entered, step, first_day, counted)


SAMPLED: Final[Mapping[str, Callable[[Cohort, Any], Iterator[Sample]]]] = {
    "adverse_events": _adverse_events,
    "binomial": _binomial,
    "by_subject": _listed,
    "competing_risks": _causes,
    "correlation": _association,
    "criteria": _criteria,
    "disposition": _disposition,
    "distribution": _distribution,
    "kaplan_meier": _times,
    "posterior": _posterior,
    "profile": _course,
    "records": _dated,
    "summary": _summary,
    "time_dependent": _states,
}
"""By the plan's name of the method, which otherwise has no second route; a comparison of groups is in `interpret`."""
