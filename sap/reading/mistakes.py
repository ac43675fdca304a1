"""Mistakes of form in a file of a person, in words: what is wrong, and what to write in its place."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sap.model.variables import FILE_NAME
from sap.text.problems import suggest

Path_ = tuple[str | int, ...]

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
    FILE_NAME: "Name a file of the data folder, without any folder before it.",
}
"""What a name should look like, by its pattern."""


def in_file(content: Any, error: ErrorDetails) -> Path_:
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


def only_follows(error: ErrorDetails) -> bool:
    """Return whether a list is called too short only because its items were refused, each with an error of its own."""
    given = error.get("input")
    return error["type"] == "too_short" and isinstance(given, list | tuple) and len(given) >= error["ctx"]["min_length"]


def yes_for_a_number(content: Any, value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str, str]]:
    """Yield where a file says yes or no and the model, as Python does, takes it for 1 or 0."""
    if isinstance(content, bool) and isinstance(value, int | float) and not isinstance(value, bool):
        what, fix = _WHOLE
        yield path, f"{what} should stand here (found: {_brief(content)}).", fix
    elif isinstance(content, list) and isinstance(value, tuple):
        for i, (below, item) in enumerate(zip(content, value, strict=False)):
            yield from yes_for_a_number(below, item, (*path, i))
    elif isinstance(content, dict):
        for key, below in content.items():
            yield from yes_for_a_number(below, item_of(value, key), (*path, key))


def item_of(value: object, key: object) -> object:
    """Return what a model, or a mapping in it, holds under the key of a file."""
    if isinstance(value, BaseModel):
        named = {field.alias or name: name for name, field in type(value).model_fields.items()}
        return getattr(value, named.get(str(key), ""), None)
    return value.get(key) if isinstance(value, Mapping) else None


def words(error: ErrorDetails, path: Path_, model: type[BaseModel]) -> tuple[str, str]:
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
        return f"{what} should stand here (found: {_brief(value)}).", fix
    return f"{str(error['msg']).removeprefix('Value error, ')}.", "Correct it."


def _key(error: ErrorDetails, path: Path_, model: type[BaseModel]) -> tuple[str, str]:
    last = path[-1] if path else ""
    if error["type"] == "extra_forbidden":
        return f"there is no key '{last}' here.", suggest(str(last), _keys_at(error["loc"], model))
    missing = last if error["type"] == "missing" else str(error.get("ctx", {}).get("discriminator", "")).strip("'")
    return f"the key '{missing}' is missing.", "Add it."


def _word(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what to say of a word that is none of the known ones."""
    if "discriminator" in context:
        known, kind = str(context["expected_tags"]), str(context["discriminator"]).strip("'")
        tag = str(context.get("tag"))
        return f"'{tag}' is not a known {kind}.", suggest(tag, known.replace("'", "").split(", "))
    known = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return f"{_quoted(value)} is not allowed here.", suggest(str(value), known.split(", "))


def _text(value: object) -> tuple[str, str]:
    what = f"a text should stand here (found: {_brief(value)})."
    if value is None or value == "":
        return what, "Write it (in quotes where the word null is meant), or remove the key."
    return what, "Write one text, without brackets or keys." if isinstance(value, list | dict) else _QUOTE


def _limit(kind: str, value: object, context: Mapping[str, Any], path: Path_) -> tuple[str, str]:
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


def _keys_at(location: Path_, model: type[BaseModel]) -> list[str]:
    """Return the keys the model knows at the place of an unknown one."""
    models = [model]
    for step in location[:-1]:
        if isinstance(step, int):
            continue
        below = [
            m for found in models if step in found.model_fields for m in _models(found.model_fields[step].annotation)
        ]
        named = [m for m in models if _tag(m) == step]
        models = below or named or models
    return sorted({f.alias or name for m in models for name, f in m.model_fields.items()})


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
