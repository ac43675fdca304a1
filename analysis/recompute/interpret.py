"""The plan to samples: which subjects, which values, for every step of every analysis and sensitivity analysis."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.recompute.dated import dated, in_order
from analysis.recompute.derived import SEPARATOR, quantity
from analysis.recompute.dispositions import tallies
from analysis.recompute.evaluated import evaluated
from analysis.recompute.records import NoRouteError, Record, a_date, a_number, days
from analysis.recompute.samples import (
    AssociationSample,
    BinomialSample,
    CausesSample,
    CountSample,
    CourseSample,
    EventsSample,
    ListedSample,
    PairSample,
    Place,
    PosteriorSample,
    RecordsSample,
    Sample,
    SizeSample,
    StatesSample,
    TimesSample,
    ValuesSample,
)
from analysis.recompute.toxicity import inside
from analysis.recompute.where import equals, record_meets
from analysis.recompute.world import World
from sap.datasets import variables
from sap.derivations import DltStatus
from sap.methods import (
    AdverseEvents,
    Binomial,
    BySubject,
    CompetingRisks,
    Correlation,
    Criteria,
    Disposition,
    Distribution,
    KaplanMeier,
    Posterior,
    Profile,
    RankComparison,
    Records,
    Step,
    Summary,
    TimeDependent,
)
from sap.model import Reference
from sap.plan import Analysis, Plan, Sensitivity


@dataclass(frozen=True)
class Unreached:
    """A step without a second route, and why."""

    analysis_id: str
    reason: str


@dataclass(frozen=True)
class _Cohort:
    """The subjects a step is about, and where its results belong."""

    world: World
    place: Place
    subjects: tuple[str, ...]

    def on(self, variable: str, level: str = "") -> Place:
        return replace(self.place, variable=variable, variable_level=level)

    def values(self, reference: Reference) -> ValuesSample:
        numbers = [a_number(self.world.value(s, reference)) for s in self.subjects]
        present = tuple(n for n in numbers if n is not None)
        return ValuesSample(self.on(reference.variable), present, len(numbers) - len(present))


def samples(world: World) -> Iterator[Sample | Unreached]:
    """Yield a sample for everything the plan promises.

    Parameters
    ----------
    world : World
        The plan and its records.

    Yields
    ------
    Sample or Unreached
        In the order of the plan.
    """
    plan = world.plan
    for s in plan.analysis_sets:
        place = Place("SETS", s.id, "", "", "USUBJID", s.id)
        yield SizeSample(place, "analysis_set", len(world.members(s.where, world.subjects)))
    tasks: list[tuple[World, Analysis, Sensitivity | None]] = []
    for a in plan.analyses:
        tasks += [(world, a, None), *((world.with_use(changed.use), a, changed) for changed in a.sensitivity)]
    for task in tasks:
        everyone = _everyone(*task)
        place = Place("SETS", everyone.place.analysis_set, "", "", "USUBJID", everyone.place.analysis_id)
        yield SizeSample(place, "analysis", len(everyone.subjects))
    for task in tasks:
        yield from _analysis(*task)


def _population(world: World, plan: Plan, analysis: Analysis, set_id: str) -> tuple[str, ...]:
    inside = world.members(plan.set_of(set_id).where, world.subjects)
    return inside if analysis.data_subset is None else world.members(analysis.data_subset, inside)


def _everyone(world: World, analysis: Analysis, changed: Sensitivity | None) -> _Cohort:
    """Return who is analysed; a set that a derivation defines follows the one that takes its place."""
    analysis_id = changed.id if changed else analysis.id
    set_id = (changed.analysis_set if changed else None) or analysis.analysis_set
    place = Place(analysis_id, set_id, "", "", "")
    return _Cohort(world, place, _population(world, world.plan, analysis, set_id))


def _analysis(world: World, analysis: Analysis, changed: Sensitivity | None) -> Iterator[Sample | Unreached]:
    everyone = _everyone(world, analysis, changed)
    for step in (changed.steps if changed else ()) or analysis.steps:
        try:
            yield from list(_step(everyone, step))
        except NoRouteError as error:
            yield Unreached(everyone.place.analysis_id, str(error))


def _groups(everyone: _Cohort, by: str) -> tuple[_Cohort, ...]:
    grouping = everyone.world.plan.grouping(by)
    return tuple(
        replace(
            everyone,
            place=replace(everyone.place, group1=by, group1_level=level.label),
            subjects=everyone.world.in_group(grouping, level, everyone.subjects),
        )
        for level in grouping.levels
    )


def _step(everyone: _Cohort, step: Step) -> Iterator[Sample]:
    if isinstance(step, RankComparison):
        groups = [group.values(step.variable) for group in _groups(everyone, step.by)]
        yield from groups
        place = replace(everyone.on(step.variable.variable), group1=step.by)
        yield PairSample(place, groups[0].values, groups[1].values, step)
        return
    for cohort in (everyone,) if step.by is None else _groups(everyone, step.by):
        yield from _within(cohort, step)


def _within(cohort: _Cohort, step: Step) -> Iterator[Sample]:
    match step:
        case BySubject():
            for reference in step.variables:
                for subject in cohort.subjects:
                    place = cohort.on(reference.variable, subject)
                    yield ListedSample(place, cohort.world.value(subject, reference))
        case Summary():
            yield cohort.values(step.variable)
        case KaplanMeier() | CompetingRisks() | TimeDependent():
            yield _timed(cohort, step)
        case Criteria() | Distribution() | AdverseEvents() | Disposition():
            yield from _counted(cohort, step)
        case Profile() | Records():
            yield _course(cohort, step) if isinstance(step, Profile) else _dated(cohort, step)
        case Correlation():
            yield _association(cohort, step)
        case Binomial() | Posterior():
            yield _event(cohort, step)
        case _:
            raise NoRouteError(f"no second route for {step.method}")


def _counted(cohort: _Cohort, step: Criteria | Distribution | AdverseEvents | Disposition) -> Iterator[Sample]:
    if isinstance(step, Criteria):
        yield from _criteria(cohort, step)
    elif isinstance(step, Distribution):
        yield from _distribution(cohort, step)
    elif isinstance(step, Disposition):
        for (context, level), count in tallies(cohort.world, step, cohort.subjects).items():
            yield CountSample(cohort.on("USUBJID", level), context, count, len(cohort.subjects))
    else:
        yield from _adverse_events(cohort, step)


def _event(cohort: _Cohort, step: Binomial | Posterior) -> BinomialSample | PosteriorSample:
    place = cohort.on(step.variable.variable, " / ".join(step.event))
    if isinstance(step, Posterior):
        return evaluated(cohort.world, place, cohort.subjects, step)
    cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
    count = sum(any(equals(c, e) for e in step.event) for c in cells)
    return BinomialSample(place, count, len(cells), step)


def _distribution(cohort: _Cohort, step: Distribution) -> Iterator[Sample]:
    cells = [cohort.world.value(s, step.variable) for s in cohort.subjects]
    if step.percentages == "recorded" and "" not in step.levels:
        cells = [c for c in cells if c is not None]
    name = step.variable.variable
    for level in step.levels:
        count = sum(equals(c, level) for c in cells)
        yield CountSample(cohort.on(name, level), "distribution", count, len(cells))
    others = sum(not any(equals(c, level) for level in step.levels) for c in cells)
    if others:
        yield CountSample(cohort.on(name, "Other or missing"), "distribution", others, len(cells))


def _criteria(cohort: _Cohort, step: Criteria) -> Iterator[Sample]:
    world = cohort.world
    derivation = next(d for d in world.plan.derivations if d.id == world.resolve(step.data))
    if not isinstance(derivation, DltStatus):
        raise NoRouteError(f"{derivation.id} has no criteria")
    reference = Reference(dataset=step.data, variable="CRITERIA")
    met = [str(world.value(s, reference) or "").split(SEPARATOR) for s in cohort.subjects]
    for criterion in world.plan.dlt_rule(derivation.rule).criteria:
        count = sum(criterion.id in ids for ids in met)
        yield CountSample(cohort.on("CRITERIA", criterion.id), "criteria", count, len(met))


def _adverse_events(cohort: _Cohort, step: AdverseEvents) -> Iterator[Sample]:
    """Yield who had any event, an event of each class, and of each term."""
    found: dict[tuple[str, str], dict[str, list[Record]]] = {("USUBJID", ""): {}}
    for subject in cohort.subjects:
        for row in cohort.world.records(subject, "ADAE"):
            if step.treatment_emergent and row.get("TRTEMFL") != "Y":
                continue
            kinds = (("USUBJID", ""), *((name, str(row.get(name))) for name in ("AEBODSYS", "AEDECOD")))
            for kind in kinds:
                found.setdefault(kind, {}).setdefault(subject, []).append(row)
    for (variable, level), rows in found.items():
        grades = tuple(tuple(g for r in of if (g := a_number(r.get("ATOXGR"))) is not None) for of in rows.values())
        related = tuple(any(r.get("AREL") == "RELATED" for r in of) for of in rows.values())
        yield EventsSample(cohort.on(variable, level), grades, related, len(cohort.subjects), step.severe)


def _association(cohort: _Cohort, step: Correlation) -> AssociationSample:
    found = [
        (x, y)
        for s in cohort.subjects
        if (x := a_number(cohort.world.value(s, step.variable))) is not None
        and (y := a_number(cohort.world.value(s, step.with_variable))) is not None
    ]
    place = cohort.on(step.variable.variable, str(step.with_variable))
    return AssociationSample(place, tuple(x for x, _ in found), tuple(y for _, y in found), step)


def _course(cohort: _Cohort, step: Profile) -> CourseSample:
    """Return the values of a parameter by subject and day; a limit of quantification is that of a value that counts."""
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
    return CourseSample(cohort.on(step.parameter), courses, tuple(limits) if has_limit else None)


def _dated(cohort: _Cohort, step: Records) -> RecordsSample:
    """Return the records that meet the clause, in days since the infusion of their subject."""
    found, endless = {}, 0
    for subject in cohort.subjects:
        rows = cohort.world.records(subject, step.dataset)
        kept = in_order(step, [r for r in rows if step.where is None or record_meets(r, step.where)])
        if kept:
            start = a_date(cohort.world.value(subject, Reference(dataset="ADSL", variable="TRTSDT")))
            found[subject] = tuple(dated(step, row, start) for row in kept)
            endless += sum(step.end is not None and row.get(step.end) is None for row in kept)
    return RecordsSample(cohort.on(step.name or step.value or step.start), found, endless, len(cohort.subjects), step)


def _timed(cohort: _Cohort, step: KaplanMeier | CompetingRisks | TimeDependent) -> Sample:
    match step:
        case KaplanMeier():
            return _times(cohort, step)
        case CompetingRisks():
            return _causes(cohort, step)
        case TimeDependent():
            return _states(cohort, step)


def _times(cohort: _Cohort, step: KaplanMeier) -> TimesSample:
    pairs = []
    for subject in cohort.subjects:
        time = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="AVAL")))
        censored = a_number(cohort.world.value(subject, Reference(dataset=step.data, variable="CNSR")))
        if time is not None and censored is not None:
            pairs.append((time, censored == 0))
    return TimesSample(cohort.on(step.data), tuple(t for t, _ in pairs), tuple(e for _, e in pairs), step)


def _causes(cohort: _Cohort, step: CompetingRisks) -> CausesSample:
    found: list[tuple[Fraction, str | None]] = []
    for subject in cohort.subjects:
        of = {
            n: cohort.world.value(subject, Reference(dataset=step.data, variable=n))
            for n in ("AVAL", "CNSR", "EVNTDESC")
        }
        time, censored = a_number(of["AVAL"]), a_number(of["CNSR"])
        if time is not None and censored is not None:
            found.append((time, str(of["EVNTDESC"]) if censored == 0 else None))
    return CausesSample(cohort.on(step.data), tuple(t for t, _ in found), tuple(c for _, c in found), step)


def _states(cohort: _Cohort, step: TimeDependent) -> StatesSample:
    found: list[tuple[Fraction, bool, Fraction | None]] = []
    for subject in cohort.subjects:
        time, censored = (
            a_number(cohort.world.value(subject, Reference(dataset=step.data, variable=n))) for n in ("AVAL", "CNSR")
        )
        if time is not None and censored is not None:
            found.append((time, censored == 0, a_number(cohort.world.value(subject, step.exposure))))
    times, events, entered = zip(*found, strict=True) if found else ((), (), ())
    return StatesSample(cohort.on(step.data), times, events, entered, step)
