"""A folder is replaced as a whole: a reader, or a crash at any moment, finds the old one or the new one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
