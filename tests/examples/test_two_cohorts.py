"""The SYNTHETIC study of two cohorts: its plan was sealed before its data, and every command works in it."""

import csv
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sap.reading.read import read_plan
from sap.seal.lock import read_lock
from sap.seal.signatures import is_valid
from sap.seal.timing import data_known

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "examples" / "two_cohorts"


def command(folder: Path, *words: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}
    done = [sys.executable, "-m", "reports.commands.cli", *words]
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    return subprocess.run(done, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """A copy in which a reader has sealed the program."""
    folder = tmp_path_factory.mktemp("examples") / "two cohorts"
    shutil.copytree(STUDY, folder)
    done = command(folder, "lock", "code", "--by", "A reader", "--reason", "The program of this test")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_plan_was_sealed_before_the_data_files_existed():
    lock = read_lock(STUDY / "sap.lock")
    plan, data = lock.entries[:2]
    assert (plan.event, data.event) == ("plan", "data")
    assert plan.at < data.at
    assert data_known(plan, lock) == "absent"


def test_one_key_signed_the_plan_and_then_the_data():
    lock = read_lock(STUDY / "sap.lock")
    signed = [s for s in lock.signatures if is_valid(lock, s)]
    named = read_plan(STUDY / "sap" / "plan.yml").plan.signatories.author.key
    assert [s.entries for s in signed] == [1, 2]
    assert {s.public_key for s in signed} == {named}


def test_the_plan_leaves_no_item_of_the_guideline_open():
    done = command(STUDY, "plan", "content")
    assert "none missing" in done.stdout


def test_the_data_are_those_that_the_program_draws(tmp_path):
    subprocess.run([sys.executable, STUDY / "make_data.py", tmp_path], check=True)
    drawn = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert drawn == {file.name: file.read_bytes() for file in (STUDY / "data").iterdir()}


def test_two_cohorts_of_twelve():
    with (STUDY / "data" / "adsl.csv").open(encoding="utf-8") as file:
        cohorts = [row["COHORT"] for row in csv.DictReader(file)]
    assert sorted(cohorts) == ["40 mg"] * 12 + ["80 mg"] * 12


def test_synthetic_is_said_of_the_trial_of_every_output_and_in_every_row():
    plan = read_plan(STUDY / "sap" / "plan.yml")
    titles = [output.title for output in (*plan.outputs, *plan.listings)]
    said = [plan.plan.title, plan.study.title, plan.study.short_title, plan.study.data_notice, *titles]
    assert [text for text in said if "SYNTHETIC" not in text] == []
    for file in (STUDY / "data").glob("*.csv"):
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        assert {row["STUDYID"] for row in rows} == {plan.study.id} == {"SYNTHETIC-24"}
        assert all(row["USUBJID"].startswith("SYNTHETIC-") for row in rows)


def test_its_pages_are_those_of_a_new_study_but_for_the_first(tmp_path):
    command(tmp_path, "new", "study", "--no-ask", "--no-render")
    new = tmp_path / "study" / "reports"
    written = {p.relative_to(new) for p in new.rglob("*") if p.is_file()} - {Path("index.qmd")}
    differ = [p for p in written if (STUDY / "reports" / p).read_bytes() != (new / p).read_bytes()]
    assert differ == [], "`make example` brings them up to date"


def test_the_sealed_study_runs_and_both_routes_agree(study):
    done = command(study, "run")
    assert done.returncode == 0, done.stdout + done.stderr
    with (study / "results" / "checks.csv").open(encoding="utf-8") as file:
        assert {row["verdict"] for row in csv.DictReader(file)} == {"agrees"}


def test_a_run_writes_the_files_the_documentation_names(study):
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "docs" / "reference_pages.py")
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    assert sorted(pages.RESULTS) == sorted(
        f"{file.name}{'/' * file.is_dir()}" for file in (study / "results").iterdir()
    )


def test_its_pages_render_and_everything_agrees_with_the_seal(study):
    done = command(study, "render")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (study / "_site" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    assert "DRAFT" not in page
    assert command(study, "verify").returncode == 0
