"""The records of each listing, as a run keeps them: the file a page reads."""

import json
from dataclasses import dataclass
from pathlib import Path

from analysis.results.ard import read_result
from sap.text.problems import UserError


@dataclass(frozen=True)
class ListedRecords:
    """A listing as it is written to the results."""

    id: str
    """The listing, as the plan names it."""
    n_subjects: int
    n_with_records: int
    """Subjects of the analysis set, and those of them with a record in the listing."""
    columns: tuple[str, ...]
    """``DATASET.VARIABLE``, in the plan's order; the first is the subject."""
    rows: tuple[tuple[str, ...], ...]
    """Cells as text: dates ISO 8601, numbers as they are, those of a dataset with one record a subject with the same
    decimals throughout a column, empty where missing."""
    counted: int = 0
    """How many records there are, where they are of more subjects than are listed."""


def read_listings(path: Path) -> dict[str, ListedRecords]:
    """Return the listings that a run wrote, by id."""
    try:
        found = [
            ListedRecords(
                id=r["id"],
                n_subjects=r["n_subjects"],
                n_with_records=r["n_with_records"],
                columns=tuple(r["columns"]),
                rows=tuple(map(tuple, r["rows"])),
                counted=r.get("counted", 0),
            )
            for r in json.loads(read_result(path))
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is damaged: {error}. Run `sap run` again.") from None
    return {r.id: r for r in found}
