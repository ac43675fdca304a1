"""Parquet by Arrow, where the first route reads it by polars."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from analysis.recompute.files.sheet import Asked, Sheet, clock_text, number_text

if TYPE_CHECKING:
    import pyarrow as pa


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of a Parquet file."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (a study in CSV pays nothing for it)

    file = pq.ParquetFile(io.BytesIO(content))
    names = {name.strip(): name for name in file.schema_arrow.names}
    rows: Sequence[int] = range(2, file.metadata.num_rows + 2)
    kept = None
    if asked.subjects and asked.subject in names:
        subjects = _column(file.read(columns=[names[asked.subject]]).column(0))
        kept = [i for i, subject in enumerate(subjects) if asked.about(subject)]
        rows = [i + 2 for i in kept]
    columns = {}
    for name, own in names.items():
        if asked.columns(name):
            cells = file.read(columns=[own]).column(0)
            columns[name] = _column(cells if kept is None else cells.take(kept))
    return Sheet(columns, rows)


def _column(cells: "pa.ChunkedArray") -> Sequence[str]:
    """Return the texts of a column; each distinct cell is made a text once."""
    if str(cells.type).startswith("dictionary"):
        cells = cells.cast(cells.type.value_type)
    if str(cells.type) == "float":  # of 32 bits: the shortest text of one, not of the number of 64 bits it becomes
        cells = cells.cast("string").cast("double")
    coded = cells.combine_chunks().dictionary_encode()
    texts = [*map(_text, coded.dictionary.to_pylist()), ""]
    return [texts[code] for code in coded.indices.fill_null(len(texts) - 1).to_pylist()]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case float():
            return number_text(cell)
        case Decimal():
            return number_text(float(cell))
        case timedelta():
            return clock_text(cell.total_seconds())
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
