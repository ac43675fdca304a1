"""Options that several commands share."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

PLAN: Final = Path("sap/plan.yml")
DATA: Final = Path("data")
RESULTS: Final = Path("results")
SITE: Final = Path("_site")
LOCK: Final = Path("sap.lock")

PlanOption = Annotated[Path, typer.Option("--plan", help="The plan.", envvar="SAP_PLAN")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of the datasets.", envvar="SAP_DATA")]
ResultsOption = Annotated[Path, typer.Option(help="Folder for ard.csv and what belongs to it.", envvar="SAP_RESULTS")]
LockOption = Annotated[Path, typer.Option("--lock", help="The seal.", envvar="SAP_LOCK")]
UnlockedOption = Annotated[
    bool,
    typer.Option("--unlocked", help="Run though it is not as sealed; all is stamped DRAFT.", envvar="SAP_UNLOCKED"),
]
EngineOption = Annotated[Literal["auto", "quarto", "embedded"], typer.Option(help="auto: Quarto when it is installed.")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Make all anew, whatever stands as it would be made again.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what is wrong.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object at the end, and no progress.")]


def tell_done(told: Mapping[str, object], line: str, *, quiet: bool, as_json: bool) -> None:
    """Say what was made: as JSON to a program, in a line to a person, not at all to who asked for quiet."""
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    elif not quiet and line:
        print(line)
