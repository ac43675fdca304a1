"""The analysis results dataset: its columns, its rows, and files that never differ."""

import csv
import io
import json
import math

import pytest

from analysis.data.load import load
from analysis.results.ard import COLUMNS, Results, Row, Statistic, read_results
from analysis.results.folder import write_whole
from analysis.running.run import run
from sap.text.problems import UserError
from tests.each import each


def identities(results: Results) -> list[tuple[str, ...]]:
    return [r.identity for r in results]


def test_the_columns_are_those_of_the_analysis_results_dataset(results):
    named = (
        "analysis_id analysis_set group1 group1_level variable variable_level context "
        "stat_name stat_label stat stat_text fmt method warning error step reason stamp dataset"
    )
    assert tuple(named.split()) == COLUMNS
    assert next(csv.reader(io.StringIO(results.to_csv()))) == named.split()


def test_no_two_rows_are_the_same_statistic(results):
    found = identities(results)
    assert len(found) == len(set(found))


def test_a_statistic_is_a_number_a_text_or_not_estimable_with_a_reason(results):
    for row in results:
        if row.stat is None and row.error:
            assert row.error.startswith("not estimable: ")
            assert len(row.error) > len("not estimable: ")
            assert not row.stat_text
        elif row.stat is not None:
            assert not math.isnan(row.stat)
            assert not row.error
            assert not row.stat_text


def test_not_a_number_is_never_a_statistic():
    with pytest.raises(ValueError, match="not NaN"):
        Statistic(variable="X", context="c", stat_name="s", stat_label="S", stat=float("nan"), method="m")


def test_two_runs_give_the_same_bytes(plan, root, results):
    again = run(load(plan, root / "data"))
    assert again.to_csv().encode() == results.to_csv().encode()
    assert again.to_json().encode() == results.to_json().encode()


def test_json_holds_the_same_statistics_as_csv(results):
    records = json.loads(results.to_json(), parse_constant=lambda c: pytest.fail(f"{c} is not JSON"))
    rows = list(csv.DictReader(io.StringIO(results.to_csv())))
    assert len(records) == len(rows) == len(results.rows)
    for record, row in zip(records, rows, strict=True):
        number = row.pop("stat")
        stat = record.pop("stat")
        assert (float(stat) if isinstance(stat, str) else stat) == (float(number) if number else None)
        assert record == row


def test_results_written_and_read_again_are_the_same(results, tmp_path):
    file = tmp_path / "ard.csv"
    write_whole(file, results.to_csv())
    assert read_results(file).to_csv() == results.to_csv()


def test_an_infinite_limit_is_written_as_a_word():
    row = Row("A", "S", "", "", "V", "", "shift", "conf.high", "Upper", math.inf, "", "xx.x", "m", "", "")
    infinite = Results((row,))
    assert json.loads(infinite.to_json())[0]["stat"] == "Inf"
    assert next(csv.DictReader(io.StringIO(infinite.to_csv())))["stat"] == "Inf"


def test_numbers_are_written_with_fifteen_significant_digits():
    row = Row("A", "S", "", "", "V", "", "c", "estimate", "E", 0.1 + 0.2, "", "xx", "m", "", "")
    assert next(csv.DictReader(io.StringIO(Results((row,)).to_csv())))["stat"] == "0.3"


@each("content", ["", "a,b\n1,2\n", None])
def test_a_file_that_is_no_results_dataset_is_refused(tmp_path, content):
    file = tmp_path / "ard.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="sap run"):
        read_results(file)


def test_a_damaged_results_dataset_is_refused(results, tmp_path):
    file = tmp_path / "ard.csv"
    file.write_text(results.to_csv().replace(",0.7,", ",seven tenths,", 1), encoding="utf-8")
    with pytest.raises(UserError, match="damaged"):
        read_results(file)
