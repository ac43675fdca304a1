"""Curves: even days on the axis, names apart at their ends, and no numbers below where there are none."""

import pytest

from reports.figures.curves import Curve, Point, RowBelow, apart, draw_curves, even
from reports.figures.frame import Drawing
from reports.layout.lookup import Lookup

CURVES = (
    Curve("High", (Point(30, 0.5, 0.2, 0.8, censored=False), Point(60, 0.4, 0.1, 0.7, censored=True)), "#0072b2", "-", median=30),
    Curve("Low", (Point(40, 0.9, 0.6, 1.0, censored=False), Point(90, 0.41, 0.2, 0.9, censored=True)), "#d55e00", "-"),
)  # fmt: skip


@pytest.mark.parametrize(("days", "ticks"), [
    ([0, 90, 180, 270, 365, 450], [0, 90, 180, 270, 360, 450]),
    ([0, 90, 180], [0, 90, 180]),
    ([1, 30, 60, 90], [1, 30, 60, 90]),
    ([1, 85, 127], [1, 85, 127]),
    ([5], [5]),
    ([], []),
])  # fmt: skip
def test_the_axis_is_marked_at_even_days(days, ticks):
    assert even(days) == ticks


def test_names_of_curves_that_end_near_each_other_stand_apart_in_the_order_of_the_curves():
    assert apart([40.0, 41.0, 90.0], [7.0, 7.0, 7.0]) == [40.0, 47.0, 90.0]
    assert apart([41.0, 40.0], [7.0, 14.0]) == [50.5, 40.0]


@pytest.fixture
def axes(plan, results, tmp_path, monkeypatch):
    def drawn(below):
        kept = []
        monkeypatch.setattr("reports.figures.frame.save_svg", lambda figure, _: kept.append(figure))
        drawing = Drawing(plan, Lookup(results), plan.output("F-OS"), tmp_path / "f.svg")
        draw_curves(drawing, "OS", CURVES, below)
        return kept[0].axes[0]

    return drawn


def test_each_curve_carries_its_name_in_its_colour_and_there_is_no_key(axes):
    found = axes([])
    names = {t.get_text(): t.get_color() for t in found.texts}
    assert names == {"High": "#0072b2", "Low": "#d55e00"}
    assert found.figure.legends == []
    assert found.get_legend() is None


def test_a_median_that_is_reached_is_led_down_to_its_day(axes):
    lines = [(list(line.get_xdata()), list(line.get_ydata())) for line in axes([]).lines]
    assert ([30, 30], [0, 50]) in lines
    assert [down for down in lines if down[1] == [0, 50]] == [([30, 30], [0, 50])]


def test_numbers_of_days_that_are_not_marked_carry_their_days(axes):
    below = [RowBelow("At risk", ((0, "9"), (90, "4"), (180, "2"), (365, "1")))]
    texts = [t.get_text() for t in axes(below).texts]
    assert [t for t in texts if t in {"Day", "365"}] == ["Day", "365"]
    assert "Day" not in [t.get_text() for t in axes([RowBelow("At risk", ((0, "9"), (90, "4")))]).texts]
