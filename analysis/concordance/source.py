"""The facts file that stands beside the data, where there is one."""

from dataclasses import dataclass
from pathlib import Path

from sap.facts.facts import FILE, Facts, read_facts


@dataclass(frozen=True)
class Source:
    """A facts file."""

    facts: Facts
    """What it holds."""
    content: bytes
    """The file, for its digest."""


def read_source(path: Path) -> Source:
    """Return a facts file."""
    return Source(read_facts(path), path.read_bytes())


def beside(data: Path) -> Source | None:
    """Return the facts file of a data folder; None where there is none."""
    path = data / FILE
    return read_source(path) if path.is_file() else None
