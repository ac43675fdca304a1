"""The record of a number: everything a reader asks of it, as facts that a page or a terminal lays out.

Facts that many numbers share stand with their analysis and their step, once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final, Self

from analysis.recompute import Check, read_checks
from analysis.recompute.comparison.check import PLACE
from analysis.results.ard import Row
from analysis.results.entered_file import COUNTED, SETS, Entered, key, keyed
from analysis.results.tasks import Task
from analysis.steps import method
from reports.layout.model import LIMITS
from reports.run.shown import ShownRun
from reports.tables import context_of
from reports.trace.files import record_files
from reports.trace.links import RecordLinks, full_value, record_links
from reports.trace.row_words import RowWords, format_in_words, part, row_words
from reports.words.labels import swapped
from reports.words.numbers import shown
from sap.methods import Step
from sap.model.words import clause_in_words
from sap.plan.plan import Analysis, Sensitivity
from sap.reading.post_hoc import POST_HOC
from sap.seal.plan_history import with_late

SHORT: Final = 12
"""Characters of a digest that are shown."""
FIRST_LINE: Final = 2
"""Line of the first row of ``ard.csv``, below its header."""
SECTION: Final = "Section of the plan"
_BRIEF: Final = frozenset({"Analysis set", "Subset", SECTION})
SECOND: Final = "Second route"
SIZES: Final = "Sizes of the analysis sets and of the analyses"


@dataclass(frozen=True)
class Fact:
    """One thing to know: its name, the words, where they lead from its file, and the long form of what is cut short."""

    name: str
    text: str
    href: str = ""
    full: str = ""


@dataclass(frozen=True)
class Record:
    """One row of the results, and the line of ``ard.csv`` on which it stands."""

    row: Row
    line: int
    words: RowWords
    beside: tuple[Fact, ...] = ()
    """Of how many it is, its interval, and what the second route found."""

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What is said of the row alone."""
        return (*_own(self.words, self.row, self.line), *self.beside)


@dataclass(frozen=True)
class StepRecords:
    """A step with what its numbers have in common."""

    anchor: str
    title: str
    facts: tuple[Fact, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True)
class AnalysisRecords:
    """An analysis with what its steps have in common."""

    id: str
    title: str
    anchor: str
    facts: tuple[Fact, ...]
    steps: tuple[StepRecords, ...]

    @property
    def brief(self) -> tuple[Fact, ...]:
        """The facts that the reader of one number needs beside it."""
        return tuple(f for f in self.facts if f.name in _BRIEF)


def trace(run: ShownRun) -> tuple[AnalysisRecords, ...]:
    """Return the record of every number of a run."""
    file = run.results if run.drawn is None else run.drawn  # shells show some of the rows
    lines = {r.identity: line for line, r in enumerate(file, start=FIRST_LINE)}
    by_analysis: dict[str, list[Record]] = {}
    known, beside = row_words(run.plan), _Beside.of(run)
    for row in run.results:
        record = Record(row, lines[row.identity], known, tuple(beside.facts(row)))
        by_analysis.setdefault(row.analysis_id, []).append(record)
    describe = _Describe(run, known)
    return tuple(describe.analysis(name, records) for name, records in by_analysis.items())


def _own(known: RowWords, row: Row, line: int) -> tuple[Fact, ...]:
    """Return what is said of one row alone."""
    found = [
        Fact("Value", full_value(row)),
        Fact("Printed as", f"{shown(row, known.plan.conventions.p_value_digits)} ({format_in_words(row.fmt)})"),
        Fact("Statistic", f"{known.statistic(row)} ({row.stat_name})"),
        Fact("Of", known.about(row)),
        Fact("Variable", ", ".join(filter(None, (row.variable, row.variable_level)))),
        Fact("Part of the method", part(row)),
        Fact("Computed by", row.method),
        *([Fact("Warning", row.warning)] if row.warning else []),
        *([Fact("Stamp", row.stamp)] if row.stamp else []),
        Fact("Row", f"line {line} of ard.csv"),
    ]
    return tuple(f for f in found if f.text)


