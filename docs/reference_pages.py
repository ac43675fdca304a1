"""The reference part of the documentation, made from the code: each function returns one page as Markdown."""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import click
import typer
import yaml

from reports.commands.app import app
from sap.data.rules import RULES
from sap.methods import METHODS
from sap.model.clause import AllOf, AnyOf, Condition, Not
from sap.model.datasets import CORE, KEYS
from sap.model.part import Part, Reference
from sap.plan.json_schema import key_descriptions, plan_schema
from sap.plan.plan import Plan
from sap.reading.read import read_plan

ROOT: Final = Path(__file__).resolve().parents[1]
PLANS: Final = (
    "examples/two_cohorts/sap/plan.yml",
    "examples/two_arms/sap/plan.yml",
    "sap/plan.yml",
    "tests/other_trial/plan.yml",
    "tests/event/plan.yml",
)
"""The plans of the repository, of which every example is taken; the first that has a key gives its example."""
ROOT_PART: Final = "Plan"
CLAUSES: Final = frozenset({"AllOf", "AnyOf", "Not", "Condition", "Reference", "Comparator"})
SHORT: Final = 100
"""Longest example that stands in a cell."""


@cache
def plans() -> tuple[Plan, ...]:
    """Return the plans of the repository."""
    return tuple(read_plan(ROOT / name) for name in PLANS)


