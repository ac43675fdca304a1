"""A folder for another study: its plan to write, its data to bring, its pages."""

import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from reports.commands.beginning.event import BESIDE, Begun, begun_from
from reports.commands.beginning.event import as_json as event_as_json
from reports.commands.options import JsonOption, QuietOption, tell_done
from reports.commands.starter import CALLED, DESIGNS, ENDPOINTS, STUDY, Asked, plan_text
from sap.text.problems import PlanError, UserError, suggest

PAGES: Final = ("sap", "tables", "figures", "listings", "reconciliation", "consort", "quality", "trace", "find")
"""Pages that hold for any plan; a study writes its own first page."""
STYLE: Final = ("style.css", "theme.scss", "prerender.py", "postrender.py", "assets/enhance.html")

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


THEN: Final = "`sap plan check`, `sap plan content`, `sap preview`, `sap dry-run`, `sap lock plan`"
"""What follows a new study."""
THEN_OF_EVENT: Final = "`sap plan check`, bring the data into data/, `sap run --unlocked`, `sap lock plan`"
"""What follows one that is made from a reporting event."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    example = "sap new abc-101 --id ABC-101 --design cohorts --cohort 'Dose 1' --cohort 'Dose 2' --endpoint dlt"
    app.command(epilog=f"Example: {example} --endpoint response --n 18")(new)


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or not there yet.")],
    ask: Annotated[
        bool | None,
        typer.Option("--ask/--no-ask", help="Ask for what only a person can say; by default where somebody types."),
    ] = None,
    *,
    study: Annotated[str, typer.Option("--id", metavar="ID", help="Short word for the study, as ABC-101.")] = "",
    title: Annotated[str, typer.Option("--title", help="Title of the trial.")] = "",
    n: Annotated[int | None, typer.Option("--n", min=1, help="Subjects planned.")] = None,
    design: Annotated[str, typer.Option("--design", help=f"One of {', '.join(DESIGNS)}.")] = "",
    arm: Annotated[list[str] | None, typer.Option("--arm", metavar="NAME", help="An arm; may be repeated.")] = None,
    cohort: Annotated[
        list[str] | None, typer.Option("--cohort", metavar="NAME", help="A cohort; may be repeated.")
    ] = None,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(
            "--endpoint",
            metavar="KIND",
            help=f"May be repeated, the primary one first: {'; '.join(f'{k} ({v})' for k, v in ENDPOINTS.items())}.",
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Make the plan from a CDISC ARS reporting event (ars.json)."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="Copy the datasets that the plan names from here.")
    ] = None,
    render: Annotated[
        bool, typer.Option("--render/--no-render", help="Render the whole report at once, on a synthetic trial.")
    ] = True,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a folder for another study: plan, pages, README, requirements, CI file; and rehearse it.

    The plan has analyses, tables and figures for each endpoint, and by arm or cohort. What only a person can say and
    nobody said is a gap with the name of the item it answers: `sap lock` refuses it.
    """
    from sap.text.files import replace_whole

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there already and is not empty. Name a new folder.")
    said = {STUDY: study, **dict.fromkeys(("Gap 1a: title of the trial", "Gap 1a: short title"), title)}
    given = {gap: text.strip() for gap, text in said.items() if text.strip()}
    asked = Asked(design, tuple(arm or ()), tuple(cohort or ()), tuple(endpoint or ()), n, given)
    wanted = source is None and (sys.stdin.isatty() if ask is None else ask)
    asked = _checked(_answered(asked) if wanted else asked)
    begun = _begun(source, asked, data)
    written = _contents(asked, begun)
    found, absent = _datasets(written["sap/plan.yml"], data)
    try:
        for path, content in (written | found).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            replace_whole(folder / path, content)
        (folder / "data").mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
    gaps = sum(line.partition("#")[0].upper().count("GAP") for line in written["sap/plan.yml"].decode().splitlines())
    lines = [f"{folder} holds a plan (sap/plan.yml), pages (reports/*.qmd) and a folder for data (data/)."]
    if data is not None:
        lacking = f" Not there: {_list(absent)}." if absent else ""
        lines.append(f"Copied from {data}: {_list(found) or 'nothing'}.{lacking}")
    lines.append(f"The plan has {gaps} gaps for you to write, each named with the item it answers.")
    lines += [] if begun is None else begun.lines
    silent = quiet or as_json
    if not silent:
        print("\n".join(lines))
    if render and begun is None:
        _rehearse(folder, ["--quiet"] if silent else [])
    told = {"folder": str(folder), "files": sorted(written | found), "absent": absent, "gaps": gaps}
    told |= {} if begun is None else {"told": event_as_json(begun)}
    then = THEN if begun is None else THEN_OF_EVENT
    tell_done(told, f"Next, in that folder: write the plan, {then}.", quiet=quiet, as_json=as_json)


