"""Reading a dataset's file: every cell as text, whatever the format, which its content tells and not its name."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from analysis.data.formats.comma_separated import read_csv
from analysis.data.formats.dataset_json import read_dataset_json
from analysis.data.formats.parquet import read_parquet
from analysis.data.formats.sas import read_sas7bdat, read_xpt
from analysis.data.formats.table import TextTable, broken
from sap.data.failures import Failure

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
    b"PK\x03\x04": ("a workbook or another archive", "Export the dataset as CSV."),
    bytes.fromhex("d0cf11e0a1b11ae1"): ("an old workbook", "Export the dataset as CSV."),
    b"\x1f\x8b": ("compressed", "Unpack it, and put the file that is in it there."),
}
"""How files begin that are not read, what they are, and what to do."""
_JSON: Final = (b"{", b"[")
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def read_table(dataset: str, path: Path, wanted: Collection[str] = ()) -> TextTable | list[Failure]:
    """Return a file as text, or what is wrong with the file; a format may leave out columns that are not wanted."""
    told = partial(broken, dataset)
    try:
        content = path.read_bytes()
        return _reader(content)(dataset, path, content, wanted)
    except FileNotFoundError:
        return [told(f"The file {path} does not exist.", "Put it there, or name its folder with --data.")]
    except OSError as error:
        return [told(f"The file {path} cannot be read: {error.strerror}.", "Check what it is and who may read it.")]


def _reader(content: bytes) -> Reader:
    for start, reader in READERS.items():
        if content.startswith(start):
            return reader
    for start, (kind, fix) in OTHER_KINDS.items():
        if content.startswith(start):
            return partial(_refused, kind, fix)
    return read_dataset_json if content[:100].lstrip(_MARKS).startswith(_JSON) else read_csv


def _refused(kind: str, fix: str, dataset: str, path: Path, _content: bytes, _wanted: Collection[str]) -> list[Failure]:
    return [broken(dataset, f"{path.name} is {kind}, from which no dataset is read.", fix)]
