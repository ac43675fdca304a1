"""What a page of the report may ask for: a number, a sentence, a table, a figure, a part of the plan.

A page looks up and shows; it computes nothing. Cells print Markdown, so that both engines lay it out.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from IPython.display import Markdown

from analysis.results.ard import Results
from analysis.results.provenance import Provenance
from reports.layout.lookup import Lookup
from reports.outputs.captions import label, populations
from reports.run.shown import (
    PLAN,
    RESULTS,
    figure_folder,
    late_promises,
    open_run,
    promised_plan,
    provenance_if_run,
    sealed_code,
)
from reports.trace import inline
from reports.trace.traced import Traced, traced
from reports.words.markdown import callout, paragraph_text, raw_html, table_div
from reports.words.stamp import provenance_block, stamp_block
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC

__all__ = ["DOCUMENTS", "PLAN", "RESULTS", "Page", "open_page", "open_plan"]

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
    origin : Provenance or None
        Where the results come from; None before any run.
    """

    plan: Plan
    lookup: Lookup
    figures: Path = field(default_factory=figure_folder)
    origin: Provenance | None = None

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
            The number as a link to its record, or "not estimable" with the reason.
        """
        return Markdown(inline.value(self.lookup, self.links, analysis_id, stat, **where))

    def ratio(self, analysis_id: str, n: str = "n", total: str = "N", **where: str) -> Markdown:
        """Return a count and its denominator, as 7/10."""
        return Markdown(inline.ratio(self.lookup, self.links, analysis_id, n, total, **where))

    def ci(self, analysis_id: str, **where: str) -> Markdown:
        """Return a confidence interval with its level, as "95% CI 34.8% to 93.3%".

        The level is that of the same part of the method. Of a part with one limit, as context
        ``proportion_upper_bound``, it is that bound: "one-sided 95% upper bound 25.9%".
        """
        return Markdown(inline.interval(self.lookup, self.links, analysis_id, **where))

    def p(self, analysis_id: str, **where: str) -> Markdown:
        """Return a p-value as it follows the letter p: "= 0.033" or "< 0.001"."""
        return Markdown(inline.p_value(self.lookup, self.links, analysis_id, **where))

    def in_words(self, analysis_id: str, stat: str, unit: str, **where: str) -> Markdown:
        """Return a statistic with its unit, or "not estimable" where it cannot be estimated."""
        return Markdown(inline.in_words(self.lookup, self.links, analysis_id, stat, unit, **where))

    def set_size(self, set_id: str) -> Markdown:
        """Return the number of subjects of an analysis set."""
        return Markdown(inline.set_size(self.lookup, self.links, set_id))

    @cached_property
    def links(self) -> Traced:
        """How the numbers of the page are shown and where they lead."""
        return traced(self.plan, self.lookup.results)

    def table(self, output_id: str) -> None:
        """Print a table of the plan."""
        from reports.outputs.html import html_table
        from reports.outputs.table import table

        output = self.plan.output(output_id)
        laid = html_table(table(self.plan, self.lookup, output), scroll=output.reason == POST_HOC)
        if output.reason == POST_HOC:  # never among the numbered tables
            title = paragraph_text(f"Post hoc table {output.number}. {output.title}")
            print(f"\n**{title}**\n{raw_html(laid)}")
        else:
            print(table_div(f"tbl-{_slug(output)}", laid, f"{output.title}.", self._about(output)))

    def figure(self, output_id: str) -> None:
        """Draw a figure of the plan and print it with its caption and alternative text."""
        from reports.outputs.captions import of_picture
        from reports.outputs.figure import figure, numbers_in_figure
        from reports.words.markdown import figure_markdown

        output = self.plan.output(output_id)
        picture = figure(self.plan, self.lookup, output, DOCUMENTS / self.figures)
        more = " ".join([self._about(output), *map(paragraph_text, output.footnotes)])
        image = self.figures / picture.path.name
        print(figure_markdown(f"fig-{_slug(output)}", image, f"{output.title}.", picture.alt, more))
        print(of_picture(image, output.title))
        print(numbers_in_figure(self.links, picture.rows))

    def _about(self, output: Output) -> str:
        """Return whom an output is about and where the plan lists it, as Markdown that follows its title."""
        found = [self.plan.analysis(a) for a in output.analyses]
        whom = populations(self.plan, self.lookup, self.links, found)
        if output.reason == POST_HOC:
            return f" {whom}."
        promised = ", ".join(f"[{a.id}](sap.qmd#sec-{a.id.lower()})" for a in found)
        return f" {whom}. {label(output)} of the plan, {promised}."

    def notice(self) -> None:
        """Print what every page says first: the stamp of a run that is not sealed, and where the rows come from."""
        print(stamp_block(self.origin))
        if self.origin is None or self.origin.state != "dry run":  # the notice is about the trial's own data
            cutoff = self.plan.data_cutoff
            more = f" Data cut-off: {cutoff}; what happened later is not analysed." if cutoff is not None else ""
            print(callout("important", "About the data", f"{self.plan.study.data_notice}{more}"))

    def downloads(self, document: str) -> None:
        """Print the links to a page as a document, where one was set: "manuscript" or "analysis-plan"."""
        from reports.outputs.captions import of_document

        print(of_document(document, document.replace("-", " ").capitalize()))

    def provenance(self) -> None:
        """Print the foot of a page: plan, data, code, libraries, engine and seal."""
        print(provenance_block(self.origin, sealed_code()))

    def methods(self, *analysis_ids: str) -> None:
        """Print the statistical methods of some analyses."""
        from reports.plan_document.analyses import methods

        for analysis_id in analysis_ids:
            self.plan.analysis(analysis_id)
        print(methods(self.plan, analysis_ids))

    def section(self, name: str) -> None:
        """Print a section of the plan's document, as ``analyses``."""
        from reports.plan_document.document import section

        print(section(self.plan, name, late_promises()))


def _slug(output: Output) -> str:
    return output.id.partition("-")[2].lower() or output.id.lower()


def open_plan() -> Page:
    """Return a page's view of the plan alone: for the document that is written before any data exist."""
    return Page(promised_plan(), Lookup(Results(())), origin=provenance_if_run())


def open_page() -> Page:
    """Return the page's view of the plan and results that ``sap render`` named, or of the default ones.

    Returns
    -------
    Page
        With the plan at ``sap/plan.yml`` and the results in ``results/`` unless the environment says otherwise.
    """
    run = open_run()
    return Page(run.plan, run.lookup, origin=run.provenance)
