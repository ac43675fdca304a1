"""The datasets of a plan from their files: what was read of each, as the records of the second route."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.recompute.files.kinds import read_sheet
from analysis.recompute.files.mapping import columns_used, mapped
from analysis.recompute.files.sheet import UnreadError
from analysis.recompute.trial.cells import Cell
from sap.plan.plan import Plan
from sap.text.files import within
from sap.text.problems import UserError


@dataclass(frozen=True)
class Reading:
    """A dataset as it was read from its file."""

    rows: Sequence[int]
    """The row of each record in the file."""
    columns: Mapping[str, Sequence[Cell]]
    """The columns that the plan uses, cell by cell."""
    unread: str = ""
    """Why the file could not be read; nothing else is known of it then."""


def read_files(plan: Plan, folder: Path, subjects: Collection[str] = ()) -> dict[str, Reading]:
    """Return what the files of a plan hold, of all subjects or of some."""
    return {name: _read(plan, name, folder, frozenset(subjects)) for name in plan.datasets}


def _read(plan: Plan, name: str, folder: Path, subjects: frozenset[str]) -> Reading:
    dataset = plan.datasets[name]
    try:
        content = within(folder, dataset.file).read_bytes()
        sheet = read_sheet(content, columns_used(plan, name), (name, Path(dataset.file).stem.upper()))
    except (UnreadError, UserError, OSError) as error:
        return Reading((), {}, f"{dataset.file} cannot be read a second time: {error}")
    columns = mapped(name, dataset, sheet)
    if "USUBJID" not in columns:
        return Reading((), {}, f"the second reading of {dataset.file} finds no column USUBJID")
    kept = [i for i, subject in enumerate(columns["USUBJID"]) if not subjects or subject in subjects]
    if len(kept) < len(sheet.rows):
        columns = {n: [cells[i] for i in kept] for n, cells in columns.items()}
    return Reading([sheet.rows[i] for i in kept], columns)
