"""A folder for another study: its plan to write, its data to bring, its pages."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from reports.commands.plan import STARTER

PAGES: Final = ("sap", "tables", "figures", "listings", "reconciliation", "consort", "quality", "trace", "find")
"""Pages that hold for any plan; a study writes its own first page."""
BESIDE: Final = ("style.css", "theme.scss", "prerender.py", "postrender.py", "assets/enhance.html")

NOT_KEPT: Final = (
    "results/",
    "_site/",
    "_dry_run/",
    "_plan/",
    "reports/fig/",
    "__pycache__/",
    ".*.held",
    ".*.draft",
    "/_*.new/",
    "/_*.old/",
    "/_*.lock",
)
"""What commands make and a repository does not keep."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog='Example: sap new "another study"')(new)


def new(folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or not there yet.")]) -> None:
    """Make a folder for another study: a plan to write, the pages, and where the data go."""
    from sap.text.files import replace_whole
    from sap.text.problems import UserError

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there already and is not empty. Name a new folder.")
    written = _contents()
    try:
        for path, content in written.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            replace_whole(folder / path, content)
        (folder / "data").mkdir()
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
    print(f"{folder} holds a plan (sap/plan.yml), pages (reports/*.qmd) and a folder for data (data/).")
    print("Next, in that folder: write the plan, `sap plan check`, `sap dry-run`, then `sap lock plan`.")


def _contents() -> dict[str, bytes]:
    """Return the files of a new study by their path, from those of this program."""
    from sap.plan.json_schema import schema_text

    reports = files("reports")
    starter = reports / "starter"
    found = {f"reports/{name}": (reports / name).read_bytes() for name in (*(f"{p}.qmd" for p in PAGES), *BESIDE)}
    found |= {
        "reports/index.qmd": (starter / "index.qmd").read_bytes(),
        "_quarto.yml": (starter / "_quarto.yml").read_bytes(),
        "sap/plan.yml": STARTER.read_bytes(),
        "sap/plan.schema.json": schema_text().encode(),
        ".gitignore": "".join(f"{line}\n" for line in NOT_KEPT).encode(),
    }
    return found
