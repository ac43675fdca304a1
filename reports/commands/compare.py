"""Two sets of results held against each other."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from reports.commands.progress import console


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap diff results ../cut-2/results --tolerance 1e-6")(diff)


def diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="A results folder or an ard.csv: what was.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="A results folder or an ard.csv: what is.")],
    tolerance: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Two numbers are the same when they differ by no more than this times the larger of the two; where "
            "both are nearer to zero than 0.000001, by no more than this times 0.000001. 0 asks for equality. "
            "A number and no number (NE) are never the same.",
        ),
    ] = 1e-9,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every difference.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also list values of single subjects and points of curves.")
    ] = False,
) -> None:
    """Compare two sets of results: two data cuts, two versions, two machines.

    Says first what went in and differs (plan, data, code, libraries), then each result that was added, removed or
    changed, in the order of A. Exit code 0: the same within the tolerance; 1: different; 2: unreadable.
    """
    from analysis.compare.results import compare
    from analysis.compare.sources import compare_sources, read_side
    from reports.words.difference_table import as_records, change_table, headline, source_table, summary

    a, b = read_side(first), read_side(second)
    known = a.provenance is not None and b.provenance is not None
    sources = compare_sources(a.provenance, b.provenance) if a.provenance and b.provenance else ()
    found = compare(a.results, b.results, tolerance)
    notes = (*a.notes, *b.notes)
    if as_json:
        counts = {kind: found.count(kind) for kind in ("added", "removed", "changed")} | {"same": found.same}
        content = {"a": str(a.file), "b": str(b.file), "tolerance": tolerance, "counts": counts, "notes": notes}
        content |= {
            "sources": [asdict(c) for c in sources] if known else None,
            "differences": as_records(found.changes),
        }
        print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
        raise typer.Exit(1 if found.changes else 0)
    for name, side in (("A", a), ("B", b)):
        # Whatever the run was, files that were changed since are no longer what it gave.
        state = f", {side.provenance.state}" if side.provenance and not side.changed else ""
        print(f"{name}: {side.file}{state}")
    for note in notes:
        print(f"Note: {note}")
    out = console()
    if sources:
        out.print(source_table(sources))
    elif known:
        print("Plan, data, code and libraries are the same.")
    listed = found.changes if everything else headline(found.changes)
    if listed:
        out.print(change_table(listed))
    if left_out := len(found.changes) - len(listed):
        print(f"{left_out} more in values of single subjects and points of curves: --all lists them.")
    print(summary(found))
    raise typer.Exit(1 if found.changes else 0)
