"""Findings on a terminal: few are listed, many are folded and say where all of them are; a file has every one."""

import json
from pathlib import Path

import pytest

from reports.failure_lines import failure_lines
from sap.checks import RULES
from sap.failures import USUAL, Failure

AGE = "Age is outside its range."


def findings(n, *, rule="range", message=AGE, severity="error", column="AGE"):
    return [
        Failure("ADSL", i + 2, f"S{i}", column, rule, "999", message, "Correct the value.", severity) for i in range(n)
    ]


def test_ten_findings_of_a_kind_are_listed_one_by_one():
    assert [line[2] for line in failure_lines(findings(10))] == [f"S{i}" for i in range(10)]


def test_of_more_the_first_are_shown_and_the_rest_counted_with_where_they_are():
    lines = list(failure_lines(findings(80)))
    assert [line[2] for line in lines] == ["S0", "S1", "S2", ""]
    told = "and 77 more, of 80 subjects in all (all of them: sap validate --json, or --out FOLDER)."
    assert lines[-1] == ("ADSL", "", "", "AGE", "range", "", told)


def test_one_rule_about_two_variables_is_two_kinds():
    lines = list(failure_lines([*findings(30), *findings(2, column="HEIGHT")]))
    assert [line[3] for line in lines] == ["AGE"] * 4 + ["HEIGHT"] * 2


def test_the_rest_names_its_datasets_and_counts_no_subject_that_is_unknown():
    rows = [Failure(f"AD{i}", 4, "", "", "file", "", "The row has a cell too many.", "Remove it.") for i in range(11)]
    *_, rest = failure_lines(rows)
    assert rest[0] == "AD3, AD4, AD5, AD6, AD7, AD8, AD9, AD10"
    assert rest[6].startswith("and 8 more (all of them")


def test_what_is_said_of_a_whole_file_is_never_folded():
    files = [Failure(f"AD{i}", 0, "", "", "file", "", f"There is no ad{i}.csv.", "Add it.") for i in range(12)]
    assert [line[0] for line in failure_lines(files)] == [f.dataset for f in files]


@pytest.mark.parametrize("n", [2, 69])
def test_what_is_usual_in_a_trial_takes_one_line(n):
    found = findings(n, rule="X21", message="A treated subject has no adverse event in ADAE.", severity="warning")
    (line,) = failure_lines(found)
    assert line[:6] == ("ADSL", "–", "", "AGE", "X21", "")
    assert line[6].startswith("Warning: A treated subject has no adverse event in ADAE.")
    assert f"{n} subjects" in line[6]


def test_alone_it_names_its_subject():
    (line,) = failure_lines(findings(1, rule="X21", severity="warning"))
    assert line[1:3] == ("2", "S0")


def test_only_rules_that_warn_are_usual():
    assert {r.severity for r in RULES if r.id in USUAL} == {"warning"}
    assert set(USUAL) <= {r.id for r in RULES}


def test_a_folded_subject_is_in_the_json_and_in_the_file(sap, broken, tmp_path):
    for row in range(2, 22):
        broken.set("ADAE", row, ATOXGR="7")
    shown = sap("validate", "--data", broken.folder, "--out", tmp_path)
    assert "and 17 more" in shown.out
    assert "20 errors" in shown.out
    written = Path(tmp_path / "validation.json").read_text(encoding="utf-8")
    assert written == sap("validate", "--data", broken.folder, "--json").out
    assert [r["row"] for r in json.loads(written)] == list(range(2, 22))
