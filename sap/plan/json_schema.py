"""The JSON Schema of a plan, by which an editor completes and checks what a person writes.

It holds what each key may be; whether the names in a plan lead anywhere only `sap plan check` can say.
"""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, get_args

from pydantic import BaseModel

from sap.plan.plan import Plan

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""The newest that the YAML support of common editors knows whole."""
SAID_ONCE: Final = {
    "analyses": "Ids of analyses.",
    "analysis_set": "Id of an analysis set.",
    "assumptions": "Ids of the assumptions it rests on.",
    "by": "Id of the grouping that splits the subjects.",
    "codelist": "The only values there can be; any, where it is left out.",
    "conf_level": "Level of the intervals: 0.95 for 95%.",
    "data": "Id of a derivation.",
    "dataset": "Name of a dataset, as ADSL, or id of a derivation.",
    "end": "Last day, in days since first treatment.",
    "footnotes": "What stands below it, one text a note.",
    "id": "The word by which other parts of the plan name it.",
    "kind": "Which kind it is; the other keys depend on it.",
    "label": "Its name as readers see it.",
    "max": "Largest value that is possible.",
    "method": "Which method it is; the other keys depend on it.",
    "min": "Smallest value that is possible.",
    "number": "Its number, as 14.2.1, in quotes.",
    "parameter": "A PARAMCD of the dataset.",
    "population": "The subjects it is about.",
    "purpose": "Primary, secondary or exploratory.",
    "reason": "Why it is so.",
    "start": "First day, in days since first treatment.",
    "steps": "Methods applied, in the order in which their results are shown.",
    "text": "In words.",
    "title": "Its title, as readers see it.",
    "treatment": "The treatment it is about.",
    "type": "What its cells hold.",
    "unit": "Unit of its values.",
    "variable": "A variable: in a where-clause its name alone, elsewhere as ADSL.AGE.",
    "variables": "Variables, in the order in which they are shown.",
    "where": "Which records are meant.",
    "window": "Days since first treatment, both ends included.",
}
"""Keys that mean the same wherever they stand and have no docstring of their own there."""


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan."""
    schema = Plan.model_json_schema()
    parts = {model.__name__: model for model in _models(Plan)}
    for name, found in {**schema["$defs"], Plan.__name__: schema}.items():
        if name in parts:
            _describe(found, parts[name])
    _tidy(schema)
    return {"$schema": DIALECT, **schema, "title": "Statistical analysis plan"}


def schema_text() -> str:
    """Return the schema as the text of a file, the same at every call."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def key_descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return what each key of a part means, from the docstrings below the fields of the part and its bases."""
    told: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base.__module__.startswith("sap."):
            told |= _below_fields(base)
    found = {
        name: told.get(name) or _of_part(field.annotation) or SAID_ONCE.get(name)
        for name, field in model.model_fields.items()
    }
    return {model.model_fields[name].alias or name: text for name, text in found.items() if text}


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    schema["description"] = _lead(model)
    for key, text in key_descriptions(model).items():
        entry = schema["properties"][key]
        entry["description"] = text


def _of_part(annotation: object) -> str | None:
    """Return what a part is, for a key that holds one part or a list of one kind of part."""
    held = set(_named(annotation))
    return _lead(held.pop()) if len(held) == 1 else None


def _lead(model: type[BaseModel]) -> str:
    return _plain(inspect.getdoc(model) or "")


def _below_fields(model: type[BaseModel]) -> dict[str, str]:
    """Return the docstrings that stand below the fields of a class."""
    (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    body = parsed.body if isinstance(parsed, ast.ClassDef) else []
    told = {}
    for field, after in pairwise(body):
        doc = after.value if isinstance(after, ast.Expr) else None
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(doc, ast.Constant):
            told[field.target.id] = _plain(str(doc.value))
    return told


def _plain(text: str) -> str:
    """Return a docstring as running text: no line breaks, no marks of code."""
    return " ".join(text.replace("``", "").split())


def _tidy(node: Any) -> None:
    """Close mappings whose keys follow a pattern, and leave out what is OpenAPI's and not JSON Schema's."""
    if isinstance(node, dict):
        node.pop("discriminator", None)
        if "patternProperties" in node:
            node["additionalProperties"] = False
        for below in node.values():
            _tidy(below)
    elif isinstance(node, list):
        for below in node:
            _tidy(below)


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model and all that it holds, each once."""
    seen: set[type[BaseModel]] = set()
    waiting = [model]
    while waiting:
        found = waiting.pop()
        if found in seen:
            continue
        seen.add(found)
        yield found
        waiting += [m for field in found.model_fields.values() for m in _named(field.annotation)]


def _named(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _named(part)
