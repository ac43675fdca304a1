"""CSV as it comes: any usual separator and encoding, told where it had to be guessed; decimal commas where they are."""

import pytest

from analysis.data.files import read_table
from tests.each import each

ROWS = [["01", "René"], ["02", "a, b"]]


@pytest.fixture
def read(tmp_path):
    def from_bytes(content: bytes):
        (tmp_path / "adsl.csv").write_bytes(content)
        return read_table("ADSL", tmp_path / "adsl.csv")

    return from_bytes


def only(found):
    assert isinstance(found, list), found
    (failure,) = found
    return failure


@each(("mark", "cell"), [(",", '"a, b"'), (";", "a, b"), ("\t", "a, b"), ("|", "a, b")])
def test_the_mark_that_gives_most_columns_separates(read, mark, cell):
    table = read(f"USUBJID{mark}NAME\n01{mark}René\n02{mark}{cell}\n".encode())
    assert table.frame.to_numpy().tolist() == ROWS
    assert not table.notes


def test_excel_may_name_the_mark_in_a_first_line_and_rows_are_still_those_of_the_file(read):
    table = read(b"sep=;\nUSUBJID;NAME\n01;a,b,c\n")
    assert table.frame.to_numpy().tolist() == [["01", "a,b,c"]]
    assert table.frame.index.tolist() == [3]


@each("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_the_file_shows_needs_no_word(read, encoding):
    table = read('USUBJID,NAME\n01,René\n02,"a, b"\n'.encode(encoding))
    assert table.frame.to_numpy().tolist() == ROWS
    assert not table.notes


@each(("encoding", "said"), [("cp1252", "Windows-1252"), ("latin-1", "Windows-1252"), ("utf-16-le", "UTF-16")])
def test_an_encoding_that_is_guessed_is_told(read, encoding, said):
    table = read('USUBJID,NAME\n01,René\n02,"a, b"\n'.encode(encoding))
    assert table.frame.to_numpy().tolist() == ROWS
    (note,) = table.notes
    assert (note.rule, note.severity) == ("encoding", "warning")
    assert said in note.message


def test_the_first_letter_that_is_not_in_utf_8_is_shown_with_its_row(read):
    (note,) = read("USUBJID,NAME\n01,Anna\n02,René\n".encode("latin-1")).notes
    assert (note.row, "'René'" in note.message) == (3, True)


def test_a_file_in_two_encodings_is_refused_with_the_row(read):
    failure = only(read("USUBJID,NAME\n01,Zoë\n".encode() + "02,René\n".encode("latin-1")))
    assert (failure.row, "letters elsewhere in it are" in failure.message) == (3, True)


@each("content", [b"USUBJID,NAME\n01,a\x00b\n", b"USUBJID,NAME\n01,\x81\xff\n"])
def test_what_is_no_text_is_refused_with_the_row(read, content):
    assert only(read(content)).row == 2


def test_decimal_commas_are_read_as_points_and_told(read):
    table = read(b"USUBJID;AVAL;NOTE\n01;1,5;a,b\n02;;c\n03;-20;d2\n04;NA;e\n")
    assert table.frame["AVAL"].tolist() == ["1.5", "", "-20", "NA"]
    assert table.frame["NOTE"].tolist() == ["a,b", "c", "d2", "e"]
    (note,) = table.notes
    assert (note.rule, note.column, note.row, note.severity) == ("comma", "AVAL", 2, "warning")


def test_the_commas_of_several_columns_are_told_once(read):
    (note,) = read(b"USUBJID;A;B\n01;1,5;2,5\n").notes
    assert note.message == "The commas in A ('1,5'), B ('2,5') were read as decimal commas."


@each("cells", [["1,234", "12,345"], ["1,234", "5"]])
def test_commas_that_may_stand_between_thousands_stay_and_are_told(read, cells):
    table = read(f"USUBJID;AVAL\n01;{cells[0]}\n02;{cells[1]}\n".encode())
    assert table.frame["AVAL"].tolist() == cells
    assert "between thousands" in table.notes[0].message


def test_commas_beside_points_are_left_alone(read):
    table = read(b"USUBJID;AVAL\n01;1,5\n02;1.5\n")
    assert (table.frame["AVAL"].tolist(), table.notes) == (["1,5", "1.5"], ())


def test_a_ragged_row_names_the_mark_of_the_file(read):
    failure = only(read(b"USUBJID;AVAL\n01;1;2\n"))
    assert (failure.row, failure.fix) == (2, "Look for a missing or an unquoted semicolon.")
