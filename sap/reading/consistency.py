"""Names in a plan that lead nowhere, and parts of it that do not fit each other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sap.methods import Step
from sap.methods.binomial import Binomial
from sap.methods.records import IDENTIFYING
from sap.model.clause import WhereClause, conditions
from sap.model.datasets import READ
from sap.model.derivations import (
    AreaUnderCurve,
    BestResponse,
    DayOf,
    Derivation,
    DltStatus,
    EventOccurrence,
    LabGrade,
    Narrative,
    Peak,
    TimeToEvent,
    VisitRecord,
    VisitValues,
)
from sap.model.design import PURPOSES
from sap.model.names import NUMBERS, Names
from sap.model.part import Reference
from sap.model.sets import Grouping
from sap.plan.plan import Analysis, Plan, Sensitivity
from sap.reading.content import content_problems
from sap.reading.datasets import dataset_problems
from sap.reading.outputs import shown_problems
from sap.text.cells import is_number, plain
from sap.text.problems import Fault, Place, one_of, repeated

SAME_KIND = "What takes the place of a derivation is one of the same kind."
RESERVED = "SETS"
"""What the results call the sizes of the analysis sets."""


def inconsistencies(plan: Plan) -> list[Fault]:
    """Return every inconsistency of a plan whose parts are each well-formed."""
    return list(_problems(plan, Names(plan)))


def _problems(plan: Plan, names: Names) -> Iterator[Fault]:
    yield from repeated("dlt_rules", [r.id for r in plan.dlt_rules])
    yield from repeated("derivations", [*plan.datasets, *(d.id for d in plan.derivations)])
    yield from repeated("analysis_sets", [s.id for s in plan.analysis_sets])
    yield from repeated("groupings", [g.id for g in plan.groupings])
    yield from repeated("analyses", [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))])
    yield from repeated("assumptions", [a.id for a in plan.assumptions])
    yield from dataset_problems(plan, names)
    for i, rule in enumerate(plan.dlt_rules):
        yield from repeated("dlt_rules", [c.id for c in rule.criteria])
        for j, criterion in enumerate(rule.criteria):
            yield from _events(names, criterion.event, ("dlt_rules", i, "criteria", j, "event"))
    for i, d in enumerate(plan.derivations):
        yield from _derivation(plan, names, d, ("derivations", i))
    for i, s in enumerate(plan.analysis_sets):
        yield from names.clause(s.where, ("analysis_sets", i, "where"))
    for i, g in enumerate(plan.groupings):
        yield from _grouping(names, g, ("groupings", i))
    yield from _conventions(plan, names)
    for i, a in enumerate(plan.analyses):
        yield from _analysis(plan, names, a, ("analyses", i))
    yield from design_problems(plan)
    yield from shown_problems(plan, names)
    yield from content_problems(plan)


def _conventions(plan: Plan, names: Names) -> Iterator[Fault]:
    """Yield what conventions name and no record can have: it would count nobody without a word."""
    parameter = plan.conventions.survival_parameter
    if parameter is not None and "ADTTE" in plan.datasets:
        known = plan.datasets["ADTTE"].parameters
        yield from one_of("ADTTE parameter", parameter, known, ("conventions", "survival_parameter"))
    if "ADAE" in plan.datasets:
        related = Reference(dataset="ADAE", variable="AREL")
        values = plan.conventions.relatedness.values
        for found in names.values(related, values, ("conventions", "relatedness", "values")):
            yield replace(found, fix=f"{found.fix} Name those that mean related: relatedness: {{values: [...]}}.")


def _events(names: Names, clause: WhereClause, path: Place) -> Iterator[Fault]:
    """Yield what is wrong with a clause that must be about adverse events."""
    yield from one_of("dataset", "ADAE", names.plan.datasets, path)
    yield from names.clause(clause, path)
    for c in conditions(clause):
        if c.dataset != "ADAE":
            fix = "Use ADAE: a finding of another kind counts as the adverse event it was recorded as."
            yield Fault(path, f"a criterion is about adverse events, not {c.dataset}.", fix)


def _derivation(plan: Plan, names: Names, d: Derivation, path: Place) -> Iterator[Fault]:
    for option in ("before", "censor_at"):
        variable = getattr(d, option, None)
        if variable is not None:
            yield from names.variable(Reference(dataset="ADSL", variable=variable), (*path, option))
    if isinstance(d, DltStatus):
        yield from one_of("DLT rule", d.rule, [r.id for r in plan.dlt_rules], (*path, "rule"))
        yield from one_of("dataset", "ADAE", plan.datasets, (*path, "kind"))
    elif isinstance(d, EventOccurrence):
        yield from _events(names, d.event, (*path, "event"))
    elif isinstance(d, Narrative):
        yield from _narrative(plan, names, d, path)
    else:
        yield from _from_records(plan, names, d, path)


def _narrative(plan: Plan, names: Names, d: Narrative, path: Place) -> Iterator[Fault]:
    """Yield what a narrative tells that is not there, or only derived after it."""
    ids = [x.id for x in plan.derivations]
    for i, reference, day in d.references:
        here = (*path, "sentences", i)
        yield from (names.date if day else names.variable)(reference, here)
        if reference.dataset in ids[ids.index(d.id) :]:
            yield Fault(here, f"{reference} is derived after {d.id}.", f"Put {d.id} behind it.")
        if reference.variable in IDENTIFYING:
            what = f"{reference} names a subject, and a narrative stands under the name of its subject."
            yield Fault(here, what, "Leave it out.")
    for i, sentence in enumerate(d.sentences):
        told = sentence.records
        if told is not None and told.where is not None:
            here = (*path, "sentences", i, "records", "where")
            yield from names.clause(told.where, here)
            yield from names.of_one_dataset(told.where, told.dataset, "another sentence", here)


FromRecords = BestResponse | TimeToEvent | Peak | AreaUnderCurve | DayOf | LabGrade | VisitValues


def _from_records(plan: Plan, names: Names, d: FromRecords, path: Place) -> Iterator[Fault]:
    """Yield what is wrong with the records that something is derived from."""
    missing = list(one_of("dataset", d.dataset, plan.datasets, (*path, "dataset")))
    yield from missing
    if missing:
        return
    if isinstance(d, DayOf):
        yield from names.date(Reference(dataset=d.dataset, variable=d.variable), (*path, "variable"))
    for name in d.reads if d.parameter is None else ("PARAMCD", *d.reads):
        if name not in names.types[d.dataset]:
            what = f"{d.dataset} has no variable '{name}', which {d.id} is derived from."
            how = f"datasets: {d.dataset}: variables: - {{name: {name}, type: {READ.get(name, 'text')}}}"
            fix = f"If the file has it, describe it: {how}."
            yield Fault((*path, "dataset"), what, fix)
    parameters = plan.datasets[d.dataset].parameters
    if d.parameter is not None:
        add = f"If the file has it, add it under datasets: {d.dataset}: parameters."
        yield from one_of(f"{d.dataset} parameter", d.parameter, parameters, (*path, "parameter"), add)
    if isinstance(d, VisitValues):
        yield from _visits(names, d, path)
    if isinstance(d, BestResponse) and d.parameter in parameters:
        known = parameters[d.parameter].codelist
        for option, values in (("order", d.order), ("progression", d.progression or ())):
            for value in values:
                yield from one_of(f"{d.parameter} value", value, known, (*path, option))


def _visits(names: Names, d: VisitValues, path: Place) -> Iterator[Fault]:
    """Yield what says which record stands for a visit and cannot: other datasets, dates that are none, days unknown."""
    known = names.types[d.dataset]
    own: dict[Place, VisitRecord] = {("visits", name): record for name, record in d.visits.items()}
    if isinstance(d.baseline, VisitRecord):
        own["baseline",] = d.baseline
    clauses = [((*at, "where"), r.where) for at, r in own.items()]
    for at, clause in [(("where",), d.where), *clauses]:
        if clause is not None:
            yield from names.clause(clause, (*path, *at))
            yield from names.of_one_dataset(clause, d.dataset, "the analysis set", (*path, *at))
    for at, record in own.items():
        if record.until is not None:
            yield from names.date(Reference(dataset="ADSL", variable=record.until), (*path, *at, "until"))
        if record.needs_days and not {"ADT", "ADY"} & known.keys():
            what = f"{d.dataset} has neither ADT nor ADY, by which the days of its records are known."
            yield Fault((*path, *at), what, "Describe the one that the file has under its variables.")
    value = Reference(dataset=d.dataset, variable=d.value)
    if d.value in known and not names.may_be(value, {"text"} if d.categories else NUMBERS):
        what = f"{value} is {'a number, and categories are texts' if d.categories else 'not a number'}."
        fix = "Leave out categories, or name the variable that has them."
        number = "Name its values under categories, from the lowest to the highest."
        yield Fault((*path, "variable"), what, fix if d.categories else number)


def _grouping(names: Names, grouping: Grouping, path: Place) -> Iterator[Fault]:
    missing = list(names.variable(grouping.variable, (*path, "variable")))
    yield from missing
    if missing:
        return
    number = names.type_of(grouping.variable) in NUMBERS
    seen: dict[str | float, str] = {}
    for j, level in enumerate(grouping.levels):
        here = (*path, "levels", j)
        yield from names.values(grouping.variable, level.values, (*here, "values"))
        if level.where is not None:
            yield from names.clause(level.where, (*here, "where"))
        if level.label in {other.label for other in grouping.levels[:j]}:
            yield Fault((*here, "label"), f"two groups are called '{level.label}'.", "Rename one.")
        for value in level.values:
            as_compared = float(value) if number and value and is_number(value) else plain(value)
            if as_compared in seen:
                what = f"'{value}' stands in the groups '{seen[as_compared]}' and '{level.label}'."
                yield Fault((*here, "values"), what, "A subject is in one group: leave it in one.")
            seen.setdefault(as_compared, level.label)


def _analysis(plan: Plan, names: Names, a: Analysis, path: Place) -> Iterator[Fault]:
    yield from _not_reserved(a, path)
    yield from names.analysis_set(a.analysis_set, (*path, "analysis_set"))
    if a.data_subset is not None:
        yield from names.clause(a.data_subset, (*path, "data_subset"))
    for assumption in a.assumptions:
        yield from one_of("assumption", assumption, [x.id for x in plan.assumptions], (*path, "assumptions"))
    yield from _steps(names, a.steps, path)
    kinds = {d.id: type(d) for d in plan.derivations}
    for j, s in enumerate(a.sensitivity):
        here = (*path, "sensitivity", j)
        yield from _not_reserved(s, here)
        if s.analysis_set is not None:
            yield from names.analysis_set(s.analysis_set, (*here, "analysis_set"))
        for old, new in s.use.items():
            unknown = [found for name in (old, new) for found in one_of("derivation", name, kinds, (*here, "use", old))]
            yield from unknown
            if not unknown and kinds[old] is not kinds[new]:
                what = f"'{new}' is another kind of derivation than '{old}'."
                yield Fault((*here, "use", old), what, SAME_KIND)
        yield from _steps(names, s.steps, here)


def _not_reserved(a: Analysis | Sensitivity, path: Place) -> Iterator[Fault]:
    """Yield an analysis called as the sizes of the sets are called in the results: their rows would mix."""
    if a.id.upper() == RESERVED:
        yield Fault((*path, "id"), f"'{a.id}' is what the sizes of the analysis sets are called.", "Rename it.")


def _steps(names: Names, steps: Sequence[Step], path: Place) -> Iterator[Fault]:
    """Yield what is wrong with each step, and steps that repeat one before or stand under the same heading."""
    unlabelled = [s.model_copy(update={"label": None}) for s in steps]
    for i, step in enumerate(steps):
        here = (*path, "steps", i)
        yield from step.problems(names, here)
        told = {d.id for d in names.plan.derivations if isinstance(d, Narrative)}
        for reference in (r for r in step.references if r.dataset in told):
            yield Fault(here, f"{reference} is a narrative, which is told and not analysed.", "Show it in a listing.")
        first = next(k for k, s in enumerate(steps) if s.heading == step.heading)
        if unlabelled[i] in unlabelled[:i]:
            again = unlabelled.index(unlabelled[i])
            yield Fault(here, f"it repeats step {again + 1} of this analysis.", "Remove one of them.")
        elif first < i:
            what = f"a reader cannot tell it from step {first + 1} of this analysis: both are {step.method}"
            yield Fault(here, f"{what} of the same, under the same heading.", "Give each a label of its own.")


def design_problems(plan: Plan) -> Iterator[Fault]:
    """Yield what a plan asks and does not answer, or answers and does not ask."""
    yield from repeated("objectives", [o.id for o in plan.objectives])
    yield from repeated("changes_from_protocol", [c.id for c in plan.changes_from_protocol])
    yield from _objectives(plan)
    yield from _proportion(plan)


def _objectives(plan: Plan) -> Iterator[Fault]:
    purposes = {o.id: o.purpose for o in plan.objectives}
    for i, a in enumerate(plan.analyses):
        path = ("analyses", i, "objective")
        if a.objective is None:
            if a.reason == "specified in SAP":
                known = ", ".join(purposes)
                yield Fault(path, f"{a.id} answers no objective.", f"Name the one it answers: {known}.")
            continue
        yield from one_of("objective", a.objective, purposes, path)
        asked = purposes.get(a.objective, a.purpose)
        if PURPOSES.index(a.purpose) < PURPOSES.index(asked):
            what = f"{a.id} is {a.purpose}, and objective {a.objective} is only {asked}."
            yield Fault(("analyses", i, "purpose"), what, "An analysis ranks no higher than its objective.")
    answered = {a.objective for a in plan.analyses}
    for i, o in enumerate(plan.objectives):
        if o.id not in answered:
            yield Fault(("objectives", i), f"no analysis answers objective {o.id}.", "Name it in an analysis.")


def _proportion(plan: Plan) -> Iterator[Fault]:
    planned = plan.sample_size.proportion
    if planned is None:
        return
    path = ("sample_size", "proportion")
    yield from one_of("analysis", planned.analysis, [a.id for a in plan.analyses], (*path, "analysis"))
    levels = [
        s.conf_level for a in plan.analyses if a.id == planned.analysis for s in a.steps if isinstance(s, Binomial)
    ]
    if not levels and any(a.id == planned.analysis for a in plan.analyses):
        what = f"{planned.analysis} has no step of method 'binomial', so it estimates no proportion."
        yield Fault((*path, "analysis"), what, "Name the analysis that does.")
    if levels and planned.conf_level not in levels:
        what = f"{planned.analysis} has intervals of level {', '.join(map(str, levels))}, not {planned.conf_level}."
        yield Fault((*path, "conf_level"), what, "Give both the same level.")
    if planned.stopping is not None and planned.stopping.looks[-1] > plan.study.planned_n:
        what = (
            f"the last look comes after {planned.stopping.looks[-1]} subjects, and {plan.study.planned_n} are planned."
        )
        yield Fault((*path, "stopping", "looks"), what, "Look earlier, or plan more subjects.")
