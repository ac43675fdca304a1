"""The SYNTHETIC randomised trial: sealed before its data, in XPT and Dataset-JSON, its numbers those of R from the files."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sap.reading.read import read_plan
from sap.seal.lock import read_lock
from sap.seal.timing import data_known
from tests.reference_check import agrees

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "examples" / "two_arms"


def command(folder: Path, *words: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}
    done = [sys.executable, "-m", "reports.commands.cli", *words]
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    return subprocess.run(done, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """A copy in which a reader has sealed the program, run and rendered it."""
    folder = tmp_path_factory.mktemp("examples") / "two arms"
    shutil.copytree(STUDY, folder)
    done = command(folder, "lock", "code", "--by", "A reader", "--reason", "The program of this test")
    assert done.returncode == 0, done.stderr
    done = command(folder, "render")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_plan_of_under_150_lines_was_sealed_before_the_data_files_existed():
    assert len((STUDY / "sap" / "plan.yml").read_text(encoding="utf-8").splitlines()) <= 150
    lock = read_lock(STUDY / "sap.lock")
    plan, data = lock.entries[:2]
    assert (plan.event, data.event) == ("plan", "data")
    assert plan.at < data.at
    assert data_known(plan, lock) == "absent"


def test_the_data_are_those_that_the_program_draws(tmp_path):
    subprocess.run([sys.executable, STUDY / "make_data.py", tmp_path], check=True)
    drawn = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert drawn == {file.name: file.read_bytes() for file in (STUDY / "data").iterdir()}


def test_synthetic_is_said_of_the_trial_and_of_every_output():
    plan = read_plan(STUDY / "sap" / "plan.yml")
    said = [plan.plan.title, plan.study.title, plan.study.short_title, plan.study.data_notice]
    assert [text for text in (*said, *(o.title for o in plan.outputs)) if "SYNTHETIC" not in text] == []


def test_its_pages_are_those_of_a_new_study_but_for_the_first(tmp_path):
    command(tmp_path, "new", "study", "--no-ask", "--no-render")
    new = tmp_path / "study" / "reports"
    written = {p.relative_to(new) for p in new.rglob("*") if p.is_file()} - {Path("index.qmd")}
    differ = [p for p in written if (STUDY / "reports" / p).read_bytes() != (new / p).read_bytes()]
    assert differ == [], "`make example` brings them up to date"


def test_both_routes_agree_and_its_pages_are_no_draft(study):
    assert {row["verdict"] for row in rows(study / "results" / "checks.csv")} == {"agrees"}
    page = (study / "_site" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    assert "DRAFT" not in page
    done = command(study, "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_analysis_was_run_those_whose_groups_only_the_data_know_too(study):
    status = {
        row["id"]: row["status"] for row in rows(study / "results" / "reconciliation.csv") if row["part"] == "analysis"
    }
    assert len(status) == 17
    assert {name: of for name, of in status.items() if of != "run"} == {"AN-PFS": "partly not estimable"}


def test_its_numbers_are_those_of_r_from_the_files(study):
    found = {}
    for r in rows(study / "results" / "ard.csv"):
        level = r["variable_level"]
        found.setdefault((r["analysis_id"], r["context"], r["stat_name"], r["group1_level"], level), r["stat"])
    odds = [r["stat"] for r in rows(study / "results" / "ard.csv") if r["stat_label"] == "Odds ratio"]
    expected = rows(STUDY / "expected.csv")
    assert len(expected) > 90
    for e in expected:
        at = (e["analysis"], e["context"], e["statistic"], e["group"], e["level"])
        got = odds[0] if e["statistic"] == "odds.ratio" else found[at]
        source = "R survival 3.5.3, binom.test, mantelhaen.test; examples/two_arms/expected.R"
        agrees(float(got), float(e["value"]), method="two arms", source=source, case=" ".join(at))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not on this machine")
def test_r_gives_them_again(tmp_path):
    ask = 'cat(all(c("survival", "haven", "jsonlite") %in% rownames(installed.packages())))'
    if subprocess.run(["Rscript", "-e", ask], capture_output=True, text=True, check=True).stdout != "TRUE":
        pytest.skip("R has not the packages haven and jsonlite on this machine")
    shutil.copytree(STUDY, tmp_path / "study")
    done = subprocess.run(["Rscript", "expected.R"], cwd=tmp_path / "study", capture_output=True, text=True, check=True)
    assert done.stdout == (STUDY / "expected.csv").read_text(encoding="utf-8")
