"""Whatever a run and its pages open is sealed, or was made by the run, or belongs to a library or the interpreter."""

import sys
from pathlib import Path

import pytest

from analysis.synthetic import SyntheticOptions, synthetic_data
from reports.commands.new import new
from sap.reading.read import read_plan
from sap.seal.code import code_files, page_digests
from tests.light_environment import light_environment

NOTED = """
import os, sys
_noted = os.open(os.environ["NOTED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _note(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and not (arguments[2] or 0) & os.O_WRONLY:
        os.write(_noted, (os.path.abspath(arguments[0]) + "\\n").encode())
sys.addaudithook(_note)
"""
"""Run at each start of Python: notes every file that is opened for reading."""
ROOT = Path(__file__).resolve().parents[3]
MADE = ("results/", "_site/", "reports/fig/", "_results.", "__pycache__/")


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> tuple[Path, set[str]]:
    """Render a study with a paper to hold itself against, and note what is opened."""
    home = tmp_path_factory.mktemp("opened")
    study, environment = home / "study", light_environment(home / "env")
    new(study, render=False)
    plan = read_plan(study / "sap" / "plan.yml")
    for name, text in synthetic_data(plan, SyntheticOptions(n=12, seed=3)).items():
        (study / "data" / plan.datasets[name].file).write_text(text, encoding="utf-8")
    (home / "noting").mkdir()
    (home / "noting" / "sitecustomize.py").write_text(NOTED)
    noting = {"PYTHONPATH": str(home / "noting"), "NOTED": str(home / "noted.txt"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = environment.sap(study, "render", "--unlocked", "--engine", "embedded", **noting)
    assert done.returncode == 0, done.stderr
    return study, set((home / "noted.txt").read_text().splitlines())


def test_every_file_is_sealed_or_made(opened):
    study, paths = opened
    sealed = {path.resolve() for path in code_files().values()} | {study / name for name in page_digests(study)}
    itself = {"sap/plan.yml", "requirements.txt", *(f"data/{path.name}" for path in (study / "data").iterdir())}
    among_libraries = (sys.prefix, sys.base_prefix, str(study.parent / "env"))
    left = []
    for path in map(Path, sorted(paths)):
        below = next((path.relative_to(home).as_posix() for home in (study, ROOT) if path.is_relative_to(home)), None)
        if below is None or str(path).startswith(among_libraries) or not path.is_file() or path in sealed:
            continue
        if below not in itself and not any(made in f"{below}" for made in MADE):
            left.append(below)
    assert left == []
    style = ROOT / "reports" / "figures" / "house.mplstyle"
    assert {study / "_quarto.yml", study / "reports" / "index.qmd", style} <= set(map(Path, paths))


def test_nothing_else_of_the_project_is_read(opened):
    study, paths = opened
    there = {
        path.relative_to(study).parts[0] for path in map(Path, paths) if path.is_relative_to(study) and path.is_file()
    }
    assert there <= {"_quarto.yml", "data", "reports", "requirements.txt", "results", "_site", "sap"}
