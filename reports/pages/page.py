"""What a page of the report may ask for: a number, a sentence, a table, a figure, a part of the plan.

A page looks up and shows; it computes nothing. Cells print Markdown, so that both engines lay it out.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from IPython.display import Markdown

from analysis.results.ard import Results, Row
from analysis.results.entered_file import SETS
from analysis.results.provenance import Provenance
from reports.layout.lookup import Lookup
from reports.layout.model import OVER
from reports.outputs.captions import label, populations
from reports.run.shown import (
    figure_folder,
    late_promises,
    open_run,
    promised_plan,
    provenance_if_run,
    sealed_code,
)
from reports.tables import context_of
from reports.trace.links import RecordLinks, full_value, record_links
from reports.words.markdown import paragraph_text, raw_html, table_div
from reports.words.numbers import bound_name, p_equals, shown
from reports.words.stamp import provenance_block, stamp_block
from sap.plan.plan import Output, Plan
from sap.reading.post_hoc import POST_HOC
from sap.text.problems import UserError

DOCUMENTS: Final = Path("reports")
"""Folder of the documents, below the folder in which cells run."""
NO_ESTIMATE: Final = "not estimable"


@dataclass(frozen=True)
class Page:
    """A page's view of the plan and the results."""

    plan: Plan
    """The plan."""
    lookup: Lookup
    """The results; empty for a page about the plan alone."""
    figures: Path = field(default_factory=figure_folder)
    """Where figures are written, relative to the folder of the documents."""
    run_provenance: Provenance | None = None
    """Where the results come from; None before any run."""

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
        row = self.lookup.row(analysis_id, stat, **where)
        return _labelled(self.links.markdown(row, full_value(row) if row.error else None), row)

    def ratio(self, analysis_id: str, n: str = "n", total: str = "N", **where: str) -> Markdown:
        """Return a count and its denominator, as 7/10."""
        rows = [self.lookup.row(analysis_id, name, **where) for name in (n, total)]
        return _labelled(self.links.markdown(rows[0], OVER.join(shown(r, self.links.p_digits) for r in rows)), rows[0])

    def ci(self, analysis_id: str, **where: str) -> Markdown:
        """Return a confidence interval with its level, as "95% CI 34.8% to 93.3%".

        The level is that of the same part of the method. Of a part with one limit, as context
        ``proportion_upper_bound``, it is that bound: "one-sided 95% upper bound 25.9%".
        """
        high = self.lookup.row(analysis_id, "conf.high", **where)
        level = shown(self._level(high))
        one_sided = context_of(high.context).one_sided
        name = paragraph_text(bound_name(level) if one_sided else f"{level} CI")
        limits = [high] if one_sided else [self.lookup.row(analysis_id, "conf.low", **where), high]
        if all(limit.error for limit in limits):
            return _labelled(f"{name} {self.links.markdown(limits[0], NO_ESTIMATE)}", high)
        return _labelled(f"{name} {' to '.join(map(self.links.markdown, limits))}", high)

    def _level(self, limit: Row) -> Row:
        """Return the level of a limit: it stands beside it, or once for all the estimates of its step."""
        where = {"variable": limit.variable, "grouping": limit.group1, "group": limit.group1_level, "step": limit.step}
        of_step = self.lookup.rows(limit.analysis_id, stat="conf.level", **where)
        beside = [r for r in of_step if (r.context, r.variable_level) == (limit.context, limit.variable_level)]
        found = beside or of_step
        if len({(r.stat, r.stat_text) for r in found}) != 1:
            raise UserError(f"{limit.analysis_id}: it is not clear which level the limits in {limit.context} have.")
        return found[0]

    def p(self, analysis_id: str, **where: str) -> Markdown:
        """Return a p-value as it follows the letter p: "= 0.033" or "< 0.001"."""
        row = self.lookup.row(analysis_id, "p.value", **where)
        if row.error:
            return _labelled(self.links.markdown(row, NO_ESTIMATE), row)
        text = p_equals(row, self.links.p_digits)
        equals = "= " if text.startswith("= ") else ""
        return _labelled(equals + self.links.markdown(row, text.removeprefix(equals)), row)

    def in_words(self, analysis_id: str, stat: str, unit: str, **where: str) -> Markdown:
        """Return a statistic with its unit, or "not estimable" where it cannot be estimated."""
        row = self.lookup.row(analysis_id, stat, **where)
        if row.error:
            return _labelled(self.links.markdown(row, NO_ESTIMATE), row)
        return _labelled(f"{self.links.markdown(row)} {paragraph_text(unit)}", row)

    def set_size(self, set_id: str) -> Markdown:
        """Return the number of subjects of an analysis set."""
        row = self.lookup.row(SETS, "N", context="analysis_set", level=set_id)
        return _labelled(self.links.markdown(row), row)

    @cached_property
    def links(self) -> RecordLinks:
        """How the numbers of the page are shown and where they lead."""
        return record_links(self.plan, self.lookup.results)

    def table(self, output_id: str) -> None:
        """Print a table of the plan."""
        from reports.outputs.html import html_table
        from reports.outputs.table import table

        output = self.plan.output(output_id)
        laid = html_table(table(self.plan, self.lookup, output, self.links), scroll=output.reason == POST_HOC)
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
        return f" {whom}. {label(output)}, {promised}."

    def notice(self) -> None:
        """Print what every page says first: the stamp of a run that is not sealed, and where the rows come from."""
        print(stamp_block(self.run_provenance))
        if (
            self.run_provenance is None or self.run_provenance.state != "dry run"
        ):  # the notice is about the trial's own data
            cutoff = self.plan.data_cutoff
            more = f" Data cut-off: {cutoff}; what happened later is not analysed." if cutoff is not None else ""
            print(f'\n::: {{.notice role="note"}}\n{paragraph_text(f"{self.plan.study.data_notice}{more}")}\n:::\n')

    def downloads(self, document: str) -> None:
        """Print the links to a page as a document, where one was set: "manuscript" or "analysis-plan"."""
        from reports.outputs.captions import of_document

        print(of_document(document, document.replace("-", " ").capitalize()))

    def provenance(self) -> None:
        """Print the foot of a page: plan, data, code, libraries, engine and seal."""
        print(provenance_block(self.run_provenance, sealed_code()))

    def methods(self, *analysis_ids: str) -> None:
        """Print the statistical methods of some analyses."""
        from reports.plan_document.steps import methods

        for analysis_id in analysis_ids:
            self.plan.analysis(analysis_id)
        print(methods(self.plan, analysis_ids))

    def section(self, name: str) -> None:
        """Print a section of the plan's document, as ``analyses``."""
        from reports.plan_document.document import section

        print(section(self.plan, name, late_promises()))

    def plan_section(self, number: int) -> None:
        """Print one of the six sections of the plan's document, from 1."""
        from reports.plan_document.guideline import guideline_section

        print(guideline_section(self.plan, number, late_promises()))

    def plan_checklist(self) -> None:
        """Print the list of the guideline for analysis plans, filled in."""
        from reports.plan_document.guideline import checklist

        print(checklist(self.plan))


def _labelled(text: str, row: Row) -> Markdown:
    """Return a quotation with the label an author cannot leave out."""
    return Markdown(f"{text} ({POST_HOC})" if row.reason == POST_HOC else text)


def _slug(output: Output) -> str:
    return output.id.partition("-")[2].lower() or output.id.lower()


def open_plan() -> Page:
    """Return a page's view of the plan alone: for the document that is written before any data exist."""
    return Page(promised_plan(), Lookup(Results(())), run_provenance=provenance_if_run())


def open_page() -> Page:
    """Return the page's view of the plan and results that ``sap render`` named, or of the default ones.

    Returns
    -------
    Page
        With the plan at ``sap/plan.yml`` and the results in ``results/`` unless the environment says otherwise.
    """
    run = open_run()
    return Page(run.plan, run.lookup, run_provenance=run.provenance)
