"""Each file of a run says its state."""

import csv
import io
import json

from analysis.pipeline.result_files import csv_with_stamp, json_with_stamp

TABLE = 'name,value\n"a, b",1\n"two\nlines",\n'


def test_a_table_gets_a_last_column_and_keeps_its_cells():
    rows = list(csv.reader(io.StringIO(csv_with_stamp(TABLE, "DRAFT"))))
    assert rows == [["name", "value", "stamp"], ["a, b", "1", "DRAFT"], ["two\nlines", "", "DRAFT"]]


def test_a_sealed_run_has_the_column_too_and_it_is_empty():
    assert csv_with_stamp("a\n1\n", "") == "a,stamp\n1,\n"


def test_each_record_of_a_list_is_stamped_one_a_line():
    text = json_with_stamp('[{"a": 1, "stamp": ""}, {"b": "é"}]', "DRAFT")
    assert text.splitlines() == ["[", '{"a": 1, "stamp": "DRAFT"},', '{"b": "é", "stamp": "DRAFT"}', "]"]


def test_an_object_and_an_empty_list_are_json_as_before():
    assert json.loads(json_with_stamp('{"a": 1}', "DRAFT")) == {"stamp": "DRAFT", "a": 1}
    assert json.loads(json_with_stamp("[]", "DRAFT")) == []
