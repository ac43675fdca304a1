"""Parquet by Arrow, where the first route reads it by polars."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from analysis.recompute.files.sheet import Sheet, Wanted, day_text, number_text

if TYPE_CHECKING:
    import pyarrow as pa


def read(content: bytes, wanted: Wanted, _names: Sequence[str]) -> Sheet:
    """Return the wanted columns of a Parquet file."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (a study in CSV pays nothing for it)

    file = pq.ParquetFile(io.BytesIO(content))
    columns = {
        n.strip(): _column(file.read(columns=[n]).column(0)) for n in file.schema_arrow.names if wanted(n.strip())
    }
    return Sheet(columns, range(2, file.metadata.num_rows + 2))


def _column(cells: "pa.ChunkedArray") -> Sequence[str]:
    """Return the texts of a column; each distinct cell is made a text once."""
    if str(cells.type).startswith("dictionary"):
        cells = cells.cast(cells.type.value_type)
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
            return f"{cell:f}"
        case date():
            return day_text(cell)
        case _:
            return str(cell)
