"""An index of what the pages hold: one list that a reader searches, offline and by the browser's own search alike."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from analysis.results.ard import Results, unique
from reports.pages.page import DOCUMENTS
from reports.pages.trace import search
from reports.run.shown import open_run, promised_plan
from reports.trace.files import file_name
from reports.words.file_names import RECORDS
from reports.words.labels import variable_label
from reports.words.markdown import raw_html
from sap.model.datasets import variables
from sap.model.part import Reference
from sap.plan.plan import Output, Plan

_HEADING: Final = re.compile(r"^#{2,4} +(?P<title>.*?) *\{#(?P<anchor>[\w-]+)[^}]*\}\s*$", re.MULTILINE)

_MARKS: Final = re.compile(r"\[(?:\[[^\]]*\]\{[^}]*\}\s*)+\]\{[^}]*\}\s*")
"""Numbers of items that a heading of the plan's document begins with."""


@dataclass(frozen=True)
class Entry:
    """One thing a reader may look for: its words, where it is, and what else it may be looked for by."""

    words: str
    href: str
    also: str = ""


@dataclass(frozen=True)
class FindPage:
    """The index of a run."""

    plan: Plan
    """As it was promised."""
    results: Results
    """The results, for what was analysed."""
    documents: Path = DOCUMENTS
    """Folder of the pages."""

    def index(self) -> None:
        """Print the index, a section a kind of thing, and what finds records too."""
        parts = "\n".join(_section(title, list(entries)) for title, entries in self._parts())
        print(raw_html(f'<div class="find">\n{parts}\n</div>') + search())

    def _parts(self) -> Iterator[tuple[str, Iterable[Entry]]]:
        yield "Tables, figures and listings", self._outputs()
        yield "Sections", self._sections()
        yield "Analyses", self._analyses()
        yield "Definitions", self._definitions()
        yield "Variables", self._variables()

    def _sections(self) -> Iterator[Entry]:
        for page in sorted(self.documents.glob("*.qmd")):
            for found in _HEADING.finditer(page.read_text(encoding="utf-8")):
                title = _MARKS.sub("", found["title"])
                yield Entry(f"{title} ({page.stem})", f"{page.stem}.html#{found['anchor']}")

    def _outputs(self) -> Iterator[Entry]:
        for output in self.plan.outputs:
            kind = "Table" if output.kind == "table" else "Figure"
            words = f"{kind} {output.number}. {output.title}"
            yield Entry(words, f"{kind.lower()}s.html#{output.id.lower()}", self._within(output))
        for listing in self.plan.listings:
            yield Entry(f"Listing {listing.number}. {listing.title}", f"listings.html#{listing.id.lower()}")

    def _within(self, output: Output) -> str:
        """Return what an output shows: its id, its methods, and what they are applied to."""
        steps = [step for a in output.analyses for step in self.plan.analysis(a).steps]
        methods = (step.method.replace("_", " ") for step in steps)
        return ", ".join(unique((output.id, *methods, *(step.label for step in steps if step.label))))

    def _analyses(self) -> Iterator[Entry]:
        for analysis in self.plan.analyses:
            section = f"sap.html#sec-{analysis.id.lower()}"
            yield Entry(f"{analysis.id}: {analysis.title}. {analysis.endpoint} (plan)", section)
            titles = {analysis.id: analysis.title, **{s.id: s.title for s in analysis.sensitivity}}
            for analysis_id, title in titles.items():
                if self.results.of(analysis_id):
                    yield Entry(f"{analysis_id}: {title} (records)", f"{RECORDS}/{file_name(analysis_id)}")

    def _definitions(self) -> Iterator[Entry]:
        for assumption in self.plan.assumptions:
            yield Entry(f"Assumption {assumption.id}: {assumption.text}", "sap.html")
        for chosen in self.plan.analysis_sets:
            yield Entry(f"{chosen.title} ({chosen.id}): {chosen.text}", "sap.html")
        for rule in self.plan.dlt_rules:
            for criterion in rule.criteria:
                yield Entry(f"{rule.id}, {criterion.id}: {criterion.text}", "sap.html")

    def _variables(self) -> Iterator[Entry]:
        for name, dataset in self.plan.datasets.items():
            for variable in variables(name, dataset):
                label = variable_label(self.plan, Reference(dataset=name, variable=variable.name))
                yield Entry(f"{name}.{variable.name}: {label}", "sap.html")
            for code, parameter in dataset.parameters.items():
                yield Entry(f"{name}, parameter {code}: {parameter.label}", "sap.html")


def _section(title: str, entries: list[Entry]) -> str:
    items = "\n".join(map(_item, entries))
    return f"<section>\n<h2>{escape(title)}</h2>\n<ul>\n{items}\n</ul>\n</section>" if entries else ""


def _item(entry: Entry) -> str:
    also = f" <small>{escape(entry.also)}</small>" if entry.also else ""
    return f'<li><a href="{escape(entry.href)}">{escape(entry.words)}</a>{also}</li>'


def open_find() -> FindPage:
    """Return the index of the run that ``sap render`` named, or of the default one."""
    return FindPage(promised_plan(), open_run().results)