def written(value: object) -> Any:
    """Return a part of a plan as a person wrote it: what was stated, variables as ADSL.AGE."""
    if isinstance(value, Reference):
        return str(value)
    if isinstance(value, Part):
        stated = (
            (f.alias or name, getattr(value, name))
            for name, f in type(value).model_fields.items()
            if name in value.model_fields_set
        )
        return {key: written(found) for key, found in stated}
    if isinstance(value, Mapping):
        return {str(key): written(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [written(found) for found in value]
    return str(value) if hasattr(value, "value") else value


@cache
def parts() -> Mapping[str, tuple[Part, ...]]:
    """Return every part of every plan, by the name of its kind."""
    found: dict[str, list[Part]] = {}

    def walk(value: object) -> None:
        if isinstance(value, Part):
            found.setdefault(type(value).__name__, []).append(value)
            for name in type(value).model_fields:
                walk(getattr(value, name))
        elif isinstance(value, Mapping):
            for below in value.values():
                walk(below)
        elif isinstance(value, list | tuple):
            for below in value:
                walk(below)

    for plan in plans():
        walk(plan)
    return {name: tuple(listed) for name, listed in found.items()}


def as_yaml(value: object, *, flow: bool = False) -> str:
    """Return a value as YAML: in one line, or as block of short lines."""
    style = True if flow else None
    text = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=10**6 if flow else 110, default_flow_style=style
    )
    return text.removesuffix("...\n").strip()


@cache
def more_examples() -> Mapping[str, Any]:
    """Return examples of the keys that no plan of the repository states, by part and key."""
    return yaml.safe_load((ROOT / "docs/examples.yml").read_text("utf-8"))


def example_of(kind: str, key: str) -> str:
    """Return the shortest that some plan states for a key, as YAML in one line; for a key of that name, where none states this one."""
    kept = more_examples().get(f"{kind}.{key}")
    found = (
        stated(kind, key) or ([] if kept is None else [kept]) or [v for other in parts() for v in stated(other, key)]
    )
    texts = {as_yaml({key: value}, flow=True)[1:-1] for value in found}
    return min(texts, key=lambda text: (len(text), text), default="")


def stated(kind: str, key: str) -> list[Any]:
    """Return what the plans state for a key of a part."""
    return [written(p)[key] for p in parts().get(kind, ()) if key in written(p)]


def smallest(kind: str) -> str:
    """Return the part of a kind that states most, in as few words as another that states so much."""
    texts = [(-len(p), len(json.dumps(p)), as_yaml(p)) for p in map(written, parts().get(kind, ()))]
    brief = [t for t in texts if t[1] <= 700] or sorted(texts, key=lambda t: t[1])[:1]
    return min(brief)[2] if brief else ""


def fenced(text: str, language: str = "yaml") -> str:
    """Return a block of code."""
    return f"```{language}\n{text}\n```"


def cell(text: str) -> str:
    """Return text as a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def code(text: str) -> str:
    """Return text as code in a cell of a table; empty stays empty."""
    return f"`{' '.join(text.split())}`".replace("|", "\\|") if text else ""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def referred(schema: Any) -> Iterator[str]:
    """Yield the parts a key may hold."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[-1]
        for below in schema.values():
            yield from referred(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from referred(below)


def holds(schema: Mapping[str, Any], at: str) -> str:
    """Return what a key may hold, in a word or as links to the parts on the page `at`."""
    names = list(dict.fromkeys(referred(schema)))
    if CLAUSES & set(names):
        names = ["clause"] if set(names) - {"Reference"} else []
        return f"[where-clause]({at}#where-clauses)" if names else "a variable, as `ADSL.AGE`"
    links = ", ".join(
        "a method: [Methods](methods.md)" if n in _methods() else f"[{n}]({at}#{n.lower()})" for n in names
    )
    if len(names) > 6 and "a method: [Methods](methods.md)" in links:
        links = "[steps, each of a method](methods.md)"
    plain = next((s for s in (schema, *schema.get("anyOf", ())) if "type" in s or "enum" in s or "const" in s), {})
    one = plain.get("const") or " \\| ".join(f"`{v}`" for v in plain.get("enum", ())) or plain.get("type", "")
    many = "list of " if schema.get("type") == "array" else ""
    return f"{many}{links}" if links else one if not many else f"list of {plain.get('items', {}).get('type', 'value')}s"


def _methods() -> frozenset[str]:
    return frozenset(m.__name__ for m in METHODS.values())


def keys_of(kind: str, schema: Mapping[str, Any], at: str = "") -> str:
    """Return the table of the keys of a part, each with what it means and what some plan states."""
    required = set(schema.get("required", ()))
    rows = []
    for key, found in schema["properties"].items():
        default = found.get("default")
        stated = "" if default in (None, [], {}) else f" Default {code(as_yaml(default, flow=True))}."
        told = f"{cell(found.get('description', ''))}{stated}{' **Required.**' if key in required else ''}"
        example = example_of(kind, key)
        shown = code(example) if len(example) <= SHORT else f"{code(example[:SHORT].rsplit(' ', 1)[0])} …"
        below = [n for n in referred(found) if n not in CLAUSES | _methods()]
        rows.append(
            (
                f"`{key}`",
                holds(found, at),
                told,
                f"below [{below[0]}]({at}#{below[0].lower()})" if below and len(example) > SHORT else shown,
            )
        )
    return table(("key", "holds", "meaning", "example"), rows)


def plan_page() -> str:
    """Return the page of the keys of a plan."""
    schema = plan_schema()
    kinds = {n: s for n, s in schema["$defs"].items() if n not in CLAUSES | _methods() and "properties" in s}
    out = [
        "# The plan, key by key",
        "Made from the JSON Schema that `sap schema` writes. Examples are taken from the plans of this repository. A plan is a YAML "
        "file; a key that is not listed here is a mistake that `sap plan check` names with its line.",
        "## At the top",
        keys_of(ROOT_PART, schema),
        "## Where-clauses",
        "Which records or subjects are meant, in the shape of CDISC ARS. Nothing is evaluated as code.",
        table(
            ("form", "meaning"), [(f"`{form}`", cell((kind.__doc__ or "").split("\n\n")[0])) for form, kind in _FORMS]
        ),
        f"Comparators are {', '.join(f'`{c}`' for c in schema['$defs']['Comparator']['enum'])}. "
        + " ".join(key_descriptions(Condition)[k] for k in ("comparator", "value")),
        fenced(smallest("AllOf")),
    ]
    for name in sorted(kinds):
        out += [f"## {name}", cell(kinds[name].get("description", "")), keys_of(name, kinds[name])]
        if text := smallest(name):
            out.append(fenced(text))
    return "\n\n".join(out) + "\n"


_FORMS: Final = (
    ("{dataset: ADSL, variable: SAFFL, comparator: EQ, value: Y}", Condition),
    ("{and: [clause, …]}", AllOf),
    ("{or: [clause, …]}", AnyOf),
    ("{not: clause}", Not),
)


def methods_page() -> str:
    """Return the page of the methods: options, the sentence for the methods section, an example."""
    schema = plan_schema()["$defs"]
    out = [
        "# Methods",
        "What a step of an analysis may be. The sentence is the one the methods section of a report has; the formulas stand in "
        "[the mathematics](mathematics.md).",
        table(
            ("method", "what it is"),
            [(f"[`{n}`](#{n})", cell((m.__doc__ or "").split("\n\n")[0])) for n, m in METHODS.items()],
        ),
    ]
    for name, method in METHODS.items():
        kind = method.__name__
        out += [f"## {name} {{#{name}}}", f"{method.sentence} {method.if_missing}".replace("\n", " ").strip()]
        out += [keys_of(kind, schema[kind], "plan.md")]
        drawn = ", ".join(f"`{f}`" for f in sorted(method.figures))
        out += [f"Figures that draw it: {drawn}."] if drawn else []
        out += [fenced(text)] if (text := smallest(kind)) else []
    return "\n\n".join(out) + "\n"


def mathematics_page() -> str:
    """Return the page of the mathematics, whose formulas and references are the docstrings of the code."""
    out = [
        "# Mathematics",
        "The functions behind the methods: arrays in, numbers out. Each with its formula and reference. Some have no method of a plan "
        "yet and serve notebooks alone: those that compare arms in survival or in rates.",
    ]
    for family in sorted(p for p in (ROOT / "analysis/methods").iterdir() if p.is_dir() and not p.name.startswith("_")):
        out.append(f"## {family.name.capitalize()}")
        for module in sorted(family.glob("[a-z]*.py")):
            tree = ast.parse(module.read_text("utf-8"))
            public = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
            out += [f"::: analysis.methods.{family.name}.{module.stem}.{name}" for name in public]
    return "\n\n".join(out) + "\n"


def datasets_page() -> str:
    """Return the page of the datasets every trial may have."""
    out = [
        "# Datasets",
        "The variables that a dataset of this name has in every trial; a plan adds others, or replaces one, under "
        "[`datasets`](plan.md#dataset). CSV in UTF-8, or Parquet; dates as 2021-03-09; an empty cell is missing; other columns are let through.",
    ]
    for name, listed in CORE.items():
        rows = [
            (
                f"`{v.name}`",
                cell(v.called),
                v.type or "",
                "required" if v.required else "may be absent",
                "may be empty" if v.missing else "",
                ", ".join(f"`{c}`" for c in v.codelist)
                or " to ".join(f"{x:g}" for x in (v.min, v.max) if x is not None),
            )
            for v in listed
        ]
        out += [f"## {name}", f"A record is told from another by {', '.join(f'`{k}`' for k in KEYS[name])}."]
        out.append(table(("variable", "label", "type", "column", "cells", "values"), rows))
    return "\n\n".join(out) + "\n"


def rules_page() -> str:
    """Return the page of the rules across datasets."""
    rows = [(f"`{r.id}`", cell(r.sentence), cell(r.fix), "never" if r.needed else "yes", r.severity) for r in RULES]
    return (
        "\n\n".join(
            (
                "# Rules about the data",
                "`sap validate` holds the data to these, beside the types and ranges of [the datasets](datasets.md). Where the data of a trial "
                "break one for a reason, the plan says so under [`data_rules`](plan.md#datarule), and the report counts the records. A row is the "
                "line of the file; the header is line 1.",
                table(("rule", "what is wrong", "what to do", "may be excepted", "severity"), rows),
            )
        )
        + "\n"
    )


def page_calls_page() -> str:
    """Return the page of what a page of a report may ask for, with the calls that pages of the repository make."""
    pages = "\n".join(p.read_text("utf-8") for p in sorted((ROOT / "reports").glob("*.qmd")))
    out = [
        "# What a page may ask for",
        "A page is plain Quarto; a cell or an inline cell asks for a number, a table or a part of the plan.",
    ]
    opened: list[tuple[str, str, ast.ClassDef]] = []
    for module in sorted((ROOT / "reports/pages").glob("*.py")):
        tree = ast.parse(module.read_text("utf-8"))
        openers = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("open_")]
        classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
        for made in dict.fromkeys(ast.unparse(n.returns) for n in openers if n.returns):
            names = [n.name for n in openers if n.returns and ast.unparse(n.returns) == made]
            if made in classes:
                opened.append((module.stem, " or ".join(names), classes[made]))
    opened.sort(key=lambda found: (found[0] != "page", found[0]))
    for module, names, made in opened:
        variable = "page" if module == "page" else module
        rows = []
        for n in made.body:
            asked = isinstance(n, ast.FunctionDef) and not n.name.startswith("_") and not n.decorator_list
            if isinstance(n, ast.FunctionDef) and asked:
                n.args.args = n.args.args[1:]
                used = re.search(rf"\b(?:\w+)\.{n.name}\([^`\n]*\)", pages)
                told = (ast.get_docstring(n) or "").split("\n\n")[0]
                rows.append(
                    (code(f"{variable}.{n.name}({ast.unparse(n.args)})"), cell(told), code(used[0] if used else ""))
                )
        out += [
            f"## {variable}",
            f"From `reports.pages.{module}`, by {' or '.join(f'`{o}()`' for o in names.split(' or '))}.",
        ]
        out.append(table(("call", "what it gives", "as a page here has it"), rows))
    return "\n\n".join(out) + "\n"


def commands_page() -> str:
    """Return the page of the commands, from the parser itself."""
    out = [
        "# Commands",
        "What each says with `--help`. Options named with a variable can be set by it. [Exit codes](exit-codes.md) are those of all.",
    ]
    for name, command in _commands(typer.main.get_command(app), "sap"):
        out += [f"## {name}", cell(command.help or "")]
        rows = [
            (
                code(
                    ", ".join((*p.opts, *p.secondary_opts))
                    if isinstance(p, click.Option) or p.param_type_name == "option"
                    else (p.metavar or p.name or "")
                ),
                cell(getattr(p, "help", "") or ""),
                code(str(p.envvar)) if isinstance(p.envvar, str) else "",
                code(str(p.default)) if p.default not in (None, False, (), []) and not callable(p.default) else "",
            )
            for p in command.params
            if p.name != "help"
        ]
        if rows:
            out.append(table(("option", "meaning", "variable", "default"), rows))
        if command.epilog:
            out.append(cell(command.epilog))
    return "\n\n".join(out) + "\n"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    listed = getattr(command, "commands", {})
    if not listed:
        yield name, command
    for below, found in listed.items():
        yield from _commands(found, f"{name} {below}")


def exit_codes_page() -> str:
    """Return the page of the exit codes, from what `sap --help` ends with."""
    told = re.sub(r"\s+", " ", app.info.epilog or "")
    codes = re.findall(r"(\d+) (.+?)(?:, (?=\d)|\.$)", told.partition(":")[2])
    return (
        "\n\n".join(
            (
                "# Exit codes",
                table(("exit code", "meaning"), [(number, cell(meaning)) for number, meaning in codes]),
                "A command that is stopped leaves nothing half-written, neither in its folder nor in the temporary one; the next command clears what a "
                "`kill -9` left. When a page could not be rendered (3), the last good `_site` is still there.",
            )
        )
        + "\n"
    )


RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "ard.csv": ("The analysis results dataset: one statistic a row, at full precision.", "columns"),
    "ard.json": ("The same as JSON.", ""),
    "ars.json": ("The same as a CDISC ARS reporting event.", ""),
    "derived/": (
        "Each derived dataset, as CSV and as Parquet; the Parquet files have labels and types. A run that is not sealed "
        "says so in a last column `stamp`.",
        "",
    ),
    "derived.csv": ("What each of their variables is called, and what it is derived by.", ""),
    "checks.csv": (
        "Each statistic beside the one of the second route, and R's where R is installed.",
        "analysis/recompute/comparison/check.py:Check",
    ),
    "reconciliation.csv": ("What was promised beside what was run.", "analysis/reconcile/lines.py:Reconciled"),
    "entered.json": ("Which subjects entered each step.", ""),
    "listings.json": ("The records of each listing.", ""),
    "coverage.csv": ("What the planned number of subjects can show, where the plan asks for it.", ""),
    "data_checks.json": ("What was found in the data and let through: warnings, exceptions, the data cut-off.", ""),
    "provenance.json": (
        "Plan, data, program, libraries, engine and seal of the run, and the digest of each file beside it.",
        "",
    ),
}
"""What a run writes; a test holds the names to a run."""


