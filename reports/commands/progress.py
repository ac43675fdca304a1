"""What a person sees while a command works: a bar with what is left on a terminal, plain lines elsewhere."""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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


Parts = Sequence[tuple[str, int]]
"""How the steps of a command begin that are counted, in their order, and how many there are of each."""


@contextmanager
def steps(title: str, *, quiet: bool = False, parts: "Callable[[], Parts]" = tuple) -> Iterator[Callable[[str], None]]:
    """Give a function that tells each step as it starts; on a terminal with a bar of how much of `parts` is left."""
    if quiet:
        yield lambda _: None
        return
    plain = not sys.stdout.isatty() and _FORCING.isdisjoint(os.environ)  # then nobody pays for rich
    if plain or not (out := console()).is_terminal:
        with _still(lambda line: print(f"[{title}] {line}", flush=True)) as tell:
            yield tell
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    counted = Counted(parts())
    shown = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*shown, console=out, transient=True) as bar:
        task = bar.add_task("", total=counted.total or None)

        def show(line: str) -> None:
            out.print(f"[dim]\\[{title}][/dim] {escape(line)}")
            bar.update(task, description=escape(line), completed=counted.after(line))

        with _still(show) as tell:
            yield tell


class Counted:
    """How many of the steps that are counted have begun."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._part, self._done = parts, 0, 0
        self.total = sum(n for _, n in parts)

    def after(self, line: str) -> int:
        """Return how many are done once this line is told: what stood and was not made again is done too."""
        part = next((i for i, (begins, _) in enumerate(self._parts) if line.startswith(begins)), None)
        if part is not None and part >= self._part:
            self._done = self._done + 1 if part == self._part else 1
            self._part = part
        before = sum(n for _, n in self._parts[: self._part])
        return min(before + max(self._done - 1, 0), self.total)


def counted_steps(plan: Path, pages: Collection[Path] = ()) -> Parts:
    """Return the steps of running a plan, and of rendering pages; none of a plan with mistakes, which is told soon."""
    from sap.reading.post_hoc import read_whole_plan
    from sap.text.problems import UserError

    try:
        found = read_whole_plan(plan)
    except UserError:
        return ()
    analyses = sum(1 + len(a.sensitivity) for a in found.analyses)
    run = (("checking ", 1), ("analysing ", analyses), ("computing every statistic again", 1), ("writing ", 1))
    return (*run, ("rendering with ", 1), ("rendering reports/", len(pages))) if pages else run


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
