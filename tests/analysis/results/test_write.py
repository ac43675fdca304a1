"""The results folder: replaced as a whole, and nobody else's files are lost."""

import pytest

from analysis.results.folder import results_folder, write_results, write_whole
from analysis.results.provenance import FILE
from sap.text.files import digest
from sap.text.problems import UserError
from tests.analysis.results.test_folder import files
from tests.provenances import PROVENANCE


def provenance(**texts):
    made = PROVENANCE.model_copy(update={"files": {name: digest(text.encode()) for name, text in texts.items()}})
    return made.model_dump_json()


def write(folder, **texts):
    named = {f"{name}.csv": text for name, text in texts.items()}
    with results_folder(folder) as fresh:
        write_results(named | {FILE: provenance(**named)}, fresh)


@pytest.fixture
def folder(tmp_path):
    """Results of an earlier run, among them a file that runs no longer write."""
    made = tmp_path / "results"
    write(made, ard="old", gone="old")
    return made


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_run_replaces_what_an_earlier_run_wrote(folder):
    write(folder, ard="new")
    assert names(folder) == ["ard.csv", "provenance.json"]
    assert (folder / "ard.csv").read_text(encoding="utf-8") == "new"
    assert names(folder.parent) == ["results"]


def test_what_no_run_wrote_is_carried_over(folder, tmp_path):
    (folder / "notes.txt").write_text("by hand", encoding="utf-8")
    (folder / "review").mkdir()
    (folder / "review" / "1.txt").write_text("fine", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path)
    write(folder, ard="new")
    assert names(folder) == ["ard.csv", "link", "notes.txt", "provenance.json", "review"]
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "by hand"
    assert (folder / "review" / "1.txt").read_text(encoding="utf-8") == "fine"
    assert (folder / "link").readlink() == tmp_path


def test_a_damaged_provenance_does_not_stop_the_next_run(folder):
    (folder / FILE).write_text("{", encoding="utf-8")
    write(folder, ard="new")
    assert (folder / "ard.csv").read_text(encoding="utf-8") == "new"


def test_a_run_that_fails_leaves_the_last_good_results(folder):
    before = files(folder)

    def fail():
        with results_folder(folder) as fresh:
            write_whole(fresh / "ard.csv", "half")
            raise UserError("the data are wrong")

    with pytest.raises(UserError, match="the data are wrong"):
        fail()
    assert files(folder) == before
    assert names(folder.parent) == ["results"]


def test_behind_a_link_the_folder_itself_is_replaced(folder, tmp_path):
    (tmp_path / "latest").symlink_to(folder)
    write(tmp_path / "latest", ard="new")
    assert (tmp_path / "latest").is_symlink()
    assert (folder / "ard.csv").read_text(encoding="utf-8") == "new"


def test_a_folder_that_holds_what_the_run_reads_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for taken in (tmp_path, tmp_path / "data"):
        with pytest.raises(UserError, match="it holds"), results_folder(taken, inputs=(tmp_path / "data",)):
            pass
    monkeypatch.chdir(tmp_path / "data")
    with pytest.raises(UserError, match="it holds"), results_folder(tmp_path):
        pass
    assert names(tmp_path) == ["data"]


def test_a_file_in_the_way_is_a_sentence(tmp_path):
    (tmp_path / "results").write_text("precious", encoding="utf-8")
    with pytest.raises(UserError, match="it is a file"), results_folder(tmp_path / "results"):
        pass
    assert files(tmp_path) == {"results": "precious"}


def test_a_mount_point_is_a_sentence(folder, monkeypatch):
    monkeypatch.setattr("pathlib.Path.is_mount", lambda _: True)
    with pytest.raises(UserError, match="mount point"), results_folder(folder):
        pass


def test_a_full_disk_is_a_sentence(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.mkdir", full)
    with pytest.raises(UserError, match=r"No space left on device\. Name another place with --out"):
        write(tmp_path / "results", ard="new")
