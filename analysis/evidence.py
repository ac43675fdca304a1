"""What the tests compared with independent references, as their own record says, and whether it is about this code."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

METHODS: Final = Path(__file__).with_name("methods")

Verdict = Literal["agrees", "differs", "not run"]


@dataclass(frozen=True)
class Evidence:
    """Comparisons of one method with one source.

    Attributes
    ----------
    requirement, method, source : str
        What was required, which method answers it, and where the reference values come from.
    cases : int
        Values compared.
    largest : float
        Largest relative difference seen; infinite when a value was missing on one side.
    tolerance : float
        Largest relative difference allowed.
    verdict : {"agrees", "differs", "not run"}
        "not run" when the record belongs to other code than this.
    """

    requirement: str
    method: str
    source: str
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
        In order of requirement, method and source.
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


def _evidence(row: dict[str, str | int | float], *, current: bool) -> Evidence:
    largest, tolerance = float(row["largest"]), float(row["tolerance"])
    verdict: Verdict = "not run" if not current else "agrees" if largest <= tolerance else "differs"
    return Evidence(
        requirement=str(row["requirement"]),
        method=str(row["method"]),
        source=str(row["source"]),
        cases=int(row["cases"]),
        largest=largest,
        tolerance=tolerance,
        verdict=verdict,
    )
