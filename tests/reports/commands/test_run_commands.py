"""`sap run` and `sap render` against the seal: refused, or run and said so in every file."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from analysis.results.provenance import FILE, check_files
from sap.reading.read import read_plan
from sap.seal.lock import read_lock
from sap.seal.verify import verified
from tests.each import each
from tests.sealed import Trial, trial

FILES = [
    "ard.csv",
    "ard.json",
    "ars.json",
    "checks.csv",
    "coverage.csv",
    "data_checks.json",
    "entered.json",
    "listings.json",
    FILE,
    "reconciliation.csv",
]
DERIVED = "derived"

OTHER_TRIAL = Path(__file__).resolve().parents[2] / "other_trial"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Trial:
    made = trial(tmp_path_factory.mktemp("sealed") / "étude 第一期 – données")
    made.seal()
    return made


@pytest.fixture
def own(tmp_path) -> Trial:
    """A sealed trial of which one data file got a blank line at its end since: another file, the same rows."""
    made = trial(tmp_path / "trial", OTHER_TRIAL)
    made.seal()
    file = made.data / "adsl.csv"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return made


def stamps(file: Path) -> set[str]:
    """Every stamp in a CSV or JSON result."""
    text = file.read_text(encoding="utf-8")
    records = list(csv.DictReader(text.splitlines())) if file.suffix == ".csv" else json.loads(text)
    return {r["stamp"] for r in records}


def test_a_sealed_run_writes_its_files_and_nothing_else(sap, sealed, tmp_path, results):
    out = tmp_path / "results"
    done = sap("run", *sealed.options, "--out", out)
    assert done.code == 0, done.said
    assert "plan, data and code are as" in done.out
    assert sorted(f.name for f in out.iterdir()) == sorted([*FILES, DERIVED, "derived.csv"])
    assert [f.name for f in tmp_path.iterdir()] == ["results"]
    assert (out / "ard.csv").read_text(encoding="utf-8") == results.to_csv()
    assert (out / "ard.json").read_bytes() == results.to_json().encode()
    found = check_files(out)
    derived = [name for name in found.files if name.startswith(DERIVED)]
    plan = read_plan(sealed.plan)
    assert derived == sorted(
        ["derived.csv", *(f"{DERIVED}/{d.id}.{x}" for d in plan.derivations for x in ("csv", "parquet"))]
    )
    assert sorted([*(set(found.files) - set(derived)), FILE]) == FILES
    assert (found.state, found.engine, found.seal) == ("sealed", "", read_lock(sealed.lock).head.sha256)
    assert all(stamps(out / name) <= {""} for name in FILES if name not in {"ars.json", FILE})
    assert stamps(out / "ard.csv") == {""}
    assert verified(sealed.lock, plan=sealed.plan, data=sealed.data, results=out).differences == ()
    first = {name: (out / name).read_bytes() for name in (*FILES, *derived)}
    assert sap("run", *sealed.options, "--out", out).code == 0
    assert {name: (out / name).read_bytes() for name in (*FILES, *derived)} == first


def test_a_draft_says_so_in_every_file_and_names_what_differs(sap, own, tmp_path, monkeypatch):
    monkeypatch.setenv("SAP_UNLOCKED", "1")
    monkeypatch.setenv("SAP_RESULTS", str(tmp_path / "results"))
    done = sap("run", *own.options)
    assert done.code == 0, done.said
    assert "DRAFT, not held to a seal: 1 difference" in done.out
    out = tmp_path / "results"
    assert all(stamps(out / name) <= {"DRAFT"} for name in FILES if name not in {"ars.json", FILE})
    assert stamps(out / "ard.csv") == {"DRAFT"}
    assert "DRAFT" in json.loads((out / "ars.json").read_text(encoding="utf-8"))["label"]
    found = check_files(out)
    assert (found.state, len(found.differences)) == ("draft", 1)
    assert "adsl.csv" in found.differences[0]


@pytest.mark.parametrize("command", ["run", "render"])
def test_what_differs_from_the_seal_is_refused_and_nothing_is_written(sap, own, tmp_path, command):
    folder = ["--results" if command == "render" else "--out", tmp_path / "results"]
    done = sap(command, *own.options, *folder)
    assert done.code == 4
    assert "adsl.csv" in done.err
    assert "or run with --unlocked" in done.err
    assert [f.name for f in tmp_path.iterdir()] == ["trial"]


@each("command", ["run", "render"])
def test_without_a_seal_the_way_on_is_named(sap, tmp_path, command):
    done = sap(command, "--lock", tmp_path / "sap.lock")
    assert done.code == 4
    assert "`sap lock` seals plan, data and code; --unlocked runs without" in done.err


def test_a_mistake_of_the_plan_comes_before_its_seal(sap, own):
    own.plan.write_text("plan: [", encoding="utf-8")
    done = sap("run", *own.options)
    assert done.code == 2
    assert "plan.yml" in done.err


def test_the_lock_that_protects_the_run_is_not_left_behind_when_it_fails(sap, own, tmp_path):
    (own.data / "adae.csv").unlink()
    done = sap("run", "--unlocked", *own.options, "--out", tmp_path / "results")
    assert done.code == 1
    assert [f.name for f in tmp_path.iterdir()] == ["trial"]


@each(("results", "site"), [("a", "a"), ("a/b", "a"), ("a", "a/b")])
def test_results_and_site_in_one_another_are_refused(sap, tmp_path, results, site):
    done = sap("render", "--unlocked", "--results", tmp_path / results, "--out", tmp_path / site)
    assert done.code == 2
    assert "Name two folders" in done.err


def test_results_may_not_take_the_place_of_the_project(sap):
    done = sap("run", "--unlocked", "--out", ".")
    assert done.code == 2
    assert ". cannot be replaced as a whole: it holds" in done.err
    assert "mount point" not in done.err


def test_a_folder_without_pages_is_refused_before_anything_is_computed(sap, sealed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = sap("render", *sealed.options)
    assert done.code == 3
    assert "there is no _quarto.yml in" in done.err
    assert list(tmp_path.iterdir()) == []


def test_pages_that_the_seal_does_not_cover_are_not_rendered(sap, sealed, tmp_path, monkeypatch):
    (tmp_path / "_quarto.yml").write_text("project:\n  type: website\n", encoding="utf-8")
    (tmp_path / "index.qmd").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = sap("render", *sealed.options)
    assert done.code == 4
    assert "pages: index.qmd: this file was added since the code was sealed; the cells of a page run" in done.err
    assert not (tmp_path / "results").exists()


def test_results_may_not_take_the_place_of_the_data(sap, tmp_path):
    made = trial(tmp_path / "trial")
    before = sorted(p.name for p in made.data.iterdir())
    done = sap("run", "--unlocked", *made.options, "--out", made.data)
    assert done.code == 2
    assert "it holds" in done.err
    assert sorted(p.name for p in made.data.iterdir()) == before


def test_a_post_hoc_analysis_is_run_beside_the_plan_and_its_file_is_named(sap, tmp_path):
    made = trial(tmp_path / "trial", OTHER_TRIAL)
    shutil.copy(OTHER_TRIAL / "post_hoc.yml", made.home)
    out = tmp_path / "results"
    done = sap("run", "--unlocked", *made.options, "--out", out)
    assert done.code == 0, done.said
    assert "1 post hoc analysis run beside the plan" in done.out
    rows = list(csv.DictReader((out / "ard.csv").read_text(encoding="utf-8").splitlines()))
    assert {r["reason"] for r in rows} == {"specified in SAP", "post hoc"}
    assert len(check_files(out).plan.post_hoc_sha256) == 64
