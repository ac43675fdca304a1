"""A paper held against itself, and against results and data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands.options import PLAN, PlanOption

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


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
    from reports.commands.concordance_text import report, statement_table
    from reports.commands.progress import console

    source = read_source(facts)
    found = concord(
        source,
        read_results(results / "ard.csv") if results is not None else None,
        _data(plan, data) if data is not None else None,
    )
    if as_json:
        print(found.to_json(), end="")
    else:
        for line in report(found):
            print(line)
        console().print(statement_table(found))
    raise typer.Exit(0 if found.consistent else 1)


def _data(plan: Path, folder: Path) -> "Mapping[str, pd.DataFrame]":
    from analysis.data.load import load
    from sap.reading.post_hoc import read_whole_plan

    return load(read_whole_plan(plan), folder).derived
