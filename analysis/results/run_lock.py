"""One run at a time in a folder: the second waits, and a killed one lets go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sap.text.problems import UserError


@contextmanager
def holding(folder: Path, tell: Callable[[str], None], what: str = "") -> Iterator[None]:
    """Hold a folder against every other run, from other processes too.

    Who needs several folders takes them in one order: the project, its results, its site.
    """
    whole = folder.resolve()
    # Quarto passes over names that begin with an underscore when it looks for pages.
    path = whole.parent / f"_{whole.name}.lock"
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _take(lock, what or str(folder), tell)
    except OSError as error:
        if what:
            told = f"nothing can be written in {path.parent}: {error.strerror}"
            raise UserError(
                f"{told}. Rendering {what} needs to write there: copy the project to a folder of yours."
            ) from error
        raise UserError(f"{folder} cannot be written: {error.strerror}. Name another place with --out.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps a file that is open
            path.unlink()
        lock.release()


def _take(lock: FileLock, what: str, tell: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"waiting until another sap command is done with {what}; Ctrl-C stops waiting")
        lock.acquire()
