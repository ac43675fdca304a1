"""Sealing plan, data and code; amending; verifying."""

import getpass
import json
import shlex
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands.options import DATA, LOCK, PLAN, RESULTS, SITE, DataOption, LockOption, PlanOption
from reports.words.numbers import how_many
from sap.text.problems import UserError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from sap.seal.lock import Lock
    from sap.seal.verify import Verified
    from sap.text.files import TableSize


class Kind(StrEnum):
    """What can be sealed; without a choice in this order, which shows the promise first."""

    PLAN = "plan"
    DATA = "data"
    CODE = "code"


ByOption = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who seals; git's user name, else the login, when not given.")
]
SignOption = Annotated[
    Path | None, typer.Option("--sign", metavar="KEY", help="Sign the seal with this private key (Ed25519, PEM).")
]

StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse a plan that leaves an item of the guideline for analysis plans open.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog='Example: sap lock plan --by "Ada Lovelace" --sign ada.pem')(lock)
    app.command(epilog='Example: sap amend --reason "Protocol amendment 2" --sign ada.pem')(amend)
    app.command(epilog="Example: sap verify --pubkey ada.pem.pub; exit code 4 when something differs")(verify)
    app.command(epilog="Example: sap keygen --out ada.pem")(keygen)


def lock(
    *,
    kinds: Annotated[
        list[Kind] | None,
        typer.Argument(metavar="plan|data|code", help="In the order typed; by default all that is not sealed yet."),
    ] = None,
    by: ByOption = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; needed for other data or code than are sealed.")
    ] = "",
    sign: SignOption = None,
    strict: StrictOption = False,
    lock_file: LockOption = LOCK,
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
) -> None:
    """Seal the plan, the data and the code: what they are, who says so, and in which order."""
    from sap.seal.lock import now
    from sap.seal.sealing import absent_data, open_lock, with_code, with_data, with_plan
    from sap.text.files import locked

    sealer = _sealer(by, reason, sign)
    with locked(lock_file):
        before = after = open_lock(lock_file)
        chosen = _chosen(kinds, before)
        if not kinds and Kind.DATA in chosen:
            absent = absent_data(plan, data)
            if absent:
                print(f"data   not sealed yet: {', '.join(absent)} not in {data}; `sap lock data` seals them")
                chosen.remove(Kind.DATA)
        for kind in chosen:
            said, joined = {"by": sealer.name, "reason": sealer.reason, "at": now()}, after is not before
            if kind is Kind.PLAN:
                open_items = _open_items(plan, strict=strict)
                grown = with_plan(after, lock_file, plan, data, **said, joined=joined)
            elif kind is Kind.DATA:
                grown = with_data(after, plan, data, **said, joined=joined, size_of=_size)
            else:
                grown = with_code(after, lock_file, **said, joined=joined, data=data)
            if kind is Kind.PLAN and grown is not after and open_items:
                print(f"Warning: {open_items}")
            if grown is after:
                print(f"{kind:<6} sealed already, with the same content; nothing changed")
            after = grown
        _write(before, after, lock_file, sealer)
    if not chosen and sealer.key is None:
        print(f"Plan, data and code are sealed in {lock_file}; `sap verify` tells whether they still agree.")


def amend(
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the plan is changed.")],
    by: ByOption = None,
    sign: SignOption = None,
    strict: StrictOption = False,
    lock_file: LockOption = LOCK,
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
) -> None:
    """Seal a change of the sealed plan: the new text, what it changes in words, why, and who."""
    from sap.seal.lock import now
    from sap.seal.sealing import open_lock, with_amendment
    from sap.text.files import locked

    sealer = _sealer(by, reason, sign)
    with locked(lock_file):
        before = open_lock(lock_file)
        open_items = _open_items(plan, strict=strict)
        after = with_amendment(before, lock_file, plan, data, by=sealer.name, reason=sealer.reason, at=now())
        if after is before:
            print(f"{plan} is as it was sealed: there is nothing to amend, and nothing was written.")
            return
        if open_items:
            print(f"Warning: {open_items}")
        _write(before, after, lock_file, sealer)


