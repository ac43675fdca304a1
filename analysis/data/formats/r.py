"""R: one data frame by ``saveRDS`` (RDS), or one of several by ``save`` (RData), whatever its compression."""

import bz2
import gzip
import io
import lzma
import warnings
import zlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.data.formats.r_attributes import Item, columns_of
from analysis.data.formats.table import (
    Column,
    TextTable,
    asked_for,
    broken,
    header_failures,
    table_of,
    without_subjects,
)
from analysis.data.formats.texts import clock, coded, numbers, texts
from sap.data.failures import Failure
from sap.model.variables import VariableType

_STARTS: Final = (b"X\n\0\0\0", b"RDX2\n", b"RDX3\n", b"A\n2\n", b"A\n3\n", b"RDA2\n", b"RDA3\n", b"B\n")
_PACKED: Final[Mapping[bytes, Callable[[bytes], bytes]]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\0": lzma.decompress,
}
_SAVE: Final = "Write the data frame again: saveRDS(data, file)."


def is_r(content: bytes) -> bool:
    """Return whether a file is R's, packed or not."""
    return _beginning(content).startswith(_STARTS)


def _beginning(content: bytes) -> bytes:
    with suppress(OSError, EOFError, zlib.error, lzma.LZMAError):
        if content.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(31).decompress(content, 8)
        if content.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(content, 8)
        if content.startswith(b"\xfd7zXZ\0"):
            return lzma.LZMADecompressor().decompress(content, 8)
    return content[:8]


def read_r(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a data frame as text, or what is wrong with the file."""
    unpack = next((how for start, how in _PACKED.items() if content.startswith(start)), bytes)
    try:
        plain = unpack(content)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        return [broken(dataset, f"{path.name} cannot be unpacked: {error}.", f"It may not be whole. {_SAVE}")]
    read = _frames(dataset, path, plain)
    if isinstance(read, list):
        return read
    frames, guessed = read
    names = {str(name).upper() if name else dataset: name for name in frames}
    at = next((n for n in (dataset, path.stem.upper()) if n in names), next(iter(names), "") if len(names) == 1 else "")
    if at not in names:
        inside = f"holds {', '.join(names)}, and none is {dataset}" if names else "holds no data frame"
        return [broken(dataset, f"{path.name} {inside}.", _SAVE)]
    frame, described = frames[names[at]].rename(columns=str), columns_of(plain, str(names[at]))
    kept = [name for name in frame.columns if not described or name in described]
    failures = [*header_failures(dataset, kept), *without_subjects(dataset, path, len(frame))]
    if failures:
        return failures
    columns = [_column(name, frame[name], described.get(name, Item(0))) for name in kept if asked_for(name, wanted)]
    return table_of(dataset, path, content, columns, (len(frame), len(kept)), guessed=guessed)


def _frames(dataset: str, path: Path, plain: bytes) -> tuple[Mapping[str | None, pd.DataFrame], str] | list[Failure]:
    import pyreadr  # noqa: PLC0415 (a study in CSV pays nothing for it)

    for encoding in (None, "WINDOWS-1252"):
        try:
            with warnings.catch_warnings(action="ignore"):
                found = pyreadr.read_r(io.BytesIO(plain), encoding=encoding)
        except UnicodeDecodeError:
            continue
        except Exception as error:  # noqa: BLE001 (the library raises its own, and others)
            lists = [name for name, column in columns_of(plain).items() if column.is_list]
            why = f"its column {lists[0]} is a list" if lists else str(error).rstrip(".")
            return [broken(dataset, f"{path.name} cannot be read as a data frame of R: {why}.", _SAVE)]
        return found, "Windows-1252" if encoding else ""
    return [broken(dataset, f"{path.name} holds texts in an encoding that is not known.", _SAVE)]


def _column(name: str, cells: "pd.Series[Any]", described: Item) -> Column:
    label = " ".join(described.said("label"))
    if isinstance(cells.dtype, pd.CategoricalDtype):
        whole = [*map(str, cells.cat.categories), ""]
        return Column(name, coded(cells.cat.codes.to_numpy(), whole), label, "text")
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        if "integer64" in described.said("class"):  # whole numbers of 64 bits, in the place of others
            values = values.view(np.int64).astype(np.float64)
            return Column(name, numbers(np.where(values == -(2.0**63), np.nan, values)), label, "integer")
        if "hms" in described.said("class"):
            return Column(name, numbers(values, lambda s: "" if np.isnan(s) else clock(s)), label)
        whole_numbers = pd.api.types.is_integer_dtype(cells.dtype)
        return Column(name, numbers(values), label, "integer" if whole_numbers else "number")
    objects = [None if missing else cell for cell, missing in zip(cells, cells.isna(), strict=True)]
    return Column(name, texts(objects), label, _declared(cells, described))


def _declared(cells: "pd.Series[Any]", described: Item) -> VariableType | None:
    classes = described.said("class")
    if "Date" in classes:
        return "date"
    if described.is_integers:
        return "integer"
    return None if "POSIXct" in classes or pd.api.types.is_datetime64_any_dtype(cells.dtype) else "text"
