"""Killed at any moment, or two at once: the last good results and the last good site are whole."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.results.folder import mend, one_run_in
from analysis.results.provenance import check_files
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import page_seconds
from reports.engines.process import run_program
from tests.each import each
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
from reports.run.shown import open_run
from reports.words.stamp import provenance_block, stamp_block
run = open_run()
print(stamp_block(run.provenance), provenance_block(run.provenance))
```

```{python}
import os, pathlib, time
if "TEST_BEGUN" in os.environ:
    pathlib.Path(os.environ["TEST_BEGUN"]).touch()
    time.sleep(120)
```
"""


@dataclass(frozen=True)
class Project:
    home: Path

    def start(self, command: str, *options: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start the command in a process of its own, on the trial of this project."""
        words = ["--plan", "plan.yml", "--unlocked"] + (["--engine", "embedded"] if command == "render" else [])
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SAP_", "PYTEST_"))} | dict(env or {})
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
        with one_run_in(self.home / folder, print):
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
    home = trial(tmp_path_factory.mktemp("project") / "a trial", ROOT / "tests" / "other_trial").home
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


def test_a_render_of_what_did_not_change_says_so_and_touches_nothing(project):
    folders = [project.home / name for name in ("results", "_site", "reports")]

    def looked_at() -> dict[str, tuple[int, int]]:
        files = (path for folder in folders for path in [folder, *folder.rglob("*")])
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}

    before = looked_at()
    process = project.start("render")
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    assert "nothing changed since results was written: the results stand" in said
    assert "nothing changed since _site was rendered: its pages stand" in said
    assert "rendering" not in said
    assert looked_at() == before


def test_all_is_made_anew_where_that_is_asked_and_is_the_same_to_the_byte(project):
    before = project.files("results"), project.files("_site")
    process = project.start("render", "--fresh")
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    assert "nothing changed" not in said
    assert (project.files("results"), project.files("_site")) == before


def test_two_runs_at_once_into_one_folder_give_one_whole_folder(project):
    both(project.start("run", "--out", "other"), project.start("run", "--out", "other"))
    found, alone = (check_files(project.home / name) for name in ("other", "results"))
    assert (found.plan, found.data, found.files["ard.csv"]) == (alone.plan, alone.data, alone.files["ard.csv"])


@pytest.mark.parametrize(("command", "after"), [("run", (0.8, 1.6, 2.4)), ("render", (2.5, 5.0))])
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


@contextmanager
def asleep(project: Project, command: str, scratch: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a command and wait until a cell of its page sleeps; what passes through lies in one folder of the user's.

    Whatever a test finds, nothing of the command outlives it.
    """
    begun = scratch.with_name(f"{scratch.name} begun")
    begun.unlink(missing_ok=True)
    process = project.start(command, env={"TMPDIR": str(scratch), "TEST_BEGUN": str(begun)})
    try:
        while not begun.exists():
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        assert {p.stat().st_mode & 0o077 for p in scratch.iterdir()} == {0}, "others can read it"
        assert len([p for p in scratch.iterdir() if p.is_dir()]) == 1
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def begun_with(scratch: Path) -> list[str]:
    """Return the processes that were begun with this folder for what passes through."""
    found = []
    for process in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            found += [str(process)] if f"TMPDIR={scratch}\0".encode() in process.read_bytes() else []
    return found


@pytest.mark.parametrize(
    ("command", "number", "code"),
    [
        ("render", signal.SIGTERM, 143),
        ("render", signal.SIGHUP, 129),
        ("render", signal.SIGINT, 130),
        ("bundle", signal.SIGTERM, 143),
    ],
)
def test_a_stopped_command_puts_everything_away(project, tmp_path, command, number, code):
    before = {p.name for p in project.home.iterdir()}
    with asleep(project, command, tmp_path) as process:
        process.send_signal(number)
        assert process.communicate(timeout=60)[0].strip().endswith("Stopped. Nothing half-written was left.")
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert begun_with(tmp_path) == []
    assert {p.name for p in project.home.iterdir()} <= before


def test_the_next_command_clears_what_a_killed_one_left_and_nothing_of_one_that_runs(project, tmp_path):
    with asleep(project, "render", tmp_path):
        assert len(begun_with(tmp_path)) >= 2
    deadline = time.monotonic() + 10
    while begun_with(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert begun_with(tmp_path) == [], "a page outlives the command that was killed"
    left = list(tmp_path.iterdir())
    assert left
    with asleep(project, "render", tmp_path) as running:
        assert not set(left).intersection(tmp_path.iterdir())
        theirs = sorted(tmp_path.rglob("*"))
        subprocess.run([SAP, "schema"], env=os.environ | {"TMPDIR": str(tmp_path)}, capture_output=True, check=True)
        assert sorted(tmp_path.rglob("*")) == theirs
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_does_not_end_is_stopped_and_named(project, tmp_path):
    process = project.start("render", env={"SAP_PAGE_SECONDS": "3", "TEST_BEGUN": str(tmp_path / "begun")})
    try:
        said = process.communicate(timeout=120)[0]
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 3, said
    assert "reports/index.qmd:13: this page did not end within 3 seconds" in said
    assert "SAP_PAGE_SECONDS" in said


@each("told", ["soon", "0", "-3", "nan", "inf"])
def test_a_limit_that_is_no_number_of_seconds_is_refused(told):
    with pytest.raises(RenderError, match=f"SAP_PAGE_SECONDS={told} is not a number of seconds"):
        page_seconds({"SAP_PAGE_SECONDS": told})


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path):
    asked = f"sleep 300 & echo $! > {tmp_path / 'child'}; echo begun; wait"
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        run_program(["sh", "-c", asked], tmp_path, seconds=1)
    assert caught.value.stdout == b"begun\n"
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            state = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").split()[2]
            if state != "Z":
                time.sleep(0.05)
                continue
        return
    pytest.fail("the child of the program is still there")


def test_a_page_of_results_that_were_edited_is_not_rendered(project):
    file = project.home / "results" / "ard.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",0.", ",1.", 1), encoding="utf-8")
    reader = "from reports.run.shown import open_run\nopen_run()"
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
