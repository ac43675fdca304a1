"""Validate the data, run the plan, render the pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands.options import (
    DATA,
    LOCK,
    PLAN,
    RESULTS,
    SITE,
    DataOption,
    EngineOption,
    LockOption,
    PlanOption,
    ResultsOption,
    UnlockedOption,
)
from reports.commands.progress import console, failure_table, steps
from reports.words.failure_lines import summary
from reports.words.numbers import how_many

if TYPE_CHECKING:
    from analysis.results.seal_state import SealState
    from reports.engines.embedded.execute import Executed
    from reports.engines.render import Engine, OtherFormats, Rendered


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap validate --plan sap/plan.yml --data data --out checks")(validate)
    app.command(epilog="Example: sap run --plan sap/plan.yml --data data --out results")(run)
    app.command(epilog="Example: sap render --plan sap/plan.yml --data data --out _site --engine embedded")(render)


def validate(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for validation.json.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every failure as JSON, instead of a table that folds many.")
    ] = False,
) -> None:
    """Check the plan and the data; tell every failure at once.

    An error is a cell or row that breaks a rule, or that a definition of the plan cannot be applied to: nothing is
    analysed. What else a step cannot do with the data makes that step not estimable, and the others are done.
    """
    from analysis.data.load import validate as check
    from analysis.results.folder import write_whole
    from sap.reading.read import read_plan

    result = check(read_plan(plan), data)
    records = json.dumps([f.as_record() for f in result.failures], indent=2, ensure_ascii=False) + "\n"
    if out is not None:
        write_whole(out / "validation.json", records)
    if as_json:
        print(records, end="")
    else:
        if result.failures:
            console().print(failure_table(result.failures))
        print(summary(result.failures, str(data)))
    raise typer.Exit(1 if result.study is None else 0)


def run(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: ResultsOption = RESULTS,
    lock: LockOption = LOCK,
    unlocked: UnlockedOption = False,
) -> None:
    """Hold plan, data and code against the seal, validate the data, run the plan, write the results."""
    from analysis.results.folder import one_run_in

    with steps("run") as tell, one_run_in(out, tell):
        state = _seal_state(Sources(plan, data, lock), unlocked=unlocked, tell=tell)
        _analyse(plan, data, out, state, engine=os.environ.get("SAP_ENGINE", ""), tell=tell)


def render(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder of the site.")] = SITE,
    results: ResultsOption = RESULTS,
    engine: EngineOption = "auto",
    lock: LockOption = LOCK,
    unlocked: UnlockedOption = False,
    to: Annotated[str, typer.Option("--to", metavar="FORMATS", help="Any of html,docx,pdf,rtf.")] = "html",
) -> None:
    """Hold against the seal, validate, run and render the pages of the project in this folder."""
    from reports.words.file_names import HTML, wanted_formats

    formats = wanted_formats(to)
    with steps("render") as tell:
        sources = Sources(plan, data, lock)
        done = render_project(sources, results, out, engine=engine, formats=formats, unlocked=unlocked, tell=tell)
    print(f"Open {done.index if HTML in formats else out}")


@dataclass(frozen=True)
class Sources:
    """What a run reads: the plan, the folder of the data, the seal."""

    plan: Path
    data: Path
    lock: Path


def render_project(
    sources: Sources,
    results: Path,
    out: Path,
    *,
    engine: Engine,
    formats: frozenset[str],
    unlocked: bool,
    tell: Callable[[str], None],
) -> Rendered:
    """Run the plan and render the project in this folder, in some formats, into a folder."""
    from analysis.results.folder import one_run_in
    from reports.engines.render import check_project, check_site, choose_engine, holding_project
    from reports.engines.render import render as render_pages
    from reports.pages.prepare import prepare
    from reports.words.file_names import CSV, HTML

    project = Path.cwd()
    _refuse_nested(results, out)
    check_project(project)
    # Held from the first number to the last page: they are of one run.
    with holding_project(project, tell), one_run_in(results, tell):
        state = _seal_state(sources, unlocked=unlocked, tell=tell, project=project)
        check_site(project, out, formats)
        chosen = choose_engine(engine)
        _analyse(sources.plan, sources.data, results, state, engine=str(chosen), tell=tell)
        beside = formats - {HTML} | ({CSV} if HTML in formats else set())
        environment = page_environment(sources.plan, sources.data, results, beside)
        environment |= {"SAP_LOCK": str(sources.lock.resolve())}
        more = _other_formats(beside, tell, site=HTML in formats)
        done = render_pages(project, out, engine=chosen, env=environment, progress=tell, others=more, prepare=prepare)
        tell(f"{len(done.pages)} pages by {chosen}")
    return done


def page_environment(plan: Path, data: Path, results: Path, formats: Collection[str]) -> dict[str, str]:
    """Return by what pages know which run they are about, and which formats stand beside them."""
    from reports.outputs.captions import offered

    named = {"SAP_PLAN": plan, "SAP_DATA": data, "SAP_RESULTS": results}
    return {**{name: str(path.resolve()) for name, path in named.items()}, "SAP_PRERENDER": "done", **offered(formats)}


def _other_formats(formats: Collection[str], tell: Callable[[str], None], *, site: bool) -> OtherFormats:
    """Return what is made of the pages besides a site."""
    from reports.engines.render import OtherFormats
    from reports.words.file_names import CSV, DOCUMENTS, PAPER

    def make(pages: Sequence[Executed]) -> Mapping[str, bytes]:
        from reports.formats.csv_files import csv_files
        from reports.pages.records import record_pages
        from reports.run.shown import open_run

        run = open_run()
        made = {**csv_files(run), **record_pages(run)} if site else {}
        if set(formats) - {CSV}:  # Word, PDF and RTF are paid for by those who want them
            from reports.formats.documents import files_beside

            made |= files_beside(run, pages, formats, tell)
        return made

    return OtherFormats(tuple(DOCUMENTS) if set(PAPER).intersection(formats) else (), make, site=site)


def _refuse_nested(results: Path, site: Path) -> None:
    """Raise when results and site are one folder, or one is in the other: each is replaced as a whole."""
    from sap.text.problems import UserError

    one, other = results.resolve(), site.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UserError(f"{results} and {site} hold one another, and each is replaced as a whole. Name two folders.")


def _seal_state(
    sources: Sources, *, unlocked: bool, tell: Callable[[str], None], project: Path | None = None
) -> SealState:
    """Read the plan, whose mistakes come first, and hold it against the seal."""
    from analysis.results.seal_state import held_against_seal
    from sap.reading.read import read_stated

    tell(f"reading the plan {sources.plan}")
    stated = read_stated(sources.plan)
    where = (sources.lock, sources.plan, sources.data)
    state = held_against_seal(*where, unlocked=unlocked, project=project, stated=stated)
    if state.state == "sealed":
        tell(f"plan, data and code are as {sources.lock} seals them (entry of {state.sealed_at})")
    else:
        told = f": {how_many(len(state.differences), 'difference')} to {sources.lock}" if state.differences else ""
        tell(f"DRAFT, not held to a seal{told}")
    return state


def _analyse(plan: Path, data: Path, out: Path, state: SealState, *, engine: str, tell: Callable[[str], None]) -> None:
    from analysis.pipeline.analyse import analyse
    from reports.words.numbers import shown

    found = analyse(plan, data, out, state, shown=shown, engine=engine, tell=tell)
    told = [f"{found.agreeing} agree with the second route"]
    told += [f"{found.differing} DIFFER"] if found.differing else []
    told += [f"{found.untried} not recomputed"] if found.untried else []
    if found.post_hoc:
        several = "post hoc analyses" if found.post_hoc > 1 else "post hoc analysis"
        tell(f"{found.post_hoc} {several} run beside the plan, and labelled so")
    more = f" (see {out / 'checks.csv'})" if found.differing or found.untried else ""
    tell(f"{found.statistics} statistics in {out / 'ard.csv'}: {', '.join(told)}{more}")