@dataclass(frozen=True)
class _Beside:
    """What other rows, and the second route, say of a number."""

    links: RecordLinks
    limits: Mapping[tuple[object, ...], Row]
    checks: Mapping[tuple[object, ...], Check]

    @classmethod
    def of(cls, run: ShownRun) -> Self:
        """Return what there is; what a layout prints has been computed by nobody."""
        file = run.folder / "checks.csv"
        checks = read_checks(file) if run.drawn is None and file.is_file() else ()
        limits = {(*_place(r), r.stat_name): r for r in run.results if r.stat_name in LIMITS}
        return cls(record_links(run.plan, run.results), limits, {(*_place(c), c.stat_name): c for c in checks})

    def facts(self, row: Row) -> Iterator[Fact]:
        if n := self.links.size(row):
            yield Fact("Denominator", f"n = {n}")
        low, high = (self.limits.get((*_place(row), name)) for name in LIMITS[1:])
        if row.stat_name == LIMITS[0] and low is not None and high is not None:
            digits = self.links.p_digits
            yield Fact("Interval", f"{shown(low, digits)} to {shown(high, digits)}")
        check = self.checks.get((*_place(row), row.stat_name))
        if check is not None:
            by_r = "" if check.r_agrees is None else f"; R {'agrees' if check.r_agrees else 'differs'}: {check.r_route}"
            yield Fact(SECOND, f"{check.verdict} ({check.route}){by_r}")


def _place(of: Row | Check) -> tuple[object, ...]:
    return (*(getattr(of, name) for name in PLACE), of.variable_level, of.context)


