"""A step that lasts is told again, with its name, and one that does not is told once."""

import time

import pytest

from reports import progress
from reports.progress import steps


def test_work_that_lasts_is_told_again_by_name(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LASTING", 0.5)
    with steps("run") as tell:
        tell("analysing AN-1")
        tell("analysing AN-2")
        time.sleep(2)
        tell("analysing AN-3")
    assert capsys.readouterr().out.splitlines() == [
        "[run] analysing AN-1",
        "[run] analysing AN-2",
        "[run] still analysing AN-2: 0.5 seconds",
        "[run] still analysing AN-2: 1 seconds",
        "[run] analysing AN-3",
    ]


def test_nothing_is_told_after_a_mistake(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LASTING", 0.3)
    mistake = "a mistake"
    with pytest.raises(ValueError, match=mistake), steps("run") as tell:
        tell("analysing AN-1")
        raise ValueError(mistake)
    time.sleep(0.6)
    assert capsys.readouterr().out == "[run] analysing AN-1\n"