ARD_COLUMNS: Final[Mapping[str, str]] = {
    "analysis_id": "The analysis, or the sensitivity analysis, as the plan names it; `SETS` for the sizes of the sets.",
    "analysis_set": "The set of subjects.",
    "group1": "The grouping; empty for all subjects.",
    "group1_level": "The group.",
    "variable": "The variable.",
    "variable_level": "Its level, day or category; empty where there is none.",
    "context": "The part of the method, as `proportion` or `survival_at`.",
    "stat_name": "Name of the statistic, as `estimate`, `conf.low` or `p.value`.",
    "stat_label": "The same in words.",
    "stat": "The value at full precision; empty for a text and for what cannot be estimated.",
    "stat_text": "The value where it is a text.",
    "fmt": "How it is printed, as `xx.x`.",
    "method": "The method, with the library that computed it.",
    "warning": "What a reader should know of it.",
    "error": "Why it cannot be estimated.",
    "step": "Position of the step in its analysis, from 1; empty for the sizes of sets.",
    "reason": "`specified in SAP` or `post hoc`.",
    "stamp": "Empty for a sealed run; `DRAFT`, or that it is a dry run.",
    "dataset": "Dataset or derivation of the variable.",
}
"""Columns of the analysis results dataset; a test holds the names to the code."""


