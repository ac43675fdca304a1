"""Results laid side by side: what differs by one thing only (the time, the subject, the category) is one block."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.results import Row
from reports.trace_words import ON_DAYS, part, place
from sap.plan import Plan

BY_SUBJECT = "subject"


@dataclass(frozen=True)
class BlockLine:
    """What is said at one level: one row of the results a column, or None."""

    label: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class Block:
    """Lines that have the same columns.

    Attributes
    ----------
    title : str
        What the block is about, without the level.
    head : tuple of Row
        A row of each column, for its label, name and format; by subject a column is a variable.
    by_subject : bool
        Whether lines are subjects.
    lines : tuple of BlockLine
        In the order of the results.
    """

    title: str
    head: tuple[Row, ...]
    by_subject: bool
    lines: tuple[BlockLine, ...]


def blocks(plan: Plan, rows: Sequence[Row]) -> tuple[Block, ...]:
    """Return rows as blocks, each row once.

    Parameters
    ----------
    plan : Plan
        Titles of the groupings.
    rows : sequence of Row
        Any rows of the results.

    Returns
    -------
    tuple of Block
        In the order in which the rows first appear.
    """
    lines: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        about = "" if row.context == BY_SUBJECT else row.variable
        at = (row.analysis_id, row.step, row.group1, row.group1_level, about, row.context, row.variable_level)
        lines.setdefault(at, []).append(row)
    alike: dict[tuple[str, ...], list[list[Row]]] = {}
    for place_of, found in lines.items():
        *shared, _level = place_of
        columns = () if found[0].context == BY_SUBJECT else tuple(r.stat_name for r in found)
        alike.setdefault((*shared, *columns), []).append(found)
    return tuple(_block(plan, found) for found in alike.values())


def _block(plan: Plan, lines: list[list[Row]]) -> Block:
    first = lines[0][0]
    by_subject = first.context == BY_SUBJECT
    head = {_column(r): r for found in lines for r in found}
    return Block(
        title=_title(plan, first),
        head=tuple(head.values()),
        by_subject=by_subject,
        lines=tuple(_line(found, tuple(head)) for found in lines),
    )


def _column(row: Row) -> str:
    return row.variable if row.context == BY_SUBJECT else row.stat_name


def _line(rows: list[Row], columns: tuple[str, ...]) -> BlockLine:
    by_column = {_column(r): r for r in rows}
    level = rows[0].variable_level
    label = f"Day {level}" if rows[0].context in ON_DAYS else level
    return BlockLine(label, tuple(by_column.get(c) for c in columns))


def _title(plan: Plan, row: Row) -> str:
    about = "" if row.context == BY_SUBJECT else place(plan, row, level=False)
    return ": ".join(p for p in (part(row), about) if p)
