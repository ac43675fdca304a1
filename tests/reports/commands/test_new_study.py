"""A folder for another study works at once: its plan is sound, its pages render, its seal holds."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from itertools import permutations
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from analysis.synthetic import SyntheticOptions, synthetic_data
from reports.commands.app import app
from reports.commands.new import ASKED
from reports.commands.starter import ENDPOINTS, Asked, plan_text
from sap.guidelines.plan_items import NUMBERS
from sap.plan.summary import shown_nowhere
from sap.reading.read import read_plan
from sap.text.problems import UserError
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]


def sap(folder: Path, *words: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}
    command = [sys.executable, "-m", "reports.commands.cli", *words]
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "another study"
    done = sap(folder.parent, "new", folder.name, "--no-render")
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
    # The design, its arms, the endpoints.
    lines += "randomised\nActive; Control\nos; ae\n"
    done = CliRunner().invoke(app, ["new", str(tmp_path / "asked"), "--ask", "--no-render"], input=lines)
    assert done.exit_code == 0, done.output
    plan = read_plan(tmp_path / "asked" / "sap" / "plan.yml")
    assert (plan.study.id, plan.study.title, plan.study.phase) == (
        "ABC-101",
        'A trial: "first" # in human',
        "Gap 9: phase, as II",
    )
    assert plan.study.population == plan.analyses[0].estimand.population == "Answer"
    assert plan.plan.id == "SAP-ABC-101"
    assert [level.label for level in plan.grouping("ARM").levels] == ["Active", "Control"]
    assert [a.id for a in plan.analyses] == ["AN-OS", "AN-BASE", "AN-AE"]


def test_each_gap_of_the_plan_to_begin_with_is_named_with_an_item_of_the_guideline():
    text = (ROOT / "reports" / "starter" / "plan.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"'Gap (\w+): ", text))
    assert named <= set(NUMBERS)
    assert [gap for gap in ASKED.values() if gap not in text] == [], "an answer that fills no gap"


def plan_of(asked: Asked, folder: Path):
    (folder / "plan.yml").write_text(plan_text(asked), encoding="utf-8")
    return read_plan(folder / "plan.yml")


@each("arms", [(), ("A, b: c", "B # 2")])
def test_any_two_endpoints_make_a_sound_plan_whose_first_is_primary(tmp_path, arms):
    for endpoints in permutations(ENDPOINTS, 2):
        plan = plan_of(Asked(arms=arms, endpoints=endpoints), tmp_path)
        purposes = {a.id.removeprefix("AN-").lower(): a.purpose for a in plan.analyses}
        assert purposes == {
            {"response": "resp"}.get(endpoints[0], endpoints[0]): "primary",
            {"response": "resp"}.get(endpoints[1], endpoints[1]): "secondary",
            "base": "secondary",
        }
        assert not shown_nowhere(plan)
        assert any(step.by for a in plan.analyses for step in a.steps) == bool(arms)


def test_all_endpoints_of_cohorts_are_rehearsed_at_once(tmp_path):
    words = ["--id", "ABC-101", "--n", "8", "--design", "cohorts", "--cohort", "Dose 1", "--cohort", "Dose 2"]
    kinds = [word for kind in ("dlt", "response", "os", "pfs", "ae", "death") for word in ("--endpoint", kind)]
    done = sap(tmp_path, "new", "abc", *words, *kinds)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "abc" / "_dry_run" / "site" / "reports" / "tables.html").read_text(encoding="utf-8")
    assert "Table 14.3.2. Dose-limiting toxicity" in page
    assert "Dose 2" in page
    assert "DRY RUN" in page
    assert not any((tmp_path / "abc" / "data").iterdir())


def test_design_and_names_fill_what_they_say_and_leave_what_they_do_not(tmp_path):
    one = plan_of(Asked(design="single-arm", arms=("CAR-T cells",), planned_n=10), tmp_path)
    assert (one.study.treatment, one.design.control) == ("CAR-T cells", "None: the trial has one arm.")
    assert one.study.planned_n == 10
    assert not one.groupings
    two = plan_of(Asked(design="randomised", arms=("A", "B")), tmp_path)
    assert two.design.overview == "Randomised, 2 parallel arms: A, B."
    assert two.design.randomisation.startswith("Gap 10")


def test_a_new_study_has_what_it_is_installed_and_checked_by(study):
    assert (study / "requirements.txt").read_text(encoding="utf-8") == f"executable-sap=={version('executable-sap')}\n"
    steps = yaml.safe_load((study / ".github" / "workflows" / "plan.yml").read_text(encoding="utf-8"))["jobs"]["plan"]
    assert {"run": "sap plan check"} in steps["steps"]
    named = set(re.findall(r"`?sap ([a-z-]+)", (study / "README.md").read_text(encoding="utf-8")))
    assert named <= {command.name or command.callback.__name__ for command in app.registered_commands} | {"plan"}


def test_datasets_are_copied_as_the_plan_names_them_and_what_is_absent_is_told(tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "ADSL.CSV").write_text("USUBJID\n", encoding="utf-8")
    (tmp_path / "given" / "other.csv").write_text("X\n", encoding="utf-8")
    done = sap(tmp_path, "new", "abc", "--endpoint", "ae", "--data", "given", "--no-render")
    assert "Copied from given: data/adsl.csv. Not there: adae.csv." in done.stdout
    assert [path.name for path in (tmp_path / "abc" / "data").iterdir()] == ["adsl.csv"]


@each(
    "words, told",
    [
        (["--design", "rct"], "--design rct is not known. Did you mean 'randomised'?"),
        (["--design", "cohorts"], "--design cohorts needs --cohort at least twice."),
        (["--design", "single-arm", "--arm", "A", "--arm", "B"], "--design single-arm needs one --arm at most."),
        (["--endpoint", "survival"], "--endpoint survival is not known. Did you mean 'os'?"),
        (["--endpoint", "os", "--endpoint", "os"], "--endpoint os is given twice."),
        (["--arm", "A", "--cohort", "B"], "Arms and cohorts are both named."),
        (["--arm", " ", "--arm", "B"], "--arm has no name."),
        (["--id", "1x"], "study.id: '1x' is not a valid name here."),
        (["--data", "nowhere"], "--data nowhere is no folder."),
    ],
)
def test_what_does_not_fit_is_told_and_no_folder_is_made(tmp_path, words, told):
    done = CliRunner().invoke(app, ["new", str(tmp_path / "abc"), "--no-ask", "--no-render", *words])
    assert isinstance(done.exception, UserError)
    assert told in str(done.exception)
    assert not (tmp_path / "abc").exists()
