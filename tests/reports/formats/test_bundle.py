"""The archive: all of a run, the same bytes each time, and it can be verified by what is in it."""

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from reports.formats.bundle import bundle, unpacked, zipped
from reports.run.shown import ShownRun, read_run
from sap.reading.post_hoc import read_whole_plan
from sap.seal.results import MANIFEST
from sap.seal.verify import verified
from tests.each import each
from tests.opened_run import hidden
from tests.sealed import Trial, trial


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Trial:
    made = trial(tmp_path_factory.mktemp("bundle") / "étude 第一期 – données")
    made.seal()
    return made


@pytest.fixture(scope="module")
def site(sealed) -> Path:
    folder = sealed.home.parent / "site"
    pages = ("index.html", "reports/index.html", "reports/fig/f-os.svg")
    for name in (*pages, "documents/manuscript.pdf", "tlf/T-DLT.rtf", MANIFEST):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


@pytest.fixture
def ran(sap, sealed) -> ShownRun:
    folder = sealed.home.parent / "results"
    if not folder.exists():
        assert sap("run", *sealed.options, "--out", folder).code == 0
    return read_run(read_whole_plan(sealed.plan), folder)


@pytest.fixture
def files(ran, sealed, site) -> dict[str, bytes]:
    return unpacked(bundle(ran, site, sealed.plan, sealed.lock))


def test_everything_is_there_and_in_its_place(files, ran):
    names = set(files)
    assert {"README.md", MANIFEST, "sap.lock", "sap/plan.yml", "site/index.html", "site/reports/index.html"} <= names
    assert "site/reports/fig/f-os.svg" in names
    assert {"documents/manuscript.pdf", "tlf/T-DLT.rtf", "results/ars.json", "results/provenance.json"} <= names
    assert {f"results/{name}" for name in ran.provenance.files} <= names
    assert any(name.startswith("sap/history/") for name in names)
    assert not any(name.startswith("data/") for name in names)


def test_the_manifest_names_every_file_with_its_digest(files):
    listed = dict(reversed(line.split("  ", 1)) for line in files[MANIFEST].decode().splitlines())
    assert listed == {n: hashlib.sha256(content).hexdigest() for n, content in files.items() if n != MANIFEST}
    assert list(listed) == sorted(listed)


def test_it_is_verified_without_this_program(files, tmp_path):
    write(files, tmp_path)
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum on this machine")
    check = [program, "--check", "--quiet", MANIFEST]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "results" / "ard.csv").write_text("changed", encoding="utf-8")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_a_file_the_list_does_not_name_is_found_as_the_readme_says(files, tmp_path):
    write(files, tmp_path)
    (look,) = re.findall(r"`(find \. .*)` \(in bash\)", files["README.md"].decode())
    bash = shutil.which("bash") or "bash"
    (tmp_path / "site" / "more page.html").write_text("slipped in", encoding="utf-8")
    said = subprocess.run([bash, "-c", look], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert said.split("\n") == [MANIFEST, "site/more page.html", ""]


def test_the_readme_claims_no_more_than_each_step_shows(files, ran):
    text = " ".join(files["README.md"].decode().split())
    assert "No file was changed" not in text
    assert "whoever changes a file can change the list too" in text
    assert "It does not cover `site/`, `documents/` and `tlf/`" in text
    code = ran.provenance.code
    assert f"executable-sap {code.version}, at commit `{code.commit}`" in text or not code.commit
    assert code.sha256 in text


def test_it_is_verified_with_the_data_as_the_readme_says(files, sealed, tmp_path):
    write(files, tmp_path)
    shutil.copytree(sealed.data, tmp_path / "data")
    where = {"plan": tmp_path / "sap/plan.yml", "data": tmp_path / "data", "results": tmp_path / "results"}
    assert verified(tmp_path / "sap.lock", **where).differences == ()
    assert "sap verify --lock sap.lock --plan sap/plan.yml --data data --results results" in files["README.md"].decode()


def test_the_readme_says_what_the_rows_are_and_how_the_run_stands(files, ran):
    text = files["README.md"].decode()
    assert " ".join(ran.plan.study.data_notice.split()) in text
    assert "This run was held to the seal." in text
    assert ran.provenance.seal in text
    drafted = replace(ran, provenance=ran.provenance.model_copy(update={"state": "draft"}))
    assert drafted.provenance.stamp == "DRAFT"


def test_the_same_run_gives_the_same_bytes(ran, sealed, site):
    assert bundle(ran, site, sealed.plan, sealed.lock) == bundle(ran, site, sealed.plan, sealed.lock)


def test_where_pages_hide_the_subjects_so_does_the_bundle(ran, sealed, site):
    run = read_run(hidden(ran.plan), ran.folder)
    files = unpacked(bundle(run, site, sealed.plan, sealed.lock))
    subjects = [s.encode() for entry in run.entered for s in entry.subjects]
    assert subjects
    assert not [name for name, content in files.items() if any(s in content for s in subjects)]
    assert b"Subject 1" in files["results/ard.csv"]
    assert "Left out, because it names subjects" in files["README.md"].decode()


def test_entries_have_no_clock_and_no_machine():
    content = zipped({"b": b"2", "a/c": b"1", "[Content_Types].xml": b"0"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    assert [e.filename for e in entries] == ["[Content_Types].xml", "a/c", "b"]
    assert {(e.date_time, e.create_system) for e in entries} == {((1980, 1, 1, 0, 0, 0), 3)}


@each(("out", "said"), [("here", "not the name of a zip"), ("folder.zip", "is a folder")])
def test_a_wrong_name_is_refused_before_anything_is_run(sap, tmp_path, out, said):
    (tmp_path / "folder.zip").mkdir()
    done = sap("bundle", "--out", tmp_path / out)
    assert done.code == 2
    assert said in done.err


def write(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
