"""Each reader of the second route: what stands in a file, and the same as the first route finds in it."""

import json
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from analysis.data.files import read_table
from analysis.data.formats.table import TextTable
from analysis.recompute.files.kinds import read_sheet
from analysis.recompute.files.sheet import Asked, Sheet
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared"
PUBLIC = sorted(p for p in (SHARED / "adam").glob("*/*") if p.suffix in {".json", ".rds", ".parquet"})
PUBLIC += sorted((SHARED / "ars").glob("*/*/*.xpt"))
DAYS_FROM_1960 = 19_725  # 2014-01-02, as SAS counts: 54 years of which 14 have a day more, and one day


def second(path: Path) -> Sheet:
    return read_sheet(path.read_bytes(), Asked(lambda _: True, (path.stem.upper(),)))


def texts(sheet: Sheet) -> dict[str, list[str]]:
    return {name: list(cells) for name, cells in sheet.columns.items()}


@pytest.mark.skipif(not PUBLIC, reason="the public ADaM is not beside this checkout")
def test_public_data_are_read_the_same_by_both_routes_cell_by_cell():
    compared = 0
    for path in PUBLIC:
        first = read_table(path.stem.upper(), path)
        assert isinstance(first, TextTable), (path, first)
        again = texts(second(path))
        assert list(again) == list(first.frame.columns), path
        for name, cells in again.items():
            assert [c.removesuffix("T00:00:00") for c in cells] == first.frame[name].astype(str).tolist(), (path, name)
            compared += len(cells)
    assert compared > 700_000


@pytest.mark.parametrize("version", [5, 8])
def test_a_transport_file_holds_exact_numbers_days_and_letters(tmp_path, version):
    frame = pd.DataFrame({
        "USUBJID": ["é", "b ", ""],
        "AVAL": [0.1, -1234.5678, 1e-30],
        "DAY": [DAYS_FROM_1960, np.nan, -1],
        "TIME": [DAYS_FROM_1960 * 86400.0 + 37_800, 0, np.nan],
        "WHY": [2.5, 0, np.nan],
    })  # fmt: skip
    path = tmp_path / "adsl.xpt"
    formats = {"DAY": "DATE9.", "TIME": "DATETIME20."}
    pyreadstat.write_xport(frame, path, table_name="ADSL", file_format_version=version, variable_format=formats)
    content = path.read_bytes()
    before, missing, after = content.rpartition(b".\0\0\0\0\0\0\0")  # of WHY: it is the last
    path.write_bytes(before + missing.replace(b".", b"K") + after)
    sheet = second(path)
    assert texts(sheet) == {
        "USUBJID": ["é", "b", ""],
        "AVAL": ["0.1", "-1234.5678", "1e-30"],
        "DAY": ["2014-01-02", "", "1959-12-31"],
        "TIME": ["2014-01-02T10:30:00", "1960-01-01T00:00:00", ""],
        "WHY": ["2.5", "0", ""],
    }
    assert sheet.special == {"WHY": {2: ".K"}}


def test_dataset_json_of_three_kinds_says_the_same(tmp_path):
    columns = [
        {"name": "USUBJID", "dataType": "string"},
        {"name": "AVAL", "dataType": "decimal"},
        {"name": "N", "dataType": "integer"},
        {"name": "ADT", "dataType": "date", "targetDataType": "integer", "displayFormat": "DATE9."},
        {"name": "SDT", "dataType": "integer", "displayFormat": "E8601DA."},
        {"name": "ADTM", "dataType": "datetime"},
    ]
    rows = [["a", "0.10", 1, "2014-01-02", DAYS_FROM_1960, "2014-01-02T10:30:00"], ["b", None, None, None, None, None]]
    whole, lines, older = tmp_path / "adsl.json", tmp_path / "adsl.ndjson", tmp_path / "old.json"
    whole.write_text(json.dumps({"columns": columns, "rows": rows}), encoding="utf-8")
    lines.write_text("\n".join(map(json.dumps, [{"columns": columns}, *rows])), encoding="utf-8")
    items = [{"name": "ITEMGROUPDATASEQ", "type": "integer"}, *({**c, "type": c["dataType"]} for c in columns)]
    data = {"name": "ADSL", "items": items, "itemData": [[i, *row] for i, row in enumerate(rows, 1)]}
    older.write_text(json.dumps({"clinicalData": {"itemGroupData": {"IG.ADSL": data}}}), encoding="utf-8")
    expected = {
        "USUBJID": ["a", "b"],
        "AVAL": ["0.1", ""],
        "N": ["1", ""],
        "ADT": ["2014-01-02", ""],
        "SDT": ["2014-01-02", ""],
        "ADTM": ["2014-01-02T10:30:00", ""],
    }
    assert [texts(second(path)) for path in (whole, lines, older)] == [expected] * 3