def _begun(source: Path | None, asked: Asked, data: Path | None) -> Begun | None:
    """Return what a study begins with that is made from a reporting event; None where it is not."""
    if source is None:
        return None
    if asked.design or asked.groups or asked.arms or asked.endpoints:
        raise UserError("--from takes the design and the endpoints from the event. Leave out what you named of them.")
    return begun_from(source, data)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _answered(asked: Asked) -> Asked:
    """Ask for what only a person can say, unless it was said; an empty answer leaves its gap."""
    print("Press Enter where you do not know yet: the plan keeps a gap with its name.")

    def answer(question: str) -> str:
        return str(typer.prompt(question, default="", show_default=False)).strip()

    def several(question: str) -> tuple[str, ...]:
        return tuple(part for word in answer(question).split(";") if (part := word.strip()))

    given = {gap: asked.answers.get(gap) or answer(question) for question, gap in ASKED.items()}
    asked = replace(asked, answers={gap: text for gap, text in given.items() if text})
    if not asked.design:
        asked = replace(asked, design=answer(f"Design: {', '.join(DESIGNS)}"))
    if asked.design == "cohorts" and not asked.cohorts:
        asked = replace(asked, cohorts=several("Cohorts, with ; between"))
    elif asked.design in DESIGNS and asked.design != "cohorts" and not asked.arms:
        asked = replace(asked, arms=several("Arms, with ; between"))
    if not asked.endpoints:
        asked = replace(
            asked, endpoints=several(f"Endpoints, the primary one first, with ; between: {_list(ENDPOINTS)}")
        )
    return asked


def _checked(asked: Asked) -> Asked:
    """Return what was asked for, making sure that it is known and fits together."""
    _known("--design", filter(None, [asked.design]), DESIGNS)
    _known("--endpoint", asked.endpoints, ENDPOINTS)
    for option, names in (("--arm", asked.arms), ("--cohort", asked.cohorts), ("--endpoint", asked.endpoints)):
        twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
        if twice is not None:
            raise UserError(f"{option} {twice} is given twice. Give it once.")
        if any(not name.strip() or not name.isprintable() for name in names):
            raise UserError(f"{option} has no name. Give it a name of one line.")
    if asked.arms and asked.cohorts:
        raise UserError("Arms and cohorts are both named. Name --arm where subjects are compared, else --cohort.")
    fits = {
        "single-arm": (len(asked.arms) < 2 and not asked.cohorts, "one --arm at most"),
        "cohorts": (len(asked.cohorts) > 1, "--cohort at least twice"),
        "randomised": (len(asked.arms) > 1, "--arm at least twice"),
    }
    fit, needed = fits.get(asked.design, (True, ""))
    if not fit:
        raise UserError(f"--design {asked.design} needs {needed}. Name them, or another design.")
    return asked


def _known(option: str, words: Iterable[str], names: Collection[str]) -> None:
    for word in words:
        if word not in names:
            raise UserError(f"{option} {word} is not known. {suggest(word, names, CALLED)}")


def _contents(asked: Asked, begun: Begun | None) -> dict[str, bytes]:
    """Return the files of a new study by their path, from those of this program and from what was asked for."""
    from sap.plan.json_schema import schema_text

    reports = files("reports")
    starter = reports / "starter"
    found = {f"reports/{name}": (reports / name).read_bytes() for name in (*(f"{p}.qmd" for p in PAGES), *STYLE)}
    name = asked.answers.get(STUDY, "The study")
    return found | {
        "reports/index.qmd": (starter / "index.qmd").read_bytes(),
        "_quarto.yml": (starter / "_quarto.yml").read_bytes(),
        "sap/plan.yml": (_sound(plan_text(asked)) if begun is None else begun.plan).encode(),
        "sap/plan.schema.json": schema_text().encode(),
        "README.md": (starter / "README.md").read_text(encoding="utf-8").replace("STUDY", name, 1).encode(),
        "requirements.txt": f"executable-sap=={version('executable-sap')}\n".encode(),
        ".github/workflows/plan.yml": (starter / "workflow.yml").read_bytes(),
        ".gitignore": "".join(f"{line}\n" for line in NOT_KEPT).encode(),
        **({} if begun is None else {f"sap/{BESIDE}": begun.beside.encode()}),
    }


def _sound(text: str) -> str:
    """Return the text of a plan without mistakes, which only an answer can have brought in."""
    from sap.reading.read import read_plan_text

    try:
        read_plan_text(text)
    except PlanError as error:
        told = " ".join(f"{p.path}: {p.message} {p.fix}" for p in error.problems)
        raise UserError(f"The plan cannot be written with these answers. {told}") from error
    return text


def _datasets(plan: bytes, data: Path | None) -> tuple[dict[str, bytes], list[str]]:
    """Return the datasets a plan names by their paths, as a folder has them, and the names of those it has not."""
    from sap.text.yaml_file import read_yaml

    if data is None:
        return {}, []
    if not data.is_dir():
        raise UserError(f"--data {data} is no folder. Name the folder of the datasets.")
    there = {path.name.lower(): path for path in sorted(data.iterdir()) if path.is_file()}
    named = [str(dataset["file"]) for dataset in read_yaml(plan.decode()).content["datasets"].values()]
    try:
        return {f"data/{n}": there[n].read_bytes() for n in named if n in there}, [n for n in named if n not in there]
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _rehearse(folder: Path, words: Sequence[str]) -> None:
    """Render a new study on a synthetic trial, in a process of its own and in its folder."""
    from reports.engines.isolation import command

    sys.stdout.flush()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAP_")}  # of another plan
    done = subprocess.run(command("dry-run", *words), cwd=folder, env=environment, check=False)  # noqa: S603 - this program
    if done.returncode:
        raise typer.Exit(done.returncode)
