"""What is compared: a results folder, or an ``ard.csv`` with or without its provenance beside it."""

from dataclasses import dataclass
from pathlib import Path

from analysis.results.ard import Results, read_results, unique
from analysis.results.provenance import FILE, Provenance, read_provenance
from sap.text.files import file_digest
from sap.text.problems import UserError

ARD = "ard.csv"


@dataclass(frozen=True)
class Side:
    """One of two sets of results."""

    file: Path
    """The ``ard.csv`` that was read."""
    results: Results
    """Its rows."""
    provenance: Provenance | None
    """Where they come from, where that is known."""
    notes: tuple[str, ...]
    """What a reader of the comparison must know about it."""
    changed: bool = False
    """Whether a file is not as the run wrote it: whatever the run was, this is no longer what it gave."""


def read_side(path: Path) -> Side:
    """Return results by the name of their folder or file."""
    if not path.exists():
        raise UserError(f"There is nothing at {path}. Name a results folder or an {ARD}.")
    file = path / ARD if path.is_dir() else path
    results = read_results(file)
    provenance = read_provenance(file.parent) if (file.parent / FILE).is_file() else None
    changed = _changed(file.parent, provenance) if provenance is not None else ()
    notes = []
    if changed:
        were = "was" if len(changed) == 1 else "were"
        notes.append(f"{', '.join(map(str, changed))} {were} changed after the run that wrote it.")
    if provenance is None:
        notes.append(f"{file} has no {FILE} beside it: what went into it is not known.")
    elif file.name not in provenance.files:
        notes.append(f"{file.parent / FILE} does not speak of {file.name}: it may be another run's.")
    stamps = [s for s in unique(r.stamp for r in results) if s]
    if stamps and provenance is None:
        notes.append(f"{file} is stamped {', '.join(stamps)}.")
    return Side(file, results, provenance, tuple(notes), bool(changed))


def _changed(folder: Path, provenance: Provenance) -> tuple[Path, ...]:
    """Return the files beside a provenance, or itself, that were changed after the run."""
    own = () if provenance.sha256 == provenance.digest() else (folder / FILE,)
    there = {folder / name: digest for name, digest in provenance.files.items() if (folder / name).is_file()}
    return (*own, *(path for path, digest in there.items() if file_digest(path) != digest))
