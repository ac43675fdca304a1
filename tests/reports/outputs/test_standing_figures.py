"""A figure is drawn once for the results it shows; one that somebody changed, or of other results, is drawn again."""

from pathlib import Path

import pytest

from analysis.results.ard import Results
from reports.layout.lookup import Lookup
from reports.outputs import figure as module
from reports.outputs.figure import figure, place
from sap.seal.kept import noted


@pytest.fixture
def drawn(plan, results, tmp_path, tmp_path_factory, monkeypatch):
    """Return a function that gives the figure and whether it was drawn for that."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("notes")))
    draw, calls = module.draw, []
    monkeypatch.setattr(module, "draw", lambda drawing: calls.append(drawing) or draw(drawing))

    def give(made_of: str = "a run", of: Results = results):
        before = len(calls)
        picture = figure(plan, Lookup(of, made_of=lambda: made_of), plan.output("F-DLT"), tmp_path)
        return picture, picture.path.read_bytes(), len(calls) > before

    return give


def test_it_is_drawn_once_and_is_the_same_with_what_it_says_and_shows(drawn):
    first, content, new = drawn()
    again, same, anew = drawn()
    assert (new, anew) == (True, False)
    assert (again, same) == (first, content)


def test_of_another_run_or_of_one_nobody_keeps_it_is_drawn_again(drawn):
    drawn()
    assert drawn("another run")[2]
    assert drawn("")[2]


@pytest.mark.parametrize("by", ["a byte", "another figure", "nothing is there"])
def test_one_that_was_changed_by_hand_is_drawn_again_whatever_stands_beside_it(drawn, plan, tmp_path, by):
    _, content, _ = drawn()
    path = place(plan.output("F-DLT"), tmp_path)
    if by == "nothing is there":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if by == "a byte" else b"<svg>Survival was 100%</svg>")
        path.with_suffix(".json").write_text('{"made_of": "a run", "alt": "Survival was 100%"}', encoding="utf-8")
    picture, again, new = drawn()
    assert (new, again, "100%" in picture.alt) == (True, content, False)


def test_what_it_was_made_of_is_noted_where_only_the_user_can_write(drawn, plan, tmp_path):
    drawn()
    path: Path = place(plan.output("F-DLT"), tmp_path)
    assert noted(path)["svg"]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
