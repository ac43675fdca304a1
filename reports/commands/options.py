"""Options that several commands share."""

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
