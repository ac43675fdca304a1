"""Where results come from: taken from what was read, and held against what is in the folder."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from analysis.pipeline.analyse import libraries, provenance_of
from analysis.results.provenance import FILE, ChangedError, check_files, provenance_json, read_provenance
from analysis.results.seal_state import SealState
from sap.text.files import digest
from sap.text.problems import UserError
from tests.provenances import PROVENANCE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path):
    """A folder as a run leaves it."""
    texts = {"ard.csv": "a\n1\n", "checks.csv": "b\n2\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = PROVENANCE.model_copy(update={"files": {n: digest(t.encode()) for n, t in texts.items()}})
    (tmp_path / FILE).write_text(provenance_json(made), encoding="utf-8")
    return tmp_path


def test_it_is_taken_from_what_was_read_and_what_computes(study, root):
    found = provenance_of(study, root / "sap" / "plan.yml", SealState("draft", differences=("one",)), "Quarto 1.11.0")
    assert found.plan.sha256 == hashlib.sha256((root / "sap" / "plan.yml").read_bytes()).hexdigest()
    assert (found.plan.id, found.plan.version) == (study.plan.plan.id, study.plan.plan.version)
    assert [(d.dataset, d.file, d.sha256, d.rows) for d in found.data] == [
        (s.dataset, s.name, s.sha256, s.rows) for s in study.sources
    ]
    assert found.python == platform.python_version()
    assert (found.engine, found.state, found.stamp, found.differences) == ("Quarto 1.11.0", "draft", "DRAFT", ("one",))
    assert found.code.version == version("executable-sap")


def test_two_runs_have_the_same_provenance(study, root):
    first, second = (provenance_of(study, root / "sap" / "plan.yml", SealState("draft")) for _ in range(2))
    assert provenance_json(first) == provenance_json(second)


def test_the_libraries_are_those_the_program_asks_for():
    found = libraries()
    assert found["scipy"] == version("scipy")
    assert {"numpy", "pandas", "statsmodels", "lifelines", "pingouin", "pydantic"} <= found.keys()
    assert "quarto-cli" not in found
    assert list(found) == sorted(found, key=str.lower)


def test_a_folder_that_nobody_touched_is_read(folder):
    assert check_files(folder) == read_provenance(folder)


def test_one_changed_byte_of_a_result_is_caught_and_named(folder):
    (folder / "checks.csv").write_text("b\n3\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"checks\.csv was changed after the run that wrote it"):
        check_files(folder)


def test_a_result_that_is_gone_is_named(folder):
    (folder / "ard.csv").unlink()
    with pytest.raises(UserError, match=r"ard\.csv does not exist\. Run `sap run` again"):
        check_files(folder)


def test_what_was_changed_after_the_run_ends_with_the_code_of_the_seal(folder):
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace('"version": "', '"version": "9', 1), encoding="utf-8")
    with pytest.raises(ChangedError, match=r"provenance\.json was changed after the run that wrote it") as caught:
        check_files(folder)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../b"])
def test_a_provenance_that_names_a_file_outside_is_refused(folder, name):
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace("checks.csv", name), encoding="utf-8")
    with pytest.raises(UserError, match="damaged"):
        check_files(folder)


def test_a_folder_replaced_while_it_is_read_is_read_again(folder, monkeypatch):
    """The first look sees the old provenance and a new file, as when another run swaps the folder in between."""
    text = "b\nnew\n"
    newer = read_provenance(folder)
    newer = newer.model_copy(update={"files": newer.files | {"checks.csv": digest(text.encode())}})
    newer = newer.model_copy(update={"sha256": newer.digest()})
    old = read_provenance(folder)
    (folder / FILE).write_text(provenance_json(newer), encoding="utf-8")
    (folder / "checks.csv").write_text(text, encoding="utf-8")
    answers = iter([old, newer, newer])
    monkeypatch.setattr("analysis.results.provenance.read_provenance", lambda _: next(answers))
    assert check_files(folder) == newer


@pytest.mark.parametrize("content", ["", "{", "[]", '{"state": "sealed"}'])
def test_a_damaged_provenance_is_a_sentence(folder, content):
    (folder / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="is damaged"):
        read_provenance(folder)


def test_a_missing_provenance_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="Run `sap run` first"):
        read_provenance(tmp_path)
