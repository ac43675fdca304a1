"""What became of a planned analysis: of each of its steps, statistic by statistic."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.reconcile.lines import Part, Reason, Reconciled, Status
from analysis.results.ard import Results, Row, unique
from analysis.results.tasks import Task, tasks
from sap.plan.plan import Analysis, Plan

NAMED = 6
"""Statistics that are named one by one before the rest are counted."""

_PARTS: Mapping[str, Part] = {"sensitivity": "sensitivity analysis", "supplementary": "supplementary analysis"}
_Steps = Mapping[tuple[str, str], Sequence[Row]]


@dataclass(frozen=True)
class Comparison:
    """The statistics a plan promises and the results that were found, by analysis and step."""

    tasks: Mapping[str, Task]
    promised: _Steps
    found: _Steps
    sizes: Mapping[str, float | None]


def compare(plan: Plan, promised: Results, results: Results) -> Comparison:
    """Return a plan's promises beside the results."""
    sizes = {r.variable_level: r.stat for r in results.of("SETS") if r.context == "analysis"}
    return Comparison({t.id: t for t in tasks(plan)}, _by_step(promised), _by_step(results), sizes)


def analysis_lines(
    compared: Comparison,
    analysis: Analysis,
    changed: Mapping[str, Sequence[str]],
    reason: Reason = "specified in SAP",
) -> Iterator[Reconciled]:
    """Yield what became of an analysis and its steps, then of each of its sensitivity analyses and their steps."""
    yield from _task(compared, compared.tasks[analysis.id], ("analysis", analysis.title, reason), changed)
    for s in analysis.sensitivity:
        yield from _task(compared, compared.tasks[s.id], (_PARTS[s.kind], s.title, reason), changed)


def _by_step(results: Results) -> _Steps:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in results:
        found[row.analysis_id, row.step].append(row)
    return found


def _task(
    compared: Comparison, task: Task, named: tuple[Part, str, Reason], changed: Mapping[str, Sequence[str]]
) -> Iterator[Reconciled]:
    part, title, reason = named
    steps = [_step(compared, task, k, reason) for k in range(1, len(task.steps) + 1)]
    status = _of_all([s.status for s in steps if s.promised or s.status != "run"])
    why = [s.why for s in steps if s.why]
    words = changed.get(task.id, ())
    if words and status != "not run":
        status = "run otherwise"
        why = [f"not as it was sealed: {'; '.join(words)}", *why]
    yield Reconciled(
        part=part,
        id=task.id,
        title=title,
        reason=reason,
        status=status,
        promised=sum(s.promised for s in steps),
        found=sum(s.found for s in steps),
        not_estimable=sum(s.not_estimable for s in steps),
        why=". ".join(unique(why)),
    )
    yield from steps


def _of_all(statuses: Sequence[Status]) -> Status:
    """Return the status of an analysis from those of its steps."""
    kinds = set(statuses)
    if kinds & {"not run", "partly run"}:
        return "not run" if kinds == {"not run"} else "partly run"
    if kinds == {"not estimable"}:
        return "not estimable"
    return "partly not estimable" if kinds & {"not estimable", "partly not estimable"} else "run"


def _step(compared: Comparison, task: Task, position: int, reason: Reason) -> Reconciled:
    step = task.steps[position - 1]
    rows = compared.found.get((task.id, str(position)), ())
    if step.listed:
        # How many subjects are in a group, the results do not say: those listed are all that can be held to.
        everybody = int(compared.sizes.get(task.id) or 0) * len(step.listed)
        promised = everybody if step.by is None else len(rows)
        status, why, given, absent = _of_values(promised, len(rows), listed=task.id in compared.sizes)
    else:
        # Of a step whose groups are the values that the data have, the plan can name none: those found are held to.
        wanted = compared.promised.get((task.id, str(position)), ()) or rows
        promised = len(wanted)
        known = {r.place for r in wanted}
        inside = [r for r in rows if r.place in known]
        status, why = _of_statistics(wanted, inside)
        given, absent = len(inside), sum(bool(r.error) for r in inside)
    return Reconciled(
        part="step",
        id=task.id,
        step=str(position),
        title=f"{step.label} ({step.method})" if step.label else step.method,
        reason=reason,
        status=status,
        promised=promised,
        found=given,
        not_estimable=absent,
        why=why,
    )


def _of_values(promised: int, given: int, *, listed: bool) -> tuple[Status, str, int, int]:
    """Return the status of a list by subject: a subject without a value has a row that says so."""
    if not listed or (promised and not given):
        return "not run", "there are no results of it", given, 0
    if given < promised:
        return "partly run", f"{promised - given} of {promised} individual values are missing", given, 0
    return "run", "", given, 0


def _of_statistics(wanted: Sequence[Row], given: Sequence[Row]) -> tuple[Status, str]:
    if not given:
        return "not run", "there are no results of it"
    have = {r.place for r in given}
    missing = [r for r in wanted if r.place not in have]
    absent = [r for r in given if r.error]
    why = _grouped(absent)
    if missing:
        return "partly run", ". ".join([f"missing: {_listed(missing)}", *why])
    # What has no value when nobody is analysed is an estimate; counts, levels and scales always have one.
    estimates = sum(bool(r.error) for r in wanted)
    if absent and len(absent) >= estimates:
        return "not estimable", ". ".join(why)
    return ("partly not estimable" if absent else "run"), ". ".join(why)


def _grouped(rows: Iterable[Row]) -> list[str]:
    """Return the statistics without a value, by the reason they share."""
    by_reason: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_reason[row.error.removeprefix("not estimable: ")].append(row)
    return [f"{_listed(found)}: {reason}" for reason, found in by_reason.items()]


def _listed(rows: Sequence[Row]) -> str:
    names = unique(_named(r) for r in rows)
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _named(row: Row) -> str:
    about = ", ".join(part for part in (row.group1_level, row.variable, row.variable_level) if part)
    return f"{row.stat_label} ({about})" if about else row.stat_label
