"""A folder is replaced as a whole, whatever happens on the way."""

from pathlib import Path

import pytest

from analysis.results.folder import mend, replacing


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def folder(tmp_path):
    """A folder with the last good content."""
    made = tmp_path / "out"
    made.mkdir()
    (made / "a.txt").write_text("old", encoding="utf-8")
    return made


def write(folder, text):
    with replacing(folder) as fresh:
        (fresh / "b.txt").write_text(text, encoding="utf-8")


def test_the_new_takes_the_place_of_the_old(folder):
    write(folder, "new")
    assert files(folder.parent) == {"out/b.txt": "new"}


def test_a_folder_that_is_not_there_is_made_with_those_above(tmp_path):
    write(tmp_path / "deep" / "er" / "out", "new")
    assert files(tmp_path) == {"deep/er/out/b.txt": "new"}


def test_a_failure_leaves_the_old(folder):
    def fail():
        with replacing(folder) as fresh:
            (fresh / "b.txt").write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert files(folder.parent) == {"out/a.txt": "old"}


def test_a_run_killed_while_writing_leaves_nothing_after_the_next_start(folder):
    (folder.parent / "_out.new").mkdir()
    (folder.parent / "_out.new" / "half.txt").write_text("half", encoding="utf-8")
    mend(folder)
    assert files(folder.parent) == {"out/a.txt": "old"}


def test_a_run_killed_between_the_two_renames_is_put_right_at_the_next_start(folder):
    folder.rename(folder.parent / "_out.old")
    mend(folder)
    assert files(folder.parent) == {"out/a.txt": "old"}


def test_a_run_killed_while_it_removed_the_old_leaves_the_new(folder):
    (folder.parent / "_out.old").mkdir()
    (folder.parent / "_out.old" / "half.txt").write_text("half of the old", encoding="utf-8")
    mend(folder)
    assert files(folder.parent) == {"out/a.txt": "old"}


def test_half_removed_is_never_taken_for_the_last_good_one(folder, monkeypatch):
    """What is being removed lies under a name that is thrown away, even when the folder vanishes meanwhile."""
    (folder.parent / "_out.old").mkdir()
    (folder.parent / "_out.old" / "half.txt").write_text("half of the old", encoding="utf-8")
    monkeypatch.setattr("analysis.results.folder.shutil.rmtree", lambda *_, **__: None)  # killed at once
    mend(folder)
    monkeypatch.undo()
    (folder / "a.txt").unlink()
    folder.rmdir()
    mend(folder)
    assert files(folder.parent) == {}


def test_the_old_comes_back_when_the_new_cannot_be_put_in_place(folder, monkeypatch):
    rename = Path.rename

    def refuse(self, target):
        if self.name == "_out.new":
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        write(folder, "new")
    assert files(folder.parent) == {"out/a.txt": "old"}
