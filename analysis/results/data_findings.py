"""What a run keeps of the data's own faults: rules that were broken and did not stop it, each with how often."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from analysis.results.ard import read_valid
from sap.data.failures import Failure, Severity
from sap.data.rules import TOLD
from sap.methods.records import IDENTIFYING
from sap.model.part import Part

FILE: Final = "data_checks.json"


class DataFinding(Part):
    """A rule that data broke and that did not stop the analysis."""

    rule: str
    severity: Severity
    """What was broken and where."""
    dataset: str
    column: str
    """What was broken and where."""
    records: int = Field(ge=0)
    subjects: int = Field(ge=0)
    """How often, and by how many subjects; 0 where it is about the whole file."""
    message: str
    """What is wrong; of findings that are worded differently, the first."""
    reason: str
    """Why the plan excepts it; empty for what only warns."""
    stamp: str = ""
    """State of the run."""


def data_findings(failures: Iterable[Failure]) -> tuple[DataFinding, ...]:
    """Return what was found, by dataset, rule, column and reason, in the order in which each was first met."""
    kinds: dict[tuple[str, ...], list[Failure]] = {}
    for f in failures:
        own = f.message if not f.row or f.rule == "alike" else ""
        kinds.setdefault((f.dataset, f.rule, f.column, f.excepted, own), []).append(f)
    return tuple(
        DataFinding(
            rule=one.rule,
            severity=one.severity,
            dataset=one.dataset,
            column=one.column,
            records=sum(f.row > 0 for f in same),
            subjects=len({f.subject for f in same if f.subject}),
            message=_impersonal(one),
            reason=one.excepted,
        )
        for same in kinds.values()
        for one in same[:1]
    )


def _impersonal(failure: Failure) -> str:
    """Return what is wrong without the names of subjects: pages may have to leave them out."""
    return TOLD.get(failure.rule, failure.message) if failure.column in IDENTIFYING else failure.message


def to_json(found: Iterable[DataFinding]) -> str:
    """Return the content of ``data_checks.json``: one line an entry."""
    lines = ",\n".join(json.dumps(n.model_dump(exclude={"stamp"}), ensure_ascii=False) for n in found)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def read_data_findings(folder: Path) -> tuple[DataFinding, ...]:
    """Return what a run found in its data."""
    return read_valid(folder / FILE, TypeAdapter(tuple[DataFinding, ...]))
