"""The datasets of a plan from their files: what was read of each, as the records of the second route."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.recompute.files.kinds import read_sheet
from analysis.recompute.files.mapping import columns_used, mapped
from analysis.recompute.files.sheet import UnreadError
from analysis.recompute.trial.cells import Cell
from analysis.recompute.trial.imputed import imputed
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


@dataclass(frozen=True)
class Files:
    """The files of a plan in a folder."""

    plan: Plan
    """The plan as it was written: what it does not say of the data is told from them a second time."""
    folder: Path
    """Where the files are."""

    def read(self, subjects: Collection[str] = ()) -> dict[str, Reading]:
        """Return what the files hold, of all subjects or of some."""
        read = {name: self._read(name) for name in self.plan.datasets}
        whole = imputed(self.plan, {name: found.columns for name, found in read.items() if not found.unread})
        found = {name: replace(read[name], columns=columns) for name, columns in whole.items()}
        return {name: _of(found.get(name, read[name]), frozenset(subjects)) for name in read}

    def _read(self, name: str) -> Reading:
        dataset = self.plan.datasets[name]
        try:
            content = within(self.folder, dataset.file).read_bytes()
            sheet = read_sheet(content, columns_used(self.plan, name), (name, Path(dataset.file).stem.upper()))
        except (UnreadError, UserError, OSError) as error:
            return Reading((), {}, f"{dataset.file} cannot be read a second time: {error}")
        columns = mapped(name, dataset, sheet)
        if "USUBJID" not in columns:
            return Reading((), {}, f"the second reading of {dataset.file} finds no column USUBJID")
        return Reading(sheet.rows, columns)


def _of(reading: Reading, subjects: frozenset[str]) -> Reading:
    """Return the records of some subjects; of everyone where none is named."""
    if not subjects or reading.unread:
        return reading
    kept = [i for i, subject in enumerate(reading.columns["USUBJID"]) if subject in subjects]
    columns = {name: [cells[i] for i in kept] for name, cells in reading.columns.items()}
    return Reading([reading.rows[i] for i in kept], columns)
