"""Figures: one frame, and one file a kind, with the name the plan gives it."""

from collections.abc import Callable
from importlib import import_module

from reports.figures.frame import Drawing


def draw(drawing: Drawing) -> str:
    """Draw a figure by the file of its kind; return what it says to those who do not see it."""
    kind = drawing.output.kind.removesuffix("_figure")
    draw_kind: Callable[[Drawing], str] = import_module(f"reports.figures.{kind}").draw
    return draw_kind(drawing)
