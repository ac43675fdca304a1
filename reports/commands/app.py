"""The commands of `sap`, each from its own file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from reports.commands import bundle, compare, concordance, doctor, dry_run, explain, new, plan, preview, run, seal
from reports.commands.data import define, qc
from reports.commands.data import map as mapping
from reports.commands.options import PLAN
from sap.text.problems import UserError

app = typer.Typer(
    name="sap",
    help="The statistical analysis plan that runs.",
    epilog="Exit codes: 0 done, 1 the data break a rule, two things compared differ or something needed is missing, "
    "2 the plan or the command line is wrong, 3 a page could not be rendered, 4 something differs from the seal, "
    "70 a fault of the program itself, 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import version

    from sap.reading.read import read_plan

    plan_file = Path(os.environ.get("SAP_PLAN", PLAN))
    try:
        found = read_plan(plan_file).plan if plan_file.is_file() else None
        promised = f"plan {found.id} {found.version}" if found else f"no plan at {plan_file}"
    except UserError:
        promised = f"the plan {plan_file} has mistakes; sap plan check lists them"
    print(f"sap {version('executable-sap')}; {promised}")
    raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the code's and the plan's version."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a mistake.")] = False,
) -> None:
    """Run the statistical analysis plan."""


_BEGINNING = (new, mapping, plan, dry_run, preview)
_RUNNING = (seal, run, bundle, explain, define, qc, compare, concordance, doctor)
for group in (*_BEGINNING, *_RUNNING):
    group.register(app)
