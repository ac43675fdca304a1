"""What the tests compared with independent references, as their own record says, and whether it is about this code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

METHODS: Final = Path(__file__).parents[1] / "methods"
RECORD_NAME: Final = "record.json"
LIBRARIES: Final = ("lifelines", "numpy", "pandas", "pingouin", "scipy", "statsmodels")

Verdict = Literal["agrees", "differs", "not run"]


@dataclass(frozen=True)
class Evidence:
    """Comparisons of one method with one source."""

    requirement: str
    method: str
    """What was required, and which method answers it."""
    sources: tuple[str, ...]
    """Where the reference values come from: the R or SAS call, the paper."""
    cases: int
    """Values compared."""
    largest: float
    """Largest relative difference seen; infinite when a value was missing on one side."""
    tolerance: float
    """Largest relative difference allowed."""
    verdict: Verdict
    """"not run" when the record belongs to other code than this, or nothing was compared."""


@dataclass(frozen=True)
class Record:
    """The record of a test run."""

    current: bool
    """Whether the record is about the code that is here."""
    rows: tuple[Evidence, ...]
    """In order of requirement and method."""


def evidence_digest(references: Path, methods: Path = METHODS) -> str:
    """Return what a record of comparisons is about: the methods, the reference values and the libraries beneath."""
    digest = hashlib.sha256()
    values = (p for p in references.glob("*") if p.suffix in {".json", ".yml", ".R"} and p.name != RECORD_NAME)
    for path in (*sorted(methods.rglob("*.py")), *sorted(values)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()


def read_record(path: Path) -> Record:
    """Return the record of the last test run."""
    if not path.is_file():
        return Record(current=False, rows=())
    content = json.loads(path.read_text(encoding="utf-8"))
    current = content.get("about_sha256") == evidence_digest(path.parent)
    return Record(current, tuple(_evidence(row, current=current) for row in content["rows"]))


def _evidence(row: Mapping[str, Any], *, current: bool) -> Evidence:
    largest = float(row["largest"])
    verdict: Verdict = "not run"
    if current and row["cases"]:
        verdict = "agrees" if largest <= row["tolerance"] else "differs"
    return Evidence(**{**row, "sources": tuple(row["sources"]), "largest": largest, "verdict": verdict})