def test_a_workbook_is_read_by_the_sheet_of_its_name(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("notes").append(["for the eye"])
    sheet = book.active
    sheet.title = "ADSL"
    sheet.append(["USUBJID", "AVAL", "ADT", "ADTM", "TM", "FL", "TX"])
    sheet.append(["a", 63.0, date(2014, 1, 2), datetime.fromisoformat("2014-01-02T10:30"), time(10, 30), True, "NA"])
    sheet.append(["b", 0.1, None, None, None, None, " x "])
    book.save(tmp_path / "adsl.xlsx")
    found = second(tmp_path / "adsl.xlsx")
    assert texts(found) == {
        "USUBJID": ["a", "b"],
        "AVAL": ["63", "0.1"],
        "ADT": ["2014-01-02", ""],
        "ADTM": ["2014-01-02T10:30:00", ""],
        "TM": ["10:30:00", ""],
        "FL": ["true", ""],
        "TX": ["NA", "x"],
    }
    assert list(found.rows) == [2, 3]


def test_parquet_is_read_as_texts(tmp_path):
    frame = pl.DataFrame({
        "N": [1, None], "AVAL": [63.0, 0.1], "ADT": [date(2014, 1, 2), None], "FL": [True, None],
        "ADTM": [datetime.fromisoformat("2014-01-02T10:30"), None], "TX": pl.Series([" x ", None], dtype=pl.Categorical),
    })  # fmt: skip
    frame.write_parquet(tmp_path / "adsl.parquet")
    assert texts(second(tmp_path / "adsl.parquet")) == {
        "N": ["1", ""],
        "AVAL": ["63", "0.1"],
        "ADT": ["2014-01-02", ""],
        "FL": ["true", ""],
        "ADTM": ["2014-01-02T10:30:00", ""],
        "TX": ["x", ""],
    }


SEPARATED = {
    "commas, and a blank line": (b'A,B\n"x,y",1.5\n\nz,2\n', {"A": ["x,y", "z"], "B": ["1.5", "2"]}, [2, 4]),
    "semicolons with decimal commas": (b"A;B\nx,y;1,5\nz;2\n", {"A": ["x,y", "z"], "B": ["1.5", "2"]}, [2, 3]),
    "commas that may stand between thousands": (b"A;B\nx;1,234\nz;2\n", {"A": ["x", "z"], "B": ["1,234", "2"]}, [2, 3]),
    "as Excel says": (b"sep=;\r\nA;B\r\nx;1\r\n", {"A": ["x"], "B": ["1"]}, [3]),
    "tabs": (b"A\tB\n x \t1\n", {"A": ["x"], "B": ["1"]}, [2]),
    "UTF-16": ("A,B\né,1\n".encode("utf-16"), {"A": ["é"], "B": ["1"]}, [2]),
    "Windows-1252": ("A,B\né,1\n".encode("cp1252"), {"A": ["é"], "B": ["1"]}, [2]),
    "two lines in a cell": (b'A,B\n"x\ny",1\nz,2\n', {"A": ["x\ny", "z"], "B": ["1", "2"]}, [2, 4]),
}


@pytest.mark.parametrize("kind", SEPARATED)
def test_separated_texts(tmp_path, kind):
    content, columns, rows = SEPARATED[kind]
    (tmp_path / "adsl.csv").write_bytes(content)
    found = second(tmp_path / "adsl.csv")
    assert (texts(found), list(found.rows)) == (columns, rows)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_of_many_subjects_only_those_asked_for_are_read(tmp_path, ending):
    frame = pl.DataFrame({"SUBJECT": ["a", "b", "c", "b"], "N": [1, 2, 3, 4]})
    path = tmp_path / f"adsl.{ending}"
    _ = frame.write_parquet(path) if ending == "parquet" else frame.write_csv(path)
    asked = Asked(lambda name: name == "N", ("ADSL",), "SUBJECT", frozenset({"b"}))
    found = read_sheet(path.read_bytes(), asked)
    assert (texts(found), list(found.rows)) == ({"N": ["2", "4"]}, [3, 5])
