"""What an entry of the seal says about a plan, a data file, the program and its libraries."""

from typing import Annotated, Literal

from pydantic import Field

from sap.model.part import DatasetName, Identifier, Part, Text
from sap.text.digest import Sha256
from sap.text.files import RelativePath

Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text, without control characters."""


class PlanSeal(Part):
    """The text of a plan."""

    id: Identifier
    version: Text
    """As the plan says."""
    file: Name
    """Where it was, below the folder of the seal (else its name), for people."""
    sha256: Sha256
    """Digest of its bytes."""
    text: RelativePath
    """The kept copy, below the folder of the plan."""
    datasets: dict[DatasetName, RelativePath]
    """File of each dataset the plan names."""
    data_present: tuple[RelativePath, ...] | None = None
    """Those of them that were already in the data folder when the text was sealed; None where that was not recorded."""
    former: Sha256 | Literal[""] = ""
    """Of an amendment: digest of the text it changed."""
    changes: tuple[str, ...] = ()
    """Of an amendment: what it changed, in words."""


class FileSeal(Part):
    """A data file: the dataset in it, its digest and its size (the header not counted)."""

    dataset: DatasetName
    file: RelativePath
    sha256: Sha256
    rows: int = Field(ge=0)
    columns: int = Field(ge=0)


class DependencySeal(Part):
    """The file that pins every library."""

    file: RelativePath
    sha256: Sha256


class LibrarySeal(Part):
    """An installed library: its version, what the wheel was built for, and one digest of the files it brought."""

    version: str
    build: str
    sha256: Sha256


class CodeSeal(Part):
    """The program."""

    version: str
    """Of the installed package; empty when it is not installed."""
    commit: str
    tree: str
    """Of the repository it stands in; empty outside one."""
    dirty: bool
    """Whether files of the program differed from that commit."""
    sha256: Sha256
    """Joint digest of `files`."""
    files: dict[str, Sha256]
    """Digest of every file of the program, by path."""
    pages: dict[RelativePath, Sha256] | None = None
    """Digest of every page and of what renders it, by path from the folder of the seal; None where that was not
    recorded."""
    dependencies: DependencySeal | None = None
    """The file that pins every library, where there was one."""
    libraries: dict[str, LibrarySeal] | None = None
    """Every library the program needs or that file pins, by name; None where that was not recorded."""
    platform: Line = ""
    """The interpreter and the machine they were installed for."""
