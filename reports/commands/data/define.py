"""What the datasets and analyses of a plan are, for whoever receives them: Define-XML."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from reports.commands.options import (
    DATA,
    PLAN,
    RESULTS,
    SITE,
    DataOption,
    JsonOption,
    PlanOption,
    QuietOption,
    ResultsOption,
    tell_done,
)

_FILE: Final = Path("define.xml")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap define --out define.xml")(define)


def define(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    results: ResultsOption = RESULTS,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file that is written.")] = _FILE,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write Define-XML 2.1: datasets, source and derived, and which analyses each table and figure shows (ARM 1.0).

    Labels, types and codelists are those of the plan; lengths are those of the data, which must keep every rule. The
    derived datasets are named where `sap run` writes them.
    """
    from importlib.metadata import version

    from analysis.ars.define.document import Places, define_xml
    from analysis.data.load import load
    from analysis.results.folder import write_whole
    from sap.reading.post_hoc import read_whole_plan

    study = load(read_whole_plan(plan), data)

    def seen(path: Path) -> str:
        return Path(os.path.relpath(path, out.parent)).as_posix()

    program = f"executable-sap {version('executable-sap')}"
    places = Places(plan=seen(plan), data=seen(data), results=seen(results), site=seen(SITE))
    text = define_xml(study, places, program)
    write_whole(out, text)
    sources, derived, outputs = len(study.plan.datasets), len(study.plan.derivations), len(study.plan.outputs)
    told = {"file": str(out), "datasets": sources, "derived": derived, "displays": outputs}
    line = f"{out}: {sources} datasets, {derived} derived ones and {outputs} displays with their analyses"
    tell_done(told, line, quiet=quiet, as_json=as_json)
