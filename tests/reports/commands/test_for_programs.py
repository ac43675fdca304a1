"""What a program reads: one JSON object and no progress; or nothing at all, where it asks for quiet."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.commands.app import app

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("for programs") / "study"
    done = sap(folder.parent, "new", folder.name, "--no-render", "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    return folder


def sap(folder: Path, *words: str) -> subprocess.CompletedProcess:
    own = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "reports.commands.cli", *words]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False)


def test_a_rehearsal_then_a_run_in_json_and_in_silence(study):
    told = json.loads(sap(study, "dry-run", "--json").stdout)
    assert Path(study, told["open"]).is_file()
    data = str(study / told["data"])
    ran = sap(study, "run", "--unlocked", "--data", data, "--json")
    assert json.loads(ran.stdout) == {"results": "results", "state": "draft"}
    again = sap(study, "run", "--unlocked", "--data", data, "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_new_study_in_json(study):
    done = sap(study.parent, "new", "other", "--no-render", "--json", "--endpoint", "os")
    told = json.loads(done.stdout)
    assert told["folder"] == "other"
    assert told["gaps"] > 0
    assert "sap/plan.yml" in told["files"]


def test_a_mistake_is_told_though_quiet_was_asked_for(study):
    done = sap(study, "run", "--quiet", "--plan", "nowhere.yml", "--unlocked")
    assert done.returncode == 2
    assert "there is no such file" in done.stderr


def test_a_shell_completes_commands():
    completed = CliRunner().invoke(
        app, [], prog_name="sap", env={"_SAP_COMPLETE": "complete_bash", "COMP_WORDS": "sap dry", "COMP_CWORD": "1"}
    )
    assert completed.output.split() == ["dry-run"]
