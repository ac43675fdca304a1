"""The files of a results folder: what each is called, what stands in it, and the state of the run in each."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis import recompute
from analysis.ars.event import reporting_event
from analysis.concordance import statements
from analysis.concordance.concord import OfPaper, Source, concord, of_paper
from analysis.data.derived_files import derived_files
from analysis.data.load import Study
from analysis.design import coverage_curves
from analysis.pipeline.listings import listings_json
from analysis.recompute import Check
from analysis.reconcile import lines
from analysis.reconcile.reconcile import reconcile
from analysis.results import data_findings, entered_file
from analysis.results.ard import Results, Row, csv_text
from analysis.results.provenance import FILE, Provenance, provenance_json
from analysis.running.entered import entered
from analysis.running.run import expected
from sap.plan.plan import Plan
from sap.text.files import as_bytes, digest


@dataclass(frozen=True)
class Finished:
    """A run that is computed and not yet written."""

    promised: Plan | None
    """The plan as it is sealed, without what is post hoc; None when it cannot be read."""
    study: Study
    """The plan that was run, and its data."""
    results: Results
    """The analysis results dataset, stamped."""
    checks: tuple[Check, ...]
    """Every statistic by the second route."""
    provenance: Provenance
    """Where it comes from; `files` still empty."""
    shown: Callable[[Row, int], str]
    """A row and the decimals of a p-value to the row as it is printed."""
    late: Mapping[str, str] = field(default_factory=dict)
    """Analyses that were promised or changed after data lock, in words."""
    facts: Source | None = None
    """What a paper states of the study, where a facts file stands beside the data."""
    apart: "Apart | None" = None
    """What needs no results, where it was computed beside them."""
    written: Plan | None = None
    """The plan that was run, as it is written; the study's, where that holds nothing that only the data say."""


@dataclass(frozen=True)
class Apart:
    """What of the files needs no results, and can be computed beside them."""

    texts: Mapping[str, str | bytes]
    """Whole files, by name."""
    expected: Results
    """The statistics that every run of the plan must give."""
    of_paper: Mapping[str, OfPaper]
    """Of each statement of the paper, what the data and its own numbers say."""


def apart_from_results(study: Study, promised: Plan | None, facts: Source | None, stamp: str) -> Apart:
    """Return what of the files needs no results."""
    curves = coverage_curves.coverage_curves(promised or study.plan)
    findings = data_findings.data_findings((*study.warnings, *study.notes))
    texts: dict[str, str | bytes] = {
        **derived_files(study, stamp),
        "coverage.csv": csv_with_stamp(coverage_curves.to_csv(curves), stamp),
        data_findings.FILE: json_with_stamp(data_findings.to_json(findings), stamp),
        entered_file.FILE: json_with_stamp(entered_file.to_json(entered(study)), stamp),
        "listings.json": json_with_stamp(listings_json(study), stamp),
    }
    return Apart(texts, expected(study.plan), of_paper(facts, study.derived) if facts is not None else {})


def result_files(run: Finished) -> dict[str, str | bytes]:
    """Return the content of every file of a results folder, by name; each says the state of the run."""
    plan, stamp = run.study.plan, run.provenance.stamp
    apart = run.apart or apart_from_results(run.study, run.promised, run.facts, stamp)
    listed = frozenset(listing.id for listing in plan.listings)
    # A type or label that only the data say is no change of the plan.
    written = run.written or plan
    reconciled = reconcile(
        run.promised, written, run.results, listed=listed, late=run.late, expected_now=apart.expected
    )
    texts: dict[str, str | bytes] = {
        **apart.texts,
        "ard.csv": run.results.to_csv(),
        "ard.json": run.results.to_json(),
        "ars.json": reporting_event(run.study, run.results, run.provenance, run.shown),
        "checks.csv": csv_with_stamp(recompute.to_csv(run.checks), stamp),
        "reconciliation.csv": csv_with_stamp(lines.to_csv(reconciled), stamp),
    }
    if run.facts is not None:
        found = concord(run.facts, run.results, run.study.derived, apart.of_paper)
        texts[statements.FILE] = found.model_copy(update={"stamp": stamp}).to_json()
    digests = {name: digest(as_bytes(content)) for name, content in sorted(texts.items())}
    return texts | {FILE: provenance_json(run.provenance.model_copy(update={"files": digests}))}


def csv_with_stamp(text: str, stamp: str) -> str:
    """Return a CSV file with a last column ``stamp``: empty for a sealed run, else "DRAFT" or the dry run's words."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return csv_text([*header, "stamp"], ([*row, stamp] for row in rows))


def json_with_stamp(text: str, stamp: str) -> str:
    """Return a JSON file with a key ``stamp`` in its object, or in each object of its list."""
    content = json.loads(text)
    if isinstance(content, dict):
        return json.dumps({"stamp": stamp, **content}, ensure_ascii=False, indent=1) + "\n"
    lines = ",\n".join(json.dumps({**record, "stamp": stamp}, ensure_ascii=False) for record in content)
    return f"[\n{lines}\n]\n" if lines else "[]\n"
