"""Workbooks: the cells are those of a CSV file; formulas, errors, merged cells and hidden choices are told."""

import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from analysis.data.files import read_table
from tests.each import each

HEADER = ["USUBJID", "AGE", "TRTSDT"]


@pytest.fixture
def written(tmp_path):
    def write(rows, *, change=None, sheet="Sheet1", dataset="ADSL"):
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        if change:
            change(book)
        book.save(tmp_path / "adsl.xlsx")
        return read_table(dataset, tmp_path / "adsl.xlsx")

    return write


def told(found) -> list[tuple[int, str]]:
    assert isinstance(found, list), found
    assert all(f.fix for f in found)
    return [(f.row, f.message) for f in found]


def test_cells_are_the_texts_of_a_csv_file(written):
    header = ["USUBJID", "AGE", "BMI", "DAY", "DTM", "TM", "FLAG"]
    cells = ["01", 63, 0.1, date(2014, 1, 2), datetime.fromisoformat("2014-01-02T10:30"), time(10, 30), True]
    table = written([header, cells, ["02", None, None, None, None, None, None]])
    assert table.frame.to_numpy().tolist() == [
        ["01", "63", "0.1", "2014-01-02", "2014-01-02T10:30:00", "10:30:00", "true"],
        ["02", "", "", "", "", "", ""],
    ]
    assert table.frame.index.tolist() == [2, 3]


def test_empty_rows_and_columns_at_the_ends_are_no_cells(written):
    table = written([[*HEADER, None], ["01", 63, None, None], [None, None, None, ""]])
    assert table.frame.shape == (1, 3)


def test_the_sheet_of_the_datasets_name_is_read_else_the_only_one_with_cells(written):
    def with_notes(book):
        book.create_sheet("Notes").append(["Read me"])

    assert written([HEADER, ["01", 63, None]], change=lambda book: book.create_sheet("Empty")).frame.shape == (1, 3)
    assert written([HEADER, ["01", 63, None]], change=with_notes, sheet="adsl").frame.shape == (1, 3)
    ((_, message),) = told(written([HEADER, ["01", 63, None]], change=with_notes))
    assert "several sheets (Sheet1, Notes), and none is called ADSL" in message


@each(
    ("rows", "area", "row", "message"),
    [
        ([["Subject", None, "Start"], HEADER, ["01", 63, None]], "A1:B1", 1, "The header is merged (A1:B1): Subject."),
        ([HEADER, ["01", 63, None], [None, 64, None]], "A2:A3", 2, "Cells are merged (A2:A3), under USUBJID."),
    ],
)
def test_merged_cells_are_told_with_their_place(written, rows, area, row, message):
    assert told(written(rows, change=lambda book: book.active.merge_cells(area)))[0] == (row, message)


def test_a_title_above_the_header_is_told(written):
    assert "no name" in told(written([["My trial"], HEADER, ["01", 63, None]]))[0][1]


def test_a_formula_without_its_value_and_an_error_are_refused_with_row_and_column(written):
    def broken(book):
        book.active["C2"] = "#DIV/0!"

    found = told(written([HEADER, ["01", "=60+3", None], ["02", 64, None]], change=broken))
    assert found == [(2, "TRTSDT holds #DIV/0!."), (2, "AGE is a formula of which the file holds no value.")]


def test_a_formula_with_its_value_is_read_and_told(written, tmp_path):
    written([HEADER, ["01", "=60+3", None]])
    with zipfile.ZipFile(tmp_path / "adsl.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b"<f>60+3</f><v></v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"<f>60+3</f><v></v>", b"<f>60+3</f><v>63</v>")
    with zipfile.ZipFile(tmp_path / "adsl.xlsx", "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    table = read_table("ADSL", tmp_path / "adsl.xlsx")
    assert table.frame["AGE"].tolist() == ["63"]
    (note,) = table.notes
    assert (note.rule, note.row, note.column, note.severity) == ("formula", 2, "AGE", "warning")


def test_an_empty_row_between_others_is_told(written):
    assert told(written([HEADER, ["01", 63, None], [], ["02", 64, None]])) == [(3, "This row is empty.")]


def test_a_workbook_that_is_not_whole_is_told(written, tmp_path):
    written([HEADER, ["01", 63, None]])
    content = (tmp_path / "adsl.xlsx").read_bytes()
    (tmp_path / "adsl.xlsx").write_bytes(content[: len(content) // 2])
    ((_, message),) = told(read_table("ADSL", tmp_path / "adsl.xlsx"))
    assert "adsl.xlsx" in message
