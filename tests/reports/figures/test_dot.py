"""No point of a dot figure hides another or lies outside its axis, with ten subjects or a hundred."""

import pytest

from reports.figures.dot import WIDEST, limits, offsets
from tests.each import each


@each(
    ("values", "expected"),
    [
        ((10.0, 50.0), (0.0, 56.0)),
        ((), (0.0, 1.12)),
        ((0.0,), (0.0, 1.12)),
        ((-10.0, 40.0), (-16.0, 46.0)),
        ((-5.0,), (-5.6, 0.0)),
    ],
)
def test_the_axis_begins_at_zero_or_below_the_least_value(values, expected):
    assert limits(values) == pytest.approx(expected)


def test_a_few_points_take_three_places_in_turn():
    assert offsets((1.0, 2.0, 3.0, 4.0), 5.0) == (-0.11, 0.0, 0.11, -0.11)
    assert offsets((1.0,), 1.0) == (0.0,)


def test_many_equal_values_stand_side_by_side_inside_their_group():
    points = [20.0] * 60 + [21.0] * 25
    placed = offsets(points, 25.0)
    assert len(set(zip(placed, points, strict=True))) == len(points)
    assert max(map(abs, placed)) <= WIDEST
    assert sum(placed) == pytest.approx(0)