def verify(
    *,
    pubkey: Annotated[
        list[Path] | None,
        typer.Option("--pubkey", metavar="FILE", help="Key that must have signed the newest entry; may be repeated."),
    ] = None,
    lock_file: LockOption = LOCK,
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    results: Annotated[
        Path | None,
        typer.Option("--results", help="Folder of results; results/ when there is one.", envvar="SAP_RESULTS"),
    ] = None,
    site: Annotated[
        Path | None, typer.Option("--site", help="Folder of rendered pages; _site/ when there is one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold plan, data, code, libraries, results and pages against the seal; name everything that differs."""
    from sap.seal.verify import verified

    folder = results or (RESULTS if _holds_something(RESULTS) else None)
    pages = site or (SITE if _holds_something(SITE) else None)
    found = verified(lock_file, plan=plan, data=data, results=folder, public_keys=pubkey or (), site=pages)
    if as_json:
        print(json.dumps(_record(found), indent=2, ensure_ascii=False))
    else:
        _tell_verified(found, checked=bool(pubkey), results=folder is not None)
    raise typer.Exit(4 if found.differences else 0)


def _holds_something(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def keygen(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The private key; FILE.pub is the public one.")],
) -> None:
    """Make a pair of keys (Ed25519) to sign seals with."""
    from sap.seal.signatures import make_keys, read_public_key

    public = make_keys(out)
    print(f"{out}: the private key. Keep it to yourself, out of the repository.")
    print(f"{read_public_key(public)}: your key as the plan names it (plan: signatories: … key).")
    told = f"sap verify --pubkey {shlex.quote(str(public))}"
    print(f"{public}: the public key. Give it to whoever verifies your signature: {told}")


def _open_items(plan: Path, *, strict: bool) -> str:
    """Return which items of the guideline a plan leaves open, as a sentence; raise for a gap, or for them if strict."""
    from sap.plan.content import content
    from sap.reading.read import placeholders, stated_by
    from sap.text.problems import PlanError
    from sap.text.yaml_file import YamlFile

    if not plan.is_file():
        return ""
    source = YamlFile(plan)
    found = placeholders(source)
    if found:
        raise PlanError(found)
    missing = [a for a in content(stated_by(source).plan) if a.status == "missing"]
    if not missing:
        return ""
    told = (
        f"{plan}: {how_many(len(missing), 'item')} of the guideline for analysis plans missing: "
        f"{', '.join(a.item.number for a in missing)}. `sap plan content` says where each belongs."
    )
    if strict:
        raise UserError(f"{told} Nothing was sealed.")
    return told


def _size(dataset: str, path: Path) -> "TableSize":
    """Return the size of a file; one that is neither Parquet nor CSV with commas is read as data."""
    from sap.text.files import read_table_size, read_whole

    header = read_whole(path).partition(b"\n")[0]
    commas = b"," in header and not any(mark in header for mark in (b";", b"\t", b"|", b"\0", b"{", b"RECORD***"))
    if commas or header.startswith(b"PAR1"):
        return read_table_size(path)
    from analysis.data.files import read_size

    return read_size(dataset, path)


def _chosen(kinds: list[Kind] | None, lock: "Lock") -> list[Kind]:
    """Return what is to be sealed: what is named, in that order, else what is not sealed yet."""
    sealed = {Kind.PLAN: lock.plan, Kind.DATA: lock.data, Kind.CODE: lock.code}
    return list(dict.fromkeys(kinds)) if kinds else [kind for kind in Kind if sealed[kind] is None]


@dataclass(frozen=True)
class _Sealer:
    """Who seals, why, and the key to sign with, if any."""

    name: str
    reason: str
    key: "Ed25519PrivateKey | None"


def _sealer(by: str | None, reason: str, sign: Path | None) -> _Sealer:
    from sap.seal.signatures import read_private_key

    key = read_private_key(sign) if sign else None
    return _Sealer(_line(by or _author(), "--by"), _line(reason, "--reason"), key)


def _author() -> str:
    from sap.seal.code import git_user

    name = git_user()
    with suppress(OSError, KeyError, ImportError):  # a login without a name, as in some containers
        name = name or getpass.getuser()
    if not name:
        raise UserError("Nobody knows who you are: name yourself with --by NAME.")
    return name


def _line(text: str, option: str) -> str:
    """Return a text that fits on one line of the seal."""
    plain = text.strip()
    if not plain.isprintable():
        raise UserError(f"{option} should be one line of text; found {text!a}.")
    return plain


def _write(before: "Lock", after: "Lock", lock_file: Path, sealer: _Sealer) -> None:
    """Sign a seal where there is a key, write it where it has changed, and tell what was added."""
    from reports.words.seal import described, order, signed_by
    from sap.seal.lock import now, write_lock
    from sap.seal.signatures import signed

    if sealer.key is not None:
        after = signed(after, sealer.key, by=sealer.name, at=now())
    if after != before:
        write_lock(lock_file, after)
    for entry in after.entries[len(before.entries) :]:
        print("\n".join(described(entry)))
    for signature in after.signatures[len(before.signatures) :]:
        print(signed_by(signature, after))
    if sealer.key is not None and after.signatures == before.signatures:
        print("This key has signed all of it already; nothing changed")
    if after != before:
        print(f"{order(after)}\nWritten to {lock_file}.")


def _tell_verified(found: "Verified", *, checked: bool, results: bool) -> None:
    from reports.words.seal import order, signed_by
    from sap.seal.signatures import is_valid

    lock, differences = found.lock, found.differences
    if lock is not None:
        for entry in lock.entries:
            why = f": {entry.reason}" if entry.reason else ""
            pages = entry.code.pages if entry.code is not None else None
            sealed = f"code and {how_many(len(pages), 'file')} of pages" if pages else entry.event
            print(f"{entry.number:>2} {entry.at} {sealed} by {entry.by}{why}")
        for signature in lock.signatures:
            if is_valid(lock, signature):
                print(f"   {signed_by(signature, lock)}{'' if checked else '; not checked against a known key'}")
        print(order(lock))
    for file in found.outside:
        print(f"Outside the seal: {file}. What it adds is post hoc, and every page and result says so.")
    for difference in differences:
        print(difference)
    if differences:
        print(f"{how_many(len(differences), 'difference')}.")
        return
    print("Everything agrees with the seal.")
    if results:
        print("Results are held to their own record: that they were computed, a rerun shows (sap run, then sap diff).")


def _record(found: "Verified") -> dict[str, object]:
    lock = found.lock
    return {
        "agrees": not found.differences,
        "differences": [asdict(d) for d in found.differences],
        "outside": list(found.outside),
        "entries": [] if lock is None else [e.content() for e in lock.entries],
        "signatures": [] if lock is None else [s.model_dump(mode="json") for s in lock.signatures],
    }
