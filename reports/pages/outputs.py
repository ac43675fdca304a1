"""The outputs of a run: every planned table, figure and listing by number, and those of post hoc analyses apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from analysis.results.ard import Row
from analysis.results.entered_file import SETS, key, keyed
from reports.outputs.captions import kind_of, label, of_output, populations
from reports.outputs.figure import figure, numbers_in_figure
from reports.outputs.html import datasets_of, html_table, listing_html
from reports.outputs.table import table
from reports.pages.large import listing_on_page, table_on_page
from reports.pages.page import DOCUMENTS
from reports.plan_document.analyses import analysis_section
from reports.plan_document.definitions import analysis_sets, derivations, groupings
from reports.plan_document.study import not_shown
from reports.run.shells import with_records
from reports.run.shown import ShownRun, figure_folder, open_run, promised_plan
from reports.trace.links import RecordLinks, record_links
from reports.words.markdown import image, paragraph_text, raw_html
from reports.words.seal import said_once
from sap.plan.plan import Listing, Output, Plan
from sap.reading.post_hoc import POST_HOC

NONE = "\nNone was run. An analysis the plan does not promise can be run from post_hoc.yml beside the plan alone.\n"
ASKED_LATER = (
    "\nNobody promised these analyses. They answer questions that were asked later, and are labelled wherever they are "
    "quoted. Each says why it was made, and whether the data had been seen.\n"
)
_DEFINED = {"derivations": derivations, "analysis_sets": analysis_sets, "groupings": groupings}


@dataclass(frozen=True)
class OutputsPage:
    """The planned outputs of a run."""

    plan: Plan
    """The plan as it was promised; post hoc outputs are on the page of the reconciliation."""
    run: ShownRun
    """What was run."""
    figures: Path = field(default_factory=figure_folder)
    """Where figures are written, relative to the folder of the documents."""

    def all_tables(self) -> None:
        """Print every table with its number, population and sources."""
        for output in self._of("Table"):
            content = table(self.plan, self.run.lookup, output, self._links)
            head = self._head(output, [r for line in content.lines for c in line.cells for r in c.rows])
            print(f"{head}{table_on_page(self.run, content)}")

    def all_figures(self) -> None:
        """Print every figure with its number, alternative text and the numbers it shows."""
        for output in self._of("Figure"):
            picture = figure(self.plan, self.run.lookup, output, DOCUMENTS / self.figures)
            caption = paragraph_text(" ".join(output.footnotes))
            path = self.figures / picture.path.name
            print(f"{self._head(output, picture.rows, path)}\n{image(path, caption, picture.alt, picture.classes)}\n")
            print(numbers_in_figure(self._links, picture.rows))
        print(not_shown(self.plan))

    def all_listings(self) -> None:
        """Print every listing with its number and population."""
        for spec in sorted(self.plan.listings, key=_place):
            records = self.run.listings[spec.id]
            population = self.plan.set_of(spec.analysis_set)
            size = self.run.lookup.row(SETS, "N", context="analysis_set", level=population.id)
            whom = f"{paragraph_text(f'{population.title} ({population.id})')}, N = {self._links.markdown(size)}"
            said = f"{whom}; {with_records(records)}. Source: {', '.join(datasets_of(spec))}."
            print(f"{_heading(spec)}\n{said}\n{of_output(spec.id, label(spec))}")
            print(listing_on_page(self.plan, spec, records))

    def _of(self, kind: str) -> list[Output]:
        found = sorted((o for o in self.plan.outputs if kind_of(o) == kind), key=_place)
        print(f"{paragraph_text(self._late[0])}\n" if found else f"The plan has no {kind.lower()}.\n")
        return found

    def _head(self, output: Output, rows: Sequence[Row], picture: Path | None = None) -> str:
        """Return the heading of a table or figure: of whom and how many, where it is promised, from which datasets."""
        found = [self.plan.analysis(a) for a in output.analyses]
        late = {a.id: f" ({paragraph_text(said)})" for a in found if (said := self._late[1].get(a.id))}
        links = ", ".join(f"[{a.id}](sap.qmd#sec-{a.id.lower()}){late.get(a.id, '')}" for a in found)
        whom = populations(self.plan, self.run.lookup, self._links, found)
        entered = keyed(self.run.entered)
        used = {name for r in rows if (e := entered.get(key(r))) is not None for name in e.datasets}
        sources = ", ".join(name for name in self.plan.datasets if name in used)
        source = f" Source: {paragraph_text(sources)}." if used else ""
        said = f"{whom}. {links}.{source}"
        return f"{_heading(output)}\n\n{said}\n{of_output(output.id, label(output), picture)}"

    @cached_property
    def _late(self) -> tuple[str, Mapping[str, str]]:
        return said_once(self.run.late, [a.id for a in self.plan.analyses])

    @cached_property
    def _links(self) -> RecordLinks:
        return record_links(self.plan, self.run.results)


def _place(spec: Output | Listing) -> tuple[int, ...]:
    """Return the number of an output as it sorts: 14.2.10 comes after 14.2.9."""
    return tuple(map(int, spec.number.split(".")))


def _heading(spec: Output | Listing) -> str:
    title = paragraph_text(f"{label(spec)}. {spec.title}")
    return f"\n## {title} {{#{spec.id.lower()} .unnumbered}}\n"


def open_outputs() -> OutputsPage:
    """Return the view of the run that ``sap render`` named, or of the default one."""
    return OutputsPage(promised_plan(), open_run())


def post_hoc_section(promised: Plan, run: ShownRun) -> str:
    """Return the post hoc analyses of a run, why each was made, and their tables, figures and listings."""
    plan = run.plan
    analyses = [a for a in plan.analyses if a.reason == POST_HOC]
    if not analyses:
        return NONE
    parts = [
        ASKED_LATER,
        *(analysis_section(plan, a) for a in analyses),
        *_definitions(plan, promised),
        *(_post_hoc(o, _output(run, o)) for o in plan.outputs if o.reason == POST_HOC),
        *(_post_hoc(x, _listing(run, x)) for x in plan.listings if x.reason == POST_HOC),
    ]
    return "\n".join(parts)


def _definitions(plan: Plan, promised: Plan) -> list[str]:
    """Return the derivations, sets and groupings that only post hoc analyses have."""
    parts = []
    for name, section in _DEFINED.items():
        added = tuple(part for part in getattr(plan, name) if part not in getattr(promised, name))
        if added:
            heading = f"\nDefined for them ({name.replace('_', ' ')}):\n"
            parts += [heading, section(plan.model_copy(update={name: added}))]
    return parts


def _post_hoc(spec: Output | Listing, content: str) -> str:
    return f"\n::: {{#{spec.id.lower()} .post-hoc}}\n\n{content}\n:::\n"


def _output(run: ShownRun, output: Output) -> str:
    planned = [a for a in output.analyses if run.plan.analysis(a).reason != POST_HOC]
    beside = f" Promised by the plan and shown beside: {', '.join(planned)}." if planned else ""
    if output.kind == "table":
        laid = raw_html(html_table(table(run.plan, run.lookup, output)))
        return f"{paragraph_text(f'{_caption(output)}{beside}')}\n{laid}{of_output(output.id, output.title)}"
    picture = figure(run.plan, run.lookup, output, DOCUMENTS / figure_folder())
    caption = paragraph_text(" ".join([_caption(output), *output.footnotes]) + beside)
    path = figure_folder() / picture.path.name
    numbers = numbers_in_figure(record_links(run.plan, run.results), picture.rows)
    files = of_output(output.id, output.title, path)
    return f"{image(path, caption, picture.alt, picture.classes)}\n\n{numbers}\n{files}"


def _listing(run: ShownRun, spec: Listing) -> str:
    laid = raw_html(listing_html(run.plan, spec, run.listings[spec.id]))
    return f"{paragraph_text(_caption(spec))}\n{laid}{of_output(spec.id, spec.title)}"


def _caption(spec: Output | Listing) -> str:
    """Return how a post hoc output is called: "Post hoc table PH.1. …"."""
    return f"Post hoc {kind_of(spec).lower()} {spec.number}. {spec.title}."
