"""Every figure has one width, text that can be read, and colours for light pages and for dark ones."""

import re

import pytest

from reports.figures.frame import COLOURS, DARK, ON_DARK, ON_LIGHT, SMALL, VIEW, WIDTH, in_the_dark
from reports.figures.timeline_bands import PLAIN, RAMP
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure

BOTH = {*COLOURS, ON_LIGHT, ON_DARK, PLAIN[0], *(fill for fill, _ in RAMP)}
"""Colours that are seen on light and on dark."""


@pytest.fixture(scope="module")
def drawn(plan, results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fig")
    kinds = [o for o in plan.outputs if o.kind != "table"]
    return {o.id: figure(plan, Lookup(results), o, folder).path.read_text(encoding="utf-8") for o in kinds}


def test_all_figures_have_one_width(drawn):
    assert {float(VIEW.search(svg)["width"]) for svg in drawn.values()} == {WIDTH * 72}


def test_no_text_is_smaller_than_the_small(drawn):
    for name, svg in drawn.items():
        sizes = [float(size) * 100 for size in re.findall(r"scale\(([\d.]+) -[\d.]+\)", svg)]
        assert sizes, name
        assert min(sizes) >= SMALL - 1e-6, name


def test_every_colour_of_a_figure_is_for_the_dark_too(drawn):
    for name, svg in drawn.items():
        body = svg.partition("</style>")[2]
        found = set(re.findall(r"(?:fill|stroke)(?:: |=\")(#[0-9a-f]{6})", body)) - {"#9b1c1c"}
        assert found <= BOTH | set(DARK), name


def test_a_picture_has_no_ground_of_its_own_and_follows_its_page(drawn):
    for svg in drawn.values():
        assert svg.count(in_the_dark()) == 1
        assert re.search(r'<g id="patch_1">\s*<path [^>]*style="fill: none', svg)


@pytest.mark.parametrize(("light", "dark"), [*DARK.items(), *((c, c) for c in sorted(BOTH - set(DARK)))])
def test_marks_stand_out_from_dark_paper(light, dark):
    """Marks at least 3 to 1; areas and lines behind them are meant to be pale."""
    behind = {"#e3e7ea", "#f3f5f7", "#f5f7f8", "#c3ccd3", "#e4e8ec", "#fbe3d2", "#e8f1f8", "#f5f5f3", "#ffffff"}
    dark_fills = {ON_LIGHT, "#b2500b", "#4c1d05"}  # text on light fills, and grades that have an edge
    if light not in behind | dark_fills:
        assert (luminance(dark) + 0.05) / (luminance(DARK["#ffffff"]) + 0.05) > 3


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
