"""A folder for another study: its plan to write, its data to bring, its pages."""

import json
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

PAGES: Final = ("sap", "tables", "figures", "listings", "reconciliation", "consort", "quality", "trace", "find")
"""Pages that hold for any plan; a study writes its own first page."""
BESIDE: Final = ("style.css", "theme.scss", "prerender.py", "postrender.py", "assets/enhance.html")

NOT_KEPT: Final = (
    "results/",
    "_site/",
    "_dry_run/",
    "_plan/",
    "_preview/",
    "reports/fig/",
    "__pycache__/",
    ".*.held",
    ".*.draft",
    "/_*.new/",
    "/_*.old/",
    "/_*.lock",
)
"""What commands make and a repository does not keep."""
ASKED: Final[Mapping[str, str]] = {
    "Short word for the study, as ABC-101": "GAP-STUDY-ID",
    "Title of the trial": "Gap 1a: title of the trial",
    "Short title, for the head of a page": "Gap 1a: short title",
    "Phase, as II": "Gap 9: phase, as II",
    "Who is studied": "Gap 22: who is studied",
    "What they receive": "Gap 9: what they receive",
    "The design in a sentence": "Gap 9: the design in a sentence",
    "Where the trial is described (protocol, register, publication)": "Gap 3: where the trial is described",
}
"""What only a person can say, and the gap it fills in the plan; the plan has further gaps, each with its item."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog='Example: sap new "another study"')(new)


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or not there yet.")],
    ask: Annotated[
        bool | None,
        typer.Option("--ask/--no-ask", help="Ask for what only a person can say; by default where somebody types."),
    ] = None,
) -> None:
    """Make a folder for another study: a plan to write, the pages, and where the data go."""
    from sap.text.files import replace_whole
    from sap.text.problems import UserError

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there already and is not empty. Name a new folder.")
    written = _contents(_answers() if (sys.stdin.isatty() if ask is None else ask) else {})
    try:
        for path, content in written.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            replace_whole(folder / path, content)
        (folder / "data").mkdir()
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
    print(f"{folder} holds a plan (sap/plan.yml), pages (reports/*.qmd) and a folder for data (data/).")
    gaps = sum(line.partition("#")[0].upper().count("GAP") for line in written["sap/plan.yml"].decode().splitlines())
    print(f"The plan has {gaps} gaps for you to write, each named with the item it answers.")
    print("Next, in that folder: write the plan, `sap plan check`, `sap plan content`, `sap dry-run`, `sap lock plan`.")


def _answers() -> dict[str, str]:
    """Ask for what only a person can say; an empty answer leaves its gap."""
    print("Press Enter where you do not know yet: the plan keeps a gap with its name.")
    given = {gap: typer.prompt(question, default="", show_default=False).strip() for question, gap in ASKED.items()}
    return {gap: answer for gap, answer in given.items() if answer}


def _contents(answers: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a new study by their path, from those of this program, with the gaps that answers fill."""
    from sap.plan.json_schema import schema_text

    reports = files("reports")
    starter = reports / "starter"
    found = {f"reports/{name}": (reports / name).read_bytes() for name in (*(f"{p}.qmd" for p in PAGES), *BESIDE)}
    plan = (starter / "plan.yml").read_text(encoding="utf-8")
    for gap, answer in answers.items():
        written = json.dumps(answer, ensure_ascii=False)  # a text of JSON is one of YAML
        plan = plan.replace(f"'{gap}'", written).replace(f": {gap}\n", f": {written}\n")
    return found | {
        "reports/index.qmd": (starter / "index.qmd").read_bytes(),
        "_quarto.yml": (starter / "_quarto.yml").read_bytes(),
        "sap/plan.yml": plan.encode(),
        "sap/plan.schema.json": schema_text().encode(),
        ".gitignore": "".join(f"{line}\n" for line in NOT_KEPT).encode(),
    }
