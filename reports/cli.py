"""The `sap` command: validate the data, run the plan, render the report.

Exit codes: 0 done; 1 the data break a rule; 2 the plan or the command line is wrong; 3 a page could not be rendered;
70 a fault of the program itself; 130 stopped by Ctrl-C.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Literal

import typer

from reports.progress import console, failure_table, steps
from sap.problems import UserError

PlanOption = Annotated[Path, typer.Option("--plan", help="The plan.", envvar="SAP_PLAN")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of the datasets.", envvar="SAP_DATA")]
ResultsOption = Annotated[Path, typer.Option(help="Folder for ard.csv and ard.json.", envvar="SAP_RESULTS")]

PLAN = Path("sap/plan.yml")
DATA = Path("data")
RESULTS = Path("results")
SITE = Path("_site")

app = typer.Typer(
    name="sap",
    help="The statistical analysis plan that runs.",
    epilog="Exit codes: 0 done, 1 the data break a rule, 2 the plan or the command line is wrong, "
    "3 a page could not be rendered, 70 a fault of the program itself, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import version

    from sap.read import read_plan

    plan_file = Path(os.environ.get("SAP_PLAN", PLAN))
    try:
        plan = read_plan(plan_file).plan if plan_file.is_file() else None
        promised = f"plan {plan.id} {plan.version}" if plan else f"no plan at {plan_file}"
    except UserError:
        promised = f"the plan {plan_file} has mistakes; sap validate lists them"
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


@app.command(epilog="Example: sap validate --plan sap/plan.yml --data data --out checks")
def validate(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for validation.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Check the plan and the data; list every failure at once."""
    from analysis.load import validate as check
    from analysis.write import write_whole
    from sap.read import read_plan

    result = check(read_plan(plan), data)
    records = json.dumps([f.as_record() for f in result.failures], indent=2, ensure_ascii=False) + "\n"
    if out is not None:
        write_whole(out / "validation.json", records)
    errors = len(result.failures) - len(result.warnings)
    if as_json:
        print(records, end="")
    else:
        if result.failures:
            console().print(failure_table(result.failures))
        print(f"{_counted(errors, 'error')}, {_counted(len(result.warnings), 'warning')} in {data}")
    raise typer.Exit(1 if errors else 0)


@app.command(epilog="Example: sap run --plan sap/plan.yml --data data --out results")
def run(plan: PlanOption = PLAN, data: DataOption = DATA, out: ResultsOption = RESULTS) -> None:
    """Validate the data, run the plan, write ard.csv and ard.json."""
    with steps("run") as tell:
        _analyse(plan, data, out, tell)


@app.command(epilog="Example: sap render --plan sap/plan.yml --data data --out _site --engine embedded")
def render(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    out: Annotated[Path, typer.Option("--out", help="Folder of the site.")] = SITE,
    results: ResultsOption = RESULTS,
    engine: Annotated[
        Literal["auto", "quarto", "embedded"], typer.Option(help="auto: Quarto when it is installed.")
    ] = "auto",
) -> None:
    """Validate, run and render the pages of the project in this folder."""
    from reports.render import render as render_pages

    with steps("render") as tell:
        _analyse(plan, data, results, tell)
        environment = {
            "SAP_PLAN": str(plan.resolve()),
            "SAP_DATA": str(data.resolve()),
            "SAP_RESULTS": str(results.resolve()),
            "SAP_PRERENDER": "done",
        }
        done = render_pages(Path.cwd(), out, engine=engine, env=environment, progress=tell)
        tell(f"{len(done.pages)} pages by {done.engine} {done.engine_version}")
    print(f"Open {done.index}")


def _analyse(plan_file: Path, data: Path, out: Path, tell: Callable[[str], None]) -> None:
    """Read, check, analyse and write; nothing is written when anything is wrong."""
    from analysis.coverage_curves import coverage_curves
    from analysis.coverage_curves import to_csv as curves_csv
    from analysis.load import load
    from analysis.recompute import recompute
    from analysis.recompute import to_csv as checks_csv
    from analysis.run import run as run_plan
    from analysis.write import check_writable, write_results
    from sap.read import read_plan

    tell(f"reading the plan {plan_file}")
    plan = read_plan(plan_file)
    tell(f"checking {len(plan.datasets)} datasets in {data}")
    study = load(plan, data)
    check_writable(out)
    if study.warnings:
        tell(f"{_counted(len(study.warnings), 'warning')} about the data: `sap validate` lists them")
    found = run_plan(study, lambda analysis_id: tell(f"analysing {analysis_id}"))
    tell("computing every statistic again by the second route")
    checks = recompute(study, found)
    curves = curves_csv(coverage_curves(plan))
    csv_file = write_results(found, out, checks=checks_csv(checks), coverage=curves)
    differing = sum(c.verdict == "differs" or c.r_agrees is False for c in checks)
    untried = sum(c.verdict == "not recomputed" for c in checks)
    counted = [f"{len(checks) - differing - untried} agree with the second route"]
    counted += [f"{differing} DIFFER"] if differing else []
    counted += [f"{untried} not recomputed"] if untried else []
    more = f" (see {out / 'checks.csv'})" if differing or untried else ""
    tell(f"{len(found.rows)} statistics in {csv_file}: {', '.join(counted)}{more}")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def main() -> None:
    """Run the command; a mistake of the user is a sentence, never a traceback."""
    debug = "--debug" in sys.argv[1:] or bool(os.environ.get("SAP_DEBUG"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "–" shows "?" instead of failing
    try:
        app()
    except UserError as error:
        _explain(error, debug=debug)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("Stopped. Nothing half-written was left.", file=sys.stderr)
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 (the last line of defence: no traceback reaches a user)
        if debug:
            traceback.print_exc()
        print(f"A fault of the program, not of yours: {type(error).__name__}: {error}", file=sys.stderr)
        print("Run the same command as `sap --debug …` and report what it prints.", file=sys.stderr)
        sys.exit(70)


def _explain(error: UserError, *, debug: bool) -> None:
    from sap.failures import Failure

    if debug:
        traceback.print_exc()
    failures = getattr(error, "failures", ())
    if failures and all(isinstance(f, Failure) for f in failures):
        console(errors=True).print(failure_table(failures))
    detail = getattr(error, "detail", "")
    if detail:  # a traceback of a page's cell is shown above the sentence, which stays in sight
        print(detail, file=sys.stderr)
    print(getattr(error, "head", str(error)), file=sys.stderr)


if __name__ == "__main__":
    main()
