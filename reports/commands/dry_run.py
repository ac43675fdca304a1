"""A rehearsal on synthetic data, before there are any."""

import json
import math
import os
import re
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from reports.commands.options import (
    DATA,
    PLAN,
    RESULTS,
    SITE,
    EngineOption,
    JsonOption,
    PlanOption,
    QuietOption,
    tell_done,
)
from reports.commands.progress import counted_steps, steps
from reports.commands.run import page_environment
from reports.words.numbers import how_many
from sap.text.problems import UserError

if TYPE_CHECKING:
    from analysis.synthetic import SyntheticOptions
    from reports.engines.project import Engine

OUT: Final = Path("_dry_run")
MARK: Final = "dry-run.json"
"""What was asked for; a folder that has it is a dry run's, and may be replaced."""
FIGURES: Final = Path("fig") / "dry-run"
"""Where pages draw meanwhile, below the folder of the documents: not where those of a real run do."""
DOCUMENTS: Final = Path("reports")
_SPAN: Final = re.compile(r"(\d+)-(\d+)")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    example = "sap dry-run --n 20 --rate DLT=0.3 --hazard OS=0.002 --shells"
    app.command(name="dry-run", epilog=f"Example: {example}")(dry_run)


def dry_run(
    *,
    plan: PlanOption = PLAN,
    n: Annotated[int | None, typer.Option("--n", help="Subjects; as many as the plan names by default.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same trial.")] = 1,
    rate: Annotated[
        list[str] | None,
        typer.Option("--rate", metavar="ID=P", help="True rate of a DLT, a response or a Y/N variable, by its id."),
    ] = None,
    hazard: Annotated[
        list[str] | None, typer.Option("--hazard", metavar="ID=H", help="Events a day of a time-to-event parameter.")
    ] = None,
    follow_up: Annotated[
        str | None, typer.Option("--follow-up", metavar="A-B", help="Days of follow-up of those alive, as 60-400.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for data, results and site.")] = OUT,
    engine: EngineOption = "auto",
    shells: Annotated[bool, typer.Option("--shells", help="Print xx.x in place of numbers.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw a synthetic trial from the plan alone, and render the whole report on it."""
    from analysis.synthetic import SyntheticOptions, synthetic_data
    from analysis.synthetic.options import truth
    from reports.engines.project import check_project
    from sap.reading.post_hoc import read_whole_plan

    _refuse_folder(out, plan)
    promised = read_whole_plan(plan)
    options = SyntheticOptions(
        n=promised.study.planned_n if n is None else n,
        seed=seed,
        rates=_pairs("--rate", rate or ()),
        hazards=_pairs("--hazard", hazard or ()),
        follow_up=_span(follow_up),
    )
    truth(promised, options)  # what is out of range is told before anything is drawn
    check_project(Path.cwd())
    parts = partial(counted_steps, plan, sorted(DOCUMENTS.glob("*.qmd")))
    with steps("dry-run", quiet=quiet or as_json, parts=parts) as tell:
        tell(f"drawing {how_many(options.n, 'synthetic subject')} from {plan} (seed {seed})")
        drawn = synthetic_data(promised, options)
        files = {f"data/{promised.datasets[name].file}": content for name, content in drawn.items()}
        files[MARK] = _asked(plan, options, shells=shells)
        pages = _rehearse(plan, files, out, engine, shells=shells, tell=tell)
        tell(f"{how_many(pages, 'page')} in {out}; nothing else was written")
    index = out / "site" / "index.html"
    told = {"open": str(index), "results": str(out / "results"), "data": str(out / "data"), "pages": pages}
    tell_done(told, f"Open {index}", quiet=quiet, as_json=as_json)


def _rehearse(
    plan: Path,
    files: Mapping[str, str],
    out: Path,
    engine: "Engine",
    *,
    shells: bool,
    tell: Callable[[str], None],
) -> int:
    """Write data, results and site, whole or not at all, and return the number of pages."""
    from analysis.pipeline.analyse import analyse
    from analysis.results.folder import one_run_in, replacing, write_whole
    from analysis.results.seal_state import SealState
    from reports.engines.project import choose_engine, holding_project
    from reports.engines.render import OtherFormats
    from reports.engines.render import render as render_pages
    from reports.pages.large import apart
    from reports.pages.prepare import prepare
    from reports.words.numbers import shown

    # Pages are drawn in the project's own folder: no render of it may run at the same time.
    with holding_project(Path.cwd(), tell), one_run_in(out, tell):
        try:
            chosen = choose_engine(engine)
            with replacing(out.resolve()) as fresh:
                for name, content in files.items():
                    write_whole(fresh / name, content)
                where, state = (plan, fresh / "data", fresh / "results"), SealState("dry run")
                found = analyse(*where, state, shown=shown, engine=str(chosen), tell=tell)
                differ = f", {found.differing} DIFFER" if found.differing else ""
                tell(f"{found.statistics} statistics, {found.agreeing} agree with the second route{differ}")
                environment = page_environment(*where, formats=())
                environment |= {"SAP_FIGURES": FIGURES.as_posix(), "SAP_SHELLS": "1" if shells else ""}
                done = render_pages(
                    Path.cwd(),
                    fresh / "site",
                    engine=chosen,
                    env=environment,
                    progress=tell,
                    others=OtherFormats(apart),
                    prepare=partial(prepare, [page.read_text(encoding="utf-8") for page in DOCUMENTS.glob("*.qmd")]),
                )
        except OSError as error:
            why = error.strerror or str(error)
            raise UserError(f"{out} cannot be written: {why}. Name another place with --out.") from error
        finally:
            shutil.rmtree(DOCUMENTS / FIGURES, ignore_errors=True)
    return len(done.pages)


def _asked(plan: Path, options: "SyntheticOptions", *, shells: bool) -> str:
    """Return what was asked for, as JSON: the same answers give the same folder."""
    from sap.text.files import file_digest

    asked = {
        "plan": file_digest(plan),
        "n": options.n,
        "seed": options.seed,
        "rates": dict(options.rates),
        "hazards": dict(options.hazards),
        "follow_up": options.follow_up,
        "shells": shells,
    }
    return json.dumps(asked, sort_keys=True, indent=2) + "\n"


def _refuse_folder(out: Path, plan: Path) -> None:
    """Raise when a folder is not one that a dry run may replace."""
    whole, here = out.resolve(), Path.cwd().resolve()
    data, results = map(os.environ.get, ("SAP_DATA", "SAP_RESULTS"))
    kept = (DATA, data, RESULTS, results, SITE, DOCUMENTS, plan.parent)
    for folder in (Path(name) for name in kept if name):
        place = folder.resolve()
        # A plan or data in the project's own folder leave room for other folders beside them.
        inside = whole.is_relative_to(place) and place != here
        if inside or place.is_relative_to(whole):
            told = f"{out} is {folder}, or one holds the other: it is not for synthetic data"
            raise UserError(f"{told}. {_another(out)}")
    if here.is_relative_to(whole):
        raise UserError(f"{out} holds the project itself. {_another(out)}")
    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file. Name a folder with --out.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        told = f"{out} is not the folder of a dry run (it has no {MARK}), and would be replaced as a whole"
        raise UserError(f"{told}. Name another with --out.")


def _another(out: Path) -> str:
    return f"Name a folder of its own with --out{f', as {OUT}' if out.resolve() != OUT.resolve() else ''}."


def _pairs(option: str, given: "list[str] | tuple[str, ...]") -> Mapping[str, float]:
    """Return ids and numbers of options written as ``ID=NUMBER``."""
    found: dict[str, float] = {}
    for text in given:
        name, equals, number = (part.strip() for part in text.partition("="))
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if not equals or not name or math.isnan(value):
            raise UserError(f"{option} {text} is not an id with a number. Write it as {option} ID=0.3.")
        if name in found:
            raise UserError(f"{option} {name} is given twice. Give it once.")
        found[name] = value
    return found


def _span(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise UserError(f"--follow-up {text} is not a span of days. Write it as --follow-up 60-400.")
    return int(found[1]), int(found[2])