def results_page() -> str:
    """Return the page of the files of results."""
    out = [
        "# Results files",
        "`sap run` writes these into `results/`, the same bytes from the same inputs. A draft says DRAFT in each.",
        table(("file", "what it holds"), [(f"`{name}`", cell(told)) for name, (told, _) in RESULTS.items()]),
    ]
    for name, (_, place) in RESULTS.items():
        fields = ARD_COLUMNS.items() if place == "columns" else _fields(place) if place else ()
        rows = [(f"`{field}`", cell(told)) for field, told in fields]
        if rows:
            out += [f"## {name}", table(("column", "meaning"), rows)]
    return "\n\n".join(out) + "\n"


def _fields(place: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class with the docstrings that stand below them."""
    file, _, name = place.partition(":")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    made = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    for field, after in zip(made.body, [*made.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            doc = after.value if isinstance(after, ast.Expr) else None
            yield field.target.id, doc.value if isinstance(doc, ast.Constant) else ""


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "plan": plan_page,
    "methods": methods_page,
    "mathematics": mathematics_page,
    "datasets": datasets_page,
    "rules": rules_page,
    "page-calls": page_calls_page,
    "commands": commands_page,
    "exit-codes": exit_codes_page,
    "results": results_page,
}
"""The pages of the reference, by the name of their file."""
