"""What a person sees while a command works: a spinner on a terminal, plain lines elsewhere."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sap.data.failures import Failure

LASTING = 5.0
"""Seconds after which a step that still works is told again."""

PLAIN_WIDTH = 200
"""Columns of a table that goes to a file or a pipe."""

_SPEAKING: Final = Lock()
"""Held by who tells something, so that this process is forked while nobody does."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_SPEAKING.acquire, after_in_parent=_SPEAKING.release, after_in_child=_SPEAKING.release)

_FORCING: Final = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables by which a pipe is said to be a terminal."""


def console(*, errors: bool = False) -> "Console":
    """Return the console for output, or for errors."""
    from rich.console import Console

    found = Console(stderr=errors, highlight=False)
    return found if found.is_terminal else Console(stderr=errors, highlight=False, width=PLAIN_WIDTH, no_color=True)


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Give a function that tells each step as it starts."""
    plain = not sys.stdout.isatty() and _FORCING.isdisjoint(os.environ)  # then nobody pays for rich
    if plain or not (out := console()).is_terminal:
        with _still(lambda line: print(f"[{title}] {line}", flush=True)) as tell:
            yield tell
        return
    from rich.markup import escape

    with out.status("") as status:

        def show(line: str) -> None:
            out.print(f"[dim]\\[{title}][/dim] {escape(line)}")
            status.update(escape(line))

        with _still(show) as tell:
            yield tell


@contextmanager
def _still(show: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Give a function that tells a step, and tells it again for as long as it lasts."""
    ended = Event()
    now, since = "", 0.0

    def tell(line: str) -> None:
        nonlocal now, since
        now, since = line, monotonic()
        with _SPEAKING:
            show(line)

    def watch() -> None:
        # Twice as long from one line to the next: of an hour some ten lines.
        told, after = (now, since), LASTING
        while not ended.wait(0.2):
            if told != (now, since):
                told, after = (now, since), LASTING
            elif is_work(now) and monotonic() - since >= after:
                with _SPEAKING:
                    show(f"still {now}: {after:g} seconds")
                after *= 2

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield tell
    finally:
        ended.set()
        watcher.join()


def is_work(line: str) -> bool:
    """Return whether a line says what is being done ("reading the plan"), and not how something is."""
    first = line.partition(" ")[0]
    return first.endswith("ing") and first != "nothing"


def failure_table(failures: "tuple[Failure, ...]") -> "Table":
    """Return failures as a table: where, which value, what is wrong and what to do."""
    from rich.markup import escape
    from rich.table import Table

    from reports.words.failure_lines import failure_lines
    from sap.text.cells import with_unseen

    table = Table(show_lines=False, header_style="bold", expand=False)
    for name in ("Dataset", "Row", "Subject", "Column", "Rule", "Value", "What is wrong, and what to do"):
        table.add_column(name, overflow="fold", justify="right" if name == "Row" else "left")
    for line in failure_lines(failures):
        table.add_row(*(escape(with_unseen(cell)) for cell in line))
    return table
