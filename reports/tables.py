"""A table of the plan as HTML, laid out by great_tables."""

from collections.abc import Sequence
from html import escape
from string import ascii_lowercase

import pandas as pd
from great_tables import GT, html, loc, style
from great_tables._text import BaseText

from reports.table_model import Cell, Table

LABEL = "label"
SECTION = "section"
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
"""Fonts a reader's machine has: a page loads none."""


def html_table(table: Table) -> str:
    """Return a table as an HTML fragment.

    Parameters
    ----------
    table : Table
        Columns, lines and notes.

    Returns
    -------
    str
        One ``<div>`` with a ``<table>``; reasons and warnings become footnotes marked by letters.
    """
    letters = _Letters()
    columns = [f"c{i}" for i in range(len(table.columns))]
    records = [
        {SECTION: line.section, LABEL: line.label, **dict(zip(columns, map(letters.mark, line.cells), strict=True))}
        for line in table.lines
    ]
    heads: dict[str, str | BaseText] = {
        name: html(f"{escape(c.title)}<br><span class='set'>{escape(c.analysis_set)}, N = {c.n}</span>")
        for name, c in zip(columns, table.columns, strict=True)
    }
    laid = (
        GT(
            pd.DataFrame(records, columns=[SECTION, LABEL, *columns]),
            rowname_col=LABEL,
            groupname_col=SECTION,
            id=_identifier(table.output.id),
        )
        .cols_label(heads)
        .fmt_passthrough(columns=columns, escape=False)
        .cols_align(align="center", columns=columns)
        .tab_style(style=style.text(weight="bold"), locations=loc.row_groups())
        .tab_options(
            table_width="100%",
            table_font_size="0.86em",
            table_font_names=FONTS,
            table_background_color="transparent",
            data_row_padding="4px",
            row_group_padding="6px",
        )
    )
    source = f"Analyses {', '.join(c.analysis_id for c in table.columns)} of plan {table.plan}."
    for note in (*map(escape, table.output.footnotes), *letters.notes(), escape(source)):
        laid = laid.tab_source_note(html(note))
    return str(laid.as_raw_html())


def _identifier(output_id: str) -> str:
    return output_id.lower().replace("-", "_")


class _Letters:
    """Footnote letters, given in the order in which the notes first appear."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._next = (a + b for a in ("", *ascii_lowercase) for b in ascii_lowercase)

    def mark(self, cell: Cell) -> str:
        for note in cell.notes:
            if note not in self._letters:
                self._letters[note] = next(self._next)
        marks = ",".join(self._letters[n] for n in cell.notes)
        return f"{escape(cell.text)}{f'<sup>{marks}</sup>' if marks else ''}"

    def notes(self) -> Sequence[str]:
        return [f"<sup>{letter}</sup> {escape(_sentence(note))}" for note, letter in self._letters.items()]


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:] + ("" if note.endswith(".") else ".")
