"""Parquet: typed columns, read one by one, each as the texts that a CSV file of the same data would hold.

A text that stands in many cells is kept once: a column is a categorical of its distinct cells. What a column of ten
million records costs is then four bytes a record or fewer, and what is asked of texts is asked of each of them once.
"""

import hashlib
import io
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.data.formats.table import SourceFile, TextTable, broken
from sap.data.failures import Failure

if TYPE_CHECKING:
    import polars as pl

SUFFIX: Final = ".parquet"
MAGIC: Final = b"PAR1"
"""How such a file begins."""
EXPORT: Final = "Write the dataset as Parquet again, with columns of texts, numbers and dates."


def read_parquet(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a Parquet file as text (all, where none are named), or what is wrong with it.

    A record's row is the one it would have below the header of a CSV file.
    """
    import polars as pl  # noqa: PLC0415 (a study in CSV pays nothing for it)

    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        names = [name for name in schema if not wanted or name.strip().upper() in wanted]
        rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
        failures = [*_headers(dataset, schema), *_unreadable(dataset, schema, names)]
        if rows == 0 and dataset == "ADSL":
            failures.append(broken(dataset, f"{path.name} has columns and no rows.", "Add the subjects."))
        if failures:
            return failures
        index = pd.RangeIndex(2, rows + 2, name="row")
        columns, blanks = {}, {}
        for name in names:
            columns[name.strip()], marred = _texts(pl.read_parquet(io.BytesIO(content), columns=[name])[name])
            if marred.size:
                blanks[name.strip()] = tuple(map(int, index[marred]))
    except pl.exceptions.PolarsError as error:
        return [broken(dataset, f"{path.name} is not a Parquet file: {str(error).splitlines()[0]}.", EXPORT)]
    source = SourceFile(dataset, path.name, hashlib.sha256(content).hexdigest(), rows, len(schema))
    return TextTable(pd.DataFrame(columns, index=index), source, blanks)


def _headers(dataset: str, schema: Iterable[str]) -> list[Failure]:
    counts = Counter(name.strip() for name in schema)
    return [
        broken(dataset, f"The column {name or '(no name)'} appears {n} times.", "Column names must differ.", 1, name)
        for name, n in counts.items()
        if n > 1 or not name
    ]


def _unreadable(dataset: str, schema: "Mapping[str, pl.DataType]", names: Iterable[str]) -> list[Failure]:
    """Return the columns whose cells are not one text, number or date."""
    nested = ((name, schema[name]) for name in names if schema[name].is_nested() or str(schema[name]) == "Binary")
    return [broken(dataset, f"The column {name} holds cells of type {kind}.", EXPORT, 1, name) for name, kind in nested]


def _texts(column: "pl.Series") -> tuple[pd.Categorical, np.ndarray]:
    """Return a column as texts, and the positions of those that began or ended with blanks."""
    distinct = column.unique(maintain_order=True)
    numbered = distinct.to_frame("cell").with_row_index("at")
    joined = column.to_frame("cell").join(numbered, on="cell", how="left", nulls_equal=True, maintain_order="left")
    at = joined["at"].to_numpy()
    whole = [_text(value) for value in distinct]
    bare = [text.strip() for text in whole]
    codes, texts = pd.factorize(np.array(bare, dtype=object))
    marred = [i for i, (text, stripped) in enumerate(zip(whole, bare, strict=True)) if text != stripped]
    narrow = np.min_scalar_type(-max(len(texts), 1))
    cells = pd.Categorical.from_codes(codes.astype(narrow)[at], categories=pd.Index(texts, dtype=object))
    return cells, np.flatnonzero(np.isin(at, marred)) if marred else np.array([], dtype=np.intp)


def _text(cell: object) -> str:
    """Return a cell as a CSV file has it: a whole number without a decimal, a date in ISO 8601, nothing if missing."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return str(cell).lower()
        case float():
            return "" if math.isnan(cell) else repr(cell).removesuffix(".0")
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case _:
            return str(cell)
