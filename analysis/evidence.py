"""What the tests compared with independent references, as their own record says, and whether it is about this code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

METHODS: Final = Path(__file__).with_name("methods")

Verdict = Literal["agrees", "differs", "not run"]


@dataclass(frozen=True)
class Evidence:
    """Comparisons of one method with one source.

    Attributes
    ----------
    requirement, method : str
        What was required, and which method answers it.
    sources : tuple of str
        Where the reference values come from: the R or SAS call, the paper.
    cases : int
        Values compared.
    largest : float
        Largest relative difference seen; infinite when a value was missing on one side.
    tolerance : float
        Largest relative difference allowed.
    verdict : {"agrees", "differs", "not run"}
        "not run" when the record belongs to other code than this, or nothing was compared.
    """

    requirement: str
    method: str
    sources: tuple[str, ...]
    cases: int
    largest: float
    tolerance: float
    verdict: Verdict


@dataclass(frozen=True)
class Record:
    """The record of a test run.

    Attributes
    ----------
    current : bool
        Whether the record is about the code that is here.
    rows : tuple of Evidence
        In order of requirement and method.
    """

    current: bool
    rows: tuple[Evidence, ...]


def methods_digest(folder: Path = METHODS) -> str:
    """Return the SHA-256 of the source of the statistical methods, names and contents, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def read_record(path: Path) -> Record:
    """Return the record of the last test run.

    Parameters
    ----------
    path : Path
        ``record.json``, as the tests write it.

    Returns
    -------
    Record
        Every verdict is "not run" when the methods have changed since; no rows when there is no record.
    """
    if not path.is_file():
        return Record(current=False, rows=())
    content = json.loads(path.read_text(encoding="utf-8"))
    current = content["methods_sha256"] == methods_digest()
    return Record(current, tuple(_evidence(row, current=current) for row in content["rows"]))


def _evidence(row: Mapping[str, Any], *, current: bool) -> Evidence:
    cases, largest, tolerance = int(row["cases"]), float(row["largest"]), float(row["tolerance"])
    verdict: Verdict = "not run" if not current or not cases else "agrees" if largest <= tolerance else "differs"
    return Evidence(
        requirement=str(row["requirement"]),
        method=str(row["method"]),
        sources=tuple(map(str, row["sources"])),
        cases=cases,
        largest=largest,
        tolerance=tolerance,
        verdict=verdict,
    )
