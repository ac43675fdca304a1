"""{siera}, an R package that makes R programs of a reporting event, reads ours: one program for each output."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.data.load import load
from analysis.running.run import run
from sap.reading.post_hoc import read_whole_plan
from tests.analysis.ars.test_ars import event_of

ROOT = Path(__file__).resolve().parents[3]
SIERA = ROOT.parent / "shared" / "ars" / "siera"
READ = ".libPaths(c('library', .libPaths())); siera::readARS('ars.json', 'programs', 'adam')"


def in_r(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["Rscript", "-e", code], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory) -> Path:
    """Return a folder where siera is installed, in a library of its own."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not on this machine")
    if not SIERA.is_dir():
        pytest.skip(f"siera is not beside the checkout, at {SIERA}")
    folder = tmp_path_factory.mktemp("siera")
    for name in ("library", "programs", "adam"):
        (folder / name).mkdir()
    shutil.copytree(SIERA, folder / "source")
    install = ["R", "CMD", "INSTALL", "--no-docs", "-l", "library", "source"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    if "are not available for package" in done.stderr or "is not available for package" in done.stderr:
        pytest.skip("R has not the packages that siera needs: apt-get install r-cran-dplyr r-cran-tidyr r-cran-readxl")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("trial", ["the study", "two cohorts", "another trial"])
def test_siera_makes_a_program_of_each_output(trial, workplace, request):
    if trial == "the study":
        study, results = request.getfixturevalue("study"), request.getfixturevalue("results")
    else:
        plan, data = {
            "two cohorts": ("examples/two_cohorts/sap/plan.yml", "examples/two_cohorts/data"),
            "another trial": ("tests/other_trial/plan.yml", "tests/other_trial/data"),
        }[trial]
        study = load(read_whole_plan(ROOT / plan), ROOT / data)
        results = run(study)
    text = event_of(study, results)
    (workplace / "ars.json").write_text(text, encoding="utf-8")
    for earlier in (workplace / "programs").iterdir():
        earlier.unlink()
    done = in_r(READ, workplace)
    assert done.returncode == 0, done.stderr
    programs = {path.stem.removeprefix("ARD_"): path for path in (workplace / "programs").glob("ARD_*.R")}
    assert set(programs) == {o.id for o in study.plan.outputs}
    contents = json.loads(text)["mainListOfContents"]["contentsList"]["listItems"]
    for output in contents[: len(programs)]:
        program = programs[output["outputId"]].read_text(encoding="utf-8")
        asked = [e["analysisId"] for e in output["sublist"]["listItems"] if "analysisId" in e]
        assert all(f"# Analysis {a}----" in program for a in asked), output["outputId"]
    if all(s.get("condition", {}).get("comparator") not in {"IN", "NOTIN"} for s in json.loads(text)["analysisSets"]):
        # What siera writes of a set that is a list of values is no R.
        parse = "invisible(lapply(list.files('programs', full.names = TRUE), parse, encoding = 'UTF-8'))"
        read_again = in_r(parse, workplace)
        assert read_again.returncode == 0, read_again.stderr
