"""Validate the data, run the plan, render the pages."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path, PurePosixPath
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
    FreshOption,
    JsonOption,
    LockOption,
    PlanOption,
    QuietOption,
    ResultsOption,
    UnlockedOption,
    tell_done,
)
from reports.commands.progress import console, counted_steps, failure_table, is_work, steps
from reports.words.failure_lines import failure_records, summary
from reports.words.numbers import how_many

if TYPE_CHECKING:
    from analysis.results.seal_state import SealState
    from reports.engines.embedded.execute import Executed
    from reports.engines.kept import Keep
    from reports.engines.project import ChosenEngine, Engine
    from reports.engines.render import OtherFormats
    from sap.reading.read import Stated


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap validate --plan sap/plan.yml --data data --out checks")(validate)
    app.command(epilog="Example: sap run --plan sap/plan.yml --data data --out results")(run)
    app.command(epilog="Example: sap render --plan sap/plan.yml --data data --out _site --engine embedded")(render)


def validate(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for validation.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON, many of a kind once.")] = False,
) -> None:
    """Check the plan and the data; tell every failure at once.

    An error is a cell or row that breaks a rule, or that a definition of the plan cannot be applied to: nothing is
    analysed. What else a step cannot do with the data makes that step not estimable, and the others are done.
    """
    from analysis.data.load import validate as check
    from analysis.results.folder import write_whole
    from sap.reading.read import read_plan

    result = check(read_plan(plan), data)
    # Which rules could not be held is for the page Quality: nobody need do anything.
    notes = tuple(n for n in result.notes if n.rule != "not_run")
    told = (*result.failures, *notes)
    if out is not None:
        write_whole(out / "validation.json", _as_json(f.as_record() for f in told))
    if as_json:
        print(_as_json(failure_records(told)), end="")
    else:
        if result.failures:
            console().print(failure_table(result.failures))
        for note in notes:
            print(f"Note: {note.message} {note.fix}")
        print(summary(result.failures, str(data)))
    raise typer.Exit(1 if result.study is None else 0)


def _as_json(records: Iterable[Mapping[str, object]]) -> str:
    return json.dumps(list(records), indent=2, ensure_ascii=False) + "\n"


def run(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: ResultsOption = RESULTS,
    lock: LockOption = LOCK,
    unlocked: UnlockedOption = False,
    fresh: FreshOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Hold plan, data and code against the seal, validate the data, run the plan, write the results.

    Results that stand, of the same plan, data, code, libraries and seal, are not made again.
    """
    from analysis.results.folder import one_run_in

    silent = quiet or as_json
    with steps("run", quiet=silent, parts=partial(counted_steps, plan)) as tell, one_run_in(out, tell):
        run_of = _held(
            Sources(plan, data, lock),
            os.environ.get("SAP_ENGINE", ""),
            unlocked=unlocked,
            tell=tell,
            anew=fresh or not any(out.glob("*")),
        )
        if not run_of.stands(out, tell, fresh=fresh):
            run_of.analyse(out, tell)
    tell_done({"results": str(out), "state": run_of.state.state}, "", quiet=quiet, as_json=as_json)


