"""`sap preview` renders a draft as files are saved, keeps the last good pages, and ends when it is asked to."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from reports.commands.preview import STANDS, Drafts

ROOT = Path(__file__).resolve().parents[3]


def drafts(folder: Path) -> Drafts:
    return Drafts(folder / "plan.yml", folder / "data", folder / "sap.lock", folder / "out")


@pytest.fixture
def trial(tmp_path, monkeypatch) -> Path:
    """A project of one page, with the plan and the data of a small trial."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "tests" / "other_trial" / "plan.yml", tmp_path)
    shutil.copytree(ROOT / "tests" / "other_trial" / "data", tmp_path / "data")
    (tmp_path / "index.qmd").write_text("---\ntitle: Mine\n---\n\nOne sentence.\n", encoding="utf-8")
    (tmp_path / "_quarto.yml").write_text(
        "project:\n  type: website\n  render:\n    - index.qmd\nwebsite:\n  title: Mine\n", encoding="utf-8"
    )
    return tmp_path


def test_what_is_rendered_is_a_draft_in_folders_of_its_own(trial):
    site, words = drafts(trial).render()
    assert site == trial / "out" / "site"
    assert words[0] == "render"
    assert "--unlocked" in words
    assert words[words.index("--results") + 1] == str(trial / "out" / "results")


def test_without_data_synthetic_ones_are_drawn(trial):
    (trial / "data" / "adae.csv").unlink()
    site, words = drafts(trial).render()
    assert (words[0], site) == ("dry-run", trial / "out" / "dry-run" / "site")


def test_a_mistake_of_the_plan_is_left_to_what_is_run(trial):
    (trial / "plan.yml").write_text("plan: 3\n", encoding="utf-8")
    assert drafts(trial).render()[1][0] == "render"


def test_whatever_takes_part_is_looked_at(trial):
    before = drafts(trial).state()
    for name in ("plan.yml", "index.qmd", "_quarto.yml", "data/adsl.csv"):
        file = trial / name
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        now = drafts(trial).state()
        assert [path.name for path in now if now[path] != before[path]] == [file.name]
        before = now


def test_pages_follow_what_is_saved_and_a_mistake_leaves_them(trial):
    command = [sys.executable, "-m", "reports.commands.cli", "preview", "--no-browser", "--port", "0"]
    words = ["--plan", "plan.yml", "--data", "data"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("SAP_")}
    said = subprocess.Popen(
        [*command, *words],
        cwd=trial,
        env={**own, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def until(text: str) -> str:
        line = ""
        while text not in line:
            line = said.stdout.readline()
            assert line, said.stderr.read()
        return line

    address = re.search(r"http://\S+", until("http://"))[0]
    until("Open ")
    page, plan = trial / "index.qmd", trial / "plan.yml"
    page.write_text(page.read_text(encoding="utf-8") + "Another one.\n", encoding="utf-8")
    until("changed: index.qmd")
    until("the results stand")
    until("Open ")
    kept = plan.read_text(encoding="utf-8")
    plan.write_text(kept.replace("method: binomial", "method: binom", 1), encoding="utf-8")
    assert "Did you mean 'binomial'?" in until("is not a known method")
    until(STANDS)
    assert "Another one." in urlopen(address, timeout=20).read().decode()
    said.send_signal(signal.SIGINT)
    out, err = said.communicate(timeout=60)
    assert (said.returncode, err) == (130, "Stopped. Nothing half-written was left.\n"), out
    assert not (trial / "results").exists()
    assert not (trial / "_site").exists()


def test_a_folder_without_pages_is_told(tmp_path):
    command = [sys.executable, "-m", "reports.commands.cli", "preview", "--no-browser"]
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "so there are no pages to render" in done.stderr
