"""A number as a link to its record: on every page, in prose and in tables alike."""

import os
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from analysis.results.ard import Results, Row, unique
from analysis.results.entered_file import SETS
from reports.run.shown import stands_alone
from reports.tables import compared, context_of, unlisted
from reports.trace.files import RecordFiles, record_files
from reports.trace.row_words import RowWords, row_words
from reports.words.file_names import RECORDS
from reports.words.markdown import attribute, paragraph_text
from reports.words.numbers import BY_SUBJECT, MINUS, NO_VALUE, formatted, no_value, shown
from sap.plan.plan import Plan

LONGEST: Final = 99
"""Characters of the short form."""
_VALUE: Final = 48
"""Characters of a value that is words, in the short form."""
_COUNTS: Final = frozenset({"n", "n.event"})
"""Statistics of which the short form says "4 of 9"."""
_CUT: Final = "…"

Place = tuple[str, str, str, str]


def full_value(row: Row) -> str:
    """Return the value of a row to full precision; text as it is, and the reason where there is none."""
    if no_value(row):
        return NO_VALUE
    if row.stat is None:
        return row.error or row.stat_text or NO_VALUE
    return formatted(row.stat, "")


@dataclass(frozen=True)
class RecordLinks:
    """How numbers are shown and where they lead."""

    words: RowWords
    """What rows are called."""
    sizes: Mapping[Place, str]
    """Subjects of each step and group, and of each analysis, as far as the results say."""
    files: RecordFiles
    """The file each record stands in."""
    p_digits: int = 3
    """Decimals of a p-value."""
    folder: str = RECORDS
    """The folder of the records, from the page."""
    linked: bool = True
    """Whether the records stand beside the page."""
    unlisted: frozenset[str] = frozenset()
    """Contexts of which there are more numbers than pages list."""

    def short(self, row: Row) -> str:
        """Return the short form of a record: analysis, statistic, value, n and method, in < 100 characters.

        The value has six significant digits; what is too long is cut between words.
        """
        about = self.words.name(row) if row.analysis_id == SETS else self.words.about(row)
        statistic = _lowered(self.words.statistic(row))
        value, n = textwrap.shorten(_six_digits(row), _VALUE, placeholder=_CUT), self.size(row)
        counted = bool(n) and row.stat_name in _COUNTS
        tail = f", {statistic} = {value}" + (f" of {n}" if counted else f" · n = {n}" if n else "")
        room = LONGEST - len(row.analysis_id) - len(": ") - len(tail)
        text = f"{row.analysis_id}: {_between_words(about, room)}{tail}"
        method = _between_words(row.method, LONGEST - len(text) - len(" · "))
        whole = f"{text} · {method}" if method.strip(_CUT) else text
        return whole if len(whole) <= LONGEST else textwrap.shorten(whole, LONGEST, placeholder=_CUT)

    def size(self, row: Row) -> str:
        """Return of how many subjects a row is; nothing for a size itself and for the value of one subject."""
        if row.analysis_id == SETS or row.context == BY_SUBJECT or _is_size(row):
            return ""
        return self.sizes.get(_place(row)) or self.sizes.get((row.analysis_id, "", "", "")) or ""

    def markdown(self, row: Row, text: str | None = None) -> str:
        """Return a number as a link in Markdown."""
        said = paragraph_text(shown(row, self.p_digits) if text is None else text)
        if not self.linked:
            return said
        return f'[{said}]({self.folder}/{self.files.href(row)}){{.traced data-trace="{attribute(self.short(row))}"}}'

    def html(self, row: Row, text: str | None = None) -> str:
        """Return a number as a link in HTML, which engines pass as it is."""
        said = escape(shown(row, self.p_digits) if text is None else text)
        if not self.linked:
            return said
        href = f"{self.folder}/{self.files.href(row)}"
        return f'<a class="traced" href="{href}" data-trace="{escape(self.short(row))}">{said}</a>'

    def to_files(self, rows: Iterable[Row]) -> str:
        """Return links in HTML to the files in which the records of some rows stand."""
        names = unique(self.files.of(row) for row in rows)
        told = {name: escape(name.removesuffix(".html")) for name in names}
        return ", ".join(f'<a href="{self.folder}/{n}">{t}</a>' if self.linked else t for n, t in told.items())


def record_links(plan: Plan, results: Results) -> RecordLinks:
    """Return how the numbers of a run are shown and where they lead."""
    sizes: dict[Place, str] = {}
    for row in results:
        if row.context == "analysis":
            sizes[row.variable_level, "", "", ""] = shown(row)
        elif _is_size(row):
            sizes.setdefault(_place(row), shown(row))
    known = row_words(plan)
    for task in known.tasks.values():
        for position, step in enumerate(task.steps, start=1):
            n = compared(results.of(task.id), step, position)
            if n is not None:
                sizes[task.id, str(position), step.by or "", ""] = str(n)
    return RecordLinks(
        known,
        sizes,
        record_files(results),
        plan.conventions.p_value_digits,
        linked=not stands_alone(os.environ),
        unlisted=unlisted(results),
    )


def _is_size(row: Row) -> bool:
    return row.stat_name in {"N", context_of(row.context).size}


def _place(row: Row) -> Place:
    return row.analysis_id, row.step, row.group1, row.group1_level


def _six_digits(row: Row) -> str:
    if row.stat is None or row.context == BY_SUBJECT:
        return full_value(row)
    return f"{row.stat:.6g}".replace("-", MINUS).replace("inf", "∞")


def _lowered(statistic: str) -> str:
    """Return a label within a sentence: names (Hodges–Lehmann, Kendall's) and letters (W) keep their capitals."""
    first = statistic.partition(" ")[0]
    return (
        statistic[:1].lower() + statistic[1:]
        if len(first) > 1 and first[1:].isalpha() and first[1:].islower()
        else statistic
    )


def _between_words(text: str, room: int) -> str:
    """Return as many whole words as there is room for."""
    return textwrap.shorten(text, room, placeholder=_CUT) if room > 1 else ""
