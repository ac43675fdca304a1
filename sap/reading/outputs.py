"""Whether the tables, figures and listings of a plan can be told apart, and made from what is analysed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sap.methods import METHODS
from sap.model.derivations import TimeToEvent
from sap.model.figures import FIGURES, FigureName
from sap.model.names import Names
from sap.model.part import Reference
from sap.plan.plan import Analysis, Listing, Output, Plan
from sap.text.problems import Fault, Place, one_of, repeated


def shown_problems(plan: Plan, names: Names) -> Iterator[Fault]:
    """Yield tables, figures and listings that share an id, a number or a link, and figures of what is not computed."""
    yield from repeated("outputs", [*(o.id for o in plan.outputs), *(x.id for x in plan.listings)])
    yield from _numbers(plan)
    tables, figures = ([o.id for o in plan.outputs if (o.kind == "table") == is_table] for is_table in (True, False))
    for where, ids in (("outputs", tables), ("outputs", figures), ("listings", [x.id for x in plan.listings])):
        yield from _same_ending(where, ids)
    for i, o in enumerate(plan.outputs):
        yield from _output(plan, names, o, ("outputs", i))
    for i, x in enumerate(plan.listings):
        yield from _listing(names, x, ("listings", i))


def _numbers(plan: Plan) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for where in ("outputs", "listings"):
        for i, shown in enumerate(getattr(plan, where)):
            if shown.number in seen:
                what = f"the number {shown.number} is given to {seen[shown.number]} and to {shown.id}."
                yield Fault((where, i, "number"), what, "Give one of them another number.")
            seen.setdefault(shown.number, shown.id)


def _same_ending(where: str, ids: Iterable[str]) -> Iterator[Fault]:
    """Yield ids alike after their first hyphen: a page refers to T-DLT as tbl-dlt."""
    endings: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(ids):
        endings[name.partition("-")[2].lower() or name.lower()].append(name)
    for alike in endings.values():
        if len({name.lower() for name in alike}) > 1:
            what = f"{' and '.join(alike)} end alike, so links could not tell them apart."
            yield Fault((where,), what, "Change what follows the first hyphen of one.")


def _output(plan: Plan, names: Names, output: Output, path: Place) -> Iterator[Fault]:
    yield from _options(names, output, path)
    known = {a.id: a for a in plan.analyses}
    for name in output.analyses:
        yield from one_of("analysis", name, known, (*path, "analyses"))
    shown = [known[name] for name in output.analyses if name in known]
    if output.kind != "table":
        for analysis in shown:
            yield from _figure(plan, output, output.kind, analysis, (*path, "kind"))
    elif len(shown) == len(output.analyses):
        yield from _table(output, shown, (*path, "analyses"))


def _options(names: Names, output: Output, path: Place) -> Iterator[Fault]:
    """Yield what an output states that only figures of another kind have."""
    for name in sorted({name for kind in FIGURES.values() for name in kind.options}):
        kinds = [kind for kind, of in FIGURES.items() if name in of.options]
        if getattr(output, name) is None or output.kind in kinds:
            continue
        if name == "marks":
            fix = f"Leave out marks, or choose {' or '.join(kinds)}."
            yield Fault((*path, name), f"a {output.kind} marks no groups.", fix)
        else:
            what = f"a {output.kind} has no {name}; only a {' or a '.join(kinds)} has."
            yield Fault((*path, name), what, f"Leave out {name}.")
    if output.marks is not None:
        yield from names.grouping(output.marks, (*path, "marks"))


def _table(output: Output, shown: list[Analysis], path: Place) -> Iterator[Fault]:
    """Yield what one table cannot show together, by what its methods say of it."""
    steps = [s for a in shown for s in a.steps if output.by_subject or not s.listed]
    changed = [s.id for a in shown for s in a.sensitivity]
    for method in dict.fromkeys(type(s) for s in steps):
        yield from method.table_problems(steps, changed or [a.id for a in shown[1:]], path)


def _figure(plan: Plan, output: Output, name: FigureName, analysis: Analysis, path: Place) -> Iterator[Fault]:
    kind = FIGURES[name]
    steps = [s for s in analysis.steps if name in s.drawn_by]
    if not steps:
        draws = " or ".join(f"'{method}'" for method, of in METHODS.items() if name in of.figures)
        yield Fault(path, f"{analysis.id} has no step of method {draws} to draw.", "Choose another kind.")
    if not kind.several and len(output.analyses) > 1:
        yield Fault(path, f"a {name} draws one analysis, not several.", "Give each its own figure.")
    if kind.one and len(steps) > 1:
        what = f"a {name} draws one {kind.one}, and {analysis.id} has {len(steps)}."
        yield Fault(path, what, f"Make the {kind.one} that is drawn an analysis of its own.")
    if kind.ungrouped and steps and all(s.by is not None for s in steps):
        what = f"{analysis.id} has a {kind.ungrouped} by group alone, and the figure draws all subjects together."
        yield Fault(path, what, f"Add a {kind.ungrouped} step without by.")
    listed = {str(v) for s in analysis.steps for v in s.listed}
    if kind.follows and analysis.id == output.analyses[0]:
        times = [d.id for d in plan.derivations if isinstance(d, TimeToEvent)]
        if not any({f"{t}.AVAL", f"{t}.CNSR"} <= listed for t in times):
            what = f"{analysis.id} does not list a time to event by subject."
            yield Fault(path, what, "Add AVAL and CNSR of a time-to-event derivation to a by_subject step.")
    for step in (s for s in steps if s.drawn):
        grouped = [str(g.variable) for g in plan.groupings if g.id in {step.by, output.marks}]
        for variable in sorted({*map(str, step.drawn), *grouped} - listed):
            what = f"{analysis.id} does not list {variable} by subject."
            yield Fault(path, what, "Add it to a by_subject step.")


def _listing(names: Names, listing: Listing, path: Place) -> Iterator[Fault]:
    yield from names.analysis_set(listing.analysis_set, (*path, "analysis_set"))
    unknown = list(one_of("dataset or derivation", listing.dataset, names.types, (*path, "dataset")))
    yield from unknown
    if listing.where is not None:
        yield from names.clause(listing.where, (*path, "where"))
    yield from names.of_one_dataset(listing.where, listing.dataset, "an analysis set", (*path, "where"))
    one_a_subject = {"ADSL", listing.dataset, *(d.id for d in names.plan.derivations)}
    for ref in listing.variables:
        missing = list(names.variable(ref, (*path, "variables")))
        yield from missing
        if not missing and ref.dataset not in one_a_subject:
            what = f"{ref.dataset} has several records a subject, so {ref} is no column beside {listing.dataset}."
            yield Fault((*path, "variables"), what, "Name a variable of ADSL or of a derivation.")
    for name in listing.sort if not unknown else ():
        yield from names.variable(Reference(dataset=listing.dataset, variable=name), (*path, "sort"))
