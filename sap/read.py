"""Reading a plan: YAML to model, every mistake with its line and its mend."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sap.crossref import Dangling, dangling
from sap.mistakes import in_file, only_follows, words, yes_for_a_number
from sap.plan import Plan
from sap.problems import PlanError, Problem
from sap.yaml_file import YamlFile, show_path

M = TypeVar("M", bound=BaseModel)


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
    plan = parsed(source, Plan)
    refuse(source, [*_post_hoc(plan), *dangling(plan)])
    return plan


def _post_hoc(plan: Plan) -> Iterator[Dangling]:
    for i, a in enumerate(plan.analyses):
        if a.reason == "post hoc":
            what = f"{a.id} is post hoc: nobody promised it."
            yield Dangling(("analyses", i, "reason"), what, "Move it to post_hoc.yml beside the plan.")


def parsed(source: YamlFile, model: type[M]) -> M:
    """Return the content of a file as a model.

    Parameters
    ----------
    source : YamlFile
        The file.
    model : type
        `Plan`, or what another file of a person holds.

    Returns
    -------
    Part
        Well-formed; whether the names in it exist is another question.

    Raises
    ------
    PlanError
        With every mistake of form.
    """
    try:
        found = model.model_validate(source.content)
    except ValidationError as error:
        raise PlanError(_problem(source, e, model) for e in error.errors() if not only_follows(e)) from None
    refuse(source, [Dangling(*told) for told in yes_for_a_number(source.content, found)])
    return found


def refuse(source: YamlFile, found: Iterable[Dangling]) -> None:
    """Raise with every inconsistency found in a file, where there is any.

    Raises
    ------
    PlanError
        With file, line and place of each.
    """
    problems = [Problem(source.name, source.line(d.path), show_path(d.path), d.message, d.fix) for d in found]
    if problems:
        raise PlanError(problems)


def _problem(source: YamlFile, error: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = in_file(source.content, error)
    message, fix = words(error, path, model)
    return Problem(source.name, source.line(path), show_path(path), message, fix)
