"""A number as a link to its record: on every page, in prose and in tables alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from analysis.results import Results, Row
from reports.markdown import attribute, paragraph_text
from reports.numbers import formatted, shown

LONGEST = 99
"""Characters of the short form."""
POST_HOC = "post hoc"
_SIZES = (("N", ""), ("n", "summary"))
"""Statistics that say how many subjects a step or group has: name, and context where the name alone says too little."""

Place = tuple[str, str, str, str]


def full_value(row: Row) -> str:
    """Return the value of a row to full precision; text as it is, and the reason where there is none."""
    if row.stat is None:
        return row.error or row.stat_text or "no value"
    return formatted(row.stat, "")


@dataclass(frozen=True)
class Traced:
    """How numbers are shown and where they lead.

    Attributes
    ----------
    sizes : mapping
        Subjects of each step and group, and of each analysis, as far as the results say.
    p_digits : int
        Decimals of a p-value.
    """

    sizes: Mapping[Place, str]
    p_digits: int = 3

    def short(self, row: Row) -> str:
        """Return the short form of a record: analysis, statistic, full value, n and method, in < 100 characters."""
        place = ", ".join(p for p in (row.variable_level, row.group1_level) if p)
        name = f"{row.stat_label} ({place})" if place else row.stat_label
        n = self.sizes.get(_place(row)) or self.sizes.get((row.analysis_id, "", "", ""))
        parts = [f"{row.analysis_id}: {name} = {full_value(row)}", *([f"n = {n}"] if n else []), row.method]
        text = " · ".join(parts)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"

    def markdown(self, row: Row, text: str | None = None) -> str:
        """Return a number as a link in Markdown; both engines lead `.qmd` to the rendered page.

        Parameters
        ----------
        row : Row
            The number's row of the results.
        text : str, optional
            What to show in place of the formatted number.
        """
        words = paragraph_text(shown(row, self.p_digits) if text is None else text)
        return f'[{words}](trace.qmd#{row.anchor}){{.traced data-trace="{attribute(self.short(row))}"}}'

    def html(self, row: Row, text: str | None = None) -> str:
        """Return a number as a link in HTML, which engines pass as it is."""
        words = escape(shown(row, self.p_digits) if text is None else text)
        return f'<a class="traced" href="trace.html#{row.anchor}" data-trace="{escape(self.short(row))}">{words}</a>'


def traced(results: Results, p_digits: int = 3) -> Traced:
    """Return how the numbers of a set of results are shown and where they lead."""
    sizes: dict[Place, str] = {}
    for row in results:
        if row.context == "analysis":
            sizes[row.variable_level, "", "", ""] = shown(row)
        elif any(row.stat_name == name and context in {"", row.context} for name, context in _SIZES):
            sizes.setdefault(_place(row), shown(row))
    return Traced(sizes, p_digits)


def _place(row: Row) -> Place:
    return row.analysis_id, row.step, row.group1, row.group1_level
