"""Killed at any moment, or two at once: the last good results and the last good site are whole."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.folder import mend
from analysis.hold import holding
from analysis.provenance import check_files
from tests.sealed import trial

ROOT = Path(__file__).resolve().parents[1]
SAP = Path(sys.executable).with_name("sap")
CONFIG = """\
project:
  type: website
  output-dir: _site
  execute-dir: project
  render: [reports/index.qmd]
website:
  title: A page
format:
  html:
    html-table-processing: none
execute:
  echo: false
"""
PAGE = """\
---
title: A page
---

```{python}
#| output: asis
from reports.opened import open_run
from reports.stamp import provenance_block, stamp_block
run = open_run()
print(stamp_block(run.provenance), provenance_block(run.provenance))
```
"""


@dataclass(frozen=True)
class Project:
    home: Path

    def start(self, command: str, *options: str) -> subprocess.Popen[str]:
        """Start the command in a process of its own, on the trial of this project."""
        words = ["--plan", "plan.yml", "--unlocked"] + (["--engine", "embedded"] if command == "render" else [])
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}
        return subprocess.Popen(
            [SAP, command, *words, *options],
            cwd=self.home,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def files(self, folder: str) -> dict[str, bytes]:
        root = self.home / folder
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}

    def mend(self, folder: str) -> None:
        """Do what the next start does before anything else."""
        with holding(self.home / folder, print):
            mend(self.home / folder)


def both(first: subprocess.Popen[str], second: subprocess.Popen[str]) -> list[str]:
    """Wait for two processes, see that they ended well and that one waited for the other; return what they said."""
    said = [process.communicate(timeout=300)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert sum("waiting until another sap command is done with" in text for text in said) == 1, said
    return said


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """A project of one page; two renders have been through it at the same time."""
    home = trial(tmp_path_factory.mktemp("project") / "a trial").home
    (home / "reports").mkdir()
    (home / "reports" / "index.qmd").write_text(PAGE, encoding="utf-8")
    (home / "_quarto.yml").write_text(CONFIG, encoding="utf-8")
    made = Project(home)
    both(made.start("render"), made.start("render"))
    return made


def test_two_renders_at_once_give_one_whole_site(project):
    assert sorted(p.name for p in project.home.iterdir()) == [
        "_quarto.yml",
        "_site",
        "data",
        "plan.yml",
        "reports",
        "results",
    ]
    found = check_files(project.home / "results")
    assert found.engine.startswith("the embedded engine (pandoc ")
    page = project.files("_site")["reports/index.html"].decode()
    for part in ('class="stamp"', "DRAFT", found.plan.sha256, found.data_sha256, found.engine):
        assert part in page


def test_two_runs_at_once_into_one_folder_give_one_whole_folder(project):
    both(project.start("run", "--out", "other"), project.start("run", "--out", "other"))
    found, alone = (check_files(project.home / name) for name in ("other", "results"))
    assert (found.plan, found.data, found.files["ard.csv"]) == (alone.plan, alone.data, alone.files["ard.csv"])


@pytest.mark.parametrize(("command", "after"), [("run", (1.0, 3.0, 5.0)), ("render", (4.0, 8.0))])
def test_a_killed_command_costs_neither_the_results_nor_the_site(project, command, after):
    site = project.files("_site")
    for seconds in after:
        process = project.start(command)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        for folder in ("results", "_site"):
            project.mend(folder)
        check_files(project.home / "results")
        assert project.files("_site") == site
    left = {p.name for p in project.home.iterdir()}
    assert not {name for name in left if name.endswith((".new", ".old"))}


def test_a_page_of_results_that_were_edited_is_not_rendered(project):
    file = project.home / "results" / "ard.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",0.", ",1.", 1), encoding="utf-8")
    reader = "from reports.opened import open_run\nopen_run()"
    environment = os.environ | {"SAP_PLAN": str(project.home / "plan.yml"), "SAP_RESULTS": str(file.parent)}
    done = subprocess.run([sys.executable, "-c", reader], env=environment, capture_output=True, text=True, check=False)
    file.write_text(text, encoding="utf-8")
    assert "ard.csv was changed after the run that wrote it. Run `sap run` again." in done.stderr


def test_forty_kills_while_results_are_written_leave_a_whole_folder_each_time(tmp_path):
    folder = tmp_path / "there" / "results"
    command = [sys.executable, Path(__file__).with_name("killed_writer.py"), folder, "40"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= 10, "the kills came at moments when nothing was being written"
