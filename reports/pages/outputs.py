"""What the pages of tables, figures and listings ask for: each output of the plan, with its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from analysis.pipeline.listings import ListedRecords
from analysis.results.ard import Row
from analysis.results.entered_file import Entered, Key, everyone, key, keyed
from reports.layout.lookup import Lookup
from reports.outputs.downloads import of_output
from reports.outputs.figure import figure
from reports.outputs.figure_numbers import numbers_in_figure
from reports.outputs.html import html_table
from reports.outputs.listing import listing_html
from reports.outputs.population import kind_of, label, listed_as, populations
from reports.outputs.rows import table
from reports.pages.page import DOCUMENTS
from reports.plan_document.shown import not_shown
from reports.run.shells import counted, listed
from reports.run.shown import figure_folder, open_run, promised_plan
from reports.run.subjects import subject_names
from reports.trace import inline
from reports.trace.traced import Traced, traced
from reports.words.markdown import attribute, paragraph_text, raw_html
from sap.plan.plan import Listing, Output, Plan


@dataclass(frozen=True)
class OutputsPage:
    """The planned outputs of a run.

    Attributes
    ----------
    plan : Plan
        The plan as it was promised; post hoc outputs are on the page of the reconciliation.
    lookup : Lookup
        The results.
    listings : dict of str to ListedRecords
        Records of the listings, by id.
    names : dict of str to str
        What pages call each subject, by id.
    figures : Path
        Where figures are written, relative to the folder of the documents.
    late : mapping of str to str
        Analyses that were promised or changed after data lock, in words.
    entered : mapping
        Who entered each step, and from which datasets, as ``analysis.entered_file.keyed`` gives it.
    """

    plan: Plan
    lookup: Lookup
    listings: dict[str, ListedRecords]
    names: dict[str, str]
    figures: Path = field(default_factory=figure_folder)
    late: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[Key, Entered] = field(default_factory=dict)

    def contents(self, kind: str) -> None:
        """Print the numbered list of the outputs of a kind: "Table", "Figure" or "Listing"."""
        promised: tuple[Output | Listing, ...] = (*self.plan.outputs, *self.plan.listings)
        specs = sorted((s for s in promised if kind_of(s) == kind), key=_place)
        items = [f"- [{kind} {s.number}](#{s.id.lower()}). {paragraph_text(s.title)}" for s in specs]
        print("\n".join(items) or f"The plan has no {kind.lower()}.", end="\n\n")

    def all_tables(self) -> None:
        """Print every table with its number, population and sources."""
        for output in self._of("Table"):
            content = table(self.plan, self.lookup, output)
            head = self._head(output, [r for line in content.lines for c in line.cells for r in c.rows])
            print(f"{head}{raw_html(html_table(content))}")

    def all_figures(self) -> None:
        """Print every figure with its number, alternative text and the numbers it shows."""
        for output in self._of("Figure"):
            picture = figure(self.plan, self.lookup, output, DOCUMENTS / self.figures)
            caption = paragraph_text(" ".join([f"{output.title}.", *output.footnotes]))
            image = self.figures / picture.path.name
            shown = f'![{caption}]({image.as_posix()}){{{picture.classes}fig-alt="{attribute(picture.alt)}"}}'
            print(f"{self._head(output, picture.rows, image)}\n{shown}\n")
            print(numbers_in_figure(self._links, picture.rows))
        print(not_shown(self.plan))

    def all_listings(self) -> None:
        """Print every listing with its number and population."""
        for spec in sorted(self.plan.listings, key=_place):
            records = self.listings[spec.id]
            population = self.plan.set_of(spec.analysis_set)
            print(_heading(spec))
            size = inline.set_size(self.lookup, self._links, population.id)
            whom = f"{paragraph_text(f'{population.title} ({population.id})')}, N = {size}; {counted(records)}."
            print(f"\n{whom} Listed as {listed_as(spec)} in the plan.\n{of_output(spec.id, label(spec))}")
            names = [self.names.get(r[0], r[0]) for r in records.rows]
            print(raw_html(listing_html(self.plan, spec, records, names)))

    def _of(self, kind: str) -> list[Output]:
        return sorted((o for o in self.plan.outputs if kind_of(o) == kind), key=_place)

    def _head(self, output: Output, rows: Sequence[Row], image: Path | None = None) -> str:
        """Return the heading of a table or figure: of whom and how many, where it is promised, from which datasets."""
        found = [self.plan.analysis(a) for a in output.analyses]
        late = {a.id: f" ({paragraph_text(self.late[a.id])})" if a.id in self.late else "" for a in found}
        links = ", ".join(f"[{a.id}](sap.qmd#sec-{a.id.lower()}){late[a.id]}" for a in found)
        whom = populations(self.plan, self.lookup, self._links, found)
        planned = f"Planned {'analysis' if len(found) == 1 else 'analyses'}: {whom}."
        used = {name for r in rows if (e := self.entered.get(key(r))) is not None for name in e.datasets}
        sources = ", ".join(name for name in self.plan.datasets if name in used)
        source = f" Source: {paragraph_text(sources)}." if used else ""
        said = f"{planned} Promised by {links} of the plan. Listed as {listed_as(output)}.{source}"
        return f"{_heading(output)}\n\n{said}\n{of_output(output.id, label(output), image)}"

    @cached_property
    def _links(self) -> Traced:
        return traced(self.plan, self.lookup.results)


def _place(spec: Output | Listing) -> tuple[int, ...]:
    """Return the number of an output as it sorts: 14.2.10 comes after 14.2.9."""
    return tuple(map(int, spec.number.split(".")))


def _heading(spec: Output | Listing) -> str:
    title = paragraph_text(f"{label(spec)}. {spec.title}")
    return f"\n## {title} {{#{spec.id.lower()} .unnumbered}}\n"


def open_outputs() -> OutputsPage:
    """Return the view of the run that ``sap render`` named, or of the default one."""
    run = open_run()
    names = subject_names(run.plan, everyone(run.entered))
    return OutputsPage(
        promised_plan(),
        Lookup(run.results, run.drawn),
        listed(run.folder),
        names,
        late=run.late,
        entered=keyed(run.entered),
    )
