"""What a command is to the system: programs it runs, signals that stop it, the folder of what passes through."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from filelock import FileLock, Timeout

PREFIX: Final = "sap-"
HELD: Final = ".held"
_GRACE: Final = 5.0
"""Seconds that a program is given to end by itself before it is ended."""


def run_program(
    command: Sequence[str],
    cwd: Path,
    *,
    text: str = "",
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end, without a shell and with its output captured: the one place that does.

    Whatever stops this process meanwhile stops the program too, and those that it started.
    """
    process = subprocess.Popen(  # noqa: S603 - every caller passes a list it made itself
        command,
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # a group of its own, so that its children can be ended with it
    )
    with process:
        try:
            out, err = process.communicate(text, timeout=seconds)
        except BaseException:
            _end(process)
            raise
    return subprocess.CompletedProcess(list(command), process.returncode, out, err)


def _end(process: subprocess.Popen[str]) -> None:
    """End a program and its children: asked first, then not asked."""
    with suppress(OSError):
        _signal(process, force=False)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        _signal(process, force=True)


def _signal(process: subprocess.Popen[str], *, force: bool) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)


class Stopped(SystemExit):
    """The command was asked to end; no library on the way takes it for a mistake."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP stop a command by one exception, so that everything is put away.

    Not by KeyboardInterrupt: where one passes through code that Python compiles from text (a dataclass being made),
    the interpreter ends by the signal although it was caught, and the exit code says so.
    """
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] != signal.SIG_IGN]

    def stop(number: int, _: FrameType | None) -> None:
        for other in heard:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(128 + number)

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


@contextmanager
def own_scratch() -> Iterator[None]:
    """Let whatever this process and its children write for a while lie in one private folder, and remove it at the end.

    What processes left that were killed is removed at the start: a folder is held by a lock that dies with its process.
    """
    try:
        root = Path(tempfile.gettempdir())
        for left in sorted(root.glob(f"{PREFIX}*{HELD}")):
            _clear(left)
        held = root / f"{PREFIX}{secrets.token_hex(8)}{HELD}"
        lock = FileLock(held, timeout=0, mode=0o600)
        lock.acquire()  # before there is a folder: no other process finds one that nobody holds
        folder = held.with_suffix("")
        folder.mkdir(mode=0o700)
    except OSError:
        yield
        return
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = str(root)
        os.environ.pop("TMPDIR")
        os.environ |= {} if before is None else {"TMPDIR": before}
        _remove(held)
        lock.release()


def _clear(held: Path) -> None:
    """Remove the folder of a process that is no more."""
    with suppress(Timeout, OSError), FileLock(held, timeout=0):  # unless it lives, or is somebody else's
        _remove(held)


def _remove(held: Path) -> None:
    shutil.rmtree(held.with_suffix(""), ignore_errors=True)
    held.unlink(missing_ok=True)
