"""Parquet: the values are those of a CSV file of the same data, and what is wrong with the file is told."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from analysis.data.files import read_table
from analysis.data.formats.table import TextTable
from analysis.data.load import load
from analysis.running.run import run
from sap.data.distinct import distinct
from sap.text.files import read_table_size


@pytest.fixture
def written(tmp_path):
    def write(wanted=(), **columns) -> TextTable:
        pl.DataFrame(columns).write_parquet(tmp_path / "adsl.parquet")
        found = read_table("ADSL", tmp_path / "adsl.parquet", wanted)
        assert isinstance(found, TextTable), found
        return found

    return write


def test_cells_are_the_texts_of_a_csv_file(written):
    table = written(
        TEXT=["a", None, " b "],
        WHOLE=[1, None, -3],
        NUMBER=[1.0, 0.1, float("nan")],
        DAY=[date(2021, 3, 9), None, date(1999, 12, 31)],
        TIME=[datetime.fromisoformat("2021-03-09"), datetime.fromisoformat("2021-03-09T08:30"), None],
        FLAG=[True, False, None],
    )
    assert table.frame.astype(str).to_dict("list") == {
        "TEXT": ["a", "", "b"],
        "WHOLE": ["1", "", "-3"],
        "NUMBER": ["1", "0.1", ""],
        "DAY": ["2021-03-09", "", "1999-12-31"],
        "TIME": ["2021-03-09T00:00:00", "2021-03-09T08:30:00", ""],
        "FLAG": ["true", "false", ""],
    }
    assert list(table.frame.index) == [2, 3, 4]
    assert table.blanks == {"TEXT": (4,)}


def test_a_text_is_kept_once_and_columns_nobody_asks_for_are_not_read(written):
    table = written({"A"}, A=["x", "y", "x"] * 1000, OTHER=list(range(3000)))
    codes, found = distinct(table.frame["A"])
    assert (found, codes.dtype, list(codes[:3])) == (["x", "y"], np.int8, [0, 1, 0])
    assert list(table.frame.columns) == ["A"]
    assert (table.source.rows, table.source.columns) == (3000, 2)


def test_what_is_wrong_with_the_file_is_told(tmp_path):
    pl.DataFrame({"A": [[1], [2]]}).write_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
    nested, cut = (read_table("ADLB", tmp_path / name)[0].message for name in ("a.parquet", "b.parquet"))
    assert "The column A holds cells of type List(Int64)." in nested
    assert "b.parquet is no whole Parquet file" in cut


def test_the_content_says_what_a_file_is_and_not_its_name(tmp_path):
    (tmp_path / "a.parquet").write_text("AGE\n63\n", encoding="utf-8")
    pl.DataFrame({"AGE": [63]}).write_parquet(tmp_path / "a.csv")
    assert [read_table("ADLB", tmp_path / name).frame["AGE"].tolist() for name in ("a.parquet", "a.csv")] == [
        ["63"]
    ] * 2


def test_datetimes_that_are_all_at_midnight_are_dates_whatever_their_unit(written):
    day = datetime.fromisoformat("2021-03-09")
    columns = {unit: pl.Series([day, None], dtype=pl.Datetime(unit)) for unit in ("ms", "us", "ns")}
    assert written(**columns).frame.astype(str).to_numpy().tolist() == [["2021-03-09"] * 3, [""] * 3]


def test_a_single_precision_number_is_the_decimal_that_was_meant(written):
    assert written(A=pl.Series([0.1], dtype=pl.Float32)).frame["A"].tolist() == ["0.1"]


def test_types_are_those_the_file_declares(written):
    assert written(A=["x"], B=[1], C=[0.5], D=[date(2021, 3, 9)]).types == {
        "A": "text", "B": "integer", "C": "number", "D": "date",
    }  # fmt: skip


def test_the_results_of_this_study_are_the_same_from_parquet(study, results, tmp_path):
    plan, source = study.plan, study.data
    datasets = {}
    for name, dataset in plan.datasets.items():
        frame = source[name].copy()
        for column in frame.columns[[pd.api.types.is_datetime64_any_dtype(t) for t in frame.dtypes]]:
            frame[column] = frame[column].dt.date.astype(object).where(frame[column].notna(), None)
        columns = {c: pl.Series(c, [None if pd.isna(v) else v for v in frame[c]]) for c in frame.columns}
        file = dataset.file.replace(".csv", ".parquet")
        pl.DataFrame(columns).write_parquet(tmp_path / file)
        assert read_table_size(tmp_path / file).rows == len(frame)
        datasets[name] = dataset.model_copy(update={"file": file})
    changed = plan.model_copy(update={"datasets": datasets})
    assert run(load(changed, tmp_path)).to_csv() == results.to_csv()
