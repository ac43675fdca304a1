"""Reading a plan: YAML to model, every mistake with its line and its mend."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sap.methods import METHODS
from sap.model.figures import FIGURES
from sap.model.variables import FILE_NAME
from sap.plan.plan import Plan
from sap.reading.consistency import inconsistencies
from sap.text.gaps import is_begun, is_gap
from sap.text.problems import Fault, Place, PlanError, Problem, suggest
from sap.text.usual_words import USUAL, meant
from sap.text.yaml_file import YamlFile

_QUOTE: Final = "Put it in quotes: without them yes, no, on, off and numbers are not texts."
_KEYS: Final = ("keys and values", "Write them below the key.")
_LIST: Final = ("a list", "Write it as [a, b] or with dashes.")
_WHOLE: Final = ("a whole number", "Write digits only.")
_NUMBER: Final = ("a number", "Write digits, with a point before decimals.")
_YES_NO: Final = ("yes or no", "Write yes or no, without quotes.")
_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "too_short": ("at least one item", "Name one."),
    **dict.fromkeys(("dict_type", "model_attributes_type", "model_type"), _KEYS),
    **dict.fromkeys(("list_type", "tuple_type"), _LIST),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _YES_NO),
}
"""What a value should look like, by the type of pydantic's error."""
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "of at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "of at most"),
}
_NAMES: Final[Mapping[str, str]] = {
    r"^[A-Za-z][A-Za-z0-9_-]*$": "Write a letter, then letters, digits, - or _.",
    r"^[A-Z][A-Z0-9_]{0,31}$": "Write capital letters, digits and _, at most 32 and a letter first.",
    r"^[0-9]+(\.[0-9]+)*$": "Write numbers joined by points, as 14.2.1, in quotes.",
    r"^[A-Za-z0-9+/]{43}=$": "Copy the key that `sap keygen` printed: 44 characters, = at the end.",
    FILE_NAME: "Name a file of the data folder, without any folder before it.",
}
"""What a name should look like, by its pattern."""
_CALLED: Final[Mapping[str, str]] = {
    **USUAL,
    **{name: method.also_called for name, method in METHODS.items()},
    **{name: figure.also_called for name, figure in FIGURES.items()},
}
"""What else the words of a plan are called."""


def _in_file(content: Any, error: ErrorDetails) -> Place:
    """Return where in a file a mistake is: without the tags pydantic adds for the alternatives of a union."""
    path: list[str | int] = []
    node = content
    for position, step in enumerate(error["loc"]):
        last = position == len(error["loc"]) - 1
        if isinstance(node, dict):
            if step not in node and not (last and error["type"] == "missing"):
                continue
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _only_follows(error: ErrorDetails) -> bool:
    """Return whether a list is called too short only because its items were refused, each with an error of its own."""
    given = error.get("input")
    return error["type"] == "too_short" and isinstance(given, list | tuple) and len(given) >= error["ctx"]["min_length"]


def _leaves(content: Any, value: Any, path: Place = ()) -> Iterator[tuple[Place, Any, Any]]:
    """Yield each value of a file that holds no others, with what the model made of it."""
    if isinstance(content, list) and isinstance(value, tuple):
        for i, (below, item) in enumerate(zip(content, value, strict=False)):
            yield from _leaves(below, item, (*path, i))
    elif isinstance(content, dict):
        for key, below in content.items():
            yield from _leaves(below, _item_of(value, key), (*path, str(key)))
    else:
        yield path, content, value


def _yes_for_a_number(content: Any, value: Any) -> Iterator[Fault]:
    """Yield where a file says yes or no and the model, as Python does, takes it for 1 or 0."""
    what, fix = _WHOLE
    for path, said, found in _leaves(content, value):
        if isinstance(said, bool) and isinstance(found, int | float) and not isinstance(found, bool):
            yield Fault(path, f"{what} should stand here (found: {_brief(said)}).", fix)


def _texts_of_numbers(content: Any, value: Any) -> Iterator[tuple[Place, str]]:
    """Yield each number of a file that the model keeps as a text, and the text."""
    for path, said, found in _leaves(content, value):
        text = found[0] if isinstance(found, tuple) and len(found) == 1 else found
        if isinstance(said, int | float) and not isinstance(said, bool) and isinstance(text, str):
            yield path, text


def _item_of(value: object, key: object) -> object:
    """Return what a model, or a mapping in it, holds under the key of a file."""
    if isinstance(value, BaseModel):
        named = {field.alias or name: name for name, field in type(value).model_fields.items()}
        return getattr(value, named.get(str(key), ""), None)
    return value.get(key) if isinstance(value, Mapping) else None


