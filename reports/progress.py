"""What a person sees while a command works: a spinner on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reports.failure_lines import failure_lines
from sap.cells import with_unseen
from sap.failures import Failure

PLAIN_WIDTH = 200
"""Columns of a table that goes to a file or a pipe."""


def console(*, errors: bool = False) -> Console:
    """Return the console for output, or for errors."""
    found = Console(stderr=errors, highlight=False)
    return found if found.is_terminal else Console(stderr=errors, highlight=False, width=PLAIN_WIDTH, no_color=True)


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Give a function that tells each step as it starts.

    Parameters
    ----------
    title : str
        The command, shown before each step.

    Yields
    ------
    callable
        Takes one line of plain text.
    """
    out = console()
    if not out.is_terminal:
        yield lambda line: print(f"[{title}] {line}", flush=True)
        return
    with out.status("") as status:

        def tell(line: str) -> None:
            out.print(f"[dim]\\[{title}][/dim] {escape(line)}")
            status.update(escape(line))

        yield tell


def failure_table(failures: tuple[Failure, ...]) -> Table:
    """Return failures as a table: where, which value, what is wrong and what to do.

    Parameters
    ----------
    failures : tuple of Failure
        In the order they are shown.

    Returns
    -------
    rich.table.Table
        One row a failure; of many of one kind the first few, and how many more there are.
    """
    table = Table(show_lines=False, header_style="bold", expand=False)
    for name in ("Dataset", "Row", "Subject", "Column", "Rule", "Value", "What is wrong, and what to do"):
        table.add_column(name, overflow="fold", justify="right" if name == "Row" else "left")
    for line in failure_lines(failures):
        table.add_row(*(escape(with_unseen(cell)) for cell in line))
    return table
