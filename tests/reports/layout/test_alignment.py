"""Decimal points stand below each other in a column, whatever its cells show; what is heard and copied is the cell."""

import re
from dataclasses import replace

import pytest

from analysis.results.ard import Row
from reports.layout.alignment import alignment
from reports.layout.lookup import Lookup
from reports.layout.model import COUNTED, SLOT, WITH_LIMITS, WITH_RANGE, Cell, Line
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.words.numbers import BY_SUBJECT, shown
from tests.reports.outputs.test_tables import Grid

RATIO = "{}/{} ({})"


@pytest.fixture(scope="module")
def lookup(results) -> Lookup:
    return Lookup(results)


@pytest.fixture
def column(plan, lookup):
    """Return a function that sets cells below each other, each with the room before its numbers as blanks."""
    some = lookup.rows("AN-DLT", stat="n")[0]
    content = table(plan, lookup, plan.output("T-DLT"))

    def set_in(*cells: Cell) -> list[str]:
        lines = tuple(Line("", f"line {i}", (cell,)) for i, cell in enumerate(cells))
        laid = replace(content, columns=content.columns[:1], lines=lines)
        return [_spelled(line.cells[0], insets[0]) for line, insets in zip(lines, alignment(laid), strict=True)]

    def cell(layout: str, *numbers: tuple[float | None, str]) -> Cell:
        return Cell(layout, tuple(_row(some, stat, fmt) for stat, fmt in numbers))

    return lambda *wanted: set_in(*(w if isinstance(w, Cell) else cell(*w) for w in wanted))


def _row(some: Row, stat: float | None, fmt: str) -> Row:
    error = "not estimable: no reason" if stat is None else ""
    return replace(some, stat=stat, fmt=fmt, stat_text="", error=error, warning="")


def _spelled(cell: Cell, insets: tuple[int, ...]) -> str:
    """Return a cell with its room as dots, a dot a digit."""
    first, *others = cell.pieces
    room = ["·" * digits for digits in insets]
    numbers = [shown(row, cell.p_digits) for row in cell.rows]
    rest = zip(numbers, [*room[1:], ""], others, strict=False)
    return room[0] + first + "".join(number + before + piece for number, before, piece in rest)


def test_counts_with_percentages_stand_units_below_units_and_points_below_points(column):
    assert column(
        (COUNTED, (10, "xx"), (1.0, "xx.x%")),
        (COUNTED, (7, "xx"), (0.7, "xx.x%")),
        (COUNTED, (0, "xx"), (0.0, "xx.x%")),
    ) == ["10 (100.0%)", "·7· (70.0%)", "·0·· (0.0%)"]


def test_counts_of_unlike_denominators_are_aligned_too(column):
    assert column(
        (RATIO, (10, "xx"), (10, "xx"), (1.0, "xx.x%")),
        (RATIO, (4, "xx"), (9, "xx"), (4 / 9, "xx.x%")),
    ) == ["10/10 (100.0%)", "·4/9·· (44.4%)"]


def test_medians_means_and_estimates_are_aligned_with_counts(column):
    assert column(
        (SLOT, (10, "xx")),
        (WITH_RANGE, (143.5, "xx.x"), (18, "xx"), (973, "xx")),
        (COUNTED, (4.4, "xx.x"), (1.2, "xx.x")),
        (WITH_LIMITS, (-2.5, "xx.x"), (-10.0, "xx.x"), (1.5, "xx.x")),
    ) == ["·10", "143.5 (18–973)", "··4.4 (1.2)", "·−2.5 (−10.0 to 1.5)"]


def test_nearly_none_and_nearly_all_stand_with_their_points_below_the_points_of_others(column):
    assert column(
        (COUNTED, (1, "xx"), (1 / 2001, "xx.x%")),
        (COUNTED, (2000, "xx"), (2000 / 2001, "xx.x%")),
        (COUNTED, (2001, "xx"), (1.0, "xx.x%")),
    ) == ["···1· (<0.1%)", "2000 (>99.9%)", "2001 (100.0%)"]


def test_p_values_are_aligned_and_so_is_one_below_the_least_that_is_printed(column):
    assert column((SLOT, (0.033, "p")), (SLOT, (0.0001, "p")), (SLOT, (1.0, "p"))) == ["·0.033", "<0.001", "·1.000"]


def test_what_is_not_estimable_or_not_there_ends_where_units_end(column):
    assert column((SLOT, (None, "xx")), Cell("–"), (SLOT, (123, "xx")), Cell("not in the set")) == [
        "·NE",
        "··–",
        "123",
        "not in the set",
    ]


def test_one_limit_that_is_not_estimable_moves_nothing(column):
    assert column(
        (WITH_LIMITS, (200, "xx"), (54, "xx"), (None, "xx")), (WITH_LIMITS, (54, "xx"), (6, "xx"), (None, "xx"))
    ) == ["200 (54 to NE)", "·54 (6 to NE)"]


def test_one_immense_number_does_not_push_the_others_off_the_page(column):
    assert column((SLOT, (12345678901.0, "xx")), (SLOT, (7, "xx")), (SLOT, (12, "xx"))) == ["12345678901", "·7", "12"]


def test_values_of_subjects_are_records_and_are_not_aligned(plan, lookup):
    content = table(plan, lookup, plan.output("T-DLT").model_copy(update={"by_subject": True}))
    listed = [i for i, line in enumerate(content.lines) if line.section.startswith("By subject")]
    assert listed
    assert all(inset == 0 for i in listed for cell in alignment(content)[i] for inset in cell)


def test_every_table_of_the_plan_has_its_first_numbers_aligned(plan, lookup):
    for output in plan.outputs:
        if output.kind != "table":
            continue
        content = table(plan, lookup, output)
        insets = alignment(content)
        for i in range(len(content.columns)):
            alone = (
                (insets[j][i][0], line.cells[i])
                for j, line in enumerate(content.lines)
                if line.cells[i].layout == SLOT and line.cells[i].rows[0].context != BY_SUBJECT
            )
            ends = {room + len(found[0]) for room, cell in alone if (found := re.match(r"[−<]?\d+", cell.text))}
            assert len(ends) <= 1, (output.id, i, ends)


def test_a_screen_reader_hears_and_a_copy_holds_the_cell_alone(plan, lookup):
    content = table(plan, lookup, plan.output("T-RESP"))
    cells = [row[1:] for row in Grid(html_table(content)).cells if len(row) > 1][1:]
    heard = [cell.partition(" ^")[0] for row in cells for cell in row]
    assert heard == [cell.text for line in content.lines for cell in line.cells]
    assert "7/10 (70.0%)" in heard
    assert "\u2007" not in html_table(content)
