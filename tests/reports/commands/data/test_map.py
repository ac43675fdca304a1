"""`sap map`: what a person reads, what a program reads, and exit codes for both."""

import json

import pytest


def test_a_plan_is_proposed_and_written_and_runs(sap, tmp_path):
    done = sap("map", "examples/two_cohorts/data", "--out", tmp_path / "plan.yml")
    assert done.code == 0
    assert "certain" in done.out
    assert "GUESS" in done.out
    assert f"It runs: sap run --plan {tmp_path / 'plan.yml'} --data examples/two_cohorts/data --unlocked" in done.out
    assert sap("plan", "check", tmp_path / "plan.yml").code == 0


def test_without_a_file_to_write_it_says_how(sap):
    done = sap("map", "examples/two_cohorts/data")
    assert done.code == 0
    assert "Write it with: sap map examples/two_cohorts/data --out plan.yml" in done.out


def test_a_program_is_told_the_same(sap):
    told = json.loads(sap("map", "examples/two_cohorts/data", "--json").out)
    assert told["runs"] is True
    assert {"place", "what", "sure", "why"} == set(told["proposals"][0])
    assert told["lines"] == told["text"].count("\n")


def test_a_plan_that_is_there_is_not_overwritten(sap, tmp_path):
    file = tmp_path / "plan.yml"
    file.write_text("mine", encoding="utf-8")
    done = sap("map", "examples/two_cohorts/data", "--out", file)
    assert done.code == 2
    assert "exists already" in done.err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("words", [["map", "nowhere"], ["map", "docs"]])
def test_a_folder_without_data_is_a_sentence(sap, words):
    done = sap(*words)
    assert done.code == 2
    assert done.err.startswith(words[1])


def test_data_that_no_plan_can_mend_are_exit_code_1(sap, tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,AGE\nA,60\nB,61\n", encoding="utf-8")
    (tmp_path / "adae.csv").write_text(
        "USUBJID,AESEQ,AEDECOD,AEBODSYS\nZ,1,Nausea,Gut\nA,1,Nausea,Gut\n", encoding="utf-8"
    )
    done = sap("map", tmp_path)
    assert done.code == 1
    assert "No plan can mend these" in done.out


def test_against_a_plan_what_is_missing_is_told_with_exit_code_1(sap):
    assert sap("map", "data", "--against", "sap/plan.yml").code == 0
    done = sap("map", "examples/two_cohorts/data", "--against", "sap/plan.yml")
    assert done.code == 1
    assert "are not in examples/two_cohorts/data." in done.out
    told = json.loads(sap("map", "examples/two_cohorts/data", "--against", "sap/plan.yml", "--json").out)
    assert {"place", "what", "needed_by", "nearest"} == set(told["missing"][0])


def test_against_a_plan_nothing_is_written(sap, tmp_path):
    done = sap("map", "data", "--against", "sap/plan.yml", "--out", tmp_path / "plan.yml")
    assert done.code == 2
    assert "Use one." in done.err


def test_bad_news_is_on_the_last_lines_with_exit_code_1(sap, tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,AGE\nA,60\nB,61\n", encoding="utf-8")
    (tmp_path / "adae.csv").write_text("USUBJID,AETERM,AETERM\nA,Pain,Pain\n", encoding="utf-8")
    done = sap("map", tmp_path)
    assert done.code == 1
    last = done.out.split("It runs, without what these say; look at them first:\n")[1]
    assert last.startswith("  adae.csv: not read. ")
