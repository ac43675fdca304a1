"""The page of the reconciliation: the plan against the run, in sentences and tables; post hoc analyses; the seal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.reconcile.lines import ANALYSES, FILE, OUTPUTS, Reconciled, read_reconciled
from reports.pages import seal
from reports.pages.outputs import post_hoc_section
from reports.pages.seal import ShownSeal, entered_words, open_seal
from reports.run.shown import ShownRun, open_run, promised_plan
from reports.trace.files import file_name
from reports.words.file_names import RECORDS
from reports.words.markdown import bullets, callout, details, markdown_table, paragraph_text
from sap.plan.plan import Plan
from sap.seal.lock import Lock
from sap.seal.plan_history import AnalysisHistory, with_late

PLANNED = "specified in SAP"
POST_HOC = "post hoc"
UNREAD = "not reconciled"
"""Reason of everything that would be planned, when the sealed plan cannot be read."""
PAGES = {"table": "tables", "figure": "figures", "listing": "listings"}
"""Page of each kind of output."""


def summary(lines: Sequence[Reconciled]) -> str:
    """Return the outcome in plain sentences."""
    if _unread(lines):
        return bullets([paragraph_text(t) for t in (NOTHING_READ, *_unplanned(lines))])
    outputs = [r for r in lines if r.part in {"table", "figure"} and r.reason == PLANNED]
    listings = [r for r in lines if r.part == "listing" and r.reason == PLANNED]
    told = [
        *_analyses(lines),
        *([_told(outputs, "planned table or figure", "planned tables and figures", "made")] if outputs else []),
        *([_told(listings, "planned listing", "planned listings", "made")] if listings else []),
        *_unplanned(lines),
    ]
    return bullets([paragraph_text(t) for t in told])


def paragraph(lines: Sequence[Reconciled]) -> str:
    """Return the outcome as a paragraph that leads to the page of the reconciliation."""
    read = [NOTHING_READ] if _unread(lines) else _analyses(lines)
    told = paragraph_text(" ".join([*read, *_unplanned(lines)]))
    return f"\n{told} Each is listed on [the page of the reconciliation](reconciliation.qmd).\n"


NOTHING_READ: Final = (
    "The sealed plan cannot be read, so nothing was reconciled with it: what was run is listed, and no line says "
    "that it was promised."
)


def _unread(lines: Sequence[Reconciled]) -> bool:
    return any(r.reason == UNREAD for r in lines)


def _late(lines: Sequence[Reconciled]) -> list[str]:
    """Return a sentence on the analyses that were promised or changed after data lock; none without any."""
    found = [r for r in lines if r.part in ANALYSES and r.promised_by]
    told = [f"{r.id} {r.promised_by}" for r in found]
    if len(found) > seal.NAMED:
        how = Counter(r.promised_by for r in found)
        told = [f"{n} of {len(lines)} {p if p.startswith('changed') else f'added {p}'}" for p, n in how.items()]
    return [f"Promised or changed after data lock: {'; '.join(told)}."] if found else []


def _analyses(lines: Sequence[Reconciled]) -> list[str]:
    main = [r for r in lines if r.part == "analysis" and r.reason == PLANNED]
    others = [r for r in lines if r.part in ANALYSES and r.part != "analysis" and r.reason == PLANNED]
    one, several = "sensitivity or supplementary analysis", "sensitivity and supplementary analyses"
    return [
        _told(main, "planned analysis", "planned analyses", "run"),
        *([_told(others, one, several, "run")] if others else []),
        _estimates([*main, *others]),
        *_late([*main, *others]),
    ]


def _told(lines: Sequence[Reconciled], one: str, several: str, done: str) -> str:
    whole = [r for r in lines if r.status in {"run", "partly not estimable", "not estimable"}]
    n, of = len(whole), len(lines)
    if n == of:
        return f"The {one} was {done}." if of == 1 else f"All {of} {several} were {done}."
    words = {"run otherwise": f"{done} otherwise than sealed", "partly run": f"partly {done}", "not run": f"not {done}"}
    short = "; ".join(f"{r.id} was {words[r.status]}" for r in lines if r.status in words)
    return f"{n} of {of} {several} {'was' if n == 1 else 'were'} {done} as promised: {short}."


def _estimates(lines: Sequence[Reconciled]) -> str:
    absent, promised = sum(r.not_estimable for r in lines), sum(r.found for r in lines)
    if not absent:
        return f"Every one of their {promised:,} statistics could be estimated."
    where = ", ".join(r.id for r in lines if r.not_estimable)
    return f"{absent:,} of their {promised:,} statistics could not be estimated ({where})."


def _unplanned(lines: Sequence[Reconciled]) -> list[str]:
    added = [r for r in lines if r.part == "analysis" and r.reason == POST_HOC]
    strange = [r for r in lines if r.part == "analysis" and r.reason not in {PLANNED, POST_HOC, UNREAD}]
    rows = [r for r in lines if r.part == "rows"]
    told = ["No post hoc analysis was run."]
    if added:
        were = "analysis was" if len(added) == 1 else "analyses were"
        told = [f"{len(added)} post hoc {were} run: {', '.join(r.id for r in added)}."]
    if strange:
        told.append(f"Not in the sealed plan, and run as if planned: {', '.join(r.id for r in strange)}.")
    if rows:
        told.append(f"{sum(r.found for r in rows):,} rows of the results belong to nothing in the plan.")
    else:
        whose = "the plan that was run" if _unread(lines) else "the plan"
        told.append(f"Every row of the results belongs to an analysis of {whose} or to a post hoc one.")
    return told


def planned_table(
    lines: Sequence[Reconciled], plan: Plan, lock: Lock | None = None, history: Sequence[AnalysisHistory] = ()
) -> str:
    """Return each planned analysis and what became of it."""
    if _unread(lines):
        return f"\n{NOTHING_READ}\n"
    when = {h.id: entered_words(h, lock) for h in history if h.removed is None} if lock is not None else {}
    rows = [r for r in lines if r.part in ANALYSES and r.reason == PLANNED]
    usual, said = _usual([when.get(r.id, "not in the sealed plan") for r in rows] if when else [])
    sections = _sections(plan)
    cells = [
        (
            _link(r.id, f"sap.qmd#sec-{sections[r.id]}" if r.id in sections else ""),
            paragraph_text(r.title if r.part == "analysis" else f"{r.part.split()[0].capitalize()}: {r.title}") + other,
            _status(r),
            _counted(r),
        )
        for r, other in zip(rows, said or [""] * len(rows), strict=True)
    ]
    return usual + markdown_table(("Analysis", "Title", "Status", "Statistics"), cells, (16, 52, 16, 16))


def _usual(promised: Sequence[str]) -> tuple[str, list[str]]:
    """Return when most analyses were promised, in a sentence, and of each what is otherwise."""
    if not promised:
        return "", []
    most = max(dict.fromkeys(promised), key=promised.count)
    rest = "" if promised.count(most) == len(promised) else ", where nothing else is said"
    others = ["" if p == most else f" ({paragraph_text(p)})" for p in promised]
    return f"\nPromised {paragraph_text(most)}{rest}.\n", others


def _promised(line: Reconciled) -> str:
    """Return who promised an analysis, and that it was after data lock where it was."""
    return with_late("planned" if line.reason == PLANNED else line.reason, line.promised_by)


def _sections(plan: Plan) -> Mapping[str, str]:
    """Return the section of the plan each analysis is in: a sensitivity analysis is in its analysis's."""
    return {i: a.id.lower() for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))}


