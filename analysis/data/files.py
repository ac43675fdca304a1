"""Reading a dataset's file: every cell as text, whatever the format, which its content tells and not its name."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from analysis.data.formats.dataset_json import read_dataset_json
from analysis.data.formats.delimited import read_csv
from analysis.data.formats.excel import is_workbook, read_excel
from analysis.data.formats.parquet import read_parquet
from analysis.data.formats.r import is_r, read_r
from analysis.data.formats.sas import read_sas7bdat, read_xpt
from analysis.data.formats.table import TextTable, broken, noted
from sap.data.failures import Failure
from sap.text.files import TableSize, read_table_size, read_whole
from sap.text.problems import UserError

Reader = Callable[[str, Path, bytes, Collection[str]], TextTable | list[Failure]]
"""From a dataset, its file, the bytes of the file and the columns that are asked for to the table."""
READERS: Final[Mapping[bytes, Reader]] = {
    b"HEADER RECORD*******LIB": read_xpt,
    bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c"): read_sas7bdat,
    b"PAR1": read_parquet,
}
"""The readers of formats by how their files begin."""
OTHER_KINDS: Final = {
    b"**COMPRESSED** **COMPRESSED**": (
        "a SAS CPORT file",
        "Write it with the XPORT engine of SAS.",
    ),
    b"PK\x03\x04": ("an archive", "Unpack it, and put the file that is in it there."),
    b"\x1f\x8b": ("compressed", "Unpack it, and put the file that is in it there."),
}
"""How files begin that are not read, what they are, and what to do."""
_JSON: Final = (b"{", b"[")
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_MOST_TEXT: Final = 1 << 30
"""Bytes of the largest file that is read as a whole, as a text is; as objects in memory it is many times larger."""
_ENDINGS: Final = frozenset(
    {"csv", "tsv", "txt", "xpt", "sas7bdat", "parquet", "json", "ndjson", "rds", "rdata", "rda", "xlsx", "xlsm"}
    | {"xlsb", "xls", "ods"}
)
"""How files end in which a dataset is kept."""


def read_table(dataset: str, path: Path, wanted: Collection[str] = ()) -> TextTable | list[Failure]:
    """Return a file as text, or what is wrong with the file; a format may leave out columns that are not wanted."""
    told = partial(broken, dataset)
    try:
        large = path.stat().st_size > _MOST_TEXT
        if large and _reader(_beginning(path)) in {read_csv, read_dataset_json}:
            told_size = f"{path.name} is a text of {path.stat().st_size / 2**30:.1f} GiB; at most one is read."
            return [told(told_size, _COLUMNS)]
        content = path.read_bytes()
        found = _reader(content)(dataset, path, content, wanted)
    except FileNotFoundError:
        return [told(f"The file {path} does not exist.", "Put it there, or name its folder with --data.")]
    except OSError as error:
        return [told(f"The file {path} cannot be read: {error.strerror}.", "Check what it is and who may read it.")]
    except MemoryError:
        return [told(f"{path.name} needs more memory than there is.", _COLUMNS)]
    return found if isinstance(found, list) else replace(found, notes=(*found.notes, *_twice(dataset, path)))


def read_size(dataset: str, path: Path) -> TableSize:
    """Return the digest and the size of a dataset's file; what is wrong within a CSV or Parquet is not looked at."""
    found = read_table(dataset, path, {"USUBJID"})
    if not isinstance(found, list):
        return TableSize(found.source.sha256, found.source.rows, found.source.columns)
    if _reader(read_whole(path)) in {read_csv, read_parquet}:
        return read_table_size(path)
    raise UserError(f"{path} cannot be sealed: {found[0].message} {found[0].fix}")


_COLUMNS: Final = "Write the dataset as Parquet, of which only the columns are read that the plan asks for."


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(1 << 12)


def _twice(dataset: str, path: Path) -> list[Failure]:
    """Return that the same dataset lies beside a file in another format, which was not read."""
    name = path.stem.casefold()
    beside = sorted(p.name for p in path.parent.iterdir() if p.stem.casefold() == name and p.name != path.name)
    others = [other for other in beside if other.rpartition(".")[2].casefold() in _ENDINGS]
    if not others:
        return []
    message = f"Beside {path.name} there is {' and '.join(others)}: {path.name} was read, as the plan says."
    return [noted(dataset, "twice", message, "Make sure that it is the newer one, and remove the other.")]


def _reader(content: bytes) -> Reader:
    for start, reader in READERS.items():
        if content.startswith(start):
            return reader
    if is_r(content):
        return read_r
    if is_workbook(content):
        return read_excel
    for start, (kind, fix) in OTHER_KINDS.items():
        if content.startswith(start):
            return partial(_refused, kind, fix)
    return read_dataset_json if content[:100].lstrip(_MARKS).startswith(_JSON) else read_csv


def _refused(kind: str, fix: str, dataset: str, path: Path, _content: bytes, _wanted: Collection[str]) -> list[Failure]:
    return [broken(dataset, f"{path.name} is {kind}, from which no dataset is read.", fix)]
