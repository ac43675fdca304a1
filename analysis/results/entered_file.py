"""Who entered each step, as a run keeps it: the file a page reads."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import Field, TypeAdapter

from analysis.results.ard import Row, read_valid
from sap.methods import METHODS
from sap.model.part import Part

FILE: Final = "entered.json"
SETS: Final = "SETS"
MOST_SUBJECTS: Final = 10_000
"""Most subjects that are named one by one, in a list of those who entered, in results by subject and in a listing.

Of more they are counted: nobody reads on, and the files of a registry of a million subjects would name each of them in
every step of every analysis.
"""
COUNTED: Final = "counted, not listed"
EVERYONE: Final = "all subjects"
"""Method of the entry that holds every subject of ADSL, in its order."""


class Entered(Part):
    """The subjects that entered one step, or one group of it."""

    analysis_id: str
    """Analysis or sensitivity analysis; ``SETS`` for the size of a set."""
    step: str = ""
    """Position of the step in its analysis, from 1; empty for a set."""
    group1: str = ""
    group1_level: str = ""
    """Grouping and group; empty for all."""
    level: str = ""
    """The set, or the analysis, whose size it is; in a disposition the name under which subjects are counted; empty for
    any other step."""
    method: str
    """The plan's name of the method."""
    options: dict[str, str] = Field(default_factory=dict)
    """What the step states, by name of the option."""
    datasets: tuple[str, ...]
    """Source datasets behind the step: of its variables, its grouping, its analysis set and its subset."""
    subjects: tuple[str, ...]
    """``USUBJID`` in the order of ADSL, without those the method leaves out for a missing value; none where counted."""
    counted: int | None = None
    """How many they are, where they are more than are listed."""
    stamp: str = ""
    """Empty for a sealed run, as in the results."""


APART: Final = frozenset[str]().union(*(method.counted_apart for method in METHODS.values()))
"""Parts of a method whose numbers others entered than the rest of it."""

_FILE: Final = TypeAdapter(tuple[Entered, ...])


def everyone(found: tuple[Entered, ...]) -> tuple[str, ...]:
    """Return every subject of ADSL, in its order."""
    return next((e.subjects for e in found if e.method == EVERYONE), ())


Key = tuple[str, str, str, str, str, str]
"""Analysis, step, grouping, group, level and method: what joins a row of the results to who entered it."""


def key(row: Row) -> Key:
    """Return what joins a row of the results to who entered it."""
    if row.analysis_id == SETS:
        return row.analysis_id, "", "", "", row.variable_level, row.context
    level = row.variable_level if row.context in APART else ""
    return row.analysis_id, row.step, row.group1, row.group1_level, level, ""


def keyed(found: tuple[Entered, ...]) -> dict[Key, Entered]:
    """Return who entered, by what `key` gives for a row."""
    return {
        (e.analysis_id, e.step, e.group1, e.group1_level, e.level, e.method if e.analysis_id == SETS else ""): e
        for e in found
    }


def to_json(found: tuple[Entered, ...]) -> str:
    """Return the content of ``entered.json``: one line an entry."""
    lines = ",\n".join(json.dumps(e.model_dump(mode="json", exclude_none=True), ensure_ascii=False) for e in found)
    return f"[\n{lines}\n]\n"


def few(subjects: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of an entry about its subjects: their ids, or of very many their number."""
    if len(subjects) > MOST_SUBJECTS:
        return {"subjects": (), "counted": len(subjects)}
    return {"subjects": subjects}


def read_json(text: str) -> tuple[Entered, ...]:
    """Return what `to_json` wrote."""
    return _FILE.validate_json(text)


def read_entered(folder: Path) -> tuple[Entered, ...]:
    """Return who entered each step of a run."""
    return read_valid(folder / FILE, _FILE)
