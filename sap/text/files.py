"""Files: names that cannot leave their folder, writing whole or not at all, and what a file is in 64 characters."""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import AfterValidator, Field

from sap.text.problems import UserError


def _relative(name: str) -> str:
    path = PurePosixPath(name)
    plain = name not in {"", "."} and not set(name) & set("\\:\0") and not path.is_absolute() and ".." not in path.parts
    if not plain or str(path) != name:
        msg = f"'{name}' should be a path inside its folder: not absolute, without '..', backslash or drive"
        raise ValueError(msg)
    return name


RelativePath = Annotated[str, AfterValidator(_relative)]
"""A path below a folder, with ``/`` between its parts."""


def within(folder: Path, name: str) -> Path:
    """Return the path of a name in a folder, refusing one that leaves it."""
    try:
        path = folder / _relative(name)
        inside = path.resolve().is_relative_to(folder.resolve())
    except ValueError as error:
        raise UserError(f"{folder}: {error}.") from None
    except (OSError, RuntimeError) as error:  # a loop of links
        raise UserError(f"{folder / name} cannot be followed: {error}.") from None
    if not inside:
        raise UserError(f"{path} is a link that leaves {folder}. Put the file itself there.")
    return path


def read_whole(path: Path) -> bytes:
    """Return the bytes of a file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path} does not exist.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None


def as_bytes(content: str | bytes) -> bytes:
    """Return the content of a file, given as it is or as text in UTF-8."""
    return content.encode() if isinstance(content, str) else content


def replace_whole(path: Path, content: bytes) -> None:
    """Write a file so that neither a reader nor a crash, not even of the machine, ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    finally:  # also when the command is stopped
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def clear_drafts(path: Path) -> None:
    """Remove what processes that were killed had written of a file; the caller holds it against those that live."""
    for draft in path.parent.glob(f".{path.name}.*.draft"):
        draft.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, *, seconds: float = 30) -> Iterator[None]:
    """Hold a file against other processes that would change it; a holder that is killed lets go."""
    try:
        lock = FileLock(path.with_name(f".{path.name}.held"), timeout=seconds)
        lock.acquire()
    except Timeout:
        raise UserError(f"{path} is being changed by another process. Try again when it has finished.") from None
    except OSError as error:
        raise UserError(f"{path.parent} cannot be written: {error.strerror}.") from None
    try:
        clear_drafts(path)
        yield
    finally:
        lock.release()


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
    """Return the digest and the size of a table in CSV or Parquet; whether its cells are right is not looked at."""
    content = read_whole(path)
    if content.startswith(b"PAR1"):
        return _parquet_size(content)
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    try:
        header = next(reader, [])
        rows = sum(bool(cells) for cells in reader)
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file: {error}. Export the dataset again.") from None
    return TableSize(digest(content), rows, len(header))


def _parquet_size(content: bytes) -> TableSize:
    import polars as pl  # noqa: PLC0415 (a study in CSV pays nothing for it)

    table = pl.scan_parquet(io.BytesIO(content))
    return TableSize(digest(content), table.select(pl.len()).collect().item(), len(table.collect_schema()))
