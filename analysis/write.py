"""Writing results: whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from analysis.results import Results
from sap.problems import UserError


def write_whole(path: Path, content: str) -> None:
    """Write a text file so that a reader, or a crash, never sees half of it.

    Parameters
    ----------
    path : Path
        The file; its folder is made when it is missing.
    content : str
        UTF-8 text with LF line ends.

    Raises
    ------
    UserError
        When the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(content, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise UserError(f"{path} cannot be written: {error.strerror}. Name another place with --out.") from error


def check_writable(folder: Path) -> None:
    """Raise before anything is computed when results cannot be written to a folder.

    Raises
    ------
    UserError
        When the folder cannot be made or written to.
    """
    probe = folder / f".{os.getpid()}.probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Name another place with --out.") from error


def write_results(results: Results, folder: Path, **others: str) -> Path:
    """Write ``ard.csv``, ``ard.json`` and what belongs to them, and return the path of the first.

    Parameters
    ----------
    results : Results
        The analysis results dataset.
    folder : Path
        Where to.
    **others : str
        Contents of further CSV files, by name without the ending.

    Returns
    -------
    Path
        ``ard.csv``, written last: when it is there, the others are.
    """
    for name, content in sorted(others.items()):
        write_whole(folder / f"{name}.csv", content)
    write_whole(folder / "ard.json", results.to_json())
    path = folder / "ard.csv"
    write_whole(path, results.to_csv())
    return path
