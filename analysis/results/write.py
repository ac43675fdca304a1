"""Writing results: whole or not at all."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis.results.folder import replacing
from analysis.results.provenance import FILE, read_provenance
from sap.text.files import replace_whole
from sap.text.problems import UserError


def write_whole(path: Path, content: str) -> None:
    """Write a text file so that a reader, or a crash, never sees half of it."""
    try:
        replace_whole(path, content.encode())
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


def write_results(files: Mapping[str, str], folder: Path) -> None:
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
    """Return the names an earlier run wrote, as far as its provenance can be read."""
    try:
        return frozenset({*read_provenance(folder).files, FILE})
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
