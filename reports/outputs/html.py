"""A table of the plan as HTML, laid out by great_tables, and a listing: the records as they are."""

from collections.abc import Sequence
from html import escape
from string import ascii_lowercase

import pandas as pd
from great_tables import GT, html, loc, style
from great_tables._text import BaseText, Html

from analysis.results.ard import unique
from analysis.results.listings_file import ListedRecords
from reports.layout.alignment import alignment
from reports.layout.model import AND, INDENT, OVER, TO, Cell, Column, Line, Links, Table
from reports.words.labels import variable_label
from reports.words.markdown import column_heads
from reports.words.numbers import shown as printed
from sap.model.part import Reference
from sap.plan.plan import Listing, Plan
from sap.reading.post_hoc import POST_HOC

LABEL = "label"
SECTION = "section"
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
"""Fonts a reader's machine has: a page loads none."""


def html_table(table: Table, *, scroll: bool = True) -> str:
    """Return a table as an HTML fragment."""
    region = f' scroll" tabindex="0" role="region" aria-label="{escape(table.output.title)}, table' if scroll else ""
    return f'<div class="results{region}">\n{"".join(html_parts(table))}\n</div>'


def html_parts(table: Table) -> tuple[str, ...]:
    """Return each part of a table as HTML; what is said below a table stands once, below the last."""
    letters, parts = _Letters(), table.parts
    laid = [_laid(part, letters, number) for number, part in enumerate(parts, start=1)]
    for note in (*map(escape, table.output.footnotes), *letters.notes(), *map(escape, _sources(table))):
        laid[-1] = laid[-1].tab_source_note(_as_html(f'<span class="note">{note}</span>'))
    return tuple(part.as_raw_html() for part in laid)


def _laid(table: Table, letters: "_Letters", number: int) -> GT:
    """Return a part of a table; its identifier is that of the output, and further ones have their number."""
    columns = [f"c{i}" for i in range(len(table.columns))]
    heads: dict[str, str | BaseText] = {
        name: _as_html(f"{_head(table.links, c, before)}{letters.of(c.notes)}")
        for name, c, before in zip(columns, table.columns, (None, *table.columns), strict=False)
    }
    sections = _sections(table)
    records = [
        {
            SECTION: section,
            LABEL: _stub(line, letters.of(line.notes)),
            **{
                name: _linked(table.links, c, inset) + letters.of(c.notes)
                for name, c, inset in zip(columns, line.cells, insets, strict=True)
            },
        }
        for section, line, insets in zip(sections, table.lines, alignment(table), strict=True)
    ]
    titles = {section: escape(line.section) for section, line in zip(sections, table.lines, strict=True)}
    return (
        GT(
            pd.DataFrame(records, columns=[SECTION, LABEL, *columns]),
            rowname_col=LABEL,
            groupname_col=SECTION,
            id=_identifier(table.output.id) + (f"_{number}" if number > 1 else ""),
        )
        .cols_label(heads)
        .fmt(lambda section: titles[section], columns=SECTION)
        .fmt_passthrough(columns=[LABEL, *columns], escape=False)
        .cols_align(align="left", columns=columns)
        .tab_style(style=style.text(weight="bold"), locations=loc.row_groups())
        .tab_options(
            table_width="auto",
            table_font_size="0.86em",
            table_font_names=FONTS,
            table_background_color="transparent",
            data_row_padding="4px",
            row_group_padding="6px",
            container_overflow_x="visible",
            container_overflow_y="visible",
            # Rules as journals set them: above and below the heads, and below the body.
            table_body_hlines_style="none",
            stub_border_style="none",
            row_group_border_top_style="none",
            row_group_border_bottom_style="none",
        )
    )


def _as_html(text: str) -> Html:
    """Return HTML for great_tables, which takes what stands in two braces for a unit."""
    return html(text.replace("{", "&#123;"))