class _Describe:
    """What the records of a run share: its analyses, its steps, and who entered them."""

    def __init__(self, run: ShownRun, known: RowWords) -> None:
        self.run = run
        self.plan = run.plan
        self.parents = {t: a for a in run.plan.analyses for t in (a.id, *(s.id for s in a.sensitivity))}
        self.changes = {s.id: s for a in run.plan.analyses for s in a.sensitivity}
        self.known = known
        self.files = record_files(run.results)
        self.entered = keyed(run.entered)
        self.sizes = {r.variable_level: r for r in run.results.of(SETS) if r.context == "analysis"}

    def analysis(self, analysis_id: str, records: Sequence[Record]) -> AnalysisRecords:
        parent = self.parents.get(analysis_id)
        anchor = f"trace-{analysis_id.lower()}"
        steps = tuple(
            self._step(anchor, analysis_id, name, list(found))
            for name, found in groupby(records, key=lambda r: r.row.step or r.row.context)
        )
        if parent is None:
            title = SIZES if analysis_id == SETS else "not in the plan"
            return AnalysisRecords(analysis_id, title, anchor, (), steps)
        change = self.changes.get(analysis_id)
        facts = (*self._promise(parent, change), *self._population(self.known.tasks[analysis_id]))
        return AnalysisRecords(analysis_id, change.title if change else parent.title, anchor, facts, steps)

    def _promise(self, analysis: Analysis, change: Sensitivity | None) -> Iterator[Fact]:
        e = analysis.estimand
        late = self.run.late.get(analysis.id if change is None else change.id, "")
        purpose = analysis.purpose if change is None else f"{change.kind} to {analysis.id} ({analysis.purpose})"
        yield Fact("Purpose", with_late(f"{purpose}, {analysis.reason}", late))
        if analysis.reason == POST_HOC:
            yield Fact(SECTION, "none: the analysis is post hoc")
        else:
            yield Fact(SECTION, f"{analysis.title} ({analysis.id})", href=f"../sap.html#sec-{analysis.id.lower()}")
        yield Fact("Endpoint", analysis.endpoint)
        if change is not None:
            in_place = f"{change.changes.rstrip('. ')} ({swapped(change.use)})" if change.use else change.changes
            yield Fact("Changes", _sentences(in_place, change.reason))
            shared = "under other assumptions" if change.kind == "sensitivity" else "which this analysis changes"
            name = f"Estimand of {analysis.id}, {shared}"
            yield Fact(name, _sentences(f"Variable: {e.variable}", f"Summary: {e.summary}"))
            return
        yield Fact("Estimand", _sentences(e.summary, f"Variable: {e.variable}", f"Population: {e.population}"))
        for event in e.intercurrent_events:
            yield Fact("Intercurrent event", _sentences(event.event, event.strategy.capitalize(), event.handling))

    def _population(self, task: Task) -> Iterator[Fact]:
        chosen = self.plan.set_of(task.analysis_set)
        size = self.sizes.get(task.id)
        n = f", n = {shown(size)}" if size is not None else ""
        yield Fact("Analysis set", f"{chosen.title} ({chosen.id}){n}", href=self.files.href(size) if size else "")
        if task.data_subset is not None:
            yield Fact("Subset", clause_in_words(task.data_subset))

    def _step(self, anchor: str, analysis_id: str, name: str, records: list[Record]) -> StepRecords:
        found = list({key(r.row): self.entered.get(key(r.row)) for r in records}.values())
        who = [e for e in found if e is not None]
        step = self.known.step_at(analysis_id, name)
        if step is None:
            title = context_of(name).words
        else:
            title = f"Step {name}: {step.label or step.method.replace('_', ' ')}"
        said = self._method(step, who) if step is not None else self._definitions(who)
        facts = (*said, *self._sources(who), *self._subjects(who), *_second_route(records))
        return StepRecords(f"{anchor}-{name.replace('_', '-')}", title, facts, tuple(records))

    def _method(self, step: Step, who: Sequence[Entered]) -> Iterator[Fact]:
        yield Fact("Method", f"{step.method}: {step.in_words}")
        options = who[0].options if who else {}
        if options:
            yield Fact("Options", "; ".join(f"{name} {value}" for name, value in options.items()))
        known = self.run.provenance.libraries
        versions = [f"{name} {known[name]}" for name in method(step.method).libraries if name in known]
        yield Fact("Libraries", ", ".join([*versions, f"Python {self.run.provenance.python}"]))

    def _definitions(self, who: Sequence[Entered]) -> Iterator[Fact]:
        levels = {e.level for e in who if e.method == "analysis_set"}
        for chosen in self.plan.analysis_sets:
            if chosen.id in levels:
                yield Fact(f"Definition ({chosen.id})", _sentences(chosen.text, clause_in_words(chosen.where)))

    def _sources(self, who: Sequence[Entered]) -> Iterator[Fact]:
        used = {name for e in who for name in e.datasets}
        for source in self.run.provenance.data:
            if source.dataset in used:
                text = f"{source.file}, {source.rows} rows, SHA-256 {source.sha256[:SHORT]}"
                yield Fact(f"Dataset {source.dataset}", text, full=source.sha256)

    def _subjects(self, who: Sequence[Entered]) -> Iterator[Fact]:
        for e in who:
            of = e.group1_level or e.level
            name = f"Subjects that entered ({of})" if of else "Subjects that entered"
            listed = ", ".join(self.run.names.get(s, s) for s in e.subjects)
            told = COUNTED if e.counted else listed
            yield Fact(name, f"{e.counted or len(e.subjects)}: {told}" if told else "0")


def _second_route(records: Sequence[Record]) -> Iterator[Fact]:
    """Yield how many numbers of a step the second route gives too."""
    said = [f.text for r in records for f in r.beside if f.name == SECOND]
    if said:
        agree = sum(text.startswith("agrees") for text in said)
        yield Fact(SECOND, f"{agree:,} of {len(said):,} numbers agree")


def _sentences(*texts: str) -> str:
    return " ".join(f"{t.rstrip('. ')}." for t in texts)
