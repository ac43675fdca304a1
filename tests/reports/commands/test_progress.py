"""A step that lasts is told again, with its name, and one that does not is told once."""

import time
from pathlib import Path

import pytest

from reports.commands import progress
from reports.commands.progress import Counted, counted_steps, steps

ROOT = Path(__file__).resolve().parents[3]


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


PARTS = (("checking ", 1), ("analysing ", 3), ("writing ", 1))


def test_what_is_counted_is_done_when_the_next_begins():
    counted = Counted(PARTS)
    lines = ("reading the plan", "checking 8 datasets", "analysing A", "analysing B", "analysing C", "writing results")
    assert [counted.after(line) for line in lines] == [0, 0, 1, 2, 3, 4]
    assert counted.total == 5


def test_what_stood_and_was_not_made_again_is_done_and_no_more_than_all_is():
    counted = Counted(PARTS)
    assert counted.after("writing results") == 4
    assert [counted.after("writing results") for _ in range(5)][-1] == 5
    assert counted.after("analysing A") == 5


def test_the_steps_of_a_plan_are_its_analyses_and_its_pages(plan):
    file = ROOT / "sap" / "plan.yml"
    counted = dict(counted_steps(file, [ROOT / "reports" / "index.qmd"]))
    assert counted["analysing "] == len(plan.analyses) + sum(len(a.sensitivity) for a in plan.analyses)
    assert counted["rendering reports/"] == 1
    assert "rendering reports/" not in dict(counted_steps(file))


def test_a_plan_with_mistakes_has_no_steps(tmp_path):
    assert counted_steps(tmp_path / "plan.yml") == ()


def test_who_asks_for_quiet_is_told_nothing(capsys):
    with steps("run", quiet=True) as tell:
        tell("analysing AN-1")
    assert capsys.readouterr().out == ""


def test_a_terminal_shows_what_is_left_and_without_colours_where_none_are_wanted(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    for name, coloured in (("OTHER", True), ("NO_COLOR", False)):
        monkeypatch.setenv(name, "1")
        with steps("run", parts=lambda: PARTS) as tell:
            tell("checking 8 datasets")
            tell("analysing A")
            tell("analysing B")
        said = capsys.readouterr().out
        assert "2/5" in said
        assert ("\x1b[38" in said or "\x1b[3" in said.replace("\x1b[3m", "")) == coloured
