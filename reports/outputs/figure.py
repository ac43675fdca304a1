"""A figure of the plan: a picture, the sentence that says what it shows, and the numbers in it, each with its link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from analysis.results.ard import Row
from reports.figures import draw
from reports.figures.frame import LAYOUT, VIEW, Drawing, write_across
from reports.layout.lookup import Lookup
from reports.tables import context_of
from reports.trace.blocks import Block, BlockLine, blocks, column_head
from reports.trace.links import RecordLinks
from reports.words.markdown import column_heads, raw_html, scrolling
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC
from sap.seal.kept import note, noted
from sap.text.files import canonical, digest, file_digest
from sap.text.problems import UserError

NOT_PARSED: Final = 'data-quarto-disable-processing="true"'
"""Keeps Quarto from setting these tables, unfolded, in a document on paper."""

MOST: Final = 3000
"""Most other values of single subjects that are listed below a figure."""
LISTED: Final = 600
"""Most numbers that are listed below a figure; of more the records are named, where each of them stands."""
_NUMBER: Final = re.compile(r"\d[\d.,]*\d|\d")
"""A number in words about a layout: what was drawn there is not a result."""
TALL: Final = 2.5
"""Heights for a width beyond which a picture goes on over several sheets."""


@dataclass(frozen=True)
class Picture:
    """A figure that was written, what it says to those who do not see it, and the results it shows."""

    path: Path
    alt: str
    rows: tuple[Row, ...]

    @property
    def classes(self) -> str:
        """What the pages must know of its shape, as the beginning of attributes."""
        found = VIEW.search(self.path.read_text(encoding="utf-8"))
        return ".tall " if found and float(found["height"]) > TALL * float(found["width"]) else ""


def figure(plan: Plan, lookup: Lookup, output: Output, folder: Path) -> Picture:
    """Draw a figure of the plan, unless it stands there as these results give it.

    Whatever it draws it has looked up, and stands among the numbers below it.
    """
    kept = standing(lookup, output, folder)
    if kept is not None:
        return kept
    path, made_of = place(output, folder), _made_of(lookup, output)
    taken = dict[Row, None]()
    alt = draw(
        Drawing(plan, Lookup(lookup.results if lookup.drawn is None else lookup.drawn, taken=taken), output, path)
    )
    if lookup.drawn is None:
        words = next((r.stamp for r in lookup.results), "")
        shown = tuple(taken)
    else:
        words, alt = LAYOUT, _NUMBER.sub("xx", alt)
        printed = lookup.results.by_identity
        shown = tuple(printed[r.identity] for r in taken if r.identity in printed)
    write_across(path, words)
    picture = Picture(path, f"{words}. {alt}" if words else alt, shown)
    if made_of:
        rows = [r.identity for r in shown]
        note(path, {"made_of": made_of, "alt": picture.alt, "rows": rows, "svg": file_digest(path)})
    return picture


def standing(lookup: Lookup, output: Output, folder: Path) -> Picture | None:
    """Return the picture of a figure that stands as it would be drawn again; None where none does."""
    path, made_of = place(output, folder), _made_of(lookup, output)
    try:
        before = noted(path) if made_of else {}
        if not before or before["made_of"] != made_of or before["svg"] != file_digest(path):
            return None
        rows = tuple(lookup.results.by_identity[tuple(identity)] for identity in before["rows"])
        return Picture(path, str(before["alt"]), rows)
    except (UserError, KeyError, TypeError):
        return None


def place(output: Output, folder: Path) -> Path:
    """Return the file of a figure."""
    return folder / f"{output.id.lower()}.svg"


def _made_of(lookup: Lookup, output: Output) -> str:
    """Return a digest of what a figure is made of; empty where nobody keeps it."""
    of = lookup.made_of()
    return digest(canonical([of, output.model_dump(mode="json")])) if of else ""


def numbers_in_figure(links: RecordLinks, rows: Sequence[Row]) -> str:
    """Return the numbers of a figure, folded away until a reader opens them: a line an analysis, a group or a time."""
    others = [r for r in rows if context_of(r.context).of_subjects and context_of(r.context).most is None]
    counted = {*(r for r in rows if r.context in links.unlisted), *(others if len(others) > MOST else [])}
    listed = [r for r in rows if r not in counted]
    if len(listed) > LISTED:
        tables = f"<p>{len(listed):,} numbers are drawn. Each has its record: {links.to_files(listed)}.</p>"
    else:
        tables = "\n".join(_table(links, b) for b in blocks(links.words, listed, together=True))
    if counted:
        file = "the analysis results dataset (<code>ard.csv</code>)"
        tables += f"\n<p>{len(counted):,} values of single subjects are drawn and not listed; {file} has them.</p>"
    return raw_html(
        '<details class="figure-numbers">\n<summary>Numbers in this figure</summary>\n'
        f"{scrolling('Numbers in this figure', tables)}\n"
        "</details>"
    )


def _table(links: RecordLinks, block: Block) -> str:
    label = f" ({POST_HOC})" if block.head[0].reason == POST_HOC else ""
    heads = column_heads(column_head(links.words, block, r) for r in block.head)
    lines = "\n".join(_line(links, line) for line in block.lines)
    return (
        f"<table {NOT_PARSED}>\n<caption>{escape(f'{block.title}{label}')}</caption>\n"
        f"<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
    )


def _line(links: RecordLinks, line: BlockLine) -> str:
    cells = "".join(f"<td>{'' if r is None else links.html(r)}</td>" for r in line.rows)
    return f'<tr><th scope="row">{escape(line.label)}</th>{cells}</tr>'