def _link(text: str, target: str) -> str:
    return f"[{paragraph_text(text)}]({target})" if target else paragraph_text(text)


def _status(line: Reconciled) -> str:
    return _link(line.status, f"{RECORDS}/{file_name(line.id)}" if line.found else "")


def _counted(line: Reconciled) -> str:
    parts = [f"{line.found:,} of {line.promised:,}" if line.found < line.promised else f"{line.found:,}"]
    if line.not_estimable:
        parts.append(f"{line.not_estimable:,} not estimable")
    return ", ".join(parts)


def reasons(lines: Sequence[Reconciled]) -> str:
    """Return, step by step, what is missing or could not be estimated, and why; folded away."""
    found = [r for r in lines if r.part == "step" and r.why]
    changed = [r for r in lines if r.part in ANALYSES and r.status == "run otherwise"]
    items = [f"**{paragraph_text(r.id)}**, {paragraph_text(f'{r.why}.')}" for r in changed]
    items += [
        f"**{paragraph_text(r.id)}**, step {r.step}, {paragraph_text(r.title)}: {paragraph_text(f'{r.why}.')}"
        for r in found
    ]
    return details("What is missing or could not be estimated, and why", bullets(items)) if items else ""


def outputs_table(lines: Sequence[Reconciled]) -> str:
    """Return the planned tables, figures and listings of which not all was run, and why."""
    found = [r for r in lines if r.part in OUTPUTS and r.reason == PLANNED]
    rows = [
        (
            _link(f"{r.part.capitalize()} {r.title}", f"{PAGES[r.part]}.qmd#{r.id.lower()}" if r.found else ""),
            paragraph_text(f"{r.found} of {r.promised}" if r.part != "listing" else "–"),
            paragraph_text(": ".join(filter(None, ({"not run": "not made"}.get(r.status, r.status), r.why)))),
        )
        for r in found
        if r.status != "run"
    ]
    if not rows:
        return "\nEach was made, of all that it shows.\n" if found else ""
    return markdown_table(("Output", "Analyses run", "Status"), rows, (56, 16, 28))


