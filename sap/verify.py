"""Holding what is there against the seal: every difference, by name, with what to do about it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sap.chain import chain_faults
from sap.code import DEPENDENCIES, code_digests, unlike_pinned
from sap.difference import Difference
from sap.digest import digest, file_digest, read_table_size
from sap.files import read_whole, within
from sap.kept import kept_text
from sap.lock import RESTORE, CodeSeal, DependencySeal, Entry, FileSeal, Lock, LockError, PlanSeal, read_lock
from sap.problems import UserError
from sap.sign import fingerprint, is_valid, read_public_key
from sap.verify_results import results_differences

__all__ = ["Difference", "verify"]


def verify(
    lock_file: Path, *, plan: Path, data: Path, results: Path | None = None, public_keys: Iterable[Path] = ()
) -> tuple[Difference, ...]:
    """Return every difference between what was sealed and what is there.

    Data that are neither sealed nor there are no difference: the plan comes first.

    Parameters
    ----------
    lock_file : Path
        The seal; ``requirements.txt`` is looked for beside it.
    plan : Path
        The plan; kept copies of sealed texts are looked for beside it.
    data : Path
        Folder of the datasets.
    results : Path, optional
        Folder of results to hold against the seal too.
    public_keys : iterable of Path
        Keys of people who must have signed the newest entry.

    Returns
    -------
    tuple of Difference
        Empty when everything agrees. A seal that is missing or damaged is one difference.

    Raises
    ------
    UserError
        When a public key cannot be read.
    """
    keys = {path: read_public_key(path) for path in public_keys}
    try:
        lock = read_lock(lock_file)
    except LockError as error:
        return (Difference("chain", "seal", str(error), ""),)
    return (
        *_chain(lock_file, lock),
        *_signatures(lock, keys),
        *_plan(lock, plan),
        *_data(lock, data),
        *_code(lock, lock_file.parent),
        *(results_differences(lock, results) if results else ()),
    )


def _chain(lock_file: Path, lock: Lock) -> Iterator[Difference]:
    for fault in chain_faults(lock):
        yield Difference("chain", str(lock_file), fault, RESTORE)
    if read_whole(lock_file).replace(b"\r\n", b"\n") != lock.text().encode():
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
    for entry, seal in _plans(lock):
        try:
            kept_text(plan_file, seal)
        except LockError as error:
            yield Difference(
                "amendment" if entry.event == "amendment" else "plan", f"entry {entry.number}", str(error), ""
            )
    newest = list(_plans(lock))[-1:]
    if not newest:
        yield Difference("plan", str(plan_file), "the plan is not sealed.", "`sap lock plan` seals it.")
    for entry, seal in newest:
        sealed = f"version {seal.version} (entry {entry.number}, {entry.at})"
        restore = f"Bring it back from {plan_file.parent / seal.text}"
        try:
            found = file_digest(plan_file)
        except UserError as error:
            yield Difference("plan", str(plan_file), f"{error} It is sealed as {sealed}.", f"{restore}.")
            continue
        if found != seal.sha256:
            message = f"the text is not the one sealed as {sealed}: {found[:12]}… instead of {seal.sha256[:12]}…."
            yield Difference("plan", str(plan_file), message, f'{restore}, or seal the change: sap amend --reason "…".')


def _plans(lock: Lock) -> Iterator[tuple[Entry, PlanSeal]]:
    return ((entry, entry.plan) for entry in lock.plans if entry.plan is not None)


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
        if file_digest(path) == seal.sha256:
            return
        found = read_table_size(path)
    except UserError as error:
        yield Difference("data", where, f"{seal.dataset} cannot be compared: {error}", f"{restore}.")
        return
    size = f"{found.rows} rows and {found.columns} columns"
    if (found.rows, found.columns) == (seal.rows, seal.columns):
        size += " as sealed, but other content"
    else:
        size += f" instead of {seal.rows} and {seal.columns}"
    message = f"{seal.dataset} differs from its seal: {size}; {found.sha256[:12]}… instead of {seal.sha256[:12]}…."
    yield Difference("data", where, message, f'{restore}, or seal the new data cut: sap lock data --reason "…".')


def _code(lock: Lock, folder: Path) -> Iterator[Difference]:
    code: CodeSeal | None = lock.code.code if lock.code else None
    if code is None:
        yield Difference("code", "sap, analysis, reports", "the code is not sealed.", "`sap lock code` seals it.")
        return
    commit = f" (commit {code.commit[:12]}{', with changes that were not committed' if code.dirty else ''})"
    fix = (
        f'Bring back the code that was sealed{commit if code.commit else ""}, or seal this: sap lock code --reason "…".'
    )
    found = code_digests()
    differing = [n for n in sorted(found.keys() | code.files.keys()) if found.get(n) != code.files.get(n)]
    for name in differing:
        what = "is gone" if name not in found else "was added" if name not in code.files else "was changed"
        message = f"this file {what} since the code was sealed."
        yield Difference("code", name, message, fix if name == differing[-1] else "")  # said once, at the end
    yield from _dependencies(code.dependencies, folder)


def _dependencies(sealed: DependencySeal | None, folder: Path) -> Iterator[Difference]:
    path = folder / (sealed.file if sealed else DEPENDENCIES)
    reseal = 'Bring it back, or seal it: sap lock code --reason "…".'
    if sealed is None:
        if path.is_file():
            yield Difference("dependencies", str(path), "the file was not there when the code was sealed.", reseal)
        return
    try:
        content = read_whole(within(folder, sealed.file))
    except UserError as error:
        yield Difference("dependencies", str(path), str(error), reseal)
        return
    if digest(content) != sealed.sha256:
        yield Difference("dependencies", str(path), "the pinned versions of the libraries were changed.", reseal)
    for name, sentence in unlike_pinned(content.decode(errors="replace")).items():
        fix = f"Install what is pinned: python -m pip install --require-hashes -r {path}"
        yield Difference("dependencies", name, sentence, fix)
