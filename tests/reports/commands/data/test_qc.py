"""`sap qc` writes programs beside the results of a run, says what they do not check, and overwrites none."""

import json

from tests.reports.commands.test_run_commands import OTHER_TRIAL

STUDY = ("--plan", OTHER_TRIAL / "plan.yml", "--data", OTHER_TRIAL / "data")


def test_programs_are_written_and_never_overwritten(sap, tmp_path):
    results, out = tmp_path / "results", tmp_path / "qc"
    assert sap("run", *STUDY, "--unlocked", "--out", results).code == 0
    asked = ("qc", *STUDY, "--results", results, "--out", out)
    done = sap(*asked, "--json")
    assert done.code == 0, done.said
    told = json.loads(done.out)
    assert told["programs"] == len(list(out.glob("*.R"))) - 2
    again = sap(*asked)
    assert again.code == 2
    assert "is there already" in again.err


def test_sas_is_said_to_be_missing_and_nothing_is_written(sap, tmp_path):
    done = sap("qc", *STUDY, "--as", "sas", "--out", tmp_path / "qc")
    assert done.code == 2
    assert "No method has a SAS template" in done.err
    assert not (tmp_path / "qc").exists()


def test_results_that_are_not_there_are_told(sap, tmp_path):
    done = sap("qc", *STUDY, "--results", tmp_path / "nothing", "--out", tmp_path / "qc")
    assert done.code != 0
    assert "ard.csv" in done.err
