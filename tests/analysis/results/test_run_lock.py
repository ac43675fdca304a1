"""One run at a time in a folder."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from analysis.results.folder import one_run_in
from sap.text.problems import UserError

HOLDER = "import pathlib, sys, time; from analysis.results.folder import one_run_in\n"
HOLDER += "with one_run_in(pathlib.Path(sys.argv[1]), print): print('held', flush=True); time.sleep(60)\n"


def test_a_folder_that_is_free_is_held_without_a_word_and_nothing_is_left(tmp_path):
    said = []
    with one_run_in(tmp_path / "results", said.append):
        assert [p.name for p in tmp_path.iterdir()] == ["_results.lock"]
    assert said == []
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_the_message_names_what_was_asked_for(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("analysis.results.folder.FileLock.acquire", refuse)
    with (
        pytest.raises(UserError, match=r"results cannot be written: .* --out"),
        one_run_in(tmp_path / "results", print),
    ):
        pass
    with pytest.raises(UserError) as caught, one_run_in(tmp_path / "render", print, "the pages of trial"):
        pass
    assert "Rendering the pages of trial needs to write there" in str(caught.value)
    assert "--out" not in str(caught.value)


def test_the_second_waits_says_for_what_and_goes_on_when_the_holder_is_killed(tmp_path):
    folder = tmp_path / "results"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    said = []

    def wait(line):
        said.append(line)
        holder.kill()

    with one_run_in(folder, wait):
        assert holder.wait() == -9
    holder.stdout.close()
    assert said == [f"waiting until another sap command is done with {folder}; Ctrl-C stops waiting"]
    assert list(tmp_path.iterdir()) == []


def test_never_two_at_once(tmp_path):
    """Many who come and go, each removing its lock file, exclude one another all the same."""
    folder, inside, most = tmp_path / "results", [], []

    def come_and_go():
        for _ in range(10):
            with one_run_in(folder, lambda _: None):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (40, 1)


def test_a_link_and_what_it_leads_to_are_one_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with one_run_in(tmp_path / "link", print):
        assert (tmp_path / "_real.lock").is_file()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    taken = tmp_path / "taken"
    taken.touch()
    with pytest.raises(UserError, match="cannot be written"), one_run_in(Path(taken, "deeper", "results"), print):
        pass
