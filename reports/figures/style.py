"""How figures look: one house style, colour-blind safe, the same bytes every time."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Final

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK: Final = "#1f2933"
MUTED: Final = "#5b6770"
GRID: Final = "#e3e7ea"
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's palette: told apart by readers with any colour vision, and in grey by lightness and marker."""
MARKERS: Final = ("o", "s", "^", "D", "v", "P")

STYLE_SHEET: Final = Path(__file__).with_name("house.mplstyle")


@contextmanager
def canvas(width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    """Give a figure and its axes in the house style, in inches."""
    with style.context(STYLE_SHEET, after_reset=True):  # whatever matplotlibrc this machine or this folder has
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, figure.add_subplot()


@contextmanager
def panels(
    width: float, height: float, rows: int, columns: int, *, shared: bool = True
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a figure and its panels, row by row, in the house style, in inches; with the same axes where shared."""
    with style.context(STYLE_SHEET, after_reset=True):  # whatever matplotlibrc this machine or this folder has
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, list(figure.subplots(rows, columns, sharex=shared, sharey=shared, squeeze=False).flat)


def save_svg(figure: Figure, path: Path) -> None:
    """Write a figure as SVG without a date, whole or not at all."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(out.getvalue(), encoding="utf-8", newline="\n")
    draft.replace(path)
