"""A new study from a CDISC ARS reporting event: its plan, and what the event says beyond it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sap.event.embedded import embedded_plan
from sap.event.plan import Files, plan_of, plan_text, told_text, without
from sap.event.told import Json, Teller, Told, in_lines, read_event
from sap.plan.plan import Plan
from sap.text.problems import PlanError, Problem, UserError

BESIDE: Final = "from-ars.md"
"""The page beside the plan with what the event says beyond it."""
_PLACE: Final = re.compile(r"(analyses|outputs|groupings|analysis_sets)\[(\d+)\]")
_ROUNDS: Final = 20
_NAMED: Final = "Name the JSON file of a reporting event."


@dataclass(frozen=True)
class Begun:
    """What a study begins with."""

    plan: str
    """The plan as text."""
    beside: str
    """The page about the event."""
    told: tuple[Told, ...]
    counts: str
    """How many analyses of the event are in the plan, in words."""

    @property
    def lines(self) -> list[str]:
        """What a terminal shows."""
        more = [f"All this stands in sap/{BESIDE}."] if self.told else []
        return [self.counts, *(f"{kind}: {line}" for kind, line in in_lines(self.told)), *more]


def begun_from(source: Path, data: Path | None) -> Begun:
    """Return the plan of a reporting event."""
    event = read_event(_read(source), source.name)
    tell = Teller()
    own = embedded_plan(event)
    if own is not None:
        return _carried(event, own, source)
    seen = _files(data if data is not None else source.parent, source, tell)
    written = _sound(plan_of(event, seen, tell), tell)
    listed = event.get("analyses")
    made, all_of_them = len(written["analyses"]), len(listed) if isinstance(listed, list) else 0
    counts = f"{made} of the event's {all_of_them} analyses are in the plan."
    return Begun(plan_text(written), told_text(source.name, tell.told), tuple(dict.fromkeys(tell.told)), counts)


def _carried(event: Json, text: str, source: Path) -> Begun:
    """Return the plan that an event carries; where the event was changed beside it, that is told."""
    from analysis.ars.differing import differing

    tell = Teller()
    for place, name, what in differing(event, _plan(text, source)):
        tell.changed(place, name, what)
    counts = "The event carries the plan that computed it, which is taken as it is."
    return Begun(text, told_text(source.name, tell.told), tuple(tell.told), counts)


def _plan(text: str, source: Path) -> Plan:
    from sap.reading.read import read_plan_text

    try:
        return read_plan_text(text)
    except PlanError as error:
        told = " ".join(f"{p.path}: {p.message}" for p in error.problems[:3])
        raise UserError(f"The plan that {source.name} carries has mistakes: {told}") from error


def _read(source: Path) -> str:
    try:
        return source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{source} is not in UTF-8, as JSON is. {_NAMED}") from error
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror}. {_NAMED}") from error


def _files(folder: Path, source: Path, tell: Teller) -> Files:
    """Return the files of a folder that are called as datasets, with the types that they declare their columns to be.

    A file that cannot be read is told when data are read.
    """
    from analysis.data.files import read_table
    from analysis.data.formats.table import TextTable

    if not folder.is_dir():
        return Files({}, {})
    names, columns, labels = {}, {}, {}
    for path in sorted(folder.iterdir()):
        dataset = path.stem.upper()
        if not path.is_file() or path.name == source.name or not re.fullmatch(r"AD[A-Z0-9_]{0,30}", dataset):
            continue
        table = read_table(dataset, path)
        if isinstance(table, TextTable):
            names[dataset] = path.name
            declared, labels[dataset] = table.types, dict(table.labels)
            columns[dataset] = {str(name): str(declared.get(str(name), "text")) for name in table.frame.columns}
        else:
            tell.note(path.name, dataset, " ".join(str(f.message) for f in table))
    return Files(names, columns, labels)


def _sound(written: dict[str, Any], tell: Teller) -> dict[str, Any]:
    """Return a plan without what a plan cannot have; that is told."""
    for _ in range(_ROUNDS):
        if not written.get("analyses"):
            told = " ".join(line for kind, line in in_lines(tell.told) if kind == "left out")
            raise UserError(f"No analysis of the reporting event can be made. {told}")
        problems = _problems(plan_text(written))
        if not problems:
            return written
        gone: dict[tuple[str, int], str] = {}
        for problem in problems:
            place = _PLACE.match(problem.path)
            if place is None:
                raise UserError(f"The plan cannot be written: {problem.path}: {problem.message} {problem.fix}")
            gone.setdefault((place[1], int(place[2]) - 1), f"{problem.path}: {problem.message}")
        for (key, position), why in gone.items():
            tell.left_out(key, str(written[key][position]["id"]), why)
        written = without(written, gone)
    raise UserError("The plan of the reporting event cannot be written. Run `sap plan check` on it.")


def _problems(text: str) -> tuple[Problem, ...]:
    from sap.reading.read import read_plan_text

    try:
        read_plan_text(text)
    except PlanError as error:
        return error.problems
    return ()


def as_json(begun: Begun) -> list[Mapping[str, str]]:
    """Return what is told, for programs."""
    return [{"kind": t.kind, "place": t.place, "id": t.id, "what": t.what} for t in begun.told]
