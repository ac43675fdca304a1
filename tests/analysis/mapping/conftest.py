"""Small datasets to map, from the cells of a table written as text."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.mapping.cells.columns import Table, table


def of_text(name: str, text: str) -> Table:
    """Return a dataset from lines of cells between blanks; a cell of ~ is empty, and _ is a blank."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    cells = [["" if c == "~" else c.replace("_", " ") for c in row] for row in rows]
    return table(name, f"{name.lower()}.csv", pd.DataFrame(cells, columns=header, dtype=str), {})


@pytest.fixture
def dataset() -> Callable[[str, str], Table]:
    return of_text


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def write(**files: str) -> Path:
        for name, text in files.items():
            lines = [line.split() for line in text.strip().splitlines()]
            csv = "".join(",".join("" if c == "~" else c.replace("_", " ") for c in line) + "\n" for line in lines)
            (tmp_path / f"{name}.csv").write_text(csv, encoding="utf-8")
        return tmp_path

    return write