def results_table(lines: Sequence[Reconciled]) -> str:
    """Return who promised the analyses in the results: most of them in a sentence, the others one by one."""
    found = [r for r in lines if r.part == "result"]
    if not found:
        return "\nThere are no results.\n"
    most, n = Counter(map(_promised, found)).most_common(1)[0]
    rows = [
        (
            _link(r.id, f"{RECORDS}/{file_name(r.id)}"),
            paragraph_text(r.title or "–"),
            paragraph_text(_promised(r)),
            f"{r.found:,}",
        )
        for r in found
        if _promised(r) != most
    ]
    told = paragraph_text(f"{n} of {len(found)} analyses in the results: {most}.{' The others:' if rows else ''}")
    return f"\n{told}\n" + (
        markdown_table(("Results of", "Title", "Promised", "Rows"), rows, (18, 48, 20, 14)) if rows else ""
    )


def strangers(lines: Sequence[Reconciled]) -> str:
    """Return a warning that names rows that belong to nothing in the plan; empty when there are none."""
    rows = [r for r in lines if r.part == "rows"]
    told = "; ".join(f"{r.found} of {r.id} ({r.title}): {r.why}" for r in rows)
    return callout("warning", "Rows that belong to nothing in the plan", f"{told}.") if rows else ""


@dataclass(frozen=True)
class ReconciliationPage:
    """The reconciliation of a run."""

    promised: Plan
    """The plan as it stands, without what is post hoc."""
    run: ShownRun
    """What was run."""
    lines: tuple[Reconciled, ...]
    """The plan against the results."""
    sealed: ShownSeal
    """The seal."""

    def summary(self) -> None:
        """Print the outcome in sentences."""
        print(summary(self.lines))

    def in_short(self) -> None:
        """Print the outcome for the report, in a paragraph."""
        print(paragraph(self.lines))

    def planned(self) -> None:
        """Print each planned analysis and what became of it."""
        print(planned_table(self.lines, self.promised, self.sealed.lock, self.sealed.history))

    def reasons(self) -> None:
        """Print what is missing or could not be estimated, and why."""
        print(reasons(self.lines))

    def outputs(self) -> None:
        """Print each planned table, figure and listing and what became of it."""
        print(outputs_table(self.lines))

    def results(self) -> None:
        """Print each analysis in the results and who promised it; a warning first where rows belong to nothing."""
        print(strangers(self.lines))
        print(results_table(self.lines))

    def post_hoc(self) -> None:
        """Print the post hoc analyses, why they were made, and their tables, figures and listings."""
        print(post_hoc_section(self.promised, self.run))

    def seal(self) -> None:
        """Print the events of the seal in their order, or why it cannot be read."""
        print(self.sealed.warning)
        if not self.sealed.unread:
            print(seal.chain(self.sealed.lock))
            print(seal.code_compared(self.sealed.lock, self.run.provenance))

    def amendments(self) -> None:
        """Print each amendment with its exact change, and the analyses it touched."""
        if not self.sealed.unread:
            print(seal.amendments(self.sealed.lock, self.sealed.history))

    def signatures(self) -> None:
        """Print who signed which entries."""
        if not self.sealed.unread:
            print(seal.signatures(self.sealed.lock))


def open_reconciliation() -> ReconciliationPage:
    """Return the reconciliation of the run that ``sap render`` named, or of the default one."""
    run = open_run()
    return ReconciliationPage(promised_plan(), run, read_reconciled(run.folder / FILE), open_seal())
