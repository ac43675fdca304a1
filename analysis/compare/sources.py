"""What is compared, a results folder or an ``ard.csv``; and what went into it: plan, data, program and libraries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.results.ard import Results, read_results, unique
from analysis.results.provenance import FILE, DataSource, Provenance, read_provenance
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


ABSENT = "–"


@dataclass(frozen=True)
class SourceChange:
    """One thing that went into the results and is not the same."""

    part: str
    """What it is."""
    name: str
    """Which one: the dataset, the library."""
    before: str
    after: str
    """What it was and what it is, in words, with digests in full."""


def compare_sources(first: Provenance, second: Provenance) -> tuple[SourceChange, ...]:
    """Return what went into two runs and differs: state, plan, data, code, Python and libraries.

    What only shows the results (the engine that rendered the pages) is left out.
    """
    return tuple(_changes(first, second))


def _changes(a: Provenance, b: Provenance) -> Iterator[SourceChange]:
    pairs = [
        ("state", "", a.state, b.state),
        ("plan", b.plan.id, _plan(a), _plan(b)),
        ("post hoc", "", a.plan.post_hoc_sha256 or ABSENT, b.plan.post_hoc_sha256 or ABSENT),
    ]
    old, new = ({d.dataset: _data(d) for d in x.data} for x in (a, b))
    pairs += [("data", name, was, now) for name, was, now in _joined(old, new)]
    pairs += [("code", "", _code(a), _code(b)), ("Python", "", a.python, b.python)]
    pairs += [("library", name, was, now) for name, was, now in _joined(a.libraries, b.libraries)]
    yield from (SourceChange(*pair) for pair in pairs if pair[2] != pair[3])


def _joined(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(name, old.get(name, ABSENT), new.get(name, ABSENT)) for name in sorted({*old, *new})]


def _plan(provenance: Provenance) -> str:
    plan = provenance.plan
    return f"{plan.id} {plan.version} ({plan.sha256})"


def _data(source: DataSource) -> str:
    return f"{source.file}: {source.rows} rows, {source.columns} columns ({source.sha256})"


def _code(provenance: Provenance) -> str:
    """Return what the program is: its content counts, its commit is for people."""
    code = provenance.code
    commit = f", commit {code.commit}{' with changes' if code.dirty else ''}" if code.commit else ""
    return f"{code.version} ({code.sha256}{commit})"
