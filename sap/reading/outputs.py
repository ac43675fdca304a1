"""Whether the tables, figures and listings of a plan can be told apart, and drawn from what is analysed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

from sap.methods.adverse_events import AdverseEvents
from sap.methods.by_subject import BySubject
from sap.methods.correlation import Correlation
from sap.methods.rank_comparison import RankComparison
from sap.model.derivations import TimeToEvent
from sap.plan.figures import FIGURES, FigureKind, FigureName
from sap.plan.plan import Analysis, Output, Plan
from sap.text.dangling import Dangling, one_of, repeated

OWN: Final[Mapping[str, tuple[FigureName, ...]]] = {
    "curve": ("kaplan_meier_figure", "time_dependent_figure"),
    "reference": ("timeline_figure",),
    "window": ("timeline_figure",),
}
"""What an output may state only where it is a figure of one of these kinds."""


def shown_problems(plan: Plan) -> Iterator[Dangling]:
    """Yield tables, figures and listings that share an id, a number or a link, and figures of what is not computed."""
    yield from repeated("outputs", [*(o.id for o in plan.outputs), *(x.id for x in plan.listings)])
    yield from _numbers(plan)
    tables, figures = ([o.id for o in plan.outputs if (o.kind == "table") == is_table] for is_table in (True, False))
    for where, ids in (("outputs", tables), ("outputs", figures), ("listings", [x.id for x in plan.listings])):
        yield from _same_ending(where, ids)
    analyses = [a.id for a in plan.analyses]
    for i, o in enumerate(plan.outputs):
        yield from _of_other_kinds(o, ("outputs", i))
        for a in o.analyses:
            yield from one_of("analysis", a, analyses, ("outputs", i, "analyses"))
            if o.kind != "table" and a in analyses:
                yield from _figure(plan, o, FIGURES[o.kind], plan.analysis(a), ("outputs", i, "kind"))
        if o.kind == "table" and set(o.analyses) <= set(analyses):
            yield from _events_alone(o, [plan.analysis(a) for a in o.analyses], ("outputs", i, "analyses"))
        if o.marks is not None:
            yield from _marks(plan, o, ("outputs", i, "marks"))


def _events_alone(output: Output, shown: Sequence[Analysis], path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield what a table shows beside adverse events, which have columns of their own: grades, and not analyses."""
    steps = [s for a in shown for s in a.steps if output.by_subject or not isinstance(s, BySubject)]
    events = [s for s in steps if isinstance(s, AdverseEvents)]
    others = list(dict.fromkeys(s.method for s in steps if not isinstance(s, AdverseEvents)))
    changed = [s.id for a in shown for s in a.sensitivity]
    if not events:
        return
    what = "a table of adverse events has columns for grades"
    if others:
        yield Dangling(path, f"{what}, and it is to show {', '.join(others)} too.", "Make it a table of its own.")
    if len(shown) > 1 or changed:
        named = ", ".join(changed or [a.id for a in shown[1:]])
        yield Dangling(path, f"{what}, and none for {named}.", "Make that an analysis with a table of its own.")
    if len({s.severe for s in events}) > 1:
        yield Dangling(path, f"{what}, and its steps call different grades severe.", "Make it two tables.")


def _of_other_kinds(output: Output, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield what an output states that only figures of another kind have."""
    for name, kinds in OWN.items():
        if getattr(output, name) is not None and output.kind not in kinds:
            what = f"a {output.kind} has no {name}; only a {' or a '.join(kinds)} has."
            yield Dangling((*path, name), what, f"Leave out {name}.")


def _numbers(plan: Plan) -> Iterator[Dangling]:
    seen: dict[str, str] = {}
    outputs = [(("outputs", i, "number"), o.id, o.number) for i, o in enumerate(plan.outputs)]
    listings = [(("listings", i, "number"), x.id, x.number) for i, x in enumerate(plan.listings)]
    for path, name, number in (*outputs, *listings):
        if number in seen:
            what = f"the number {number} is given to {seen[number]} and to {name}."
            yield Dangling(path, what, "Give one of them another number.")
        seen.setdefault(number, name)


def _same_ending(where: str, ids: Iterable[str]) -> Iterator[Dangling]:
    """Yield ids alike after their first hyphen: a page refers to T-DLT as tbl-dlt."""
    endings: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(ids):
        endings[name.partition("-")[2].lower() or name.lower()].append(name)
    for alike in endings.values():
        if len({name.lower() for name in alike}) > 1:
            what = f"{' and '.join(alike)} end alike, so links could not tell them apart."
            yield Dangling((where,), what, "Change what follows the first hyphen of one.")


def _marks(plan: Plan, output: Output, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    """Yield what is wrong with the grouping that a figure marks."""
    if output.kind != "scatter_figure":
        yield Dangling(path, f"a {output.kind} marks no groups.", "Leave out marks, or choose scatter_figure.")
    yield from one_of("grouping", output.marks or "", [g.id for g in plan.groupings], path)


def _figure(
    plan: Plan, output: Output, kind: FigureKind, analysis: Analysis, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    steps = [s for s in analysis.steps if isinstance(s, kind.draws)]
    if not steps:
        named = " or ".join(f"'{get_args(k.model_fields['method'].annotation)[0]}'" for k in kind.draws)
        yield Dangling(path, f"{analysis.id} has no step of method {named} to draw.", "Choose another kind.")
    if not kind.several and len(output.analyses) > 1:
        yield Dangling(path, f"a {output.kind} draws one analysis, not several.", "Give each its own figure.")
    if output.kind == "dot_figure" and len(steps) > 1:
        what = f"a dot_figure draws one comparison, and {analysis.id} has {len(steps)}."
        yield Dangling(path, what, "Make the comparison that is drawn an analysis of its own.")
    if output.kind == "flow_figure" and steps and all(s.by is not None for s in steps):
        what = f"{analysis.id} has a disposition by group alone, and the figure draws all subjects together."
        yield Dangling(path, what, "Add a disposition step without by.")
    listed = {str(v) for s in analysis.steps if isinstance(s, BySubject) for v in s.variables}
    if output.kind in {"swimmer_figure", "timeline_figure"} and analysis.id == output.analyses[0]:
        times = [d.id for d in plan.derivations if isinstance(d, TimeToEvent)]
        if not any({f"{t}.AVAL", f"{t}.CNSR"} <= listed for t in times):
            what = f"{analysis.id} does not list a time to event by subject."
            yield Dangling(path, what, "Add AVAL and CNSR of a time-to-event derivation to a by_subject step.")
    for step in steps:
        if isinstance(step, RankComparison | Correlation):
            grouped = [str(g.variable) for g in plan.groupings if g.id in {step.by, output.marks}]
            drawn_from = {str(v) for v in step.references}
            for name in sorted({*drawn_from, *grouped} - listed):
                what = f"{analysis.id} does not list {name} by subject."
                yield Dangling(path, what, "Add it to a by_subject step.")
