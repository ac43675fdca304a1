"""The files of a results folder: what each is called, and what stands in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from analysis import recompute
from analysis.ars.event import reporting_event
from analysis.concordance import statements
from analysis.concordance.concord import Source, concord
from analysis.data.load import Study
from analysis.design import coverage_curves
from analysis.pipeline.listings import listings_json
from analysis.recompute import Check
from analysis.reconcile import lines as reconciled
from analysis.reconcile.reconcile import reconcile
from analysis.results import data_findings as noted
from analysis.results import entered_file
from analysis.results.ard import Results, Row
from analysis.results.provenance import FILE, Provenance
from analysis.results.run_state import stamped_csv, stamped_json
from analysis.running import entered
from sap.plan.plan import Plan
from sap.text.files import digest


@dataclass(frozen=True)
class Finished:
    """A run that is computed and not yet written."""

    promised: Plan | None
    """The plan as it is sealed, without what is post hoc; None when it cannot be read."""
    study: Study
    """The plan that was run, and its data."""
    data: Mapping[str, pd.DataFrame]
    """Source and derived datasets."""
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


def _csv(content: Callable[[Finished], str]) -> Callable[[Finished], str]:
    return lambda run: stamped_csv(content(run), run.provenance.stamp)


def _json(content: Callable[[Finished], str]) -> Callable[[Finished], str]:
    return lambda run: stamped_json(content(run), run.provenance.stamp)


def _reconciled(run: Finished) -> tuple[reconciled.Reconciled, ...]:
    ran = run.study.plan
    listed = frozenset(listing.id for listing in ran.listings)
    return reconcile(run.promised, ran, run.results, listed=listed, late=run.late)


FILES: Final[Mapping[str, Callable[[Finished], str]]] = {
    "ard.csv": lambda run: run.results.to_csv(),
    "ard.json": lambda run: run.results.to_json(),
    "ars.json": lambda run: reporting_event(run.study, run.results, run.provenance, run.shown),
    "checks.csv": _csv(lambda run: recompute.to_csv(run.checks)),
    "coverage.csv": _csv(
        lambda run: coverage_curves.to_csv(coverage_curves.coverage_curves(run.promised or run.study.plan))
    ),
    noted.FILE: _json(lambda run: noted.to_json(noted.noted(run.study.warnings))),
    "entered.json": _json(lambda run: entered_file.to_json(entered.entered(run.study, run.data))),
    "listings.json": _json(lambda run: listings_json(run.study)),
    "reconciliation.csv": _csv(lambda run: reconciled.to_csv(_reconciled(run))),
}
"""Every file each run writes, except its provenance; each says the state of the run."""


def result_files(run: Finished) -> dict[str, str]:
    """Return the content of every file of a results folder, by name."""
    texts = {name: content(run) for name, content in FILES.items()}
    if run.facts is not None:
        found = concord(run.facts, run.results, run.data)
        texts[statements.FILE] = found.model_copy(update={"stamp": run.provenance.stamp}).to_json()
    origin = run.provenance.model_copy(update={"files": {n: digest(t.encode()) for n, t in sorted(texts.items())}})
    return texts | {FILE: provenance_json(origin)}


def provenance_json(provenance: Provenance) -> str:
    """Return the content of ``provenance.json``."""
    whole = provenance.model_copy(update={"sha256": provenance.digest()})
    return whole.model_dump_json(indent=2) + "\n"
