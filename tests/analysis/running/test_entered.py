"""Who entered each step is who the statistics count, and the datasets behind it are those it was derived from."""

import json
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.results.entered_file import Entered, everyone, key, keyed, read_entered, read_json, to_json
from analysis.running.entered import entered
from analysis.running.run import run
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.text.problems import UserError
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
TRIALS = {"study": (ROOT / "sap/plan.yml", ROOT / "data")}
TRIALS["other trial"] = (ROOT / "tests/other_trial/plan.yml", ROOT / "tests/other_trial/data")
COUNTS = {("summary", "n"), ("survival", "N"), ("proportion", "N"), ("distribution", "N"), ("criteria", "N")}
"""Statistics that say how many subjects a step used."""


@pytest.fixture(scope="module", params=TRIALS)
def trial(request):
    plan_file, folder = TRIALS[request.param]
    study = load(read_plan(plan_file), folder)
    return study, run(study), entered(study)


def test_as_many_entered_as_the_statistics_count(trial):
    _, results, found = trial
    who = keyed(found)
    counted = [r for r in results if (r.context, r.stat_name) in COUNTS or r.analysis_id == "SETS"]
    assert len(counted) > 20
    for row in counted:
        assert len(who[key(row)].subjects) == row.stat, row


def test_every_result_has_who_entered_and_every_entry_is_once(trial):
    _, results, found = trial
    assert {key(r) for r in results} <= set(keyed(found))
    assert len(keyed(found)) == len(found)


def test_a_comparison_is_of_all_who_are_in_either_group(trial):
    _, _, found = trial
    compared = [e for e in found if e.method == "rank_comparison" and not e.group1_level]
    assert compared
    for whole in compared:
        parts = [e for e in found if (e.analysis_id, e.step) == (whole.analysis_id, whole.step) and e.group1_level]
        assert set(whole.subjects) == {s for e in parts for s in e.subjects}


def test_subjects_stand_in_the_order_of_adsl(trial):
    study, _, found = trial
    order = list(study.data["ADSL"]["USUBJID"])
    assert list(everyone(found)) == order
    for e in found:
        assert list(e.subjects) == sorted(e.subjects, key=order.index)


def test_the_datasets_are_the_plans(trial):
    study, _, found = trial
    assert all(set(e.datasets) <= set(study.plan.datasets) and "ADSL" in e.datasets for e in found)


def of(plan: Plan, found: tuple[Entered, ...], analysis_id: str, step: str) -> Entered:
    return next(e for e in found if (e.analysis_id, e.step) == (analysis_id, step))


@each(
    ("analysis_id", "step", "datasets"),
    [
        ("AN-DLT", "1", ("ADSL", "ADAE")),
        ("AN-RESP", "1", ("ADSL", "ADRS")),
        ("AN-OS", "1", ("ADSL", "ADTTE")),
        ("AN-PEAK", "1", ("ADSL", "ADRS", "ADCK")),
    ],
)
def test_a_derived_variable_leads_to_the_dataset_it_was_derived_from(plan, study, analysis_id, step, datasets):
    assert of(plan, entered(study), analysis_id, step).datasets == datasets


def test_a_subject_without_a_value_is_left_out(plan, broken):
    """RECON-01 has no sample: it is in no summary of peaks, and still in the count of responses."""
    head, *rows = broken.rows("ADCK")
    broken.write("ADCK", [head, *(r for r in rows if "RECON-01" not in r)])
    study = load(plan, broken.folder)
    found = entered(study)
    assert "RECON-01" not in of(plan, found, "AN-PEAK", "1").subjects
    assert "RECON-01" in of(plan, found, "AN-RESP", "1").subjects


def test_options_are_what_the_step_states(plan, study):
    options = of(plan, entered(study), "AN-OS", "1").options
    assert options["conf_type"] == "log-log"
    assert options["landmarks"] == "90, 180, 365"
    assert "label" not in options


def test_what_was_written_is_read_again(trial, tmp_path):
    _, _, found = trial
    text = to_json(found)
    assert read_json(text) == found
    assert to_json(read_json(text)) == text
    assert len(json.loads(text)) == len(found)
    (tmp_path / "entered.json").write_text(text, encoding="utf-8")
    assert read_entered(tmp_path) == found


@each("text", ["", "{}", '[{"analysis_id": 1}]', "[1"])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "entered.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"entered\.json is damaged"):
        read_entered(tmp_path)


def test_a_derivation_that_takes_the_place_of_another_is_named_with_it(plan, study):
    found = entered(study)
    assert of(plan, found, "AN-DLT-S1", "1").options["variable"] == "DLTCRS3.DLTFL, in place of DLT.DLTFL"
    assert of(plan, found, "AN-DLT-S1", "2").options["data"] == "DLTCRS3, in place of DLT"
    assert of(plan, found, "AN-DLT", "1").options["variable"] == "DLT.DLTFL"
