"""Does works side by side, each in a process of its own that begins as this one is: nothing of one reaches another.

Where processes can be forked a work begins with everything that is imported and read; elsewhere it begins afresh.
"""

from __future__ import annotations

import gc
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from analysis.pipeline.beside import hear, sendable, unheard
from reports.engines.isolation import guard, guarded, isolated

if TYPE_CHECKING:
    from multiprocessing.context import DefaultContext

T = TypeVar("T")
At = Callable[[int | None], None]
"""By which a work says at which line it is; None when what has a limit is done."""

START: Final = "fork" if sys.platform == "linux" else "spawn"  # elsewhere libraries do not bear a fork
_GRACE: Final = 5.0
"""Seconds that a work is given to end by itself."""


@dataclass(frozen=True)
class Work(Generic[T]):
    """One work: what is told when it begins, and what is said of one that takes too long or dies, with its line."""

    told: str
    do: Callable[[At], T]
    """A function of a module, or a partial of one: it may have to be sent to another process."""
    seconds: float
    late: Callable[[int | None], Exception]
    died: Callable[[int | None], Exception]


@dataclass
class _Running:
    """A work in its process, until when it may take, and where it is."""

    process: BaseProcess
    until: float
    line: int | None = None


@dataclass
class _Works(Generic[T]):
    """Works that wait, that run, and what came of those that ran; each by its number."""

    works: Sequence[Work[T]]
    tell: Callable[[str], None]
    running: dict[int, _Running] = field(default_factory=dict)
    heard: dict[int, Connection] = field(default_factory=dict)
    done: dict[int, T] = field(default_factory=dict)
    failed: dict[int, Exception] = field(default_factory=dict)
    begun: int = 0

    @property
    def waiting(self) -> bool:
        """Whether there is more to begin."""
        return self.begun < len(self.works) and not self.failed

    def begin(self, context: DefaultContext) -> None:
        """Begin the next work."""
        work = self.works[self.begun]
        self.tell(work.told)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_begin, args=(work.do, theirs))
        gc.freeze()  # what is there is shared with the work as long as its memory is not looked through for garbage
        with unheard():
            process.start()
            self.running[self.begun] = _Running(process, time.monotonic() + work.seconds)
            self.heard[self.begun] = ours
        theirs.close()
        self.begun += 1

    def listen(self) -> None:
        """Wait until a work says something or has taken too long."""
        until = min(work.until for work in self.running.values())
        numbers = {connection: number for number, connection in self.heard.items()}
        for connection in wait([*numbers], None if math.isinf(until) else max(0.0, until - time.monotonic())):
            self._hear(numbers[connection])  # type: ignore[index]
        for number in [n for n, work in self.running.items() if work.until <= time.monotonic()]:
            self._end(number, failed=self.works[number].late(self.running[number].line))
        for number in [n for n in self.running if self.failed and n > min(self.failed)]:
            self._end(number)

    def _hear(self, number: int) -> None:
        work = self.running[number]
        try:
            kind, said = self.heard[number].recv()
        except Exception:  # noqa: BLE001 - it ended in the middle of a word
            kind, said = "failed", self.works[number].died(work.line)
        if kind == "at":
            work.line, work.until = (work.line, math.inf) if said is None else (said, work.until)
            return
        if kind == "done":
            self.done[number] = said
            work.process.join(_GRACE)
        self._end(number, failed=said if kind == "failed" else None)

    def _end(self, number: int, failed: Exception | None = None) -> None:
        self.failed |= {} if failed is None else {number: failed}
        _end(self.running.pop(number).process)
        self.heard.pop(number).close()


def cores() -> int:
    """Return how many works are done at a time."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def side_by_side(works: Sequence[Work[T]], tell: Callable[[str], None], *, start: str = START) -> list[T]:
    """Do every work and return what each gave, in order; of those that fail, the first in order is raised."""
    context = cast("DefaultContext", get_context(start))
    all_of_them = _Works(works, tell)
    try:
        while all_of_them.running or all_of_them.waiting:
            while all_of_them.waiting and len(all_of_them.running) < cores():
                all_of_them.begin(context)
            all_of_them.listen()
    finally:
        for left in all_of_them.running.values():
            _signal(left.process, force=False)
        for left in all_of_them.running.values():
            _end(left.process)
    if all_of_them.failed:
        raise all_of_them.failed[min(all_of_them.failed)]
    return [all_of_them.done[number] for number in range(len(works))]


def _end(process: BaseProcess) -> None:
    """End a work, and what it started: asked first, then not asked."""
    _signal(process, force=False)
    process.join(_GRACE)
    _signal(process, force=True)
    process.join()


def _signal(process: BaseProcess, *, force: bool) -> None:
    if process.pid is None or sys.platform == "win32":
        process.kill() if force else process.terminate()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
    if process.is_alive():  # it has no group of its own yet
        process.kill() if force else process.terminate()


def _begin(do: Callable[[At], Any], theirs: Connection) -> None:
    """Do a work in the process that was made for it, and say what came of it."""
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, with what it starts
    hear(signal.SIG_DFL)
    threading.Thread(target=_with_parent, daemon=True).start()
    if isolated() and not guarded():
        guard()

    def at(line: int | None) -> None:
        theirs.send(("at", line))

    try:
        said = ("done", do(at))
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked raises it
        said = ("failed", sendable(error))
    try:
        theirs.send(said)
    except Exception as error:  # noqa: BLE001 - what it gave cannot be sent
        theirs.send(("failed", sendable(error)))
    theirs.close()


def _with_parent() -> None:
    """End this process when the one that asked for the work is no more."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGTERM)  # this process too, which ends pandoc first where it is at work
            time.sleep(_GRACE)
        os._exit(1)
