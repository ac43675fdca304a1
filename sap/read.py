"""Reading a plan: YAML to model, every mistake with its line and its mend."""

from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sap.crossref import dangling
from sap.plan import Plan
from sap.problems import PlanError, Problem, suggest
from sap.yaml_file import YamlFile, show_path


def read_plan(path: Path) -> Plan:
    """Return the plan of a file.

    Parameters
    ----------
    path : Path
        ``sap/plan.yml`` or another plan.

    Returns
    -------
    Plan
        Complete and consistent: everything it names exists in it.

    Raises
    ------
    PlanError
        With every mistake found: unknown keys, missing keys, wrong types, names that do not exist.
    """
    source = YamlFile(path)
    try:
        plan = Plan.model_validate(source.content)
    except ValidationError as error:
        raise PlanError(_problem(source, e) for e in error.errors() if not _only_follows(e)) from None
    problems = [Problem(source.name, source.line(d.path), show_path(d.path), d.message, d.fix) for d in dangling(plan)]
    if problems:
        raise PlanError(problems)
    return plan


def _problem(source: YamlFile, error: ErrorDetails) -> Problem:
    path = _in_file(source.content, error["loc"])
    message, fix = _words(error, path)
    return Problem(source.name, source.line(path), show_path(path), message, fix)


def _only_follows(error: ErrorDetails) -> bool:
    """Return whether a list is called too short only because its items were refused, each with an error of its own."""
    given = error.get("input")
    return error["type"] == "too_short" and isinstance(given, list) and len(given) >= error["ctx"]["min_length"]


def _in_file(content: Any, location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the location without the tags pydantic adds for the alternatives of a union."""
    path: list[str | int] = []
    node = content
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if isinstance(node, dict):
            if step not in node and not last:
                continue
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            continue
        path.append(step)
    return tuple(path)


_MAPPING = ("keys and values", "Write them below the key.")
_LIST = ("a list", "Write it as [a, b] or with dashes.")
_SHAPES = {
    "dict_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "model_type": _MAPPING,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "string_type": ("a text", "Put it in quotes: without them yes, no, on, off and numbers are not texts."),
    "too_short": ("at least one item", "Name one."),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), ("a whole number", "Write digits only.")),
    **dict.fromkeys(("float_parsing", "float_type"), ("a number", "Write digits with a decimal point.")),
}
"""What a value should look like, by the type of pydantic's error."""


def _words(error: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str]:
    last = str(path[-1]) if path else ""
    value = error.get("input")
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"the plan has no key '{last}' here.", suggest(last, _keys_at(error["loc"]))
        case "missing":
            return f"the key '{last}' is missing.", "Add it."
        case "literal_error" | "enum":
            known = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
            return f"'{value}' is not allowed here.", suggest(str(value), known)
        case "union_tag_invalid":
            known = str(context.get("expected_tags", "")).replace("'", "").split(", ")
            kind = str(context.get("discriminator", "kind")).replace("'", "")
            return f"'{context.get('tag')}' is not a known {kind}.", suggest(str(context.get("tag")), known)
        case "union_tag_not_found":
            return f"the key {context.get('discriminator', '')} is missing.", "Add it."
        case "string_pattern_mismatch":
            return f"'{value}' is not a valid name here.", f"It should match {context.get('pattern')}."
        case kind if kind in _SHAPES or (kind in {"less_than", "greater_than"} and last.endswith("_level")):
            what, fix = _SHAPES.get(kind, ("a level between 0 and 1", "95% is written 0.95."))
            return f"{what} should stand here (found: {_brief(value)}).", fix
        case _:
            sentence = str(error["msg"]).removeprefix("Value error, ")
            return f"{sentence} (found: {_brief(value)}).", "Correct the value."


def _brief(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _keys_at(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys the model knows at the place of an unknown one."""
    models: list[type[BaseModel]] = [Plan]
    for step in location[:-1]:
        if isinstance(step, int):
            continue
        below = [
            m for model in models if step in model.model_fields for m in _models(model.model_fields[step].annotation)
        ]
        named = [m for m in models if _tag(m) == step]
        models = below or named or models
    return sorted({f.alias or name for model in models for name, f in model.model_fields.items()})


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in get_args(annotation) for m in _models(part)]


def _tag(model: type[BaseModel]) -> str | None:
    for name in ("method", "kind"):
        field = model.model_fields.get(name)
        if field is not None and get_args(field.annotation):
            return str(get_args(field.annotation)[0])
    return {"AllOf": "and", "AnyOf": "or", "Not": "not", "Condition": "condition"}.get(model.__name__)
