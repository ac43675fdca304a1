"""Findings on a terminal: few are listed, many are folded and say where all of them are; a file has every one."""

import json
from dataclasses import replace
from pathlib import Path

from reports.words.failure_lines import failure_lines, failure_records, summary
from sap.data.failures import USUAL, Failure
from sap.data.failures import each as each_failure
from sap.data.rules import RULES
from tests.each import each

AGE = "Age is outside its range."


def findings(n, *, rule="range", message=AGE, severity="error", column="AGE"):
    return [
        Failure("ADSL", i + 2, f"S{i}", column, rule, "999", message, "Correct the value.", severity) for i in range(n)
    ]


def test_three_findings_of_a_kind_are_listed_one_by_one():
    assert [line[2] for line in failure_lines(findings(3))] == ["S0", "S1", "S2"]


def test_more_of_a_kind_take_one_line_with_rows_subjects_values_and_where_all_are():
    (line,) = failure_lines([*findings(4), replace(findings(1)[0], row=9, subject="S0", value="998")])
    told = f"{AGE} Correct the value. 5 records, as row 2 (S0) '999'; row 3 (S1) '999'; row 4 (S2) '999' (all of them: --out FOLDER)."
    assert line == ("ADSL", "2–5, 9", "4 subjects", "AGE", "range", "999, 998", told)


def test_what_is_counted_beyond_those_told_one_by_one_is_of_the_same_line():
    faults = [*each_failure(range(2, 8858), lambda row: replace(findings(1)[0], row=row))]
    (line,) = failure_lines(sorted(faults))
    assert "8,856 records, as row 2 (S0) '999'; row 3" in line[6]
    (record,) = failure_records(sorted(faults))
    assert (record["records"], [e["row"] for e in record["examples"]]) == (8856, [2, 3, 4])
    assert summary(faults, "data").startswith("8,856 errors of 1 kind")


def test_one_rule_about_two_variables_is_two_kinds():
    lines = list(failure_lines([*findings(30), *findings(2, column="HEIGHT")]))
    assert [line[3] for line in lines] == ["AGE", "HEIGHT", "HEIGHT"]


def test_one_rule_with_two_mends_is_two_kinds():
    dates = [replace(f, fix="It is as SAS's DATE9 has it.") for f in findings(8)]
    points = [replace(f, fix="If it stands for a missing value, say so.") for f in findings(8)]
    assert len(list(failure_lines([*dates, *points]))) == 2


def test_what_is_said_of_a_whole_file_is_never_folded():
    files = [Failure(f"AD{i}", 0, "", "", "file", "", f"There is no ad{i}.csv.", "Add it.") for i in range(12)]
    assert [line[0] for line in failure_lines(files)] == [f.dataset for f in files]


def test_what_follows_from_a_finding_is_counted_beside_it_and_has_no_line():
    first, *rest = (replace(f, cause="ADSL row 2 DTHDT", subject="S0") for f in findings(5))
    (line,) = failure_lines([first, *(replace(f, consequence=True, dataset="ADAE") for f in rest)])
    assert "The same cause (ADSL row 2 DTHDT) explains 4 other findings in ADAE" in line[6]


def test_what_the_plan_excepts_is_shown_with_its_reason():
    (line,) = failure_lines([replace(findings(1)[0], severity="warning", excepted="Agreed with the sponsor.")])
    assert line[6] == f"Excepted by the plan: {AGE} Reason: Agreed with the sponsor."


def test_the_summary_counts_kinds_and_keeps_consequences_apart():
    first, *rest = (replace(f, cause="ADSL row 2 DTHDT") for f in findings(3, rule="X06"))
    many = [*findings(8), first, *(replace(f, consequence=True) for f in rest), *findings(1, severity="warning")]
    assert summary(many, "data") == "9 errors of 2 kinds, 1 warning in data (2 further findings of the same causes)"


@each("n", [2, 69])
def test_what_is_usual_in_a_trial_takes_one_line(n):
    found = findings(n, rule="X21", message="A treated subject has no adverse event in ADAE.", severity="warning")
    (line,) = failure_lines(found)
    assert (line[0], line[3], line[4]) == ("ADSL", "AGE", "X21")
    assert line[6].startswith("Warning: A treated subject has no adverse event in ADAE.")
    assert (line[2], line[5]) == (f"{n} subjects", "999")


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
    assert "20 records, as row 2" in shown.out
    assert "20 errors" in shown.out
    written = json.loads(Path(tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert [r["row"] for r in written if r["severity"] == "error"] == list(range(2, 22))
    (folded,) = (
        r for r in json.loads(sap("validate", "--data", broken.folder, "--json").out) if r["severity"] == "error"
    )
    assert (folded["records"], [e["row"] for e in folded["examples"]]) == (20, [2, 3, 4])
