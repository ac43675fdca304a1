"""The plan as a file: schema, check, difference, document."""

import json
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from reports.commands.options import PLAN, PlanOption
from reports.commands.progress import steps

DOCUMENT: Final = PurePosixPath("reports/sap.qmd")
"""The page that is the plan's document."""
OUT: Final = Path("_plan")
STARTER: Final = Path(str(files("reports") / "starter" / "plan.yml"))
"""The plan that ``sap new`` writes."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PlanArgument = Annotated[Path, typer.Argument(help="The plan.", envvar="SAP_PLAN")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    plan = typer.Typer(no_args_is_help=True, help="The plan as a file: check it, compare it, print it.")
    plan.command(epilog="Example: sap plan check sap/plan.yml")(check)
    plan.command(epilog="Example: sap plan diff sap/history/01-3f2a9c01b7de.yml sap/plan.yml")(diff)
    plan.command(epilog="Example: sap plan render --out _plan")(render)
    app.add_typer(plan, name="plan")
    app.command(epilog="Example: sap schema --out sap/plan.schema.json")(schema)


def schema(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; printed when left out.")] = None,
) -> None:
    """Write the JSON Schema of a plan, by which an editor completes and checks it."""
    from sap.plan.json_schema import schema_text

    if out is None:
        print(schema_text(), end="")
        return
    from analysis.results.folder import write_whole

    write_whole(out, schema_text())
    print(f"{out} holds the schema of a plan. First line of a plan beside it:")
    print(f"# yaml-language-server: $schema={out.name}")


def check(file: PlanArgument = PLAN, as_json: JsonOption = False) -> None:
    """Explain every mistake of a plan, and of the post hoc analyses beside it; exit code 2 when there is one.

    What is no mistake and may not be meant, as a text that YAML cut off, is a warning.
    """
    from dataclasses import asdict

    from sap.plan.plan import Plan
    from sap.plan.summary import summary, summary_in_words
    from sap.reading.beside import post_hoc_file
    from sap.reading.post_hoc import PostHoc, read_post_hoc
    from sap.reading.read import advice, stated_by
    from sap.text.problems import PlanError
    from sap.text.yaml_file import YamlFile

    beside = post_hoc_file(file)
    added: list[str] = []
    try:
        source = YamlFile(file)
        plan = stated_by(source).plan
        warnings = advice(source, Plan, STARTER)
        if beside.exists():
            promised = {a.id for a in plan.analyses}
            added = [a.id for a in read_post_hoc(plan, beside).analyses if a.id not in promised]
            warnings += advice(YamlFile(beside), PostHoc, STARTER)
    except PlanError as error:
        if not as_json:
            raise
        _print_json({"file": str(file), "problems": [asdict(p) for p in error.problems]})
        raise typer.Exit(error.exit_code) from None
    if as_json:
        told = {"file": str(file), "problems": [], "warnings": [asdict(p) for p in warnings]}
        _print_json(told | summary(plan) | {"post_hoc": added})
    else:
        print(f"{file} has no mistakes. {summary_in_words(plan)}")
        if added:
            print(f"{beside} has no mistakes. Post hoc: {', '.join(added)}.")
        for warning in warnings:
            print(f"Warning: {warning}")


def diff(
    old: Annotated[Path, typer.Argument(help="The former plan.")],
    new: Annotated[Path, typer.Argument(help="The plan that takes its place.")],
    as_json: JsonOption = False,
) -> None:
    """Say in words what one plan promises that another does not; exit code 0 when they promise the same, 1 when not."""
    from sap.plan.diff import differences, touched
    from sap.reading.read import read_plan

    before, after = read_plan(old), read_plan(new)
    found, reached = differences(before, after), touched(before, after)
    if as_json:
        listed = [{"path": list(c.path), "kind": c.kind, "words": c.words} for c in found]
        _print_json({"old": str(old), "new": str(new), "changes": listed, "touched": reached})
    elif found:
        print("\n".join(c.words for c in found))
        print(f"Analyses touched: {', '.join(reached)}." if reached else "No analysis is touched.")
    else:
        print(_same(old, new))
    raise typer.Exit(1 if found else 0)


def render(
    plan: PlanOption = PLAN, out: Annotated[Path, typer.Option("--out", help="Folder of the document.")] = OUT
) -> None:
    """Render the plan's document alone: it needs no data and no results."""
    from reports.engines.render import render as render_pages
    from sap.reading.read import read_plan

    with steps("plan render") as tell:
        tell(f"reading the plan {plan}")
        read_plan(plan)  # its mistakes are told before a kernel starts
        environment = {"SAP_PLAN": str(plan.resolve())}
        done = render_pages(Path.cwd(), out, engine="embedded", env=environment, progress=tell, only=DOCUMENT)
    print(f"Open {done.pages[0]}")


def _same(old: Path, new: Path) -> str:
    alike = old.read_bytes() == new.read_bytes()
    return "Nothing changes: " + ("the files are the same." if alike else "only comments or layout differ.")


def _print_json(content: object) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False))