def render(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder of the site.")] = SITE,
    results: ResultsOption = RESULTS,
    engine: EngineOption = "auto",
    lock: LockOption = LOCK,
    unlocked: UnlockedOption = False,
    fresh: FreshOption = False,
    to: Annotated[str, typer.Option("--to", metavar="FORMATS", help="Any of html,docx,pdf,rtf.")] = "html",
    page: Annotated[
        str,
        typer.Option("--page", metavar="PAGE", help="Render this page alone, as index; the others stay as they are."),
    ] = "",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Hold against the seal, validate, run and render the pages of the project in this folder.

    Results and pages that stand as they would be made again are not made again.
    """
    from reports.words.file_names import HTML, wanted_formats

    formats = wanted_formats(to)
    wanted = Wanted(results, out, engine, formats, page=_page(page, formats), fresh=fresh)
    pages = [Path(wanted.page)] if wanted.page else sorted(Path("reports").glob("*.qmd"))
    silent = quiet or as_json
    with steps("render", quiet=silent, parts=partial(counted_steps, plan, pages)) as tell:
        render_project(Sources(plan, data, lock), wanted, unlocked=unlocked, tell=tell)
    shown = out.resolve() / "index.html" if HTML in formats else out
    told = {"open": str(shown), "results": str(results), "formats": sorted(formats)}
    tell_done(told, f"Open {shown}", quiet=quiet, as_json=as_json)


@dataclass(frozen=True)
class Sources:
    """What a run reads: the plan, the folder of the data, the seal."""

    plan: Path
    data: Path
    lock: Path


@dataclass(frozen=True)
class Wanted:
    """What is to be rendered: into which folders, by which engine, in which formats, which page, and whether anew."""

    results: Path
    out: Path
    engine: Engine
    formats: frozenset[str]
    page: PurePosixPath | None = None
    fresh: bool = False


@dataclass(frozen=True)
class RunOf:
    """A plan and data held against the seal: the run they would give, and a digest of all it is made of."""

    sources: Sources
    state: SealState
    engine: str
    made_of: str
    began: int

    def made_for(self, results: Path, environment: Mapping[str, str]) -> str:
        """Return a digest of all that pages of its results are made of; empty while it cannot be told."""
        from analysis.results.provenance import FILE
        from sap.seal.kept import environment_state, state_of
        from sap.text.files import canonical, digest

        about = [self.made_of, environment_state(environment), state_of([results / FILE])]
        return digest(canonical(about)) if self.made_of else ""

    def stands(self, results: Path, tell: Callable[[str], None], *, fresh: bool) -> bool:
        """Return whether its results stand, and say so."""
        from analysis.pipeline.standing import stand

        said = None if fresh else stand(results, self.made_of, self.engine)
        if said is not None:
            tell(f"nothing changed since {results} was written: the results stand")
            for line in said:
                tell(line)
        return said is not None

    def analyse(self, results: Path, tell: Callable[[str], None]) -> None:
        """Run it, and write its results."""
        from analysis.pipeline.standing import inputs, note_results
        from sap.seal.kept import changed_since

        said = _analyse(self.sources, results, self.state, engine=self.engine, tell=tell)
        plan, data, lock = self.sources.plan, self.sources.data, self.sources.lock
        read = inputs(self.state.stated.plan, plan, data, lock) if self.state.stated else []
        # Of what was changed meanwhile it is not known what was read.
        note_results(results, "" if changed_since(self.began, read) else self.made_of, said)


def render_project(sources: Sources, wanted: Wanted, *, unlocked: bool, tell: Callable[[str], None]) -> None:
    """Run the plan and render the project in this folder, in some formats, into a folder."""
    from analysis.results.folder import one_run_in
    from reports.engines.kept import Keep, stands, whole_site
    from reports.engines.project import check_project, check_site, choose_engine, holding_project
    from reports.words.file_names import CSV, DOCUMENTS, HTML, PAPER

    began = dict(os.environ)  # libraries change it when they are imported
    project, results, formats = Path.cwd(), wanted.results, wanted.formats
    _refuse_nested(results, wanted.out)
    check_project(project)
    # Held from the first number to the last page: they are of one run.
    with holding_project(project, tell), one_run_in(results, tell):
        chosen = choose_engine(wanted.engine)
        run_of = _held(sources, str(chosen), unlocked=unlocked, tell=tell, project=project, anew=wanted.fresh)
        check_site(project, wanted.out, formats)
        _refuse_page(wanted, chosen, run_of.made_of)
        standing = run_of.stands(results, tell, fresh=wanted.fresh)
        beside = formats - {HTML} | ({CSV} if HTML in formats else set())
        environment = page_environment(sources.plan, sources.data, results, beside)
        environment |= {"SAP_LOCK": str(sources.lock.resolve())}
        anew = tuple(DOCUMENTS) if set(PAPER).intersection(formats) else ()
        embedded = chosen.engine == "embedded" and HTML in formats
        if not standing:
            run_of.analyse(results, tell)
        made_of = run_of.made_for(results, began) if embedded else ""
        keep = Keep(made_of, wanted.page, anew, wanted.fresh, run_of.began)
        whole = whole_site(project, keep, {**environment, "SAP_ENGINE": str(chosen)}, formats)
        if standing and not wanted.page and stands(wanted.out, results, whole):
            tell(f"nothing changed since {wanted.out} was rendered: its pages stand")
            return
        _render_pages(wanted, chosen, environment, tell, keep=keep, whole="" if wanted.page else whole)


def _refuse_page(wanted: Wanted, chosen: ChosenEngine, made_of: str) -> None:
    """Raise where one page cannot be rendered by itself."""
    from sap.text.problems import UserError

    if wanted.page and chosen.engine == "quarto":
        page = wanted.page.as_posix()
        raise UserError(f"--page is of the embedded engine. Add --engine embedded, or run: quarto render {page}")
    if wanted.page and wanted.out.exists() and not made_of:
        why = f"nothing is known of the other pages of {wanted.out}: a library was changed or is shadowed, or no folder"
        raise UserError(
            f"{why} of yours keeps notes. Render all pages, or this one into a folder of its own with --out."
        )


def _render_pages(
    wanted: Wanted,
    chosen: ChosenEngine,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    *,
    keep: Keep,
    whole: str,
) -> None:
    from reports.engines.render import render as render_pages
    from reports.pages.prepare import prepare
    from reports.words.file_names import CSV, HTML

    project, formats = Path.cwd(), wanted.formats
    beside = formats - {HTML} | ({CSV} if HTML in formats else set())
    pages = [project / wanted.page] if wanted.page else sorted((project / "reports").glob("*.qmd"))
    texts = [page.read_text(encoding="utf-8", errors="replace") for page in pages]
    done = render_pages(
        project,
        wanted.out,
        engine=chosen,
        env=environment,
        progress=tell,
        others=_other_formats(beside, tell, site=HTML in formats),
        prepare=partial(prepare, texts, fresh=wanted.fresh),
        only=wanted.page if not wanted.out.exists() else None,
        keep=keep,
        whole=whole,
    )
    tell(f"{how_many(len(done.pages), 'page')} by {chosen}")


def page_environment(plan: Path, data: Path, results: Path, formats: Collection[str]) -> dict[str, str]:
    """Return by what pages know which run they are about, and which formats stand beside them."""
    from reports.outputs.captions import offered

    named = {"SAP_PLAN": plan, "SAP_DATA": data, "SAP_RESULTS": results}
    return {**{name: str(path.resolve()) for name, path in named.items()}, "SAP_PRERENDER": "done", **offered(formats)}


def _other_formats(formats: Collection[str], tell: Callable[[str], None], *, site: bool) -> OtherFormats:
    """Return what is made besides the pages."""
    from reports.engines.render import OtherFormats
    from reports.words.file_names import CSV, DOCUMENTS, PAPER

    def make(pages: Sequence[Executed]) -> Mapping[str, bytes]:
        if not set(formats) - {CSV}:
            return {}
        from reports.formats.documents import files_beside  # Word, PDF and RTF are paid for by those who want them
        from reports.run.shown import open_run

        return files_beside(open_run(), pages, formats, tell)

    pages = tuple(DOCUMENTS) if set(PAPER).intersection(formats) else ()
    return OtherFormats(_beside_pages if CSV in formats else dict, pages, make, site=site)


def _beside_pages() -> Mapping[str, bytes]:
    from reports.formats.csv_files import beside_pages  # where it is made, side by side with the pages

    return beside_pages()


def _refuse_nested(results: Path, site: Path) -> None:
    """Raise when results and site are one folder, or one is in the other: each is replaced as a whole."""
    from sap.text.problems import UserError

    one, other = results.resolve(), site.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UserError(f"{results} and {site} hold one another, and each is replaced as a whole. Name two folders.")


def _held(
    sources: Sources,
    engine: str,
    *,
    unlocked: bool,
    tell: Callable[[str], None],
    project: Path | None = None,
    anew: bool,
) -> RunOf:
    """Read the plan, whose mistakes come first, and hold it against the seal."""
    from analysis.pipeline.beside import beside
    from sap.reading.read import read_stated
    from sap.seal.kept import program_state

    began = time.time_ns()
    tell(f"reading the plan {sources.plan}")
    stated = read_stated(sources.plan)
    with beside(partial(_against_seal, sources, stated, unlocked=unlocked, project=project)) as held:
        if anew:  # what will be needed, meanwhile
            import_module("analysis.pipeline.analyse")
        else:
            program_state()
        state, made_of = next(held)
    if state.state == "sealed":
        tell(f"plan, data and code are as {sources.lock} seals them (entry of {state.sealed_at})")
    else:
        told = f": {how_many(len(state.differences), 'difference')} to {sources.lock}" if state.differences else ""
        tell(f"DRAFT, not held to a seal{told}")
    return RunOf(sources, state, engine, made_of, began)


def _against_seal(
    sources: Sources, stated: Stated, *, unlocked: bool, project: Path | None
) -> Iterator[tuple[SealState, str]]:
    """Yield how plan, data and program stand to the seal, and a digest of all that their results are made of."""
    from analysis.pipeline.standing import made_of
    from analysis.results.seal_state import held_against_seal
    from sap.seal.code import read_code

    where = (sources.lock, sources.plan, sources.data)
    state = held_against_seal(*where, unlocked=unlocked, project=project, stated=stated)
    state = replace(state, code=read_code(sources.plan.parent, sources.data))
    yield state, made_of(sources.plan, sources.data, sources.lock, state)


def _page(name: str, formats: frozenset[str]) -> PurePosixPath | None:
    """Return the page of a name, as index, index.qmd or reports/index.qmd."""
    from reports.words.file_names import HTML
    from sap.text.problems import UserError, suggest

    if not name:
        return None
    if formats != {HTML}:
        raise UserError("--page renders one page of the site. Leave out --to, or leave out --page.")
    pages = {path.stem: path for path in sorted(Path("reports").glob("*.qmd"))}
    stem = PurePosixPath(name).name.removesuffix(".qmd").removesuffix(".html")
    if stem not in pages:
        raise UserError(f"--page {name}: there is no page '{stem}' in reports. {suggest(stem, pages)}")
    return PurePosixPath(pages[stem].as_posix())


def _analyse(
    sources: Sources, out: Path, state: SealState, *, engine: str, tell: Callable[[str], None]
) -> Sequence[str]:
    """Run the plan; return what is said of the results."""
    from analysis.pipeline.analyse import analyse
    from reports.words.numbers import shown

    said: list[str] = []

    def keep(line: str) -> None:
        """Tell a line, and keep it unless it says what is being done."""
        if not is_work(line):
            said.append(line)
        tell(line)

    found = analyse(sources.plan, sources.data, out, state, shown=shown, engine=engine, tell=keep)
    told = [] if found.sampled else [f"{found.agreeing} agree with the second route"]
    told += [f"{found.differing} DIFFER"] if found.differing else []
    told += [f"{found.untried} not recomputed"] if found.untried else []
    told += [f"the second route was held to the first on {found.sampled}, by digest"] if found.sampled else []
    if found.post_hoc:
        several = "post hoc analyses" if found.post_hoc > 1 else "post hoc analysis"
        keep(f"{found.post_hoc} {several} run beside the plan, and labelled so")
    more = f" (see {out / 'checks.csv'})" if found.differing or found.untried else ""
    keep(f"{found.statistics} statistics in {out / 'ard.csv'}: {', '.join(told)}{more}")
    return said
