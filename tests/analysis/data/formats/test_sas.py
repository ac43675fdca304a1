"""SAS transport files: dates by their formats, letters of missing values, and what is not whole is told."""

from datetime import date, datetime, time

import pandas as pd
import pyreadstat
import pytest

from analysis.data.files import read_table
from analysis.data.formats.sas_values import kind_of
from tests.each import each

FRAME = pd.DataFrame(
    {
        "USUBJID": ["01", "02", "03"],
        "AGE": [63.0, 1.5, 0.1],
        "TRTSDT": [date(2014, 1, 2), None, date(1950, 1, 1)],
        "TRTSDTM": [datetime.fromisoformat("2014-01-02T10:30"), None, datetime.fromisoformat("2014-01-02")],
        "TRTSTM": [time(10, 30), None, time(0, 0, 1)],
    }
)


def transport(path, frame=FRAME, version=5, name="ADSL", **more) -> bytes:
    pyreadstat.write_xport(frame, path, table_name=name, file_format_version=version, **more)
    return path.read_bytes()


@pytest.fixture
def read(tmp_path):
    def from_bytes(content: bytes, dataset: str = "ADSL", wanted=()):
        (tmp_path / "adsl.xpt").write_bytes(content)
        return read_table(dataset, tmp_path / "adsl.xpt", wanted)

    return from_bytes


def told(found) -> str:
    assert isinstance(found, list), found
    (failure,) = found
    return failure.message


@each("version", [5, 8])
def test_a_transport_file_gives_the_texts_of_a_csv_file(read, tmp_path, version):
    table = read(transport(tmp_path / "x", version=version, column_labels={"AGE": "Age (years)"}))
    assert table.frame.to_numpy().tolist() == [
        ["01", "63", "2014-01-02", "2014-01-02T10:30:00", "10:30:00"],
        ["02", "1.5", "", "", ""],
        ["03", "0.1", "1950-01-01", "2014-01-02T00:00:00", "00:00:01"],
    ]
    assert table.frame.index.tolist() == [2, 3, 4]
    assert table.labels == {"AGE": "Age (years)"}
    assert table.types == {"USUBJID": "text", "AGE": "number", "TRTSDT": "date"}
    assert not table.notes


def test_columns_nobody_asks_for_are_left_out_and_counted(read, tmp_path):
    table = read(transport(tmp_path / "x"), wanted={"AGE"})
    assert (list(table.frame.columns), table.source.columns) == (["AGE"], 5)


@each(
    ("sas_format", "kind"),
    [
        ("DATE9.", "date"), ("YYMMDD10.", "date"), ("YYMMDDN8", "date"), ("E8601DA.", "date"), ("DDMMYY10.", "date"),
        ("MMDDYYS10.", "date"), ("MONYY7.", "date"), ("IS8601DA.", "date"), ("WEEKDATE29.", "date"),
        ("DATETIME20.", "datetime"), ("E8601DT19.", "datetime"), ("IS8601DT.", "datetime"), ("DATEAMPM.", "datetime"),
        ("DTDATE9.", "datetime"), ("TIME5.", "time"), ("HHMM.", "time"), ("TOD8.", "time"), ("E8601TM8.", "time"),
        ("8.2", "number"), ("BEST12.", "number"), ("F5.1", "number"), ("", "number"), ("COMMA9.2", "number"),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_is(sas_format, kind):
    assert kind_of(sas_format) == kind


@each("letter", ["A", "Z", "_"])
def test_a_missing_value_keeps_its_letter_and_the_cell_is_empty(read, tmp_path, letter):
    content = transport(tmp_path / "x", FRAME[["USUBJID", "AGE"]])
    at = content.rindex(b"02") + 2
    table = read(content[:at] + letter.encode() + bytes(7) + content[at + 8 :])
    assert table.frame["AGE"].tolist() == ["63", "", "0.1"]
    assert table.special == {"AGE": {3: f".{letter}"}}


def test_a_file_that_ends_within_a_row_is_told_with_the_row(read, tmp_path):
    content = transport(tmp_path / "x", FRAME[["USUBJID", "AGE"]])
    at = content.rindex(b"03")
    assert told(read(content[: at + 5])) == "adsl.xpt ends in the middle of row 4, after 2 whole rows."


def test_a_file_that_ends_after_a_row_but_within_a_record_is_a_warning(read, tmp_path):
    content = transport(tmp_path / "x", FRAME[["USUBJID", "AGE"]])
    (note,) = read(content[: content.rindex(b"03")]).notes
    assert "records of 80" in note.message
    assert note.severity == "warning"


@each("size", [100, 300, 400, 700])
def test_a_file_that_ends_before_its_rows_is_told(read, tmp_path, size):
    assert "adsl.xpt" in told(read(transport(tmp_path / "x")[:size]))


def test_letters_of_windows_are_read_and_the_encoding_is_told(read, tmp_path):
    content = transport(tmp_path / "x", FRAME[["USUBJID", "AGE"]])
    at = content.rindex(b"02")
    table = read(content[:at] + b"\xe92" + content[at + 2 :])
    assert table.frame["USUBJID"].tolist() == ["01", "é2", "03"]
    (note,) = table.notes
    assert (note.rule, note.row, note.column, note.severity) == ("encoding", 3, "USUBJID", "warning")
    assert "Windows-1252" in note.message


def test_of_several_datasets_in_a_file_that_of_the_name_is_read(read, tmp_path):
    one, two = transport(tmp_path / "x"), transport(tmp_path / "y", FRAME[["AGE"]], name="ADVS")
    both = one + two[240:]
    assert read(both, "ADVS").frame.columns.tolist() == ["AGE"]
    (tmp_path / "all.xpt").write_bytes(both)
    assert "holds 2 datasets (ADSL, ADVS), and none is ADAE" in told(read_table("ADAE", tmp_path / "all.xpt"))