def _words(error: ErrorDetails, path: Place, model: type[BaseModel]) -> tuple[str, str]:
    """Return what is wrong and what to do about it."""
    value = error.get("input")
    context = error.get("ctx", {})
    kind = error["type"]
    if kind in {"extra_forbidden", "missing", "union_tag_not_found"}:
        return _key(error, path, model)
    if kind in {"literal_error", "enum", "union_tag_invalid"}:
        return _word(value, context)
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return f"{_quoted(value)} is not a valid name here.", _NAMES.get(pattern, f"It should match {pattern}.")
    if kind in {"string_type", "string_too_short"}:
        return _text(value)
    if kind in _LIMITS:
        return _limit(kind, value, context, path)
    if kind in _SHAPES:
        what, fix = _SHAPES[kind]
        fix = _write_keys(error["loc"], model) if kind.startswith("model_") else fix
        return f"{what} should stand here (found: {_brief(value)}).", fix
    return f"{str(error['msg']).removeprefix('Value error, ')}.", "Correct it."


def _key(error: ErrorDetails, path: Place, model: type[BaseModel]) -> tuple[str, str]:
    last = path[-1] if path else ""
    if error["type"] == "extra_forbidden":
        return f"there is no key '{last}' here.", suggest(str(last), _keys(_models_at(error["loc"][:-1], model)))
    if error["type"] == "missing":
        return f"the key '{last}' is missing.", _add(error["loc"], model)
    missing = str(error.get("ctx", {}).get("discriminator", "")).strip("'")
    slip = meant(missing, map(str, error["input"]))
    fix = f"Write it in place of '{slip}'." if slip else "Add it."
    return f"the key '{missing}' is missing.", f"{fix} {suggest('', _tags(_models_at(error['loc'], model)))}"


def _add(location: Place, model: type[BaseModel]) -> str:
    """Return what to add where a key is missing: of a mapping, the keys it needs too."""
    fields = [m.model_fields.get(str(location[-1])) for m in _models_at(location[:-1], model)]
    single = [f.annotation for f in fields if f is not None and isinstance(f.annotation, type)]
    keys = _keys([m for m in single if issubclass(m, BaseModel)], needed=True)
    return f"Add it, with the keys {', '.join(keys)}." if keys else "Add it."


def _write_keys(location: Place, model: type[BaseModel]) -> str:
    """Return which keys a mapping may have, where something else stands in its place."""
    models = _models_at(location, model)
    if len(models) == 1:
        return f"Write them below the key: {', '.join(_keys(models))}."
    return f"Write them below the key; of which kind it is comes first. {suggest('', _tags(models))}"


