"""A table of the plan as HTML, laid out by great_tables."""

from collections.abc import Sequence
from html import escape
from string import ascii_lowercase

import pandas as pd
from great_tables import GT, html, loc, style
from great_tables._text import BaseText

from analysis.results import unique
from reports.numbers import shown as printed
from reports.table_model import OVER, Cell, Column, Table
from reports.traced import POST_HOC, Traced

LABEL = "label"
SECTION = "section"
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
"""Fonts a reader's machine has: a page loads none."""


def html_table(table: Table, *, scroll: bool = True) -> str:
    """Return a table as an HTML fragment.

    Parameters
    ----------
    table : Table
        Columns, lines and notes.
    scroll : bool
        Whether the table stands in a region that scrolls; a numbered table is given one by the engine.

    Returns
    -------
    str
        One ``<div>`` with a ``<table>``; reasons and warnings become footnotes marked by letters.
    """
    letters = _Letters()
    columns = [f"c{i}" for i in range(len(table.columns))]
    records = [
        {
            SECTION: line.section,
            LABEL: escape(line.label) + letters.of(line.notes),
            **{
                name: _linked(table.links, c) + letters.of(c.notes) for name, c in zip(columns, line.cells, strict=True)
            },
        }
        for line in table.lines
    ]
    heads: dict[str, str | BaseText] = {
        name: html(_head(table.links, c) + letters.of(c.notes)) for name, c in zip(columns, table.columns, strict=True)
    }
    laid = (
        GT(
            pd.DataFrame(records, columns=[SECTION, LABEL, *columns]),
            rowname_col=LABEL,
            groupname_col=SECTION,
            id=_identifier(table.output.id),
        )
        .cols_label(heads)
        .fmt_passthrough(columns=[LABEL, *columns], escape=False)
        .cols_align(align="center", columns=columns)
        .tab_style(style=style.text(weight="bold"), locations=loc.row_groups())
        .tab_options(
            table_width="100%",
            table_font_size="0.86em",
            table_font_names=FONTS,
            table_background_color="transparent",
            data_row_padding="4px",
            row_group_padding="6px",
            container_overflow_x="visible",
            container_overflow_y="visible",
        )
    )
    for note in (*map(escape, table.output.footnotes), *letters.notes(), *map(escape, _sources(table))):
        laid = laid.tab_source_note(html(note))
    region = f' scroll" tabindex="0" role="region" aria-label="{escape(table.output.title)}, table' if scroll else ""
    return f'<div class="results{region}">\n{laid.as_raw_html()}\n</div>'


def _linked(links: Traced, cell: Cell) -> str:
    """Return the content of a cell, each number a link; a count and its denominator are one, to the count's record."""
    first, *others = cell.pieces
    found = escape(first)
    shown = list(zip(cell.rows, others, strict=False))
    while shown:
        (row, piece), *shown = shown
        text = printed(row, cell.p_digits)
        if piece == OVER and shown:
            (total, piece), *shown = shown
            text = f"{text}{OVER}{printed(total, cell.p_digits)}"
        found += links.html(row, text) + escape(piece)
    return found


def _head(links: Traced, column: Column) -> str:
    title = f"{column.title} ({POST_HOC})" if column.post_hoc and POST_HOC not in column.title.lower() else column.title
    compared = f", {column.compared}" if column.compared else ""
    size = f"{escape(column.analysis_set)}, N = {links.html(column.size)}{compared}"
    return f"{escape(title)}<br><span class='set'>{size}</span>"


def _sources(table: Table) -> list[str]:
    planned = unique(c.analysis_id for c in table.columns if not c.post_hoc)
    others = unique(c.analysis_id for c in table.columns if c.post_hoc)
    told = [f"Analyses {', '.join(planned)} of plan {table.plan}."] if planned or not others else []
    return told + ([f"Post hoc, not in plan {table.plan}: {', '.join(others)}."] if others else [])


def _identifier(output_id: str) -> str:
    return output_id.lower().replace("-", "_")


class _Letters:
    """Footnote letters, given in the order in which the notes first appear."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._next = (a + b for a in ("", *ascii_lowercase) for b in ascii_lowercase)

    def of(self, notes: Sequence[str]) -> str:
        """Return the marks of notes; each is given its letter where it first stands."""
        for note in notes:
            if note not in self._letters:
                self._letters[note] = next(self._next)
        marks = ",".join(self._letters[n] for n in notes)
        return f"<sup>{marks}</sup>" if marks else ""

    def notes(self) -> Sequence[str]:
        return [f"<sup>{letter}</sup> {escape(_sentence(note))}" for note, letter in self._letters.items()]


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:] + ("" if note.endswith(".") else ".")
