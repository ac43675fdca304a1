"""A file is read as it stands: what is ordinary passes, what is broken is refused with its row."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.files import read_table
from analysis.data.formats.table import TextTable
from sap.data.failures import Failure
from tests.each import each

HEAD = b"STUDYID,USUBJID,AGE\n"


@pytest.fixture
def read(tmp_path):
    def from_bytes(content: bytes, dataset: str = "ADSL") -> TextTable | list[Failure]:
        file = tmp_path / "adsl.csv"
        file.write_bytes(content)
        return read_table(dataset, file)

    return from_bytes


def cells(table) -> list[list[str]]:
    assert isinstance(table, TextTable), table
    return table.frame.to_numpy().tolist()


def only(failures) -> Failure:
    assert isinstance(failures, list)
    (failure,) = failures
    assert failure.rule == "file"
    assert failure.message
    assert failure.fix
    return failure


def test_every_cell_is_text_and_rows_are_counted_with_the_header(read):
    table = read(HEAD + b"T,01,43\nT,02,\n")
    assert cells(table) == [["T", "01", "43"], ["T", "02", ""]]
    assert table.frame.index.tolist() == [2, 3]


def test_a_file_is_described_by_its_name_size_and_digest(read):
    content = HEAD + b"T,01,43\n"
    source = read(content).source
    assert (source.dataset, source.name, source.rows, source.columns) == ("ADSL", "adsl.csv", 1, 3)
    assert source.sha256 == hashlib.sha256(content).hexdigest()


ORDINARY = {
    "windows line ends": HEAD.replace(b"\n", b"\r\n") + b"T,01,43\r\n",
    "old Macintosh line ends": HEAD.replace(b"\n", b"\r") + b"T,01,43\r",
    "a byte-order mark": b"\xef\xbb\xbf" + HEAD + b"T,01,43\n",
    "no line end at the end": HEAD + b"T,01,43",
    "blank lines at the end": HEAD + b"T,01,43\n\n\n",
    "quoted cells": b'"STUDYID","USUBJID","AGE"\n"T","01","43"\n',
    "spaces around cells": b"STUDYID , USUBJID,AGE\n T ,01, 43\n",
}


@each("name", ORDINARY)
def test_what_exports_differ_in_is_ordinary(read, name):
    table = read(ORDINARY[name])
    assert cells(table) == [["T", "01", "43"]]
    assert table.frame.columns.tolist() == ["STUDYID", "USUBJID", "AGE"]


def test_commas_quotes_and_line_breaks_in_quoted_cells_belong_to_the_cell_and_rows_stay_right(read):
    table = read(HEAD + b'T,"one, two",1\nT,"line\nbreak",2\nT,"a ""word""",3\n')
    assert [row[1] for row in cells(table)] == ["one, two", "line\nbreak", 'a "word"']
    assert table.frame.index.tolist() == [2, 3, 5]


def test_letters_of_any_language_are_kept(read):
    assert cells(read(HEAD + "T,Gödel – 王,43\n".encode()))[0][1] == "Gödel – 王"


def test_a_word_for_missing_is_kept_as_written_and_not_taken_for_missing(read):
    """A subject called NA is a subject; a code NA is judged by its code list."""
    assert cells(read(HEAD + b"T,NA,NaN\n")) == [["T", "NA", "NaN"]]


def test_a_missing_file_is_named_with_the_option_that_finds_it(tmp_path):
    failure = only(read_table("ADSL", tmp_path / "adsl.csv"))
    assert str(tmp_path / "adsl.csv") in failure.message
    assert "--data" in failure.fix


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "adsl.csv").mkdir()
    assert "cannot be read" in only(read_table("ADSL", tmp_path / "adsl.csv")).message


@each("content", [b"", b"\n\n", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(read, content):
    assert "is empty" in only(read(content)).message


def test_a_header_without_subjects_is_refused(read):
    assert "a header and no rows" in only(read(HEAD)).message


def test_a_header_alone_is_a_dataset_of_which_there_may_be_no_record(read):
    """No adverse event at all is a result, not a mistake."""
    assert cells(read(HEAD, "ADAE")) == []


@each(
    ("content", "kind"),
    [
        (b"**COMPRESSED** **COMPRESSED** **COMPRESSED**", "a SAS CPORT file"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe\x00", "an archive"),
        (b"\x1f\x8b\x08\x00", "compressed"),
    ],
)
def test_a_file_that_is_not_read_is_called_what_it_is_whatever_its_name(read, content, kind):
    failure = only(read(content))
    assert failure.message == f"adsl.csv is {kind}, from which no dataset is read."


def test_a_ragged_row_is_refused_with_its_row_and_both_widths(read):
    failure = only(read(HEAD + b"T,01,43\nT,02,Smith, John\n"))
    assert failure.row == 3
    assert failure.message == "This row has 4 cells, the header has 3."


def test_every_ragged_row_is_told(read):
    found = read(HEAD + b"T,01\nT,02,43\nT,03\n")
    assert [f.row for f in found] == [2, 4]


def test_a_repeated_column_is_refused(read):
    failure = only(read(b"USUBJID,AGE,AGE\n01,43,44\n"))
    assert "AGE appears 2 times" in failure.message
    assert failure.row == 1


def test_a_column_without_a_name_is_refused(read):
    assert "has no name" in only(read(b"USUBJID,,AGE\n01,x,43\n")).message


def test_a_quote_that_never_closes_is_refused(read):
    assert "is not a CSV file" in only(read(HEAD + b'T,"01,43\n')).message


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=8).map(str.strip)))
def test_any_text_comes_back_as_it_was_written(tmp_path_factory, names):
    import csv

    file = tmp_path_factory.mktemp("any") / "adsl.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["A", "B"], *([name, "x"] for name in names)])
    found = read_table("ADAE", file)
    assert cells(found) == [[name, "x"] for name in names]
    assert found.frame.index.tolist() == list(range(2, len(names) + 2))
