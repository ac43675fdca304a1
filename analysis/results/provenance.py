"""Where a set of results comes from: plan, data, code, libraries and the state of the seal."""

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, TypeAdapter

from analysis.results.ard import read_valid
from sap.model.part import Part
from sap.text.files import RelativePath, Sha256, canonical, digest, file_digest, within
from sap.text.problems import UserError

FILE: Final = "provenance.json"
DRAFT: Final = "DRAFT"
DRY_RUN: Final = "DRY RUN – synthetic data"

State = Literal["sealed", "draft", "dry run"]
STAMPS: Final[dict[State, str]] = {"sealed": "", "draft": DRAFT, "dry run": DRY_RUN}
"""What stands across every page and in every row of a run in that state."""


class ChangedError(UserError):
    """A results folder is not as the run wrote it."""

    exit_code = 4


class PlanSource(Part):
    """The plan that was run."""

    id: str
    version: str
    sha256: str
    post_hoc_sha256: str = ""
    """Digest of the file of post hoc analyses; empty without one."""


class DataSource(Part):
    """A data file that was read."""

    dataset: str
    file: str
    sha256: str
    rows: int
    columns: int


class CodeSource(Part):
    """The program that ran; commit and tree are empty outside a repository."""

    version: str
    sha256: str
    commit: str = ""
    tree: str = ""
    dirty: bool = False


class Provenance(Part):
    """Where a set of results comes from."""

    plan: PlanSource
    data: tuple[DataSource, ...]
    """What went in."""
    data_sha256: str
    """One digest of all the data files, by dataset."""
    code: CodeSource
    """What went in."""
    python: str
    """Version of the interpreter."""
    libraries: dict[str, str]
    """Version of each library the results depend on."""
    engine: str = ""
    """What rendered the pages; empty after ``sap run`` alone."""
    state: State
    """"sealed" when everything was held against the seal and agreed."""
    seal: str = ""
    """Digest of the seal's last entry; empty without a seal."""
    sealed_at: str = ""
    """When that entry was written."""
    differences: tuple[str, ...] = ()
    """What differed from the seal, in words, when a draft was run all the same."""
    files: dict[RelativePath, Sha256] = Field(default_factory=dict)
    """SHA-256 of every other file of the results folder, by name."""
    sha256: Sha256 | Literal[""] = ""
    """Digest of this record without this field; filled when it is written."""

    def digest(self) -> str:
        """Return the digest the record should carry."""
        return digest(canonical(self.model_dump(mode="json", exclude={"sha256"})))

    @property
    def stamp(self) -> str:
        """What stands across every page of this run."""
        return STAMPS[self.state]


def provenance_json(provenance: Provenance) -> str:
    """Return the content of ``provenance.json``."""
    whole = provenance.model_copy(update={"sha256": provenance.digest()})
    return whole.model_dump_json(indent=2) + "\n"


def read_provenance(folder: Path) -> Provenance:
    """Return the provenance of a results folder."""
    return read_valid(folder / FILE, TypeAdapter(Provenance))


def check_files(folder: Path) -> Provenance:
    """Return the provenance of a results folder in which every file is as the run wrote it."""
    provenance = read_provenance(folder)
    if provenance.sha256 != provenance.digest():
        raise ChangedError(f"{folder / FILE} was changed after the run that wrote it. Run `sap run` again.")
    try:
        for name, expected in provenance.files.items():
            _check(within(folder, name), expected)
    except UserError:
        if read_provenance(folder) == provenance:
            raise
        return check_files(folder)  # another run replaced the folder meanwhile
    return provenance


def _check(path: Path, expected: str) -> None:
    try:
        found = file_digest(path)
    except UserError as error:
        raise ChangedError(f"{error} Run `sap run` again.") from None
    if found != expected:
        raise ChangedError(f"{path} was changed after the run that wrote it. Run `sap run` again.")
