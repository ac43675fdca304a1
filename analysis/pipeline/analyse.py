"""From files to a results folder: read, check, analyse, compute again, write as a whole."""

import platform
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Final

from analysis.data.load import DataFiles, Study, check_data, read_data, validation, whole
from analysis.pipeline.beside import beside
from analysis.pipeline.sampled import Sampled, compared, is_large, second_route
from analysis.recompute import CUTOFF, READING, Files, SecondRoute, reading_in_words
from analysis.results.ard import Row
from analysis.results.data_findings import data_findings
from analysis.results.folder import results_folder, write_results
from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance
from analysis.results.seal_state import SealState
from sap.data.failures import Failure
from sap.plan.plan import Plan
from sap.reading.beside import post_hoc_sha256
from sap.reading.post_hoc import POST_HOC, with_post_hoc
from sap.reading.read import read_stated
from sap.seal.code import read_code
from sap.seal.libraries import DISTRIBUTION
from sap.text.files import file_digest, joint_digest

_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")


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
    sampled: str = ""
    """On how many of how many subjects the second route was held to the first; empty where on all."""


def analyse(
    plan_file: Path,
    data: Path,
    out: Path,
    seal_state: SealState,
    *,
    shown: Callable[[Row, int], str],
    engine: str = "",
    tell: Callable[[str], None],
) -> Outcome:
    """Run a plan on data and replace a results folder; nothing is written when anything is wrong."""
    stated = seal_state.stated or read_stated(plan_file)
    promised = _promised(seal_state, stated.plan, tell)
    plan = with_post_hoc(stated.plan, plan_file)
    tell(f"checking {len(plan.datasets)} datasets in {data}")
    read = read_data(plan, data)
    # Of a registry two processes would need the memory of two.
    aside = _here if is_large(read.data) else beside
    with aside(partial(_checked_and_recomputed, read, Files(plan, data))) as second:
        # What computes is imported while the data are checked beside.
        from analysis.concordance.concord import facts_beside
        from analysis.pipeline.result_files import Apart, Finished, apart_from_results, result_files
        from analysis.running.run import import_libraries, run, run_others

        import_libraries(plan)
        study = whole(validation(read, next(second)))
        del read  # its texts: from here on cells are typed
        provenance = provenance_of(study, plan_file, replace(seal_state, stated=stated), engine)
        facts = facts_beside(data)
        _ = study.derived  # once, before there are two processes that need it

        def without_them() -> Iterator[dict[str, list[Row]] | Apart]:
            """Yield what needs none of the results that are computed here meanwhile."""
            yield run_others(study)
            yield apart_from_results(study, promised, facts, provenance.stamp)

        with results_folder(out, inputs=(plan_file, data)) as fresh, aside(without_them) as apart:
            if found := data_findings(study.warnings):
                n = len(found)
                tell(f"{n} warning{'s' * (n != 1)} about the data: `sap validate --data {data}` lists them")
            results = run(study, lambda analysis_id: tell(f"analysing {analysis_id}"), lambda: next(apart))
            tell("computing every statistic again by the second route")
            cuts = {c.dataset: (c.left_out, c.shortened) for c in study.cut[1]}
            checks = compared(found_again := next(second), results, cuts)
            for said in reading_in_words(checks):
                tell(said)
            tell(f"writing {out}")
            results = results.with_stamp(provenance.stamp)
            made = (promised, study, results, checks, provenance, shown, seal_state.late, facts)
            finished = Finished(*made, apart=next(apart), written=plan)
            write_results(result_files(finished), fresh)
    differing = sum(c.verdict == "differs" or c.r_agrees is False for c in checks)
    untried = sum(c.verdict == "not recomputed" for c in checks)
    post_hoc = sum(a.reason == POST_HOC for a in plan.analyses)
    # Of datasets: no rows of the results.
    of_data = [c.verdict for c in checks if c.context in {CUTOFF, READING}]
    sampled = str(found_again) if isinstance(found_again, Sampled) else ""
    return Outcome(
        len(results.rows),
        len(checks) - differing - untried - of_data.count("agrees"),
        differing,
        untried,
        post_hoc,
        sampled,
    )


@contextmanager
def _here(work: Callable[[], Iterator[Any]]) -> Iterator[Iterator[Any]]:
    """Give what a work yields, done in this process when it is asked for."""
    begun = work()
    del work  # and with it what the work was given, as soon as it needs it no more
    yield begun


def _checked_and_recomputed(read: DataFiles, files: Files) -> Iterator[tuple[Failure, ...] | SecondRoute | Sampled]:
    """Yield what is wrong with the data, and, where that is no error, what the second route finds in them."""
    failures = check_data(read)
    study = validation(read, failures).study
    del read  # its texts
    yield failures
    if study is not None:
        yield second_route(study, files)


def _promised(seal_state: SealState, stated: Plan, tell: Callable[[str], None]) -> Plan | None:
    """Return the sealed plan, or None when it cannot be read; the plan as it stands where none is sealed."""
    if seal_state.unread:
        tell(f"nothing is reconciled: {seal_state.unread}")
        return None
    return seal_state.promised or stated


def provenance_of(study: Study, plan_file: Path, seal_state: SealState, engine: str = "") -> Provenance:
    """Return where a run comes from; `files` is filled when they are written."""
    document = study.plan.plan
    plan = PlanSource(
        id=document.id,
        version=document.version,
        sha256=seal_state.stated.sha256 if seal_state.stated else file_digest(plan_file),
        post_hoc_sha256=post_hoc_sha256(plan_file),
    )
    data = _data(study)
    seal_state.check_read({str(plan_file): plan.sha256} | {d.file: d.sha256 for d in data})
    code = seal_state.code or read_code(plan_file.parent)
    return Provenance(
        plan=plan,
        data=data,
        data_sha256=joint_digest({d.dataset: d.sha256 for d in data}),
        code=CodeSource(version=code.version, sha256=code.sha256, commit=code.commit, tree=code.tree, dirty=code.dirty),
        python=platform.python_version(),
        libraries=libraries(),
        engine=engine,
        state=seal_state.state,
        seal=seal_state.seal,
        sealed_at=seal_state.sealed_at,
        differences=seal_state.differences,
    )


def _data(study: Study) -> tuple[DataSource, ...]:
    return tuple(
        DataSource(dataset=s.dataset, file=s.name, sha256=s.sha256, rows=s.rows, columns=s.columns)
        for s in study.sources
    )


def libraries() -> dict[str, str]:
    """Return the version of every library this program asks for, by name; without those that are not installed."""
    try:
        wanted = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return {}
    names = sorted({m[0] for line in wanted if "extra ==" not in line and (m := _NAME.match(line))}, key=str.lower)
    return {name: found for name in names if (found := _installed(name))}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
