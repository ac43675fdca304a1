"""Why two sets of results may differ: their plans, data, programs and libraries held against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.results.provenance import DataSource, Provenance

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
