"""What the pages are about: the plan, the results and where they come from, as `sap render` named them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.provenance import Provenance, read_provenance
from analysis.results import Results, read_results
from sap.plan import Plan
from sap.read import read_plan

PLAN: Final = "SAP_PLAN"
RESULTS: Final = "SAP_RESULTS"
LOCK: Final = "SAP_LOCK"
"""Environment variables by which a command tells its pages which plan, results and seal they are about."""


@dataclass(frozen=True)
class Opened:
    """A run as a page sees it.

    Attributes
    ----------
    plan : Plan
        The plan, with the post hoc analyses that were run.
    results : Results
        What pages print.
    folder : Path
        The folder of the results.
    provenance : Provenance
        Where they come from.
    """

    plan: Plan
    results: Results
    folder: Path
    provenance: Provenance


def opened_plan() -> Plan:
    """Return the plan a page is about, as it is promised."""
    return read_plan(Path(os.environ.get(PLAN, "sap/plan.yml")))


def open_run() -> Opened:
    """Return the run that ``sap render`` named, or the default one.

    Raises
    ------
    UserError
        When there are no results, or they are damaged.
    """
    folder = Path(os.environ.get(RESULTS, "results"))
    return Opened(opened_plan(), read_results(folder / "ard.csv"), folder, read_provenance(folder))
