"""A results folder: for one run at a time, replaced as a whole, so that a reader finds the old one or the new one."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.results.provenance import FILE, read_provenance
from sap.text.files import as_bytes, replace_whole
from sap.text.problems import UserError


@contextmanager
def one_run_in(folder: Path, tell: Callable[[str], None], what: str = "") -> Iterator[None]:
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


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of another when everything in it was written."""
    fresh, _ = _siblings(folder)
    mend(folder)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        _swap(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def mend(folder: Path) -> None:
    """Put right what a killed run left beside a folder: the last good one comes back, the rest is removed."""
    fresh, old = _siblings(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    if old.is_dir():
        # To the name of what may always be thrown away: half of it is never taken for the last good one.
        old.rename(fresh if folder.exists() else folder)
    shutil.rmtree(fresh, ignore_errors=True)


def _swap(folder: Path) -> None:
    """Put the fresh folder in place: old aside, new in, old removed."""
    fresh, old = _siblings(folder)
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.is_dir():
            old.rename(folder)
        raise
    mend(folder)


def _siblings(folder: Path) -> tuple[Path, Path]:
    # Quarto passes over names that begin with an underscore when it looks for pages.
    return folder.parent / f"_{folder.name}.new", folder.parent / f"_{folder.name}.old"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a crash, never sees half of it."""
    try:
        replace_whole(path, as_bytes(content))
    except UserError as error:
        raise UserError(f"{error} Name another place with --out.") from error


@contextmanager
def results_folder(folder: Path, inputs: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Give an empty folder that becomes the results folder when everything in it was written.

    What no run wrote and stands in the old folder (a reader's notes) is carried over.
    """
    _refuse(folder, inputs)
    whole = folder.resolve()  # behind a link, the folder itself is replaced
    try:
        with replacing(whole) as fresh:
            earlier = _written_before(whole)
            yield fresh
            if whole.is_dir():
                _carry_over(whole, fresh, earlier)
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"{folder} cannot be written: {why}. Name another place with --out.") from error


def write_results(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Write the files of a run, and nothing else, into a folder."""
    for name, content in files.items():
        write_whole(folder / name, content)


def _refuse(folder: Path, inputs: tuple[Path, ...]) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} cannot be written: it is a file. Name another place with --out.")
    whole = folder.resolve()
    for held in (Path.cwd(), *inputs):
        if held.resolve().is_relative_to(whole):
            what = f"{folder} cannot be replaced as a whole: it holds {held}"
            raise UserError(f"{what}. Name a folder of its own for the results with --out.")
    if whole.is_mount():
        raise UserError(
            f"{folder} cannot be replaced as a whole: it is a mount point. Name a folder inside it with --out."
        )


def _written_before(folder: Path) -> frozenset[str]:
    """Return the names in its folder that an earlier run wrote, as far as its provenance can be read."""
    try:
        return frozenset({*(name.partition("/")[0] for name in read_provenance(folder).files), FILE})
    except UserError:
        return frozenset({FILE})


def _carry_over(folder: Path, fresh: Path, earlier: frozenset[str]) -> None:
    for path in folder.iterdir():
        if path.name in earlier or (fresh / path.name).exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, fresh / path.name, symlinks=True)
        else:
            shutil.copy2(path, fresh / path.name, follow_symlinks=False)
