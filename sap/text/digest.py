"""Digests: what a file or a record is, in 64 characters."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from sap.text.files import read_whole
from sap.text.problems import UserError

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest, in hexadecimal."""


def canonical(content: Any) -> bytes:
    """Return the one way to write JSON content as bytes: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 digest of bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, whatever its size."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise UserError(f"{path} does not exist.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None


def joint_digest(parts: dict[str, str]) -> str:
    """Return one digest of several, by name: of files of code, or of datasets."""
    return digest(canonical(parts))


@dataclass(frozen=True)
class TableSize:
    """A table in a file."""

    sha256: str
    """Digest of the file's bytes."""
    rows: int
    columns: int
    """Size of the table, the header not counted."""


def read_table_size(path: Path) -> TableSize:
    """Return the digest and the size of a CSV file; whether its cells are right is not looked at."""
    content = read_whole(path)
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    try:
        header = next(reader, [])
        rows = sum(bool(cells) for cells in reader)
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file: {error}. Export the dataset again.") from None
    return TableSize(digest(content), rows, len(header))
