"""Validate the data, run the plan, render the pages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from reports.commands.options import DATA, PLAN, RESULTS, SITE, DataOption, PlanOption, ResultsOption, counted
from reports.progress import console, failure_table, steps


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap validate --plan sap/plan.yml --data data --out checks")(validate)
    app.command(epilog="Example: sap run --plan sap/plan.yml --data data --out results")(run)
    app.command(epilog="Example: sap render --plan sap/plan.yml --data data --out _site --engine embedded")(render)


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
        print(f"{counted(errors, 'error')}, {counted(len(result.warnings), 'warning')} in {data}")
    raise typer.Exit(1 if errors else 0)


def run(plan: PlanOption = PLAN, data: DataOption = DATA, out: ResultsOption = RESULTS) -> None:
    """Validate the data, run the plan, write ard.csv and ard.json."""
    with steps("run") as tell:
        _analyse(plan, data, out, tell)


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
        tell(f"{counted(len(study.warnings), 'warning')} about the data: `sap validate` lists them")
    found = run_plan(study, lambda analysis_id: tell(f"analysing {analysis_id}"))
    tell("computing every statistic again by the second route")
    checks = recompute(study, found)
    curves = curves_csv(coverage_curves(plan))
    csv_file = write_results(found, out, checks=checks_csv(checks), coverage=curves)
    differing = sum(c.verdict == "differs" or c.r_agrees is False for c in checks)
    untried = sum(c.verdict == "not recomputed" for c in checks)
    told = [f"{len(checks) - differing - untried} agree with the second route"]
    told += [f"{differing} DIFFER"] if differing else []
    told += [f"{untried} not recomputed"] if untried else []
    more = f" (see {out / 'checks.csv'})" if differing or untried else ""
    tell(f"{len(found.rows)} statistics in {csv_file}: {', '.join(told)}{more}")
