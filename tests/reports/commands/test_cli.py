"""The command: exit codes a script can rely on, sentences a person can act on, and nothing half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.each import each

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def typo(tmp_path) -> Path:
    """A plan with a misspelt set."""
    text = (ROOT / "sap" / "plan.yml").read_text(encoding="utf-8")
    file = tmp_path / "plan.yml"
    file.write_text(text.replace("analysis_set: CKE", "analysis_set: CKF"), encoding="utf-8")
    return file


def test_data_that_keep_every_rule_end_with_0(sap):
    done = sap("validate")
    assert (done.code, done.out) == (0, "0 errors, 0 warnings in data\n")


def test_data_that_break_a_rule_end_with_1_and_name_the_row(sap, broken):
    broken.set("ADAE", 9, ATOXGR="7")
    done = sap("validate", "--data", broken.folder)
    assert done.code == 1
    assert "1 error, 0 warnings" in done.out
    line = next(line for line in done.out.splitlines() if "ATOXGR" in line)
    assert all(word in line for word in ("ADAE", "9", "RECON-02", "range", "7"))


def test_a_warning_alone_ends_with_0(sap, broken):
    broken.set("ADSL", 7, LSTALVDT="2018-06-10")
    done = sap("validate", "--data", broken.folder)
    assert done.code == 0
    assert "0 errors, 1 warning" in done.out


def test_a_mistake_in_the_plan_ends_with_2_and_names_the_line(sap, typo):
    for command in ("validate", "run", "render"):
        done = sap(command, "--plan", typo)
        assert done.code == 2
        assert "Did you mean 'CKE'?" in done.err
        assert f"{typo}:" in done.err


def test_a_page_that_cannot_be_rendered_ends_with_3_and_costs_no_file(sap, tmp_path):
    """A mistyped folder for the site must not be replaced."""
    precious = tmp_path / "out"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years", encoding="utf-8")
    done = sap("render", "--unlocked", "--out", precious, "--results", tmp_path / "results")
    assert done.code == 3
    assert "not a rendered site" in done.err
    assert (precious / "thesis.txt").read_text(encoding="utf-8") == "years"


def test_a_fault_of_the_program_ends_with_70_and_says_how_to_report_it(sap, monkeypatch, tmp_path):
    from analysis.running import run

    monkeypatch.setattr(run, "run", lambda *_: 1 / 0)
    done = sap("run", "--unlocked", "--out", tmp_path)
    assert done.code == 70
    assert "A fault of the program, not of yours: ZeroDivisionError" in done.err
    assert "sap --debug" in done.err


def test_the_traceback_is_shown_on_request_only(sap, typo):
    assert "Traceback" in sap("validate", "--plan", typo, debug=True).err


def test_json_is_json_and_holds_every_failure(sap, broken):
    broken.set("ADAE", 9, ATOXGR="7").set("ADSL", 5, AGE="old")
    done = sap("validate", "--data", broken.folder, "--json")
    assert done.code == 1
    records = json.loads(done.out)
    assert [(r["dataset"], r["row"], r["column"], r["severity"]) for r in records] == [
        ("ADSL", 5, "AGE", "error"),
        ("ADAE", 9, "ATOXGR", "error"),
    ]
    assert all(r["message"] and r["fix"] and r["subject"] for r in records)


def test_json_of_clean_data_is_an_empty_list(sap):
    assert json.loads(sap("validate", "--json").out) == []


def test_validation_is_written_where_asked(sap, broken, tmp_path):
    broken.set("ADAE", 9, ATOXGR="7")
    assert sap("validate", "--data", broken.folder, "--out", tmp_path / "checks").code == 1
    (record,) = json.loads((tmp_path / "checks" / "validation.json").read_text(encoding="utf-8"))
    assert record["row"] == 9


def test_nothing_is_written_when_the_data_fail(sap, broken, tmp_path):
    out = tmp_path / "results"
    out.mkdir()
    (out / "ard.csv").write_text("the last good results", encoding="utf-8")
    broken.set("ADAE", 9, ATOXGR="7")
    done = sap("run", "--unlocked", "--data", broken.folder, "--out", out)
    assert done.code == 1
    assert "nothing was analysed" in done.err
    assert "RECON-02" in done.err
    assert [(f.name, f.read_text(encoding="utf-8")) for f in out.iterdir()] == [("ard.csv", "the last good results")]


def test_nothing_is_rendered_when_the_data_fail(sap, broken, tmp_path):
    broken.set("ADAE", 9, ATOXGR="7")
    done = sap(
        "render", "--unlocked", "--data", broken.folder, "--out", tmp_path / "site", "--results", tmp_path / "results"
    )
    assert done.code == 1
    assert sorted(f.name for f in tmp_path.iterdir()) == ["data"]


def test_a_folder_of_data_that_does_not_exist_is_named_with_every_file(sap, tmp_path):
    done = sap("validate", "--data", tmp_path / "nowhere")
    assert done.code == 1
    for name in ("adsl", "adae", "adrs", "adtte", "adck", "adlb"):
        assert f"{name}.csv does not exist" in done.out
    assert "--data" in done.out


def test_a_plan_that_does_not_exist_is_named(sap, tmp_path):
    done = sap("run", "--plan", tmp_path / "plan.yaml")
    assert done.code == 2
    assert "there is no such file" in done.err


@each("below", [(), ("deeper",)])
def test_results_that_cannot_be_written_are_a_sentence(sap, tmp_path, below):
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    done = sap("run", "--unlocked", "--out", taken.joinpath(*below))
    assert done.code == 2
    assert "cannot be written" in done.err
    assert taken.read_text(encoding="utf-8") == "a file"


def test_version_names_the_code_and_the_plan(sap, plan):
    done = sap("--version")
    assert done.code == 0
    assert done.out.startswith("sap ")
    assert f"plan {plan.plan.id} {plan.plan.version}" in done.out


def test_version_is_told_though_the_plan_has_a_mistake(sap, typo, monkeypatch):
    monkeypatch.setenv("SAP_PLAN", str(typo))
    done = sap("--version")
    assert done.code == 0
    assert "has mistakes" in done.out


@each("command", ["validate", "run", "render"])
def test_help_has_an_example_that_can_be_copied(sap, command):
    done = sap(command, "--help")
    assert done.code == 0
    assert f"Example: sap {command} --plan" in " ".join(done.out.split())


def test_help_lists_the_commands_and_the_exit_codes(sap):
    done = sap("--help")
    assert done.code == 0
    assert all(word in done.out for word in ("validate", "run", "render", "Exit codes"))


@each("words", [("valdate",), ("run", "--oot", "x"), ("render", "--engine", "latex")])
def test_a_mistyped_command_line_ends_with_2(sap, words):
    assert sap(*words).code == 2


def test_the_installed_command_works_from_a_shell_that_knows_ascii_only(tmp_path):
    """One real process: a dash the terminal cannot show is not a fault of the program."""
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "reports.commands.cli", "validate", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "8 errors" in done.stdout
    assert done.stderr == ""
