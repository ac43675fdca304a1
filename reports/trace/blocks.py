"""Results laid side by side: what differs by one thing only (the time, the subject, the analysis) is one block."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from analysis.results.ard import Row, unique
from reports.tables import context_of
from reports.trace.row_words import RowWords, part
from reports.words.numbers import BY_SUBJECT


@dataclass(frozen=True)
class BlockLine:
    """What is said at one level: one row of the results a column, or None."""

    label: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class Block:
    """Lines that have the same columns."""

    title: str
    """What the block is about, without what its lines say."""
    head: tuple[Row, ...]
    """A row of each column, for its label, name and format; by subject a column is a variable."""
    by_subject: bool
    """Whether lines are subjects."""
    lines: tuple[BlockLine, ...]
    """In the order of the results."""


def blocks(words: RowWords, rows: Sequence[Row], *, together: bool = False) -> tuple[Block, ...]:
    """Return rows as blocks, each row once."""
    lines: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        about = "" if row.context == BY_SUBJECT else row.variable
        at = (row.analysis_id, row.step, row.group1, row.group1_level, about, row.context, row.variable_level)
        lines.setdefault(at, []).append(row)
    alike: dict[tuple[str, ...], list[list[Row]]] = {}
    for (*owner, about, context, _level), found in lines.items():
        columns = () if context_of(context).ragged else tuple(f"{r.stat_name} {words.statistic(r)}" for r in found)
        alike.setdefault((*(() if together else owner), about, context, *columns), []).append(found)
    named = unique(r.analysis_id for r in rows) if together else ()
    return tuple(_block(words, found, named) for found in alike.values())


def _block(words: RowWords, lines: list[list[Row]], analyses: Sequence[str]) -> Block:
    first = lines[0][0]
    head = {_column(r): r for found in lines for r in found}
    if first.context != BY_SUBJECT and context_of(first.context).ragged:
        head = dict(sorted(head.items(), key=lambda column: float(column[0].partition(".")[2])))
    by_subject = first.context == BY_SUBJECT
    names = () if by_subject else unique(words.name(found[0]) for found in lines)
    groups = unique(words.group(found[0]) for found in lines)
    shared = [names[0] if len(names) == 1 else "", groups[0] if len(groups) == 1 else ""]
    told = ", ".join(filter(None, shared))
    return Block(
        title=f"{part(first)}: {told}" if told else part(first),
        head=tuple(head.values()),
        by_subject=by_subject,
        lines=tuple(
            BlockLine(_label(words, found[0], analyses, names, groups), _across(found, tuple(head))) for found in lines
        ),
    )


def _label(words: RowWords, row: Row, analyses: Sequence[str], names: Sequence[str], groups: Sequence[str]) -> str:
    """Return what tells a line from the others of its block."""
    mains = {a.id for a in words.plan.analyses}.intersection(analyses)
    level = words.level(row)
    found = [
        words.column(row.analysis_id, alone=len(mains) < 2) if len(analyses) > 1 else "",
        words.name(row) if len(names) > 1 else "",
        words.group(row) if len(groups) > 1 else "",
        level[:1].upper() + level[1:] if level.startswith("day ") else level,
    ]
    return ", ".join(filter(None, found)) or words.name(row)


def _column(row: Row) -> str:
    return f"{row.dataset}.{row.variable}" if row.context == BY_SUBJECT else row.stat_name


def _across(rows: list[Row], columns: tuple[str, ...]) -> tuple[Row | None, ...]:
    by_column = {_column(r): r for r in rows}
    return tuple(by_column.get(c) for c in columns)


def column_head(words: RowWords, block: Block, row: Row) -> str:
    """Return what a column holds, in HTML: a statistic, or a variable with its code."""
    if block.by_subject:
        return f"{escape(words.name(row))} <code>{escape(row.variable)}</code>"
    return escape(words.statistic(row))
