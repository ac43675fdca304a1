"""Programs with which a second programmer begins: they run, agree with the results, and find a fault in them."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.ars.programs import ALL, COMMON, SETS, programs
from analysis.data.derived_files import derived_files
from analysis.data.load import Study, load
from analysis.results.ard import Results
from analysis.running.run import run
from sap.reading.read import read_plan
from sap.text.files import as_bytes

ROOT = Path(__file__).resolve().parents[3]
OTHER_TRIAL = ROOT / "tests" / "other_trial"


def written(study: Study, results: Results, data: Path, folder: Path) -> Path:
    """Write results as a run does, and beside them the programs."""
    at, out = folder / "results", folder / "qc"
    files = {f"results/{name}": as_bytes(text) for name, text in derived_files(study, "").items()}
    files["results/ard.csv"] = as_bytes(results.to_csv())
    files |= {f"qc/{n}": t.encode() for n, t in programs(study, results, out, data, at).files.items()}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return out


def rscript(program: str, folder: Path) -> subprocess.CompletedProcess:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not on this machine")
    return subprocess.run(
        ["Rscript", "--vanilla", program], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def other() -> tuple[Study, Results]:
    study = load(read_plan(OTHER_TRIAL / "plan.yml"), OTHER_TRIAL / "data")
    return study, run(study)


@pytest.fixture
def other_programs(other, tmp_path) -> Path:
    return written(*other, OTHER_TRIAL / "data", tmp_path)


def test_each_analysis_has_a_program_and_they_share_two_files(study, results):
    found = programs(study, results, ROOT / "qc", ROOT / "data", ROOT / "results")
    analyses = {r.analysis_id for r in results}
    assert set(found.files) == {COMMON, ALL} | {f"{name}.R" for name in analyses | {SETS}}
    assert found.shared == ()


def test_no_parameter_is_left_in_a_program(study, results):
    found = programs(study, results, ROOT / "qc", ROOT / "data", ROOT / "results")
    assert not [name for name, text in found.files.items() if "methodidhere" in text or "subjectshere" in text]


def test_programs_agree_with_the_results_of_this_study(study, results, tmp_path):
    done = rscript(ALL, written(study, results, ROOT / "data", tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 differ" in done.stdout
    assert "differs:" not in done.stdout


def test_programs_agree_with_the_results_of_another_study(other_programs):
    done = rscript(ALL, other_programs)
    assert done.returncode == 0, done.stdout + done.stderr


def test_programs_of_data_that_are_no_plain_csv_say_what_is_not_checked(compared_arms, tmp_path):
    results = run(compared_arms)
    out = written(compared_arms, results, tmp_path / "absent", tmp_path)
    assert "Read by `sap`, and so not checked here: ADSL" in (out / f"{SETS}.R").read_text(encoding="utf-8")
    done = rscript(ALL, out)
    assert done.returncode == 0, done.stdout + done.stderr


def planted(out: Path, change: dict[str, str]) -> str:
    """Change the first proportion in the results; return its analysis."""
    file = out.parent / "results" / "ard.csv"
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    row = next(r for r in rows if (r["context"], r["stat_name"]) == ("proportion", "estimate") and r["stat"])
    if change:
        row |= change
    else:
        rows.remove(row)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(row))
        writer.writeheader()
        writer.writerows(rows)
    return row["analysis_id"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"stat": "0.123456"}, "differs:"),
        ({"stat": "", "error": "not estimable: planted"}, "differs:"),
        ({}, "not in ard.csv:"),
    ],
    ids=["another number", "no value", "no row"],
)
def test_a_fault_in_the_results_is_found(other_programs, change, told):
    analysis = planted(other_programs, change)
    done = rscript(f"{analysis}.R", other_programs)
    assert done.returncode == 1, done.stdout + done.stderr
    assert told in done.stdout