def _word(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what to say of a word that is none of the known ones."""
    if "discriminator" in context:
        known, kind = str(context["expected_tags"]), str(context["discriminator"]).strip("'")
        tag = str(context.get("tag"))
        return f"'{tag}' is not a known {kind}.", suggest(tag, known.replace("'", "").split(", "), _CALLED)
    known = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return f"{_quoted(value)} is not allowed here.", suggest(str(value), known.split(", "), _CALLED)


def _text(value: object) -> tuple[str, str]:
    what = f"a text should stand here (found: {_brief(value)})."
    if value is None or value == "":
        return what, "Write it (in quotes where the word null is meant), or remove the key."
    return what, "Write one text, without brackets or keys." if isinstance(value, list | dict) else _QUOTE


def _limit(kind: str, value: object, context: Mapping[str, Any], path: Place) -> tuple[str, str]:
    if path and str(path[-1]).endswith("_level"):
        return f"a level between 0 and 1 should stand here (found: {_brief(value)}).", "95% is written 0.95."
    key, relation = _LIMITS[kind]
    return f"a number {relation} {context[key]:g} should stand here (found: {_brief(value)}).", "Correct it."


def _quoted(value: object) -> str:
    """Return a word as it was written; what is no word is told as what it is."""
    return f"'{value}'" if isinstance(value, str) and len(value) <= 60 else f"this ({_brief(value)})"


def _brief(value: object) -> str:
    """Return what was found, as the file spells it."""
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case dict():
            return "keys and values"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case _:
            shown = repr(value) if isinstance(value, str) else str(value)
            return shown if len(shown) <= 60 else shown[:57] + "…"


def _models_at(location: Place, model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return the models that may stand at a place."""
    models = [model]
    for step in location:
        if isinstance(step, int):
            continue
        below = [
            m for found in models if step in found.model_fields for m in _models(found.model_fields[step].annotation)
        ]
        named = [m for m in models if _tag(m) == step]
        models = below or named or ([] if step in {n for m in models for n in m.model_fields} else models)
    return models


def _keys(models: Iterable[type[BaseModel]], *, needed: bool = False) -> list[str]:
    """Return the keys of models in their order: all, or those that must be there in each."""
    found = [f.alias or n for m in models for n, f in m.model_fields.items() if not needed or f.is_required()]
    return list(dict.fromkeys(found))


def _tags(models: Iterable[type[BaseModel]]) -> list[str]:
    return [tag for m in models if (tag := _tag(m))]


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


M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Stated:
    """A plan as a file states it."""

    plan: Plan
    sha256: str
    """Digest of the bytes that were read."""


def read_plan(path: Path) -> Plan:
    """Return the plan of a file."""
    return read_stated(path).plan


def read_plan_text(text: str) -> Plan:
    """Return the plan of a text that has no file yet."""
    with tempfile.TemporaryDirectory(prefix="sap-plan-") as scratch:
        file = Path(scratch) / "plan.yml"
        file.write_text(text, encoding="utf-8")
        return read_plan(file)


def read_stated(path: Path) -> Stated:
    """Return the plan of a file, and the digest of what was read."""
    return stated_by(YamlFile(path))


def stated_by(source: YamlFile) -> Stated:
    """Return the plan of a file that was read."""
    plan = parsed(source, Plan)
    refuse(source, [*_post_hoc(plan), *inconsistencies(plan)])
    return Stated(plan, source.sha256)


def advice(source: YamlFile, model: type[BaseModel]) -> list[Problem]:
    """Return what in a file without mistakes a person should look at before it is sealed."""
    spelled = {path: text for path, text, *_ in source.texts()}
    numbers = [
        source.problem(
            path,
            f"{spelled[path]} is a number of YAML, and is compared as {text}.",
            "Put it in quotes where it is a code.",
        )
        for path, text in _texts_of_numbers(source.content, model.model_validate(source.content))
        if spelled.get(path, text) != text
    ]
    return sorted({*source.surprises(), *numbers, *placeholders(source), *held_places(source)})


_CODES: Final = frozenset(
    {"by", "codelist", "event", "file", "id", "labels", "levels", "method", "missing", "missing_values", "name"}
    | {"number", "order", "pattern", "progression", "responses", "stable_values", "unit", "use", "value", "values"}
    | {"variable", "variables"}
)
"""Keys below which codes of the data stand, and names: what looks like a gap there may be one of them."""


def held_places(source: YamlFile) -> list[Problem]:
    """Return the prose of a file that only holds a place, beside what ``sap new`` wrote."""
    return [
        source.problem(path, f"'{text}' only holds a place.", "Say what holds, or leave the key out.")
        for path, text, *_ in source.texts()
        if len(text) > 1 and is_gap(text) and not is_begun(text) and _CODES.isdisjoint(map(str, path))
    ]


def placeholders(source: YamlFile) -> list[Problem]:
    """Return the texts of a file with which ``sap new`` began it, for somebody to replace."""
    return [
        source.problem(path, f"'{text}' is a gap that `sap new` left.", "Write what holds for the study.")
        for path, text, *_ in source.texts()
        if is_begun(text)
    ]


def _post_hoc(plan: Plan) -> Iterator[Fault]:
    for i, a in enumerate(plan.analyses):
        if a.reason == "post hoc":
            what = f"{a.id} is post hoc: nobody promised it."
            yield Fault(("analyses", i, "reason"), what, "Move it to post_hoc.yml beside the plan.")


def parsed(source: YamlFile, model: type[M]) -> M:
    """Return the content of a file as a model."""
    try:
        found = model.model_validate(source.content)
    except ValidationError as error:
        faults = [_fault(source.content, e, model) for e in error.errors() if not _only_follows(e)]
        raise PlanError(source.problems(faults)) from None
    refuse(source, _yes_for_a_number(source.content, found))
    return found


def refuse(source: YamlFile, found: Iterable[Fault]) -> None:
    """Raise with every inconsistency found in a file, where there is any."""
    problems = source.problems(found)
    if problems:
        raise PlanError(problems)


def _fault(content: Any, error: ErrorDetails, model: type[BaseModel]) -> Fault:
    path = _in_file(content, error)
    if error["type"] == "union_tag_invalid":  # the word that is wrong, and not the whole that it begins
        path = (*path, str(error["ctx"]["discriminator"]).strip("'"))
    return Fault(path, *_words(error, path, model))
