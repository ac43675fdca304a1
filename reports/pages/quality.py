"""The quality page: what was compared, with what, and how it came out."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.design.coverage_curves import MOST, read_curves
from analysis.pipeline.evidence import RECORD_NAME, Evidence, Record, read_record
from analysis.recompute import CUT, CUTOFF, READING, Check, read_checks, reading_in_words
from analysis.results.ard import unique
from analysis.results.data_findings import DataFinding, read_data_findings
from reports.pages.apart import part_names
from reports.pages.large import check_parts, checks_html, difference, listed_checks
from reports.pages.page import DOCUMENTS
from reports.run.shells import wanted
from reports.run.shown import figure_folder, promised_plan, results_folder
from reports.words.file_names import CHECKS
from reports.words.markdown import callout, figure_markdown, markdown_table, paragraph_text, pipe_table, raw_html
from sap.data.rules import RULES
from sap.plan.plan import DataRule, Plan
from sap.seal.code import EVIDENCE

SOURCES_SHOWN = 3
APART: Final = 250
"""Statistics that do not agree which the page itself lists."""
STALE = (
    "The methods, the reference values or the libraries have changed since the tests ran. The command make test "
    "runs them again."
)
EMPTY = "\nThis section is empty before there are data: it will show each statistic by both routes.\n"


def evidence_table(record: Record) -> str:
    """Return the comparisons with references: requirement, method, sources, values, largest difference, verdict."""
    if not record.rows:
        return callout("warning", "Not run", "There is no record of a test run here. The command make test makes one.")
    head = ("Requirement", "Method", "Verdict", "Values", "Largest relative difference", "Source")
    rows = [
        (e.requirement, e.method, e.verdict, f"{e.cases:,}", difference(e.largest) if e.cases else "–", _sources(e))
        for e in record.rows
    ]
    first = _totals(record.rows) if record.current else callout("warning", "Not run", STALE)
    return first + pipe_table(head, rows, (17, 24, 9, 9, 12, 29))


def _sources(evidence: Evidence) -> str:
    """Return the first sources of a method, and how many more there are."""
    shown = "; ".join(evidence.sources[:SOURCES_SHOWN])
    more = len(evidence.sources) - SOURCES_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def _totals(rows: Sequence[Evidence]) -> str:
    agree = [e for e in rows if e.verdict == "agrees"]
    told = [
        f"{len(agree)} of {len(rows)} methods agree with their references, in {sum(e.cases for e in agree):,} values."
    ]
    for verdict, words in (("differs", "Differ"), ("not run", "Not compared with a reference")):
        names = [e.method for e in rows if e.verdict == verdict]
        told += [f"{words}: {'; '.join(names)}."] if names else []
    return f"\n{paragraph_text(' '.join(told))}\n"


def double_programming(checks: Sequence[Check], titles: Mapping[str, str]) -> str:
    """Return how the statistics of each analysis came out by both routes; each leads to all of its values.

    Those that do not agree are listed.
    """
    read = [paragraph_text(said) for said in reading_in_words(checks)]
    checks = [c for c in checks if c.context != READING]
    ids = unique(c.analysis_id for c in checks)
    groups: dict[str, list[Check]] = {i: [] for i in ids}
    for check in checks:
        groups[check.analysis_id].append(check)
    head = (
        "Analysis",
        "Values",
        "Agree",
        "Differ",
        "Not recomputed",
        "Largest relative difference",
        "R agrees / differs",
    )
    rows = [(_all_of(i, titles.get(i, i), found), *map(paragraph_text, _summed(found))) for i, found in groups.items()]
    told = _together(checks)
    wrong = [c for c in checks if c.verdict != "agrees" or c.r_agrees is False]
    apart = wrong[:APART]
    more = f"\nThe first {APART} of {len(wrong):,} are listed here, and all on the pages above.\n"
    shown = "" if len(wrong) <= APART else more
    shown += "".join(
        f"\n**{paragraph_text(i)}: what does not agree**\n"
        + raw_html(checks_html(i, [c for c in apart if c.analysis_id == i]))
        for i in unique(c.analysis_id for c in apart)
    )
    of_files = "\n\n".join(["", *read, ""]) if read else ""
    return f"{of_files}\n{paragraph_text(told)}\n{markdown_table(head, rows, (40, 8, 8, 8, 14, 12, 12))}{shown}"


def _together(checks: Sequence[Check]) -> str:
    """Return how all statistics came out, in a sentence."""
    verdicts = Counter(c.verdict for c in checks)
    told = "; ".join(
        f"{n:,} {'agree' if v == 'agrees' else 'differ' if v == 'differs' else v}" for v, n in sorted(verdicts.items())
    )
    left_out = len(checks) - len(listed_checks(checks))
    note = (
        f" Of the values of single subjects, the {left_out:,} that agree are counted and not listed."
        if left_out
        else ""
    )
    return f"{len(checks):,} statistics by both routes: {told}.{note}"


def _all_of(analysis_id: str, title: str, checks: Sequence[Check]) -> str:
    """Return the title of an analysis with links to all of its statistics, as Markdown."""
    names = part_names(analysis_id, len(check_parts(listed_checks(checks))))
    first, *more = [f"{CHECKS}/{name}" for name in names] or [""]
    ways = f"[{paragraph_text(analysis_id)}]({first})" if first else paragraph_text(analysis_id)
    ways += "".join(f", [part {i}]({name})" for i, name in enumerate(more, 2))
    return ways if title == analysis_id else f"{ways} {paragraph_text(title)}"


def _summed(checks: Sequence[Check]) -> tuple[str, ...]:
    verdicts = Counter(c.verdict for c in checks)
    asked = [c for c in checks if c.r_agrees is not None]
    wrong = sum(c.r_agrees is False for c in asked)
    by_r = f"{len(asked) - wrong} / {wrong}" if asked else "not run"
    largest = max((_relative(c) for c in checks), default=0.0)
    counted = (str(verdicts[v]) for v in ("agrees", "differs", "not recomputed"))
    return (str(len(checks)), *counted, difference(largest), by_r)


def _relative(check: Check) -> float:
    if check.difference is None or not check.reported:
        return abs(check.difference or 0.0)
    return abs(check.difference / check.reported)


def cutoff_table(checks: Sequence[Check], cutoff: str) -> str:
    """Return how many records of each dataset the data cut-off leaves out, and keeps in part."""
    counts = {(c.variable, c.stat_name): c.reported for c in checks if c.context == CUTOFF}
    named = dict.fromkeys(dataset for dataset, _ in counts)
    rows = [(dataset, *(f"{counts[dataset, name]:.0f}" for name in CUT)) for dataset in named]
    told = f"Data cut-off {cutoff}: what happened later is not analysed. The second route counts the same."
    differ = [c.variable for c in checks if c.context == CUTOFF and c.verdict == "differs"]
    if differ:
        told = f"Data cut-off {cutoff}. The second route counts otherwise in {', '.join(dict.fromkeys(differ))}."
    return told + "\n\n" + pipe_table(("Dataset", "Records left out", "Records kept in part"), rows, (30, 35, 35))


def unheld(found: Sequence[DataFinding]) -> str:
    """Return what was made of the data where the plan or a file is silent: types that were told, rules not held."""
    notes = [n.message for n in found if n.severity == "note"]
    return "".join(f"\n- {paragraph_text(note)}" for note in notes) + ("\n" if notes else "")


def findings_table(found: Sequence[DataFinding]) -> str:
    """Return what was found in the data and did not stop the analysis, with the reason where the plan excepts it."""
    found = [n for n in found if n.severity != "note"]
    if not found:
        return "\nNo rule is broken, and nothing else was told of the data.\n"
    head = ("Rule", "Variable", "Records", "What was found", "Why it is excepted")
    rows = [
        (n.rule, ".".join(filter(None, (n.dataset, n.column))), _often(n), n.message, n.reason or "a warning")
        for n in found
    ]
    return pipe_table(head, rows, (10, 18, 16, 32, 24))


def _often(found: DataFinding) -> str:
    """Return how many records of how many subjects break a rule."""
    subjects = f" of {found.subjects} subject{'s' * (found.subjects != 1)}" if found.subjects else ""
    return f"{found.records}{subjects}" if found.records else "–"


def rules_table(exceptions: Sequence[DataRule] = ()) -> str:
    """Return the rules across datasets, and those of which the plan makes exceptions."""
    excepted = {e.rule for e in exceptions}
    rows = [(r.id, f"{r.severity}{', excepted' if r.id in excepted else ''}", r.sentence) for r in RULES]
    return pipe_table(("Rule", "Severity", "What breaks it"), rows, (10, 15, 75))


RECORD: Final = "SAP_RECORD"
"""Environment variable for the record of the tests."""


@dataclass(frozen=True)
class QualityPage:
    """The quality page's view of a run."""

    plan: Plan
    """The plan."""
    results: Path
    """Folder of the results."""
    record: Path
    """What the tests compared with references."""

    def double_programming(self) -> None:
        """Print every statistic by both routes; of synthetic data in the layouts of shells, nothing."""
        if wanted():
            print(EMPTY)
            return
        titles = {a.id: a.title for a in self.plan.analyses}
        titles |= {s.id: s.title for a in self.plan.analyses for s in a.sensitivity}
        titles["SETS"] = "Sizes of the analysis sets and analyses"
        print(double_programming(read_checks(self.results / "checks.csv"), titles))

    def evidence(self) -> None:
        """Print what the tests compared with independent references."""
        print(evidence_table(read_record(self.record)))

    def coverage(self) -> None:
        """Print the coverage of each binomial interval as a figure."""
        from reports.figures.coverage import draw_coverage
        from reports.outputs.captions import of_picture

        name = figure_folder() / "coverage.svg"
        curves = read_curves(self.results / "coverage.csv")
        if not curves:
            print(f"Coverage is enumerated for at most {MOST:,} planned subjects, and here are more.\n")
            return
        alt = draw_coverage(curves, DOCUMENTS / name)
        caption = (
            f"Exact coverage of each interval for a proportion of {curves[0].n} subjects, at every true rate. "
            "Dashed line, the nominal level. The vertical axis begins at 70%."
        )
        print(figure_markdown("fig-coverage", name, caption, alt))
        print(of_picture(name, "the coverage of each interval"))

    def rules(self) -> None:
        """Print what the data cut-off leaves out, what was found in the data, and the rules across datasets."""
        if self.plan.data_cutoff is not None and not wanted():
            print(cutoff_table(read_checks(self.results / "checks.csv"), str(self.plan.data_cutoff)))
        found = read_data_findings(self.results)
        print(findings_table(found))
        print(unheld(found))
        print(rules_table(self.plan.data_rules))


def open_quality() -> QualityPage:
    """Return the quality page's view of the run that ``sap render`` named, or of the default one."""
    record = Path(os.environ.get(RECORD, f"{EVIDENCE}/{RECORD_NAME}"))
    return QualityPage(promised_plan(), results_folder(), record)
