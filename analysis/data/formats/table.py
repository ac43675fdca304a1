"""What reading a file gives, whatever its format: every cell as text, or what is wrong with the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sap.data.failures import Failure


@dataclass(frozen=True)
class SourceFile:
    """A file that was read."""

    dataset: str
    """Dataset name, as ``ADSL``."""
    name: str
    """File name."""
    sha256: str
    """Digest of its bytes."""
    rows: int
    columns: int
    """Size of the table in it, the header not counted."""


@dataclass(frozen=True)
class TextTable:
    """A dataset as text; the index is the row of the file (the header is row 1)."""

    frame: pd.DataFrame
    """Columns of texts, or categoricals of texts where each stands in many cells: see `sap.data.distinct`."""
    source: SourceFile
    blanks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Rows in which a cell began or ended with blanks, which are left out, by column."""


def broken(dataset: str, message: str, fix: str, row: int = 0, value: str = "") -> Failure:
    """Return what is wrong with a file."""
    return Failure(dataset, row, "", "", "file", value, message, fix)
