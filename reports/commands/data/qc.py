"""Programs for a second programmer, who checks the results by R."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from reports.commands.options import (
    DATA,
    PLAN,
    RESULTS,
    DataOption,
    JsonOption,
    PlanOption,
    QuietOption,
    ResultsOption,
    tell_done,
)
from sap.text.problems import UserError

_FOLDER: Final = Path("qc")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap qc --as r --out qc, then: cd qc, and Rscript run_all.R")(qc)


def qc(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    results: ResultsOption = RESULTS,
    *,
    language: Annotated[
        Literal["r", "sas"],
        typer.Option("--as", help="r: programs that run. sas: text only, never run here; no method has any yet."),
    ] = "r",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that is made.")] = _FOLDER,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write one R program an analysis, with which a second programmer begins to check ard.csv.

    Each reads the data, finds subjects and groups by the clauses of the plan, computes with base R and survival, and
    compares with ard.csv at 1e-9. Derived datasets are read as `sap run` wrote them.
    """
    from analysis.ars.programs import programs
    from analysis.data.load import load
    from analysis.results.ard import read_results
    from analysis.results.folder import write_whole
    from sap.reading.post_hoc import read_whole_plan

    if language == "sas":
        message = "No method has a SAS template yet, so nothing was written. `sap qc --as r` writes programs in R."
        raise UserError(message)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        message = f"{out} is there already, and may have been worked on. Name another folder with --out, or remove it."
        raise UserError(message)
    study = load(read_whole_plan(plan), data)
    found = programs(study, read_results(results / "ard.csv"), out, data, results)
    for name, text in found.files.items():
        write_whole(out / name, text)
    told = {"folder": str(out), "programs": found.analyses, "shared": found.shared, "without": found.without}
    line = f"{out}: {found.analyses} programs. Run them there: Rscript run_all.R"
    if found.shared:
        line += f"\nRead by sap, not by the programs: {', '.join(found.shared)} (no plain CSV, or mapped, or cut off)"
    if found.without:
        line += f"\nNo template in R: {', '.join(found.without)}; their statistics are not in the programs"
    tell_done(told, line, quiet=quiet, as_json=as_json)
