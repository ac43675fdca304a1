"""The datasets of a plan from their files: what was read of each, as the records of the second route."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.recompute.files.kinds import read_sheet
from analysis.recompute.files.mapping import asked_of, kept, mapped
from analysis.recompute.files.sheet import UnreadError
from analysis.recompute.trial.cells import Cell
from analysis.recompute.trial.imputed import imputed
from sap.model.datasets import variables
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
    file: str = ""
    """Name of the file."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The column of the file that each column under another name is."""
    unread: str = ""
    """Why the file could not be read; nothing else is known of it then."""

    def of(self, positions: Sequence[int] | None) -> "Reading":
        """Return some of the records, or all."""
        if positions is None:
            return self
        columns = {name: [cells[i] for i in positions] for name, cells in self.columns.items()}
        return replace(self, rows=[self.rows[i] for i in positions], columns=columns)


@dataclass(frozen=True)
class Files:
    """The files of a plan in a folder."""

    plan: Plan
    """The plan as it was written: what it does not say of the data is told from them a second time."""
    folder: Path
    """Where the files are."""

    def read(self, subjects: Collection[str] = ()) -> dict[str, Reading]:
        """Return what the files hold, of all subjects or of some."""
        named = frozenset(subjects)
        read = {name: self._read(name, named) for name in self.plan.datasets}
        dated = imputed(self.plan, {name: found.columns for name, found in read.items() if not found.unread})
        for name, columns in dated.items():
            whole = replace(read[name], columns=columns)
            read[name] = whole.of(kept(columns, self.plan.datasets[name].records))
            if named:
                of = enumerate(read[name].columns["USUBJID"])
                read[name] = read[name].of([i for i, subject in of if subject in named])
        return read

    def _read(self, name: str, subjects: frozenset[str]) -> Reading:
        dataset = self.plan.datasets[name]
        try:
            content = within(self.folder, dataset.file).read_bytes()
            names = (name, Path(dataset.file).stem.upper())
            sheet = read_sheet(content, asked_of(self.plan, name, names, subjects))
        except (UnreadError, UserError, OSError) as error:
            return Reading((), {}, unread=f"{dataset.file} cannot be read a second time: {error}")
        columns = mapped(name, dataset, sheet)
        if "USUBJID" not in columns:
            return Reading((), {}, unread=f"the second reading of {dataset.file} finds no column USUBJID")
        sources = {v.name: v.source for v in variables(name, dataset) if v.source is not None}
        return Reading(sheet.rows, columns, dataset.file, sources)
