"""What is compared: a results folder, or an ``ard.csv`` with or without its provenance beside it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.provenance import FILE, Provenance, read_provenance
from analysis.results import Results, read_results, unique
from sap.digest import file_digest
from sap.problems import UserError

ARD = "ard.csv"


@dataclass(frozen=True)
class Side:
    """One of two sets of results.

    Attributes
    ----------
    file : Path
        The ``ard.csv`` that was read.
    results : Results
        Its rows.
    provenance : Provenance or None
        Where they come from, where that is known.
    notes : tuple of str
        What a reader of the comparison must know about it.
    """

    file: Path
    results: Results
    provenance: Provenance | None
    notes: tuple[str, ...]


def read_side(path: Path) -> Side:
    """Return results by the name of their folder or file.

    Parameters
    ----------
    path : Path
        A results folder, or an analysis results dataset as CSV.

    Returns
    -------
    Side
        With the provenance that stands beside it.

    Raises
    ------
    UserError
        When there is nothing, or it cannot be read.
    """
    if not path.exists():
        raise UserError(f"There is nothing at {path}. Name a results folder or an {ARD}.")
    file = path / ARD if path.is_dir() else path
    results = read_results(file)
    provenance = read_provenance(file.parent) if (file.parent / FILE).is_file() else None
    notes = []
    if provenance is None:
        notes.append(f"{file} has no {FILE} beside it: what went into it is not known.")
    elif file.name in provenance.files and provenance.files[file.name] != file_digest(file):
        notes.append(f"{file} was changed after the run that wrote it.")
    elif file.name not in provenance.files:
        notes.append(f"{file.parent / FILE} does not speak of {file.name}: it may be another run's.")
    stamps = [s for s in unique(r.stamp for r in results) if s]
    if stamps and provenance is None:
        notes.append(f"{file} is stamped {', '.join(stamps)}.")
    return Side(file, results, provenance, tuple(notes))
