"""Everything of a run in one archive."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from reports.commands.options import (
    DATA,
    LOCK,
    PLAN,
    DataOption,
    JsonOption,
    LockOption,
    PlanOption,
    QuietOption,
    UnlockedOption,
    tell_done,
)
from reports.commands.progress import steps
from reports.commands.run import Sources, Wanted, render_project
from reports.words.numbers import how_many

OUT: Final = Path("bundle.zip")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap bundle --out trial.zip")(bundle)


def bundle(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The archive.")] = OUT,
    engine: Annotated[
        Literal["auto", "quarto", "embedded"],
        typer.Option(help="What renders the pages; the embedded engine gives the same bytes each time."),
    ] = "embedded",
    lock: LockOption = LOCK,
    unlocked: UnlockedOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run and render all afresh, and write pages, results, documents, outputs, plan and seal as one zip."""
    import tempfile
    from hashlib import sha256

    from analysis.results.folder import one_run_in
    from sap.text.files import clear_drafts, replace_whole
    from sap.text.problems import UserError

    if out.suffix.lower() != ".zip":
        raise UserError(f"{out} is not the name of a zip. Name it as {OUT}.")
    if out.is_dir():
        raise UserError(f"{out} is a folder. Name a file with --out.")
    with steps("bundle", quiet=quiet or as_json) as tell, tempfile.TemporaryDirectory(prefix="bundle-") as scratch:
        from reports.formats.bundle import bundle as bundled
        from reports.run.shown import read_run
        from reports.words.file_names import FORMATS
        from sap.reading.post_hoc import read_whole_plan

        results, site = Path(scratch) / "results", Path(scratch) / "site"
        formats = frozenset(FORMATS)
        wanted = Wanted(results, site, engine, formats, fresh=True)
        render_project(Sources(plan, data, lock), wanted, unlocked=unlocked, tell=tell)
        content = bundled(read_run(read_whole_plan(plan), results), site, plan, lock)
        with one_run_in(out, tell):
            clear_drafts(out)
            replace_whole(out, content)
        tell(f"{how_many(len(content), 'byte')} in {out}")
    digest = sha256(content).hexdigest()
    told = f"Wrote {out}; README.md in it says how to verify it.\n"
    told += f"SHA-256 {digest}: write it down elsewhere, and the archive can be held against it."
    tell_done({"archive": str(out), "bytes": len(content), "sha256": digest}, told, quiet=quiet, as_json=as_json)
