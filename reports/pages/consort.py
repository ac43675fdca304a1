"""The page of the reporting checklist: each item with the place that reports it, or why none does."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from reports.outputs.captions import kind_of
from reports.pages.consort_marks import PLAN, Marks, Place, read_marks
from reports.pages.page import DOCUMENTS
from reports.run.shown import promised_plan
from reports.words.markdown import column_heads, paragraph_text, raw_html, scrolling
from sap.guidelines.report_items import ITEMS, ReportItem
from sap.plan.content import content
from sap.plan.plan import Listing, Output, Plan

SILENT: Final = "Not reported, and the manuscript does not say why."

_HARMS: Final = (
    "adverse_events",
    "event_overview",
    "adverse_event",
    "lab_grade",
    "narrative",
    "ADAE",
    "dlt",
    "ADSL.DTHCAUS",
)
"""What tables, figures and listings of harms use."""


@dataclass(frozen=True)
class _Shown:
    """What an output shows: its kind, the purposes of its analyses, and what their steps use.

    What is used are methods, datasets, variables, kinds of derivation, "sets" where analysis sets are counted, and what
    the plan calls its analyses: "baseline", "exposure", or what their objective is about, as "pharmacokinetics".
    """

    kind: str
    purposes: frozenset[str]
    uses: frozenset[str]

    def of(self, *names: str) -> bool:
        """Return whether it uses one of those."""
        return not self.uses.isdisjoint(names)

    @property
    def baseline(self) -> bool:
        """Whether it describes who the subjects were."""
        return self.of("baseline", "ADSL.AGE", "ADSL.SEX")

    @property
    def harms(self) -> bool:
        """Whether it shows adverse events, dose-limiting toxicity or deaths."""
        return self.of(*_HARMS) and not self.of("sets")

    @property
    def described(self) -> bool:
        """Whether an item of its own is about it."""
        return self.baseline or self.harms or self.of("sets", "exposure") or self.kind == "flow_figure"


_SHOWS: Final[Mapping[str, Callable[[_Shown], bool]]] = {
    "13a": lambda s: s.kind == "flow_figure",
    "13b": lambda s: s.of("sets"),
    "15": lambda s: s.baseline,
    "16": lambda s: s.of("sets"),
    "17a": lambda s: "primary" in s.purposes or ("secondary" in s.purposes and not s.described),
    "18": lambda s: not s.purposes.isdisjoint({"exploratory", "sensitivity"}) and not s.described,
    "19": lambda s: s.harms,
    "D11": lambda s: s.of("ADEX", "exposure"),
    "D12": lambda s: s.of("pharmacokinetics", "pharmacodynamics"),
}
"""Which tables, figures and listings of any plan report an item."""


_PLANNED: Final[Mapping[str, tuple[str, str]]] = {
    "2b": ("8", "Objectives and endpoints"),
    "D1": ("E11", "Expansion"),
    "4a": ("22", "Eligibility"),
    "5": ("9", "Design"),
    "D2": ("E1", "Dose levels"),
    "6a": ("26a", "Outcomes and estimands"),
    "D3": ("E3", "Dose-limiting toxicity"),
    "D4": ("E5", "Recommended dose"),
    "7a": ("11", "Sample size"),
    "D5": ("E6", "Sample size"),
    "7b": ("13a", "Interim analyses"),
    "D6": ("E2", "Decisions on dose"),
    "D7": ("13c", "Stopping rule"),
    "11a": ("9", "Design"),
    "12a": ("27a", "Statistical methods"),
    "D8": ("20", "Analysis sets"),
    "12b": ("29", "Exploratory analyses"),
    "23": ("1b", "Trial registration"),
}
"""Report items that the plan's document answers with an item of the guideline for plans: its number and name there."""


def _shown(plan: Plan, spec: Output | Listing) -> _Shown:
    kinds = {d.id: d.kind for d in plan.derivations}
    if isinstance(spec, Listing):
        told = {kinds.get(v.dataset, str(v)) for v in spec.variables} & {"narrative", "ADSL.DTHCAUS"}
        return _Shown("listing", frozenset(), frozenset({spec.dataset} | told))
    analyses = [plan.analysis(a) for a in spec.analyses]
    steps = [step for a in analyses for step in a.steps]
    named = [r for step in steps for r in step.references]
    uses = {s.method for s in steps} | {str(r) for r in named} | {kinds.get(r.dataset, r.dataset) for r in named}
    uses |= {"sets" for step in steps if step.named_sets}
    uses |= {name for name, ids in _called(plan) for a in analyses if a.id in ids or a.objective in ids}
    purposes = {a.purpose for a in analyses} | {"sensitivity" for a in analyses if a.sensitivity}
    return _Shown(spec.kind, frozenset(purposes), frozenset(uses))


