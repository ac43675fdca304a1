"""What was promised held against what was run, both ways."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from analysis.reconcile.lines import ANALYSES, Part, Reason, Reconciled, Status
from analysis.reconcile.steps import analysis_lines, compare
from analysis.results.ard import Results, Row, unique
from analysis.results.tasks import Task, tasks
from analysis.running.run import expected
from analysis.steps import method
from sap.methods import Step
from sap.plan.diff import touched
from sap.plan.plan import Analysis, Listing, Output, Plan

GONE = "the plan that was run does not have it"
PLANNED: Final = "specified in SAP"
DATED: Final = frozenset({*ANALYSES, "step", "result"})
"""Parts of which the seal tells when they were promised."""


def reconcile(
    promised: Plan | None,
    ran: Plan,
    results: Results,
    *,
    listed: Collection[str],
    late: Mapping[str, str] = MappingProxyType({}),
    expected_now: Results | None = None,
) -> tuple[Reconciled, ...]:
    """Hold the results against the plan, and the plan against the results; `expected_now` are those it must give."""
    now = expected(ran) if expected_now is None else expected_now
    if promised is None:
        return _unreconciled(ran, results, listed, now)
    return tuple(
        replace(r, promised_by=late.get(r.id, "")) if r.reason == PLANNED and r.part in DATED else r
        for r in _reconciled(promised, ran, results, listed, now)
    )


def _unreconciled(
    ran: Plan, results: Results, listed: Collection[str], expected_now: Results
) -> tuple[Reconciled, ...]:
    """Return the reconciliation with nothing: what was run and is not post hoc is held against no promise."""
    nothing = ran.model_copy(update={"analyses": (), "outputs": (), "listings": ()})
    found = _reconciled(nothing, ran, results, listed, expected_now)
    return tuple(replace(r, reason="not reconciled") if r.reason == "not in the sealed plan" else r for r in found)


def _reconciled(
    promised: Plan, ran: Plan, results: Results, listed: Collection[str], expected_now: Results
) -> tuple[Reconciled, ...]:
    own = {t.id for t in tasks(promised)}
    words = touched(promised, ran)
    compared = compare(promised, expected_now if promised == ran else expected(promised), results)
    planned = [r for a in promised.analyses for r in analysis_lines(compared, a, words)]
    compared = compare(ran, expected_now, results)
    added = [r for a in ran.analyses if a.id not in own for r in analysis_lines(compared, a, {}, _reason(a))]
    status = {r.id: r.status for r in (*added, *planned) if r.part in ANALYSES}
    made = {o.id for o in ran.outputs}
    new = [o for o in ran.outputs if o.id not in {p.id for p in promised.outputs}]
    listings = [x for x in ran.listings if x.id not in {p.id for p in promised.listings}]
    return (
        *planned,
        *(_output(o, promised, status, "specified in SAP", made=o.id in made) for o in promised.outputs),
        *(_listing(x, listed, "specified in SAP") for x in promised.listings),
        *added,
        *(_output(o, ran, status, _reason(o)) for o in new),
        *(_listing(x, listed, _reason(x)) for x in listings),
        *_found(ran, own, results),
        *_unplanned(ran, expected_now, results),
    )


def _reason(part: Analysis | Output | Listing) -> Reason:
    """Return who promised what the promised plan does not have."""
    return "post hoc" if part.reason == "post hoc" else "not in the sealed plan"


def _output(
    output: Output, plan: Plan, status: Mapping[str, Status], reason: Reason, *, made: bool = True
) -> Reconciled:
    """Return whether everything an output shows was run: its analyses, and their sensitivity analyses."""
    behind = [t for a in output.analyses for t in (a, *(s.id for s in plan.analysis(a).sensitivity))]
    short = {t: status[t] for t in behind if status[t] in {"not run", "partly run", "run otherwise"}}
    absent = sum(s == "not run" for s in short.values())
    found: Status = "run"
    if not made or absent == len(behind):
        found = "not run"
    elif short:
        found = "partly run" if set(short.values()) - {"run otherwise"} else "run otherwise"
    part: Part = "table" if output.kind == "table" else "figure"
    return Reconciled(
        part=part,
        id=output.id,
        title=f"{output.number} {output.title}",
        reason=reason,
        status=found,
        promised=len(behind),
        found=len(behind) - absent,
        why="; ".join(f"{t}: {s}" for t, s in short.items()) if made else GONE,
    )


def _listing(listing: Listing, listed: Collection[str], reason: Reason) -> Reconciled:
    made = listing.id in listed
    return Reconciled(
        part="listing",
        id=listing.id,
        title=f"{listing.number} {listing.title}",
        reason=reason,
        status="run" if made else "not run",
        promised=1,
        found=int(made),
        why="" if made else "it was not made",
    )


def _found(ran: Plan, promised: Collection[str], results: Results) -> Iterator[Reconciled]:
    """Yield each analysis in the results, and who promised it."""
    parents = {t: a for a in ran.analyses for t in (a.id, *(s.id for s in a.sensitivity))}
    titles = {s.id: s.title for a in ran.analyses for s in a.sensitivity} | {a.id: a.title for a in ran.analyses}
    for analysis_id in unique(r.analysis_id for r in results if r.analysis_id != "SETS"):
        rows = results.of(analysis_id)
        reason: Reason = "not in the plan"
        if analysis_id in promised:
            reason = "specified in SAP"
        elif analysis_id in parents:
            reason = _reason(parents[analysis_id])
        yield Reconciled(
            part="result",
            id=analysis_id,
            title=titles.get(analysis_id, ""),
            reason=reason,
            found=len(rows),
        )


def _unplanned(ran: Plan, promised: Results, results: Results) -> Iterator[Reconciled]:
    for s in unplanned(ran, promised, results):
        first = s.rows[0]
        yield Reconciled(
            part="rows",
            id=s.analysis_id,
            step=s.step,
            title=" / ".join(p for p in (*first.identity[1:], "…" if len(s.rows) > 1 else "") if p),
            reason="not in the plan",
            found=len(s.rows),
            why=s.why,
        )


@dataclass(frozen=True)
class Unplanned:
    """Rows of one analysis that the plan does not account for, and why."""

    analysis_id: str
    step: str
    why: str
    rows: tuple[Row, ...]


def unplanned(plan: Plan, promised: Results, results: Results) -> tuple[Unplanned, ...]:
    """Return the rows of the results that no part of a plan promises."""
    known = {t.id: t for t in tasks(plan)}
    places = {r.place for r in promised}
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in results:
        why = _size(row, plan, known) if row.analysis_id == "SETS" else _why(row, known, places)
        if why:
            found[row.analysis_id, row.step, why].append(row)
    return tuple(Unplanned(*key, tuple(rows)) for key, rows in found.items())


def _size(row: Row, plan: Plan, known: Mapping[str, Task]) -> str:
    if row.context == "analysis_set":
        reasons = {s.id: s.reason for s in plan.analysis_sets}
        if row.variable_level not in reasons:
            return f"the plan has no analysis set {row.variable_level}"
        return _labelled(row, reasons[row.variable_level])
    if row.variable_level not in known:
        return f"the plan has no analysis {row.variable_level}"
    return _of_task(row, known[row.variable_level])


def _of_task(row: Row, task: Task) -> str:
    if row.analysis_set != task.analysis_set:
        return f"they are of the analysis set {row.analysis_set}, the plan says {task.analysis_set}"
    return _labelled(row, task.reason)


def _labelled(row: Row, reason: str) -> str:
    return "" if row.reason == reason else f"they are labelled '{row.reason}' and are '{reason}'"


def _why(row: Row, known: Mapping[str, Task], places: set[tuple[str, ...]]) -> str:
    if row.analysis_id not in known:
        return f"the plan has no analysis {row.analysis_id}"
    task = known[row.analysis_id]
    positions = [str(k) for k in range(1, len(task.steps) + 1)]
    if row.step not in positions:
        return f"the analysis has no step {row.step or '(none is named)'}"
    wrong = _of_task(row, task)
    if wrong or row.place in places:
        return wrong
    step = task.steps[int(row.step) - 1]
    if (
        row.context in method(step.method).data_contexts
        and row.group1 == (step.by or "")
        and row.variable in _variables(step)
    ):
        return ""
    return f"step {row.step} ({step.method}) does not give them"


def _variables(step: Step) -> Sequence[str]:
    return [*(r.variable for r in step.references), getattr(step, "data", ""), getattr(step, "parameter", "")]
