"""One work beside this process: in a fork of it, on another core, where processes can be forked; else here, when asked.

What a work yields is the same either way, and so are the errors. It ends with what asked for it, however that ends.
"""

import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from typing import Any, Final

from sap.text.problems import UserError

FORKS: Final = sys.platform == "linux"  # elsewhere libraries do not bear a fork
_GRACE: Final = 5.0
"""Seconds that a work is given to end by itself, and to end what it started."""
_ENDS: Final = () if sys.platform == "win32" else (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)


@contextmanager
def beside(work: Callable[[], Iterator[Any]]) -> Iterator[Iterator[Any]]:
    """Give what a work yields, one after another; the work is ended when nobody asks any more."""
    if not FORKS:
        yield work()
        return
    context: ForkContext = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, theirs), daemon=True)
    try:
        with unheard():
            process.start()
        theirs.close()
        del work  # what it was given, as texts of millions of cells, is no longer needed here
        yield _yielded(ours)
    finally:
        ours.close()
        if process.pid is not None:
            process.terminate()
            process.join(_GRACE)
            process.kill()
            process.join()


def _yielded(ours: Connection) -> Iterator[Any]:
    while True:
        try:
            kind, said = ours.recv()
        except (EOFError, OSError):
            raise UserError(
                "A process of this run was ended from outside (is there enough memory?); nothing was written."
            ) from None
        if kind == "failed":
            raise said
        if kind == "done":
            return
        yield said


@contextmanager
def unheard() -> Iterator[None]:
    """Start processes that hear no signal before they say what they do with one, by `hear`.

    A fork ended at once would else do what this process does when it is asked to end: put away what is not its own.
    This process hears what came meanwhile at the end: what is to be ended with it is known by then.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS) if _ENDS else set()
    try:
        with warnings.catch_warnings():
            # Of the threads that Python warns of, one tells the time and the others are numpy's, which bears a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        if _ENDS:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear(ended: Callable[..., None] | signal.Handlers) -> None:
    """Say what this process, started `unheard`, does when it is asked to end; its parent hears the terminal."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    signal.signal(signal.SIGTERM, ended)
    if _ENDS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)


def _do(work: Callable[[], Iterator[Any]], theirs: Connection) -> None:
    """Do a work in the process that was made for it."""
    try:
        hear(_stop)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        for found in work():
            theirs.send(("found", found))
        theirs.send(("done", None))
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked raises it
        theirs.send(("failed", sendable(error)))
    finally:
        os._exit(0)  # nothing that was begun before the fork is ended twice


def _stop(*_: object) -> None:
    raise SystemExit


def _end_with_parent() -> None:
    """Stop the work, which ends the programs it runs, when the process that asked for it is no more."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE)
        os._exit(1)


def sendable(error: Exception) -> Exception:
    """Return an error as it can be sent to another process, with where it was raised."""
    told = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever keeps it from being sent
        return RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(told)
    return error
