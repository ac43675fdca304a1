"""The plan as a file: schema, check, difference, document."""

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Final, get_args

import typer

from reports.commands.options import PLAN, PlanOption
from reports.commands.progress import steps

if TYPE_CHECKING:
    from sap.plan.content import Answer

DOCUMENT: Final = PurePosixPath("reports/sap.qmd")
"""The page that is the plan's document."""
OUT: Final = Path("_plan")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PlanArgument = Annotated[Path, typer.Argument(help="The plan.", envvar="SAP_PLAN")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    plan = typer.Typer(no_args_is_help=True, help="The plan as a file: check it, compare it, print it.")
    plan.command(epilog="Example: sap plan check sap/plan.yml")(check)
    plan.command(epilog="Example: sap plan content --json")(content)
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

    Of a plan without mistakes it says what is promised, and each table, figure and listing that will be shown.
    What is no mistake and may not be meant, as a text that YAML cut off, is a warning.
    """
    from dataclasses import asdict

    from sap.plan.content import Status, counts_in_words
    from sap.plan.content import content as held
    from sap.plan.plan import Plan
    from sap.plan.summary import shown_in_words, summary, summary_in_words
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
        warnings = advice(source, Plan)
        if beside.exists():
            promised = {a.id for a in plan.analyses}
            added = [a.id for a in read_post_hoc(plan, beside).analyses if a.id not in promised]
            warnings += advice(YamlFile(beside), PostHoc)
    except PlanError as error:
        if not as_json:
            raise
        _print_json({"file": str(file), "problems": [asdict(p) for p in error.problems]})
        raise typer.Exit(error.exit_code) from None
    if as_json:
        told = {"file": str(file), "problems": [], "warnings": [asdict(p) for p in warnings]}
        found = {status: [a.item.number for a in held(plan) if a.status == status] for status in get_args(Status)}
        _print_json(told | summary(plan) | {"post_hoc": added, "content": found})
    else:
        print(f"{file} has no mistakes. {summary_in_words(plan)}")
        print("\n".join(shown_in_words(plan)))
        if added:
            print(f"{beside} has no mistakes. Post hoc: {', '.join(added)}.")
        for warning in warnings:
            print(f"Warning: {warning}")
        print(counts_in_words(held(plan)))


def content(file: PlanArgument = PLAN, as_json: JsonOption = False) -> None:
    """Print each item of the guideline for plans with where it is answered; exit code 1 when one is missing."""
    from sap.guidelines.plan_items import SECTIONS
    from sap.plan.content import content as held
    from sap.plan.content import counts_in_words
    from sap.reading.read import stated_by
    from sap.text.yaml_file import YamlFile, show_path

    source = YamlFile(file)
    answers = held(stated_by(source).plan)
    lines = {a.item.number: [(source.line(p), show_path(p)) for p in a.places] for a in answers}
    if as_json:
        items = [
            {
                "item": a.item.number,
                "topic": a.item.topic,
                "section": SECTIONS[a.item.section - 1],
                "status": a.status,
                "key": a.item.key,
                "places": [{"line": line, "path": path} for line, path in lines[a.item.number]],
                "anchor": f"item-{a.item.number.lower()}" if a.status != "missing" else None,
                "reason": a.reason,
            }
            for a in answers
        ]
        _print_json({"file": str(file), "items": items})
    else:
        print(
            f"{file}, held against Gamble et al. 2017 (1a to 32d) and topics of early phase trials (E1 to E11, our ids)"
        )
        for number, title in enumerate(SECTIONS, start=1):
            print(f"\n{number} {title} (section {number} of the document)")
            for a in (x for x in answers if x.item.section == number):
                print(_item_line(a, lines[a.item.number]))
        print(f"\n{counts_in_words(answers)}")
    raise typer.Exit(1 if any(a.status == "missing" for a in answers) else 0)


SHOWN_LINES: Final = 3
"""Places of an answer that stand in a line of the list; all stand in its JSON."""


def _item_line(answer: "Answer", places: list[tuple[int, str]]) -> str:
    """Return an item with where it is answered, why it is not, or where its answer belongs."""
    told = [f"line {line} {path}" for line, path in places[:SHOWN_LINES]]
    more = [f"and {len(places) - SHOWN_LINES} more"] if len(places) > SHOWN_LINES else []
    match answer.status:
        case "answered":
            where = ", ".join([*told, *more])
        case "missing":
            where = f"MISSING. {answer.reason}"
        case status:
            where = f"{status} (line {places[0][0]}): {answer.reason}"
    return f"  {answer.item.number:<4} {answer.item.topic}: {where}"


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
