"""Works are done side by side, each in a process of its own: nothing of one reaches another, or the one that asked."""

import math
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from reports.engines import workers
from reports.engines.embedded.errors import RenderError
from reports.engines.workers import At, Work, side_by_side
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
SEEN: list[int] = []
STARTS = ("fork", "spawn") if sys.platform == "linux" else ("spawn",)


def late(line: int | None) -> Exception:
    return TimeoutError(f"too long in line {line}")


def died(line: int | None) -> Exception:
    return ChildProcessError(f"died in line {line}")


def work(do, *given, seconds: float = 60) -> Work:
    return Work(str(do), partial(do, *given), seconds, late, died)


def square(n: int, _: At) -> int:
    return n * n


def remembers(n: int, _: At) -> list[int]:
    SEEN.append(n)
    os.environ["OF_A_WORK"] = str(n)
    math.of_a_work = n
    os.chdir("/")
    return list(SEEN)


def fails(error: Exception, after: float, at: At) -> None:
    at(7)
    time.sleep(after)
    raise error


def sleeps(begun: Path, at: At) -> None:
    at(12)
    begun.touch()
    time.sleep(120)


def ends_itself(at: At) -> None:
    at(5)
    os._exit(3)


@each("start", STARTS)
def test_each_gives_what_it_gives_alone_in_order(start):
    assert side_by_side([work(square, n) for n in range(5)], lambda _: None, start=start) == [0, 1, 4, 9, 16]


@each("start", STARTS)
def test_nothing_of_one_reaches_another_or_the_one_that_asked(start):
    here = Path.cwd()
    assert side_by_side([work(remembers, n) for n in (1, 2, 3)], lambda _: None, start=start) == [[1], [2], [3]]
    assert (SEEN, os.environ.get("OF_A_WORK"), hasattr(math, "of_a_work"), Path.cwd()) == ([], None, False, here)


def test_of_several_that_fail_the_first_in_order_is_told_whichever_failed_first(monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 3)
    errors = [RenderError(Path("a.qmd"), 3, "slow", "why"), ValueError("quick")]
    works = [work(square, 1), work(fails, errors[0], 0.5), work(fails, errors[1], 0.0), work(square, 2)]
    with pytest.raises(RenderError) as caught:
        side_by_side(works, lambda _: None)
    assert (caught.value.file, caught.value.line, str(caught.value)) == (Path("a.qmd"), 3, "a.qmd:3: slow\nwhy")


def test_after_one_failed_no_other_is_begun(monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 1)
    told: list[str] = []
    works = [work(fails, ValueError("first"), 0.0), *(work(square, n) for n in range(3))]
    with pytest.raises(ValueError, match="first"):
        side_by_side(works, told.append)
    assert len(told) == 1


def test_one_that_takes_too_long_or_dies_is_told_with_where_it_was(tmp_path):
    with pytest.raises(TimeoutError, match="too long in line 12"):
        side_by_side([work(sleeps, tmp_path / "begun", seconds=0.3)], lambda _: None)
    with pytest.raises(ChildProcessError, match="died in line 5"):
        side_by_side([work(ends_itself)], lambda _: None)


def test_an_error_that_cannot_be_sent_is_told_all_the_same():
    error = ValueError("not to be sent")
    error.handle = open  # fine
    error.lock = (n for n in range(3))  # not
    with pytest.raises(RuntimeError, match="not to be sent"):
        side_by_side([work(fails, error, 0.0)], lambda _: None)


def test_a_work_ends_with_the_process_that_asked_for_it(tmp_path):
    begun = tmp_path / "begun"
    program = (
        "from pathlib import Path; from tests.reports.engines.test_workers import *\n"
        f"side_by_side([work(sleeps, Path({str(begun)!r}))], print)"
    )
    asked = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=os.environ | {"OF": str(tmp_path)})
    while not begun.exists():
        assert asked.poll() is None
        time.sleep(0.02)
    asked.kill()
    asked.wait()
    until = time.monotonic() + 10
    while alive(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert alive(tmp_path) == []


def alive(of: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += [str(process)] if f"OF={of}\0".encode() in process.read_bytes() else []
        except OSError:
            continue
    return found