def _called(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the plan calls some of its analyses and objectives, with their ids."""
    if plan.dose_finding is not None:
        yield from plan.dose_finding.outcomes.items()
        yield "exposure", plan.dose_finding.exposure
    if plan.trial_population is not None:
        yield "baseline", plan.trial_population.baseline


def item_table(
    label: str,
    prefix: str,
    heads: tuple[str, str, str],
    cell: Callable[[ReportItem], str],
    chosen: Sequence[ReportItem] = ITEMS,
) -> str:
    """Return the items by section, one line each, as HTML.

    Parameters
    ----------
    label : str
        Name of the table.
    prefix : str
        Beginning of the anchor of each line.
    heads : tuple of str
        Heads of the columns.
    cell : callable
        Gives what is said of an item, as HTML; empty where nothing reports it.
    chosen : sequence of ReportItem
        The items.
    """
    body = []
    for section, items in groupby(chosen, key=lambda item: item.section):
        body.append(f'<tr class="part"><th scope="colgroup" colspan="3">{escape(section)}</th></tr>')
        for item in items:
            said = cell(item)
            missing = "" if said.startswith("<a ") else ' class="missing"'
            told = f"<td>{said}</td>" if said else '<td class="none">–</td>'
            about = f'<td>{item.number}</td><th scope="row">{escape(item.topic)}</th>'
            body.append(f'<tr id="{anchor_of(prefix, item.number)}"{missing}>{about}{told}</tr>')
    group = '<colgroup><col class="number"><col class="topic"><col></colgroup>'
    head = f"{group}\n<thead><tr>{column_heads(heads)}</tr></thead>"
    lines = "\n".join(body)
    return raw_html(scrolling(label, f'<table class="items">\n{head}\n<tbody>\n{lines}\n</tbody>\n</table>'))


def anchor_of(prefix: str, number: str) -> str:
    """Return the anchor of an item's line."""
    return f"{prefix}-{number.lower().replace('.', '-')}"


@dataclass(frozen=True)
class ConsortPage:
    """The reporting checklist of a study."""

    plan: Plan
    """As it was promised."""
    documents: Path = DOCUMENTS
    """Folder of the pages."""

    @cached_property
    def marks(self) -> Marks:
        """What the pages say themselves."""
        marks = read_marks(self.documents)
        answered = {a.item.number for a in content(self.plan) if a.status == "answered"}
        for item, (number, part) in _PLANNED.items():
            if number in answered:
                marks.place(item, ("", 0), Place(f"{PLAN}: {part}", f"sap.html#item-{number.lower()}"))
        marks.refuse_both(self._outputs)
        return marks

    def counts(self) -> None:
        """Print how many items are reported, and lead to those that are not."""
        missing = [item.number for item in ITEMS if not self._places(item)]
        explained = [n for n in missing if n in self.marks.reasons]
        silent = [n for n in missing if n not in self.marks.reasons]
        said = f"**{len(ITEMS) - len(missing)} of {len(ITEMS)} items are reported.**"
        if explained:
            said += f" {len(explained)} are not, for a reason that is given: {_listed(explained)}."
        if silent:
            said += f" Of {len(silent)} the manuscript says nothing: {_listed(silent)}."
        print(f"\n{said}\n")

    def items(self) -> None:
        """Print each item with its places, or with the reason why it has none."""
        heads = ("Item", "What is asked", "Where it is reported, or why it is not")
        print(item_table("Reporting checklist", "item", heads, self._cell))

    def _cell(self, item: ReportItem) -> str:
        return self._places(item) or escape(self.marks.reasons.get(item.number, SILENT))

    def _places(self, item: ReportItem) -> str:
        """Return the links to what reports an item: what pages say first, then tables, figures and listings."""
        told = [_link(p.href, p.words) for p in self.marks.places.get(item.number, ())]
        return "; ".join([*told, *self._numbered(self._outputs.get(item.number, ()))])

    def _numbered(self, specs: Iterable[Output | Listing]) -> Iterator[str]:
        """Yield the outputs of each kind by number: "Tables 14.1.1, 14.1.2", each a link."""
        by_kind: dict[str, list[Output | Listing]] = {}
        for spec in sorted(specs, key=lambda s: tuple(map(int, s.number.split(".")))):
            by_kind.setdefault(kind_of(spec), []).append(spec)
        for kind in filter(by_kind.get, ("Table", "Figure", "Listing")):
            found = by_kind[kind]
            page = f"{kind.lower()}s.html"
            first = f"{kind}{'s' if len(found) > 1 else ''} "
            words = [f"{first if i == 0 else ''}{spec.number}" for i, spec in enumerate(found)]
            yield ", ".join(_link(f"{page}#{s.id.lower()}", w, s.title) for s, w in zip(found, words, strict=True))

    @cached_property
    def _outputs(self) -> dict[str, list[Output | Listing]]:
        found: dict[str, list[Output | Listing]] = {}
        specs: tuple[Output | Listing, ...] = (*self.plan.outputs, *self.plan.listings)
        for spec in specs:
            shown = _shown(self.plan, spec)
            for item, reports in _SHOWS.items():
                if reports(shown):
                    found.setdefault(item, []).append(spec)
        return found


def _link(href: str, words: str, title: str = "") -> str:
    more = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(href)}"{more}>{escape(words)}</a>'


def _listed(numbers: Iterable[str]) -> str:
    return ", ".join(f"[{paragraph_text(n)}](#{anchor_of('item', n)})" for n in numbers)


def open_consort() -> ConsortPage:
    """Return the checklist of the study that ``sap render`` named, or of the default one."""
    return ConsortPage(promised_plan())
