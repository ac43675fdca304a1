"""A copy of a study's data in which a test plants a mistake, cell by cell."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BrokenData:
    """A folder of datasets; rows are counted as an editor does (the header is row 1)."""

    folder: Path

    def file(self, dataset: str) -> Path:
        return self.folder / f"{dataset.lower()}.csv"

    def text(self, dataset: str) -> str:
        return self.file(dataset).read_text(encoding="utf-8")

    def rows(self, dataset: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text(dataset), newline="")))

    def cell(self, dataset: str, row: int, column: str) -> str:
        rows = self.rows(dataset)
        return rows[row - 1][rows[0].index(column)]

    def row_of(self, dataset: str, **where: str) -> int:
        """Return the first row of the file in which all the cells are as given."""
        head, *rows = self.rows(dataset)
        for number, cells in enumerate(rows, start=2):
            if all(cells[head.index(column)] == value for column, value in where.items()):
                return number
        raise AssertionError(where)

    def set(self, dataset: str, row: int, **cells: str) -> "BrokenData":
        rows = self.rows(dataset)
        for column, value in cells.items():
            place = rows[0].index(column)
            assert rows[row - 1][place] != value, f"{dataset} row {row} {column} is {value} already"
            rows[row - 1][place] = value
        return self.write(dataset, rows)

    def append(self, dataset: str, **cells: str) -> int:
        rows = self.rows(dataset)
        rows.append([cells.get(column, "") for column in rows[0]])
        self.write(dataset, rows)
        return len(rows)

    def keep(self, dataset: str, wanted: Callable[[dict[str, str]], bool]) -> "BrokenData":
        """Keep the header and the rows a test wants."""
        head, *rows = self.rows(dataset)
        return self.write(dataset, [head, *(r for r in rows if wanted(dict(zip(head, r, strict=True))))])

    def write(self, dataset: str, rows: list[list[str]]) -> "BrokenData":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.file(dataset).write_text(out.getvalue(), encoding="utf-8")
        return self

    def replace(self, dataset: str, content: bytes) -> "BrokenData":
        self.file(dataset).write_bytes(content)
        return self
