"""Reading a dataset's file: every cell as text, exactly as it stands there, whatever the format."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from analysis.data.formats.comma_separated import read_csv
from analysis.data.formats.parquet import MAGIC, SUFFIX, read_parquet
from analysis.data.formats.table import TextTable, broken
from sap.data.failures import Failure

OTHER_KINDS: Final = {
    b"HEADER RECORD*******LIB": "a SAS transport file",
    bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c"): "a SAS dataset",
    MAGIC: "a Parquet file",
    b"PK\x03\x04": "a workbook or another archive",
    bytes.fromhex("d0cf11e0a1b11ae1"): "an old workbook",
    b"\x1f\x8b": "compressed",
}
"""How the formats begin in which datasets are often kept, and what they are."""
CSV_ALONE: Final = "Export the dataset as CSV: UTF-8, a header, dates as 2021-03-09, an empty cell for a missing value."

Reader = Callable[[str, Path, bytes, Collection[str]], TextTable | list[Failure]]
"""From a dataset, its file, the bytes of the file and the columns that are asked for to the table."""
READERS: Final[Mapping[str, Reader]] = {SUFFIX: read_parquet}
"""The readers of the formats other than CSV, by the ending of the file's name."""


def read_table(dataset: str, path: Path, wanted: Collection[str] = ()) -> TextTable | list[Failure]:
    """Return a file as text, or what is wrong with the file; a format may leave out columns that are not wanted."""
    told = partial(broken, dataset)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [told(f"The file {path} does not exist.", "Put it there, or name its folder with --data.")]
    except OSError as error:
        return [told(f"The file {path} cannot be read: {error.strerror}.", "Check what it is and who may read it.")]
    reader = READERS.get(path.suffix.lower(), read_csv)
    kind = next((kind for start, kind in OTHER_KINDS.items() if content.startswith(start)), "")
    if reader is read_csv and kind:
        hint = f" Or call it {path.stem}{SUFFIX}, in the plan too." if content.startswith(MAGIC) else ""
        return [told(f"{path.name} is {kind}, not a CSV file.", f"{CSV_ALONE}{hint}")]
    return reader(dataset, path, content, wanted)
