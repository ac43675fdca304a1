"""Holding what is there against the seal: every difference, by name, with what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sap.reading.beside import post_hoc_file
from sap.seal.difference import Difference
from sap.seal.kept_texts import sealed_text
from sap.seal.lock import RESTORE, Entry, FileSeal, Lock, LockError, PlanSeal, chain_faults, lock_bytes, parsed_lock
from sap.seal.results import results_differences, site_differences
from sap.seal.signatures import fingerprint, is_valid, read_public_key
from sap.seal.verify_code import code_differences, page_differences
from sap.text.files import file_digest, read_table_size, within
from sap.text.problems import UserError


@dataclass(frozen=True)
class Verified:
    """A seal held against what is there."""

    lock: Lock | None
    """The seal; None when it is missing or damaged."""
    differences: tuple[Difference, ...]
    """Empty when everything agrees. A seal that is missing or damaged is one difference."""
    outside: tuple[str, ...] = ()
    """Files that take part and that no seal covers."""


def verified(
    lock_file: Path,
    *,
    plan: Path,
    data: Path,
    results: Path | None = None,
    public_keys: Iterable[Path] = (),
    project: Path | None = None,
    site: Path | None = None,
) -> Verified:
    """Return the seal, read once, with every difference between what was sealed and what is there.

    Data that are neither sealed nor there are no difference: the plan comes first.
    """
    keys = {path: read_public_key(path) for path in public_keys}
    try:
        content = lock_bytes(lock_file)
        lock = parsed_lock(lock_file, content)
    except LockError as error:
        return Verified(None, (Difference("chain", "seal", str(error), ""),))
    pages = lock_file.parent if project is None else project
    differences = (
        *_chain(lock_file, lock, content),
        *_signatures(lock, keys),
        *_plan(lock, plan),
        *_data(lock, data),
        *code_differences(lock, lock_file.parent, pages),
        *page_differences(lock, pages, data),
        *(() if results is None else results_differences(lock, results)),
        *(() if site is None else site_differences(site, results)),
    )
    beside = post_hoc_file(plan)
    return Verified(lock, differences, (str(beside),) if beside.exists() else ())


def _chain(lock_file: Path, lock: Lock, content: bytes) -> Iterator[Difference]:
    for fault in chain_faults(lock):
        yield Difference("chain", str(lock_file), fault, RESTORE)
    if content.replace(b"\r\n", b"\n") != lock.text().encode():
        message = "the file was edited by hand: spacing, order, or a key that stands twice."
        yield Difference("chain", str(lock_file), message, RESTORE)


def _signatures(lock: Lock, keys: dict[Path, str]) -> Iterator[Difference]:
    count = len(lock.entries)
    for number, signature in enumerate(lock.signatures, start=1):
        where = f"signature {number} ({signature.by}, {fingerprint(signature.public_key)})"
        if signature.entries > count:
            message = f"it covers {signature.entries} entries and the seal has {count}: entries were removed."
            yield Difference("signature", where, message, RESTORE)
        elif not is_valid(lock, signature):
            message = "it does not fit: the entries it covers, the name, the time or the signature itself were changed."
            yield Difference("signature", where, message, RESTORE)
    for path, key in keys.items():
        covered = max((s.entries for s in lock.signatures if s.public_key == key and is_valid(lock, s)), default=0)
        if covered < count or not count:
            message = f"signed entries 1 to {covered} of {count}." if covered else "has not signed this seal."
            fix = "Ask its owner to look at what is sealed and to run `sap lock --sign KEY`."
            yield Difference("signature", str(path), f"the owner of this key {message}", fix)


def _plan(lock: Lock, plan_file: Path) -> Iterator[Difference]:
    newest: tuple[Entry, PlanSeal] | None = None
    for entry in lock.plans:
        if entry.plan is None:
            continue
        newest = entry, entry.plan
        try:
            sealed_text(plan_file, entry.plan)
        except LockError as error:
            yield Difference(
                "amendment" if entry.event == "amendment" else "plan", f"entry {entry.number}", str(error), ""
            )
    if newest is None:
        yield Difference("plan", str(plan_file), "the plan is not sealed.", "`sap lock plan` seals it.")
    else:
        yield from _newest_plan(*newest, plan_file)


def _newest_plan(entry: Entry, seal: PlanSeal, plan_file: Path) -> Iterator[Difference]:
    sealed = f"version {seal.version} (entry {entry.number}, {entry.at})"
    restore = f"Bring it back from {plan_file.parent / seal.text}"
    try:
        found = file_digest(plan_file)
    except UserError as error:
        yield Difference("plan", str(plan_file), f"{error} It is sealed as {sealed}.", f"{restore}.")
        return
    if found != seal.sha256:
        message = f"the text is not the one sealed as {sealed}: {found[:12]}… instead of {seal.sha256[:12]}…."
        yield Difference("plan", str(plan_file), message, f'{restore}, or seal the change: sap amend --reason "…".')


def _data(lock: Lock, folder: Path) -> Iterator[Difference]:
    planned = lock.plan.plan.datasets if lock.plan and lock.plan.plan else {}
    if lock.data is None or lock.data.data is None:
        if any((folder / file).is_file() for file in planned.values()):
            yield Difference("data", str(folder), "the data are not sealed.", "`sap lock data` seals them.")
        return
    sealed = {f.dataset: f for f in lock.data.data}
    for seal in sealed.values():
        yield from _data_file(seal, folder)
    for dataset, file in planned.items():
        if dataset not in sealed or sealed[dataset].file != file:
            message = (
                f"the plan names it for {dataset}, and it is not among the data sealed in entry {lock.data.number}."
            )
            yield Difference("data", str(folder / file), message, _NEW_CUT)


_NEW_CUT = 'Seal the data again: sap lock data --reason "…".'


def _data_file(seal: FileSeal, folder: Path) -> Iterator[Difference]:
    where = str(folder / seal.file)
    restore = "Bring back the file that was sealed"
    try:
        path = within(folder, seal.file)
        found = file_digest(path)
        size = "" if found == seal.sha256 else _size(path, seal)
    except UserError as error:
        yield Difference("data", where, f"{seal.dataset} cannot be compared: {error}", f"{restore}.")
        return
    if not size:
        return
    message = f"{seal.dataset} differs from its seal: {size}; {found[:12]}… instead of {seal.sha256[:12]}…."
    yield Difference("data", where, message, f'{restore}, or seal the new data cut: sap lock data --reason "…".')


def _size(path: Path, seal: FileSeal) -> str:
    """Return the size of another file than was sealed, where its format is one of which it is known here."""
    if path.suffix.lower() not in {".csv", ".parquet"}:
        return "other content"
    found = read_table_size(path)
    size = f"{found.rows} rows and {found.columns} columns"
    if (found.rows, found.columns) == (seal.rows, seal.columns):
        return f"{size} as sealed, but other content"
    return f"{size} instead of {seal.rows} and {seal.columns}"
