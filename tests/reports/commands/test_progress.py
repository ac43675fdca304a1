"""A step that lasts is told again, with its name, and one that does not is told once."""

import time

import pytest

from reports.commands import progress
from reports.commands.progress import steps


def test_work_that_lasts_is_told_again_by_name(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LASTING", 0.5)
    with steps("run") as tell:
        tell("analysing AN-1")
        tell("analysing AN-2")
        time.sleep(0.8)
        tell("analysing AN-3")
    first, second, still, *rest = capsys.readouterr().out.splitlines()
    assert (first, second, rest[-1]) == ("[run] analysing AN-1", "[run] analysing AN-2", "[run] analysing AN-3")
    assert still == "[run] still analysing AN-2: 0.5 seconds"
    # On a busy machine it may last longer.
    assert all(line.startswith("[run] still analysing AN-2: ") for line in rest[:-1])


def _mistaken():
    with steps("run") as tell:
        tell("analysing AN-1")
        raise ValueError("a mistake")


def test_nothing_is_told_after_a_mistake(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LASTING", 0.3)
    with pytest.raises(ValueError, match="a mistake"):
        _mistaken()
    time.sleep(0.6)
    assert capsys.readouterr().out == "[run] analysing AN-1\n"
