"""A work beside this process gives what it would give here, and ends with the process that asked for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.pipeline import beside as module
from analysis.pipeline.beside import beside
from sap.text.problems import UserError

forked = pytest.mark.skipif(not module.FORKS, reason="nothing is forked on this system")


def _two():
    yield "first"
    yield "second"


def _mistaken():
    yield "first"
    raise UserError("a mistake")


class _OfTwo(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def _unsendable():
    raise _OfTwo(1, 2)
    yield


def _killed():
    os.kill(os.getpid(), signal.SIGKILL)
    yield


@pytest.mark.parametrize("forks", [module.FORKS, False])
def test_what_is_yielded_comes_in_order_and_so_does_a_mistake(forks, monkeypatch):
    monkeypatch.setattr(module, "FORKS", forks)
    with beside(_two) as found:
        assert list(found) == ["first", "second"]
    with beside(_mistaken) as found:
        assert next(found) == "first"
        with pytest.raises(UserError, match="a mistake"):
            next(found)


@forked
def test_a_work_ended_before_it_began_does_nothing_of_the_process_that_asked(tmp_path):
    """A fork hears the signal while it still has the handlers of its parent, which put away what is the parent's."""
    heard = tmp_path / "heard"

    def put_away(*_):
        heard.write_text(str(os.getpid()), encoding="ascii")
        os._exit(0)

    before = signal.signal(signal.SIGTERM, put_away)
    try:
        for _ in range(20):
            with beside(_two):
                pass
    finally:
        signal.signal(signal.SIGTERM, before)
    assert not heard.exists()


@forked
def test_a_mistake_that_cannot_be_sent_is_told_all_the_same():
    with beside(_unsendable) as found, pytest.raises(RuntimeError, match="_OfTwo: 1 and 2"):
        next(found)


@forked
def test_a_work_that_was_killed_is_a_sentence():
    with beside(_killed) as found, pytest.raises(UserError, match="ended from outside"):
        next(found)


ASKING = """
import os, subprocess, sys, time
from analysis.pipeline.beside import beside
def work():
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        yield os.getpid(), program.pid
        time.sleep(60)
    finally:
        program.kill()
with beside(work) as found:
    print(*next(found), flush=True)
    time.sleep(60)
"""


@forked
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_work_and_its_program_end_with_the_process_that_asked(number):
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", ASKING], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as asking:
        left = [Path("/proc", pid) for pid in asking.stdout.readline().split()]
        assert len(left) == 2
        asking.send_signal(number)
        asking.wait(20)
        until = time.monotonic() + 20
        while any(map(_runs, left)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not [path for path in left if _runs(path)]


def _runs(process: Path) -> bool:
    """Return whether a process is there, and not only waits for somebody to ask how it ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
