"""Parquet: typed columns, read one by one, each as the texts that a CSV file of the same data would hold.

A text that stands in many cells is kept once: a column is a categorical of its distinct cells. What a column of ten
million records costs is then four bytes a record or fewer, and what is asked of texts is asked of each of them once.
"""

import io
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.data.formats.table import (
    Column,
    TextTable,
    asked_for,
    broken,
    header_failures,
    table_of,
    without_subjects,
)
from analysis.data.formats.texts import Texts, as_text, coded
from sap.data.failures import Failure
from sap.model.variables import VariableType

if TYPE_CHECKING:
    import polars as pl

EXPORT: Final = "Write the dataset as Parquet again, with columns of texts, numbers and dates."


def read_parquet(dataset: str, path: Path, content: bytes, wanted: Collection[str]) -> TextTable | list[Failure]:
    """Return the wanted columns of a Parquet file as text (all, where none are named), or what is wrong with it.

    A record's row is the one it would have below the header of a CSV file.
    """
    import polars as pl  # noqa: PLC0415 (a study in CSV pays nothing for it)

    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        names = [name for name in schema if asked_for(name, wanted)]
        rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
        failures = [
            *header_failures(dataset, schema),
            *_unreadable(dataset, schema, names),
            *without_subjects(dataset, path, rows),
        ]
        if failures:
            return failures
        columns = [
            Column(
                name, _texts(pl.read_parquet(io.BytesIO(content), columns=[name])[name]), type=_declared(schema[name])
            )
            for name in names
        ]
    except pl.exceptions.PolarsError as error:
        return [broken(dataset, f"{path.name} is no whole Parquet file: {str(error).splitlines()[0]}.", EXPORT)]
    return table_of(dataset, path, content, columns, (rows, len(schema)))


def _unreadable(dataset: str, schema: "Mapping[str, pl.DataType]", names: Iterable[str]) -> list[Failure]:
    """Return the columns whose cells are not one text, number or date."""
    nested = ((name, schema[name]) for name in names if schema[name].is_nested() or str(schema[name]) == "Binary")
    return [broken(dataset, f"The column {name} holds cells of type {kind}.", EXPORT, 1, name) for name, kind in nested]


def _texts(column: "pl.Series") -> Texts:
    """Return a column as texts."""
    distinct = column.unique(maintain_order=True)
    numbered = distinct.to_frame("cell").with_row_index("at")
    joined = column.to_frame("cell").join(numbered, on="cell", how="left", nulls_equal=True, maintain_order="left")
    narrow = np.float32 if str(column.dtype) == "Float32" else None
    return coded(joined["at"].to_numpy(), [as_text(v if narrow is None or v is None else narrow(v)) for v in distinct])


def _declared(kind: "pl.DataType") -> VariableType | None:
    if kind.is_integer():
        return "integer"
    if kind.is_numeric():
        return "number"
    return None if kind.is_temporal() and str(kind) != "Date" else "date" if kind.is_temporal() else "text"
