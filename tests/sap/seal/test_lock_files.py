"""Names that cannot leave their folder, files that are whole or not there, and one writer at a time."""

import multiprocessing
import subprocess
import sys
import time

import pytest

from sap.text.files import locked, read_whole, replace_whole, within
from sap.text.problems import UserError
from tests.each import each


class TestNames:
    @each("name", ["adsl.csv", "history/01-abc.yml", "a b.csv", "ädsl.csv", "..adsl.csv"])
    def test_inside(self, tmp_path, name):
        assert within(tmp_path, name) == tmp_path / name

    @each("name", ["", ".", "..", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "C:x", "a\\b", "a\0b"])
    def test_outside_or_ambiguous(self, tmp_path, name):
        with pytest.raises(UserError, match="should be a path inside its folder"):
            within(tmp_path, name)

    def test_a_link_that_leaves_the_folder(self, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "secret.csv").write_text("x")
        (tmp_path / "data" / "adsl.csv").symlink_to(tmp_path / "secret.csv")
        with pytest.raises(UserError, match=r"adsl\.csv is a link that leaves .*data"):
            within(tmp_path / "data", "adsl.csv")

    def test_a_link_that_stays(self, tmp_path):
        (tmp_path / "a.csv").write_text("x")
        (tmp_path / "b.csv").symlink_to("a.csv")
        assert read_whole(within(tmp_path, "b.csv")) == b"x"

    def test_the_folder_itself_may_be_a_link(self, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "here").symlink_to(tmp_path / "data")
        assert within(tmp_path / "here", "a.csv") == tmp_path / "here" / "a.csv"

    def test_a_link_to_itself(self, tmp_path):
        (tmp_path / "a").symlink_to("a")
        with pytest.raises(UserError, match="a"):
            read_whole(within(tmp_path, "a"))


class TestWriting:
    def test_leaves_the_file_and_nothing_else(self, tmp_path):
        replace_whole(tmp_path / "deep" / "file", b"1")
        replace_whole(tmp_path / "deep" / "file", b"2")
        assert {p.name: p.read_bytes() for p in (tmp_path / "deep").iterdir()} == {"file": b"2"}

    def test_over_a_folder_is_a_sentence(self, tmp_path):
        (tmp_path / "file").mkdir()
        with pytest.raises(UserError, match="cannot be written"):
            replace_whole(tmp_path / "file", b"1")
        assert [p.name for p in tmp_path.iterdir()] == ["file"]

    def test_what_a_killed_process_left_goes_with_the_next(self, tmp_path):
        (tmp_path / ".file.123.draft").write_text("half")
        with locked(tmp_path / "file"):
            pass
        assert not (tmp_path / ".file.123.draft").exists()


def _hold(path, taken):
    with locked(path):
        taken.set()
        time.sleep(60)


class TestHolding:
    def test_a_second_writer_waits_and_then_says_so(self, tmp_path):
        with locked(tmp_path / "file"):
            waiting = "import sys; from pathlib import Path; from sap.text.files import locked; locked(Path(sys.argv[1]), seconds=0.1).__enter__()"
            command = [sys.executable, "-c", waiting, tmp_path / "file"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "is being changed by another process. Try again when it has finished." in done.stderr

    def test_a_killed_holder_lets_go(self, tmp_path):
        context = multiprocessing.get_context("spawn")
        taken = context.Event()
        holder = context.Process(target=_hold, args=(tmp_path / "file", taken))
        holder.start()
        assert taken.wait(30)
        holder.kill()
        holder.join()
        with locked(tmp_path / "file", seconds=5):
            pass

    def test_beside_a_file_that_is_no_folder(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(UserError, match="cannot be written"), locked(tmp_path / "file" / "sap.lock"):
            pass
