"""A paper held against itself, and against results and data."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands.options import PLAN, PlanOption
from reports.commands.progress import console

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from analysis.concordance.statements import Concordance


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap concordance examples/facts.yml")(concordance)


def concordance(
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help="What the paper states, as examples/facts.yml.")],
    results: Annotated[
        Path | None, typer.Option("--results", help="A results folder: statements are compared with its ard.csv.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of the datasets: the checks on the data are made too.")
    ] = None,
    plan: PlanOption = PLAN,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold the statements of a paper against one another, and against results and data where they are given.

    Needs no plan, no data and no results: percentages, counts, medians, means and p-values of any paper are held
    against each other. The plan is read with --data alone. Exit code 0: nothing contradicts; 1: the paper contradicts
    itself, the results or the data; 2: unreadable.
    """
    from analysis.concordance.concord import concord, read_source
    from analysis.results.ard import read_results

    source = read_source(facts)
    found = concord(
        source,
        read_results(results / "ard.csv") if results is not None else None,
        _data(plan, data) if data is not None else None,
    )
    if as_json:
        print(found.to_json(), end="")
    else:
        for line in _report(found):
            print(line)
        console().print(_statement_table(found))
    raise typer.Exit(0 if found.consistent else 1)


def _data(plan: Path, folder: Path) -> "Mapping[str, pd.DataFrame]":
    from analysis.data.load import load
    from sap.reading.post_hoc import read_whole_plan

    return load(read_whole_plan(plan), folder).derived


def _report(found: "Concordance") -> Iterator[str]:
    """Yield the lines above the table: the paper, the counts, what a referee would raise."""
    from reports.pages.concordance_words import headline, raised

    paper = found.paper
    yield ", ".join(filter(None, (paper.title, paper.journal, paper.doi and f"doi {paper.doi}")))
    yield headline(found)
    for kind, points in groupby(raised(found), key=lambda point: point[0]):
        yield f"\n{kind}"
        for _, statements, message in points:
            places = ", ".join(f"{s.id} ({s.section})" for s in statements)
            yield f"  - {places}: {message}"


def _statement_table(found: "Concordance") -> "Table":
    """Return every statement, in the order of the paper."""
    from rich.markup import escape
    from rich.table import Table

    from reports.pages.concordance_words import looked_up, named, possibility, value

    table = Table(header_style="bold", expand=False)
    for name in ("Where", "Statement", "Published", "Found", "Verdict"):
        table.add_column(name, overflow="fold")
    for s in found.statements:
        verdict = f"{s.verdict}: {possibility(s)}" if s.possibility else s.verdict
        told = [f"{looked_up(c)} {value(c)}" for c in s.compared if c.value]
        computed = "\n".join(dict.fromkeys(told)) or s.why
        table.add_row(*map(escape, (s.section, f"{s.id}: {named(s)}", s.published, computed, verdict)))
    return table
