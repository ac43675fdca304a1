"""The seal: one chain of entries that says what was promised, on which data, with which code, and in which order."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from sap.model.part import DatasetName, Identifier, Part, Text
from sap.text.files import RelativePath, Sha256, canonical, digest, replace_whole
from sap.text.problems import UserError
from sap.text.yaml_file import show_path

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


Format = Literal["sap.lock 1"]
FORMAT: Final[Format] = get_args(Format)[0]
RESTORE: Final = "Bring it back from version control or a backup."

Event = Literal["plan", "amendment", "data", "code"]
Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
"""A moment in UTC, to the second."""


class LockError(UserError):
    """The seal cannot be used: it is missing, damaged, or does not allow what was asked."""

    exit_code = 4


class Entry(Part):
    """One event of the seal."""

    number: int = Field(ge=1)
    """From 1; the order of events is the order of entries, whatever clocks say."""
    event: Event
    """What was sealed."""
    at: Moment
    """When (UTC)."""
    by: Name
    reason: Line = ""
    """Who, and why."""
    joined: Literal[True] | None = None
    """True when the same command made the entry before, too: the two are one act."""
    plan: PlanSeal | None = None
    data: tuple[FileSeal, ...] | None = None
    code: CodeSeal | None = None
    """What was sealed; the others are None."""
    previous: Sha256 | Literal[""]
    """Digest of the entry before; empty for the first."""
    sha256: Sha256
    """Digest of this entry without this field."""

    def content(self) -> dict[str, Any]:
        """Return the entry as it is written, without what is empty by nature."""
        return self.model_dump(mode="json", exclude_none=True)

    def digest(self) -> str:
        """Return the digest the entry should carry."""
        return digest(canonical({k: v for k, v in self.content().items() if k != "sha256"}))


class Signature(Part):
    """An Ed25519 signature over the first entries, with the name and the moment of the signer."""

    by: Name
    at: Moment
    public_key: str
    entries: int = Field(ge=1)
    signature: str


class Lock(Part):
    """The seal, as `sap.lock` holds it."""

    format: Format = FORMAT
    entries: tuple[Entry, ...] = ()
    signatures: tuple[Signature, ...] = ()

    @property
    def plan(self) -> Entry | None:
        """The newest entry about the plan: the first seal or the last amendment."""
        return self._newest("plan", "amendment")

    @property
    def data(self) -> Entry | None:
        """The newest entry about the data."""
        return self._newest("data")

    @property
    def code(self) -> Entry | None:
        """The newest entry about the code."""
        return self._newest("code")

    @property
    def head(self) -> Entry | None:
        """The newest entry."""
        return self.entries[-1] if self.entries else None

    @property
    def plans(self) -> tuple[Entry, ...]:
        """Every entry about the plan: the first seal, then the amendments."""
        return tuple(e for e in self.entries if e.plan is not None)

    @property
    def amendments(self) -> tuple[Entry, ...]:
        """Every amendment, oldest first."""
        return tuple(e for e in self.entries if e.event == "amendment")

    def data_locked_before(self, entry: Entry) -> bool:
        """Return whether data had been sealed when an entry was made."""
        return any(e.event == "data" and e.number < entry.number for e in self.entries)

    def _newest(self, *events: Event) -> Entry | None:
        return next((e for e in reversed(self.entries) if e.event in events), None)

    def text(self) -> str:
        """Return the file's content: readable, and the same for the same entries."""
        content = {
            "format": self.format,
            "entries": [e.content() for e in self.entries],
            "signatures": [s.model_dump(mode="json") for s in self.signatures],
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def with_entry(self, event: Event, *, by: str, reason: str, at: str, **sealed: Any) -> "Lock":
        """Return the seal with one more entry, chained to the last (`sealed`: plan, data or code, and `joined`)."""
        previous = self.head.sha256 if self.head else ""
        number = len(self.entries) + 1
        draft = Entry(
            number=number, event=event, at=at, by=by, reason=reason, previous=previous, sha256="0" * 64, **sealed
        )
        return self.model_copy(update={"entries": (*self.entries, draft.model_copy(update={"sha256": draft.digest()}))})


def now() -> str:
    """Return the moment, as entries and signatures carry it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_lock(path: Path) -> Lock:
    """Return the seal of a file; whether it holds is `sap.seal.verify.verify`'s question."""
    return parsed_lock(path, lock_bytes(path))


def lock_bytes(path: Path) -> bytes:
    """Return the file of a seal as it stands."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise LockError(f"There is no seal {path}. `sap lock` seals the plan, the data and the code.") from None
    except OSError as error:
        raise LockError(f"{path} cannot be read: {error.strerror}. {RESTORE}") from None


def parsed_lock(path: Path, content: bytes) -> Lock:
    """Return the seal that a file's content is; `path` is named in messages."""
    try:
        return Lock.model_validate_json(content)
    except ValidationError as error:
        raise LockError(f"{path} is damaged: {_sentence(error.errors()[0])} {RESTORE}") from None


def write_lock(path: Path, lock: Lock) -> None:
    """Write the seal, whole or not at all."""
    replace_whole(path, lock.text().encode())


def _sentence(error: ErrorDetails) -> str:
    where = show_path(error["loc"])
    match error["type"]:
        case "json_invalid":
            return f"it is not JSON ({error['ctx']['error']})."
        case "extra_forbidden":
            return f"it has a key it should not have, {where}."
        case "missing":
            return f"the key {where} is missing."
        case "literal_error" if where == "format":
            return f"its format is {error['input']!r}, this program reads '{FORMAT}'."
        case _:
            return f"{where or 'the file'}: {str(error['msg']).removeprefix('Value error, ')}."


def chain_faults(lock: Lock) -> tuple[str, ...]:
    """Return a sentence for each entry that was changed, removed, added or moved since it was sealed."""
    faults = []
    previous = ""
    text = ""
    for number, entry in enumerate(lock.entries, start=1):
        name = f"entry {number} ({entry.event}, {entry.at})"
        if entry.sha256 != entry.digest():
            faults.append(f"{name} was changed after it was sealed.")
        elif entry.previous != previous:
            faults.append(f"{name} does not follow the entry before it: one was changed, removed, added or moved.")
        elif entry.number != number:
            faults.append(f"{name} carries the number {entry.number}.")
        elif not _is_whole(entry, text):
            faults.append(f"{name} does not hold what such an entry holds.")
        previous = entry.sha256
        text = entry.plan.sha256 if entry.plan else text
    return tuple(faults)


def _is_whole(entry: Entry, text: str) -> bool:
    """Return whether an entry holds its own part alone, and a plan follows the text (a digest) it should."""
    kind = "plan" if entry.event == "amendment" else entry.event
    held = [part for part in ("plan", "data", "code") if getattr(entry, part) is not None]
    if held != [kind]:
        return False
    if entry.plan is None:
        return True
    return (entry.event == "plan") == (text == "") and entry.plan.former == text
