"""Reading a plan: YAML to model, every mistake with its line and its mend."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sap.plan.plan import Plan
from sap.reading.consistency import dangling
from sap.reading.mistakes import in_file, item_of, only_follows, words, yes_for_a_number
from sap.text.dangling import Dangling, Place
from sap.text.problems import PlanError, Problem
from sap.text.yaml_file import YamlFile, show_path

M = TypeVar("M", bound=BaseModel)


def read_plan(path: Path) -> Plan:
    """Return the plan of a file."""
    source = YamlFile(path)
    plan = parsed(source, Plan)
    refuse(source, [*_post_hoc(plan), *dangling(plan)])
    return plan


def advice(path: Path, model: type[BaseModel], starter: Path) -> list[Problem]:
    """Return what in a file without mistakes a person should look at before it is sealed."""
    source = YamlFile(path)
    spelled = {path: text for path, text, *_ in source.texts()}
    kept = _kept(source.content, model.model_validate(source.content))
    other = [(p, text) for p, text in kept if p in spelled and spelled[p] != text]
    numbers = [
        Problem(
            source.name,
            source.line(p),
            show_path(p),
            f"{spelled[p]} is a number of YAML, and is compared as {text}.",
            "Put it in quotes where it is a code.",
        )
        for p, text in other
    ]
    return sorted({*source.surprises(), *numbers, *placeholders(path, starter)})


def placeholders(path: Path, starter: Path) -> list[Problem]:
    """Return the texts of a file that ``sap new`` wrote for somebody to replace: those in single quotes there."""
    source = YamlFile(path)
    to_replace = {_plain(text) for _, text, _, single in YamlFile(starter).texts() if single}
    what = "is the text with which `sap new` begins a plan."
    return [
        Problem(source.name, source.line(p), show_path(p), f"'{text}' {what}", "Write what holds for the study.")
        for p, text, *_ in source.texts()
        if _plain(text) in to_replace
    ]


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()


def _kept(content: object, value: object, path: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each number of a file that the model keeps as a text, and the text."""
    if isinstance(content, int | float) and not isinstance(content, bool):
        kept = value[0] if isinstance(value, tuple) and len(value) == 1 else value
        if isinstance(kept, str):
            yield path, kept
    elif isinstance(content, list) and isinstance(value, tuple):
        for i, (below, item) in enumerate(zip(content, value, strict=False)):
            yield from _kept(below, item, (*path, i))
    elif isinstance(content, dict):
        for key, below in content.items():
            yield from _kept(below, item_of(value, key), (*path, str(key)))


def _post_hoc(plan: Plan) -> Iterator[Dangling]:
    for i, a in enumerate(plan.analyses):
        if a.reason == "post hoc":
            what = f"{a.id} is post hoc: nobody promised it."
            yield Dangling(("analyses", i, "reason"), what, "Move it to post_hoc.yml beside the plan.")


def parsed(source: YamlFile, model: type[M]) -> M:
    """Return the content of a file as a model."""
    try:
        found = model.model_validate(source.content)
    except ValidationError as error:
        raise PlanError(_problem(source, e, model) for e in error.errors() if not only_follows(e)) from None
    refuse(source, [Dangling(*told) for told in yes_for_a_number(source.content, found)])
    return found


def refuse(source: YamlFile, found: Iterable[Dangling]) -> None:
    """Raise with every inconsistency found in a file, where there is any."""
    problems = [Problem(source.name, source.line(d.path), show_path(d.path), d.message, d.fix) for d in found]
    if problems:
        raise PlanError(problems)


def _problem(source: YamlFile, error: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = in_file(source.content, error)
    message, fix = words(error, path, model)
    return Problem(source.name, source.line(path), show_path(path), message, fix)
