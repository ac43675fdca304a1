"""Dataset-JSON, each version and a record a line: the same table; what is wrong with the file is told with its row."""

import json

import pytest

from analysis.data.files import read_table
from tests.each import each

COLUMNS = [
    {"itemOID": "A", "name": "USUBJID", "label": "Unique Subject Identifier", "dataType": "string"},
    {"itemOID": "B", "name": "AGE", "label": "Age", "dataType": "integer"},
    {"itemOID": "C", "name": "WEIGHTBL", "label": "Weight", "dataType": "decimal", "targetDataType": "decimal"},
    {"itemOID": "D", "name": "TRTSDT", "label": "Start", "dataType": "date", "displayFormat": "DATE9."},
    {"itemOID": "E", "name": "TRTSDTM", "label": "Start", "dataType": "datetime"},
    {"itemOID": "F", "name": "BMIBL", "label": "BMI", "dataType": "double"},
]
ROWS = [
    ["01", 63.0, " 54.40000000000000", "2014-01-02", "2014-01-02T10:30:00", 0.1],
    ["02", None, "", None, None, None],
]
CELLS = [["01", "63", "54.4", "2014-01-02", "2014-01-02T10:30:00", "0.1"], ["02", "", "", "", "", ""]]


def v1_1(rows=ROWS, columns=COLUMNS, **more) -> str:
    head = {"datasetJSONVersion": "1.1.0", "name": "ADSL", "records": len(rows), "columns": columns}
    return json.dumps(head | {"rows": rows} | more)


def v1_0() -> str:
    items = [{"OID": "ITEMGROUPDATASEQ", "name": "ITEMGROUPDATASEQ", "label": "Record", "type": "integer"}]
    items += [{"type": c["dataType"]} | c for c in COLUMNS]
    rows = [[n, *row] for n, row in enumerate(ROWS, start=1)]
    group = {"records": 2, "name": "ADSL", "label": "Subjects", "items": items, "itemData": rows}
    return json.dumps({"datasetJSONVersion": "1.0.0", "clinicalData": {"itemGroupData": {"IG.ADSL": group}}})


def lines() -> str:
    head = {"datasetJSONVersion": "1.1.0", "name": "ADSL", "records": 2, "columns": COLUMNS}
    return "\n".join(json.dumps(x) for x in [head, *ROWS]) + "\n"


@pytest.fixture
def read(tmp_path):
    def from_text(text: str | bytes):
        file = tmp_path / "adsl.json"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table("ADSL", file)

    return from_text


def told(found) -> list[tuple[int, str]]:
    assert isinstance(found, list), found
    return [(f.row, f.message) for f in found]


@each("text", [v1_1(), v1_0(), lines(), json.dumps(json.loads(v1_1()), indent=1), b"\xef\xbb\xbf" + v1_1().encode()])
def test_each_version_gives_the_texts_of_a_csv_file(read, text):
    table = read(text)
    assert table.frame.to_numpy().tolist() == CELLS
    assert table.frame.index.tolist() == [2, 3]
    assert table.labels["USUBJID"] == "Unique Subject Identifier"
    assert (table.types["AGE"], table.types["TRTSDT"]) == ("integer", "date")
    assert (table.source.rows, table.source.columns) == (2, 6)


def test_numbers_of_a_date_are_counted_as_sas_counts_them(read):
    """19725 days after 1960-01-01 is 2014-01-02 (SAS: ``put 19725 e8601da.;``)."""
    columns = [
        {"name": "A", "dataType": "date", "targetDataType": "integer", "displayFormat": "E8601DA."},
        {"name": "B", "dataType": "integer", "displayFormat": "DATE9."},
        {"name": "C", "dataType": "float", "displayFormat": "DATETIME20."},
        {"name": "D", "dataType": "integer", "displayFormat": "TIME5."},
    ]
    found = read(v1_1([[19725, 19725, 1704277800.0, 37800]], columns)).frame
    assert found.to_numpy().tolist() == [["2014-01-02", "2014-01-02", "2014-01-02T10:30:00", "10:30:00"]]


def test_rows_that_disagree_with_the_columns_are_told_each(read):
    rows = [ROWS[0], ROWS[0][:-1], "x", [["01"], *ROWS[0][1:]]]
    assert told(read(v1_1(rows))) == [
        (3, "This row has 5 cells, there are 6 columns."),
        (4, "This row is no list of cells."),
        (5, "The cell of USUBJID is a list or an object."),
    ]


def test_a_number_of_records_that_is_not_true_is_told(read):
    assert told(read(v1_1(records=9))) == [(0, "adsl.json says that it has 9 records, and has 2.")]


def test_a_file_that_ends_too_early_is_told_with_the_line(read):
    ((row, message),) = told(read(lines()[:-20]))
    assert row == 3
    assert "ends too early or is no JSON" in message


@each("text", ["[]", '{"a": 1}', '{"columns": 3}', '{"columns": [{}]}', '{"clinicalData": {"itemGroupData": {}}}'])
def test_other_json_is_told_to_be_no_dataset(read, text):
    ((_, message),) = told(read(text))
    assert "no Dataset-JSON" in message


def test_a_column_that_stands_twice_is_told(read):
    twice = v1_1([["01", "02"]], [COLUMNS[0], COLUMNS[0]])
    assert told(read(twice)) == [(1, "The column USUBJID appears 2 times.")]
