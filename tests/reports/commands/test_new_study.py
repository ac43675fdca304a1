"""A folder for another study works at once: its plan is sound, its pages render, its seal holds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from analysis.synthetic import SyntheticOptions, synthetic_data
from reports.commands.app import app
from reports.commands.new import ASKED
from sap.guidelines.plan_items import NUMBERS
from sap.reading.read import read_plan

ROOT = Path(__file__).resolve().parents[3]


def sap(folder: Path, *words: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}
    command = [sys.executable, "-m", "reports.commands.cli", *words]
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "another study"
    done = sap(folder.parent, "new", folder.name)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_plan_to_begin_with_is_sound_and_promises_something(study):
    plan = read_plan(study / "sap" / "plan.yml")
    assert plan.analyses
    assert plan.outputs
    assert plan.listings


def test_sealed_data_render_as_a_report_with_every_table(study):
    plan = read_plan(study / "sap" / "plan.yml")
    for name, text in synthetic_data(plan, SyntheticOptions(n=12, seed=3)).items():
        (study / "data" / plan.datasets[name].file).write_text(text, encoding="utf-8")
    refused = sap(study, "lock", "--by", "A statistician")
    assert refused.returncode == 2
    assert "study.title: 'Gap 1a: title of the trial' is a gap that `sap new` left" in refused.stderr
    file = study / "sap" / "plan.yml"
    file.write_text(
        re.sub(r"'Gap( \w+)?: (.+)'\n", r"'Our \2'\n", file.read_text("utf-8")).replace("GAP-", "OUR-"),
        encoding="utf-8",
    )
    assert sap(study, "lock", "--by", "A statistician").returncode == 0
    done = sap(study, "render", "--engine", "embedded")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (study / "_site" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Table 14.1.1. Deaths" in page
    assert "DRAFT" not in page


def test_a_folder_that_holds_something_is_left_alone(study):
    done = sap(study.parent, "new", study.name)
    assert done.returncode == 2
    assert "is there already and is not empty" in done.stderr


def test_the_project_file_of_a_new_study_is_that_of_this_repository_but_for_its_names():
    mine = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    new = yaml.safe_load((ROOT / "reports" / "starter" / "_quarto.yml").read_text(encoding="utf-8"))
    kept = {f"reports/{name}.qmd" for name in ("index", "sap", "tables", "figures", "listings", "reconciliation")}
    assert kept <= set(new["project"]["render"]) <= set(mine["project"]["render"])
    assert new["format"] == mine["format"]
    assert new["execute"] == mine["execute"]


def test_what_is_asked_fills_the_gaps_and_an_empty_answer_leaves_its_own(tmp_path):
    asked = list(ASKED)
    told = {asked[0]: "ABC-101", asked[1]: 'A trial: "first" # in human', asked[3]: ""}
    lines = "".join(f"{told.get(question, 'Answer')}\n" for question in asked)
    done = CliRunner().invoke(app, ["new", str(tmp_path / "asked"), "--ask"], input=lines)
    assert done.exit_code == 0, done.output
    plan = read_plan(tmp_path / "asked" / "sap" / "plan.yml")
    assert (plan.study.id, plan.study.title, plan.study.phase) == (
        "ABC-101",
        'A trial: "first" # in human',
        "Gap 9: phase, as II",
    )
    assert plan.study.population == plan.analyses[0].estimand.population == "Answer"


def test_each_gap_of_the_plan_to_begin_with_is_named_with_an_item_of_the_guideline():
    text = (ROOT / "reports" / "starter" / "plan.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"'Gap (\w+): ", text))
    assert named <= set(NUMBERS)
    assert [gap for gap in ASKED.values() if gap not in text] == [], "an answer that fills no gap"