def _sections(table: Table) -> list[str]:
    """Return a name for the part of the table each line stands in: parts apart may have one heading, or none."""
    names: list[str] = []
    for before, line in zip((None, *table.lines), table.lines, strict=False):
        new = before is None or before.section != line.section
        names.append(f"part-{len(set(names)) + 1}" if new else names[-1])
    return names


def _stub(line: Line, marks: str) -> str:
    """Return the label of a line; one below a heading is set in by its levels, one without is as bold as headings."""
    label = escape(line.label.lstrip(INDENT))
    level = 1 + len(line.label) - len(line.label.lstrip(INDENT))
    below = f"below-{level}" if level > 1 else "below"
    return f'<span class="{below}">{label}{marks}</span>' if line.section else f"<strong>{label}</strong>{marks}"


def _linked(links: Links, cell: Cell, insets: Sequence[int]) -> str:
    """Return the content of a cell, each number a link; a count and its denominator are one, to the count's record."""
    first, *others = cell.pieces
    found = _set_in(insets[0]) + escape(first)
    shown = list(zip(cell.rows, others, (*insets[1:], 0), strict=False))
    while shown:
        (row, piece, inset), *shown = shown
        text = printed(row, cell.p_digits)
        if piece == OVER and shown:
            (total, piece, inset), *shown = shown
            text = f"{text}{OVER}{printed(total, cell.p_digits)}"
        between = f'<span class="apart">{piece}</span>' if piece in {TO, AND} else escape(piece)
        found += links.html(row, text) + _set_in(inset) + between
    return found


def _set_in(digits: int) -> str:
    """Return room for some digits: it is there to see, and neither to hear nor to copy."""
    return f'<span class="digits-{digits}"></span>' if digits else ""


def _head(links: Links, column: Column, before: Column | None) -> str:
    """Return the head of a column, with its set and size unless it goes on with the analysis of the one before."""
    title = f"{column.title} ({POST_HOC})" if column.post_hoc and POST_HOC not in column.title.lower() else column.title
    if before is not None and (before.analysis_id, before.size) == (column.analysis_id, column.size):
        return escape(title)
    compared = f", {column.compared}" if column.compared else ""
    size = f"{escape(column.analysis_set)}, N = {links.html(column.size)}{compared}"
    return f"{escape(title)}<br><span class='set'>{size}</span>"


def _sources(table: Table) -> list[str]:
    others = unique(a for c in table.columns if c.post_hoc for a in (c.analysis_id, *c.others))
    return [f"Post hoc, not in plan {table.plan}: {', '.join(others)}."] if others else []


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


def listing_html(plan: Plan, spec: Listing, records: ListedRecords) -> str:
    """Return a listing as an HTML fragment."""
    heads = ["Subject", *(variable_label(plan, _reference(c)) for c in records.columns[1:])]
    head = column_heads(map(escape, heads))
    rows = [_row(cells) for cells in records.rows]
    none = f'<tr><td colspan="{len(heads)}">No subject has such a record.</td></tr>'
    notes = "".join(f"<p>{escape(note)}</p>" for note in spec.footnotes)
    return (
        f'<div class="listing" id="{escape(spec.id.lower())}-table">\n<div class="wide" tabindex="0" role="region" '
        f'aria-label="{escape(spec.title)}">\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        f"{chr(10).join(rows) or none}\n</tbody>\n</table>\n</div>\n"
        f'<div class="notes">{notes}</div>\n</div>'
    )


def _row(cells: Sequence[str]) -> str:
    subject, *others = cells
    return f'<tr><th scope="row">{escape(subject)}</th>{"".join(f"<td>{escape(c)}</td>" for c in others)}</tr>'


def _reference(column: str) -> Reference:
    dataset, _, variable = column.partition(".")
    return Reference(dataset=dataset, variable=variable)


def datasets_of(spec: Listing) -> list[str]:
    """Return the datasets that a listing reads."""
    return list(dict.fromkeys([spec.dataset, *(v.dataset for v in spec.variables)]))
