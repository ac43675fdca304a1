"""What was promised held against what was run, both ways."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from analysis.reconcile.lines import ANALYSES, Part, Reconciled, Standing, Status
from analysis.reconcile.steps import account, open_books
from analysis.reconcile.unplanned import strangers
from analysis.results.ard import Results, unique
from analysis.results.tasks import tasks
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
) -> tuple[Reconciled, ...]:
    """Hold the results against the plan, and the plan against the results."""
    if promised is None:
        return _unreconciled(ran, results, listed)
    return tuple(
        replace(r, promised_by=late.get(r.id, "")) if r.reason == PLANNED and r.part in DATED else r
        for r in _reconciled(promised, ran, results, listed)
    )


def _unreconciled(ran: Plan, results: Results, listed: Collection[str]) -> tuple[Reconciled, ...]:
    """Return the reconciliation with nothing: what was run and is not post hoc is held against no promise."""
    nothing = ran.model_copy(update={"analyses": (), "outputs": (), "listings": ()})
    found = _reconciled(nothing, ran, results, listed)
    return tuple(replace(r, reason="not reconciled") if r.reason == "not in the sealed plan" else r for r in found)


def _reconciled(promised: Plan, ran: Plan, results: Results, listed: Collection[str]) -> tuple[Reconciled, ...]:
    own = {t.id for t in tasks(promised)}
    words = touched(promised, ran)
    books = open_books(promised, results)
    planned = [r for a in promised.analyses for r in account(books, a, words)]
    books = open_books(ran, results)
    added = [r for a in ran.analyses if a.id not in own for r in account(books, a, {}, _standing(a))]
    status = {r.id: r.status for r in (*added, *planned) if r.part in ANALYSES}
    made = {o.id for o in ran.outputs}
    new = [o for o in ran.outputs if o.id not in {p.id for p in promised.outputs}]
    listings = [x for x in ran.listings if x.id not in {p.id for p in promised.listings}]
    return (
        *planned,
        *(_output(o, promised, status, "specified in SAP", made=o.id in made) for o in promised.outputs),
        *(_listing(x, listed, "specified in SAP") for x in promised.listings),
        *added,
        *(_output(o, ran, status, _standing(o)) for o in new),
        *(_listing(x, listed, _standing(x)) for x in listings),
        *_found(ran, own, results),
        *_unaccounted(ran, results),
    )


def _standing(part: Analysis | Output | Listing) -> Standing:
    """Return who promised what the promised plan does not have."""
    return "post hoc" if part.reason == "post hoc" else "not in the sealed plan"


def _output(
    output: Output, plan: Plan, status: Mapping[str, Status], reason: Standing, *, made: bool = True
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


def _listing(listing: Listing, listed: Collection[str], reason: Standing) -> Reconciled:
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
        reason: Standing = "not in the plan"
        if analysis_id in promised:
            reason = "specified in SAP"
        elif analysis_id in parents:
            reason = _standing(parents[analysis_id])
        yield Reconciled(
            part="result",
            id=analysis_id,
            title=titles.get(analysis_id, ""),
            reason=reason,
            found=len(rows),
        )


def _unaccounted(ran: Plan, results: Results) -> Iterator[Reconciled]:
    for s in strangers(ran, results):
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
