"""From files to a results folder: read, check, analyse, compute again, write as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.concordance.concord import facts_beside
from analysis.data.load import load
from analysis.pipeline.result_files import Finished, result_files
from analysis.pipeline.run_provenance import origin
from analysis.recompute import CUTOFF, recompute
from analysis.results.ard import Row
from analysis.results.data_findings import noted
from analysis.results.seal_state import Standing
from analysis.results.write import results_folder, write_results
from analysis.running.run import run
from sap.plan.plan import Plan
from sap.reading.post_hoc import POST_HOC, read_whole_plan
from sap.reading.read import read_plan
from sap.text.problems import PlanError


@dataclass(frozen=True)
class Outcome:
    """What a run gave, in numbers."""

    statistics: int
    """Rows of the analysis results dataset."""
    agreeing: int
    differing: int
    untried: int
    """Statistics by what the second route says of them."""
    post_hoc: int = 0
    """Post hoc analyses among what was run."""


def analyse(
    plan_file: Path,
    data: Path,
    out: Path,
    standing: Standing,
    *,
    shown: Callable[[Row, int], str],
    engine: str = "",
    tell: Callable[[str], None],
) -> Outcome:
    """Run a plan on data and replace a results folder; nothing is written when anything is wrong."""
    promised = _promised(standing, plan_file, tell)
    plan = read_whole_plan(plan_file)
    tell(f"checking {len(plan.datasets)} datasets in {data}")
    study = load(plan, data)
    provenance = origin(study, plan_file, standing, engine)
    facts = facts_beside(data)
    with results_folder(out, inputs=(plan_file, data)) as fresh:
        if told := noted(study.warnings):
            tell(f"{len(told)} warning{'s' * (len(told) != 1)} about the data: `sap validate` lists them")
        found = run(study, lambda analysis_id: tell(f"analysing {analysis_id}"))
        tell("computing every statistic again by the second route")
        cuts = {c.dataset: (c.left_out, c.shortened) for c in study.cut[1]}
        checks = recompute(study, found, cuts)
        tell(f"writing {out}")
        stamped = found.stamped(provenance.stamp)
        finished = Finished(promised, study, stamped, checks, provenance, shown, standing.late, facts)
        write_results(result_files(finished), fresh)
    differing = sum(c.verdict == "differs" or c.r_agrees is False for c in checks)
    untried = sum(c.verdict == "not recomputed" for c in checks)
    post_hoc = sum(a.reason == POST_HOC for a in plan.analyses)
    cut = sum(c.context == CUTOFF and c.verdict == "agrees" for c in checks)  # of datasets: no rows of the results
    return Outcome(len(found.rows), len(checks) - differing - untried - cut, differing, untried, post_hoc)


def _promised(standing: Standing, plan_file: Path, tell: Callable[[str], None]) -> Plan | None:
    """Return the sealed plan, or None when it cannot be read; the plan as it stands where none is sealed."""
    if standing.unread:
        tell(f"nothing is reconciled: {standing.unread}")
        return None
    if standing.promised is None:
        return read_plan(plan_file)
    try:
        return read_plan(standing.promised)
    except PlanError:
        tell(f"nothing is reconciled: the sealed plan {standing.promised} is not a plan for this program")
        return None
