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


def write_results(results: Results, folder: Path) -> tuple[Path, Path]:
    """Write ``ard.csv`` and ``ard.json`` and return their paths.

    Parameters
    ----------
    results : Results
        The analysis results dataset.
    folder : Path
        Where to.

    Returns
    -------
    tuple of Path
        The two files.
    """
    paths = folder / "ard.csv", folder / "ard.json"
    write_whole(paths[0], results.to_csv())
    write_whole(paths[1], results.to_json())
    return paths
