"""What a page of the report may ask for: a number, a sentence, a table, a figure, a part of the plan.

A page looks up and shows; it computes nothing. Cells print Markdown, so that both engines lay it out.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from IPython.display import Markdown

from analysis.results import Results, Row, read_results
from reports.lookup import Lookup
from reports.markdown import callout, paragraph_text, table_div
from reports.numbers import formatted, shown
from sap.plan import Output, Plan
from sap.read import read_plan

PLAN: Final = "SAP_PLAN"
RESULTS: Final = "SAP_RESULTS"
"""Environment variables by which ``sap render`` tells a page which plan and results it is about."""

DOCUMENTS: Final = Path("reports")
"""Folder of the documents, below the folder in which cells run."""


@dataclass(frozen=True)
class Page:
    """A page's view of the plan and the results.

    Attributes
    ----------
    plan : Plan
        The plan.
    lookup : Lookup
        The results; empty for a page about the plan alone.
    figures : Path
        Where figures are written, relative to the folder of the documents.
    """

    plan: Plan
    lookup: Lookup
    figures: Path = Path("fig")

    def value(self, analysis_id: str, stat: str, **where: str) -> Markdown:
        """Return one statistic as it is printed.

        Parameters
        ----------
        analysis_id : str
            Analysis or sensitivity analysis, as the plan names it.
        stat : str
            Name of the statistic, as ``estimate``.
        **where : str
            ``context``, ``variable``, ``level``, ``grouping`` or ``group``, where several carry that name.

        Returns
        -------
        Markdown
            The number, or "not estimable" with the reason.
        """
        row = self.lookup.row(analysis_id, stat, **where)
        return Markdown(self._shown(row) if not row.error else paragraph_text(row.error))

    def ratio(self, analysis_id: str, n: str = "n", total: str = "N", **where: str) -> Markdown:
        """Return a count and its denominator, as 7/10."""
        rows = (self.lookup.row(analysis_id, name, **where) for name in (n, total))
        return Markdown("/".join(self._shown(r) for r in rows))

    def ci(self, analysis_id: str, **where: str) -> Markdown:
        """Return a confidence interval with its level, as "95% CI 34.8% to 93.3%".

        The level is that of the same part of the method.
        """
        low, high = (self.lookup.row(analysis_id, name, **where) for name in ("conf.low", "conf.high"))
        level = self.lookup.row(analysis_id, "conf.level", **_of_level(low))
        if low.stat is None and high.stat is None:
            return Markdown(f"{formatted(level.stat, level.fmt)} CI not estimable")
        return Markdown(f"{formatted(level.stat, level.fmt)} CI {self._shown(low)} to {self._shown(high)}")

    def p(self, analysis_id: str, **where: str) -> Markdown:
        """Return a p-value as it follows the letter p: "= 0.033" or "< 0.001"."""
        row = self.lookup.row(analysis_id, "p.value", **where)
        if row.stat is None:
            return Markdown("not estimable")
        text = self._shown(row)
        return Markdown(text.replace("<", "< ") if "<" in text else f"= {text}")

    def in_words(self, analysis_id: str, stat: str, unit: str, **where: str) -> Markdown:
        """Return a statistic with its unit, or "not estimable" where it cannot be estimated."""
        row = self.lookup.row(analysis_id, stat, **where)
        return Markdown(f"{self._shown(row)} {unit}" if row.stat is not None else "not estimable")

    def set_size(self, set_id: str) -> Markdown:
        """Return the number of subjects of an analysis set."""
        return Markdown(self._shown(self.lookup.row("SETS", "N", context="analysis_set", level=set_id)))

    def _shown(self, row: Row) -> str:
        return paragraph_text(shown(row, self.plan.conventions.p_value_digits))

    def table(self, output_id: str) -> None:
        """Print a table of the plan."""
        from reports.table_rows import table
        from reports.tables import html_table

        output = self.plan.output(output_id)
        print(table_div(f"tbl-{_slug(output)}", html_table(table(self.plan, self.lookup, output)), output.title))

    def figure(self, output_id: str) -> None:
        """Draw a figure of the plan and print it with its caption and alternative text."""
        from reports.figures import figure
        from reports.markdown import figure_markdown

        output = self.plan.output(output_id)
        picture = figure(self.plan, self.lookup, output, DOCUMENTS / self.figures)
        caption = " ".join([f"{output.title}.", *output.footnotes])
        print(figure_markdown(f"fig-{_slug(output)}", self.figures / picture.path.name, caption, picture.alt))

    def notice(self) -> None:
        """Print what every page says about where its rows come from."""
        print(callout("important", "About the data", self.plan.study.data_notice))

    def section(self, name: str) -> None:
        """Print a section of the plan's document, as ``analyses``."""
        from reports.plan_document import SECTIONS

        print(SECTIONS[name](self.plan))


def _of_level(limit: Row) -> dict[str, str]:
    """Return where the level of a limit stands: beside it, or once for all the estimates of one curve."""
    curve = limit.context in {"survival", "survival_at", "follow_up_reverse_km"}
    return {
        "context": "survival" if curve else limit.context,
        "variable": limit.variable,
        "level": "" if curve else limit.variable_level,
        "grouping": limit.group1,
        "group": limit.group1_level,
    }


def _slug(output: Output) -> str:
    return output.id.partition("-")[2].lower() or output.id.lower()


def open_plan() -> Page:
    """Return a page's view of the plan alone: for the document that is written before any data exist."""
    return Page(read_plan(Path(os.environ.get(PLAN, "sap/plan.yml"))), Lookup(Results(())))


def open_page() -> Page:
    """Return the page's view of the plan and results that ``sap render`` named, or of the default ones.

    Returns
    -------
    Page
        With the plan at ``sap/plan.yml`` and the results in ``results/`` unless the environment says otherwise.
    """
    plan = read_plan(Path(os.environ.get(PLAN, "sap/plan.yml")))
    results = read_results(Path(os.environ.get(RESULTS, "results")) / "ard.csv")
    return Page(plan, Lookup(results))
