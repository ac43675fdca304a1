"""A folder of unknown data: what it seems to hold, as a plan that runs; and what a plan asks for that it has not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reports.commands.options import DATA, JsonOption, QuietOption
from reports.commands.progress import console
from reports.words.numbers import how_many

if TYPE_CHECKING:
    from rich.table import Table

    from analysis.mapping.proposal import Missing, Said
    from sap.data.failures import Failure

_MARKS: Final = {"certain": "certain", "likely": "likely", "guess": "GUESS", "problem": "PROBLEM"}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("map", epilog="Example: sap map data --out sap/plan.yml")(map_data)


def map_data(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of the datasets.", envvar="SAP_DATA")] = DATA,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the plan that is proposed.")] = None,
    plan: Annotated[
        Path | None,
        typer.Option("--against", metavar="PLAN", help="Say instead what this plan asks for and the data have not."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a folder of data that no plan describes, and propose a plan of at most 80 lines that runs on it.

    Each proposal says how sure it is (certain: the data say it themselves; likely: nearly all of them do, or a usual
    name does; guess: a person must look; problem: the data are wrong) and from what it was concluded. Exit code 1 where
    there is a problem; with --against, where something is missing.
    """
    from sap.text.problems import UserError

    if plan is not None:
        if out is not None:
            raise UserError("--out writes a plan that is proposed, and --against holds one against the data. Use one.")
        _hold(plan, data, quiet=quiet, as_json=as_json)
        return
    _propose(data, out, quiet=quiet, as_json=as_json)


def _propose(data: Path, out: Path | None, *, quiet: bool, as_json: bool) -> None:
    from analysis.mapping.folder import look
    from analysis.mapping.plan_text import left_out, plan_text, shortened
    from analysis.mapping.propose import propose
    from analysis.mapping.settle import settled
    from analysis.results.folder import write_whole
    from sap.text.problems import UserError

    if out is not None and out.exists():
        raise UserError(f"{out} exists already. Name another file with --out.")
    draft, errors = settled(propose(look(data)), data)
    text = plan_text(draft)
    if out is not None:
        write_whole(out, text)
    lines = text.count("\n")
    problems = [s for s in draft.said if s.sure == "problem"]
    left = left_out(shortened(draft))
    if as_json:
        told: dict[str, Any] = {
            "data": str(data),
            "plan": str(out) if out else None,
            "lines": lines,
            "runs": not errors,
            "left_out": left,
        }
        told |= {"proposals": [s.as_record() for s in draft.said], "errors": [f.as_record() for f in errors]}
        print(json.dumps(told | {"text": text}, indent=2, ensure_ascii=False))
    elif not quiet:
        console().print(_proposals(draft.said))
        if errors:
            _tell_errors(errors)
        _tell_next(data, out, lines, runs=not errors, without=bool(problems))
        for s in problems:
            print(f"  {s.place}: {s.what}. {s.why}")
        if left:
            print(left)
    if errors or problems:
        raise typer.Exit(1)


def _tell_errors(errors: "Sequence[Failure]") -> None:
    from reports.commands.progress import failure_table

    console().print(failure_table(tuple(errors)))
    print("No plan can mend these: correct the data, and map them again.")


def _tell_next(data: Path, out: Path | None, lines: int, *, runs: bool, without: bool) -> None:
    if out is None:
        print(f"A plan of {how_many(lines, 'line')} is proposed. Write it with: sap map {data} --out plan.yml")
    elif runs:
        begin = "Run it" if without else "It runs"
        print(
            f"{out} holds a plan of {how_many(lines, 'line')}. {begin}: sap run --plan {out} --data {data} --unlocked"
        )
    else:
        print(f"{out} holds a plan of {how_many(lines, 'line')}, which does not run before that.")
    if without:
        print("It runs, without what these say; look at them first:" if runs else "And look at these:")


def _proposals(said: "Sequence[Said]") -> "Table":
    """Return the proposals as a table, the order of the plan kept."""
    from rich.markup import escape
    from rich.table import Table

    from sap.text.cells import with_unseen

    table = Table(header_style="bold", expand=False)
    for name in ("About", "Proposed", "Sure", "Why"):
        table.add_column(name, overflow="fold")
    for s in said:
        table.add_row(*(escape(with_unseen(t)) for t in (s.place, s.what, _MARKS[s.sure], s.why)))
    return table


def _hold(plan: Path, data: Path, *, quiet: bool, as_json: bool) -> None:
    from analysis.mapping.against import against
    from analysis.mapping.folder import look
    from sap.reading.post_hoc import read_whole_plan

    found = against(read_whole_plan(plan), look(data))
    if as_json:
        told = {"plan": str(plan), "data": str(data), "missing": [m.as_record() for m in found]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    elif not quiet:
        if found:
            console().print(_lacks(found))
        what = f"{how_many(len(found), 'thing')} that {plan} asks for" if found else f"Everything that {plan} asks for"
        print(f"{what} {'are' if len(found) > 1 else 'is'} {'not ' if found else ''}in {data}.")
    if found:
        raise typer.Exit(1)


def _lacks(found: "Sequence[Missing]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from sap.text.cells import with_unseen

    table = Table(header_style="bold", expand=False)
    for name in ("Missing", "What is wrong", "Needed by", "Nearest in the data"):
        table.add_column(name, overflow="fold")
    for m in found:
        table.add_row(*(escape(with_unseen(t)) for t in (m.place, m.what, m.needed_by, m.nearest)))
    return table
