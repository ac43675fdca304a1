"""Sealing: adding what is there now to the chain."""

import re
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

from sap.plan.diff import changes
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.seal.code import read_code
from sap.seal.kept_texts import save_text, sealed_text
from sap.seal.lock import RESTORE, CodeSeal, FileSeal, Lock, LockError, PlanSeal, chain_faults, read_lock
from sap.text.files import TableSize, digest, read_table_size, read_whole, within
from sap.text.problems import PlanError, UserError


def open_lock(path: Path) -> Lock:
    """Return the seal to add to: a new one where there is none."""
    if not path.exists():
        return Lock()
    lock = read_lock(path)
    faults = chain_faults(lock)
    if faults:
        raise LockError(f"{path}: {faults[0]} {RESTORE} Nothing was added to it.")
    return lock


def with_plan(
    lock: Lock, lock_file: Path, plan_file: Path, data: Path, *, by: str, reason: str, at: str, joined: bool = False
) -> Lock:
    """Return the seal with the plan; as it is when that text is sealed already.

    The text is kept in ``history`` beside the plan before it is sealed: a copy without an entry does no harm. Which of
    its data files are in the folder `data` is recorded. `joined`: the same command made the entry before.
    """
    content, plan = _checked(plan_file)
    sealed = lock.plan.plan if lock.plan else None
    if sealed and sealed.sha256 == digest(content):
        return lock
    if sealed:
        raise LockError(
            f'{plan_file} is sealed as version {sealed.version} and was changed since. `sap amend --reason "…"` adds '
            "the change to the seal, or bring the sealed text back."
        )
    seal = _plan_seal((lock, lock_file), plan_file, (content, plan), data)
    return lock.with_entry("plan", by=by, reason=reason, at=at, joined=joined or None, plan=seal)


def with_amendment(lock: Lock, lock_file: Path, plan_file: Path, data: Path, *, by: str, reason: str, at: str) -> Lock:
    """Return the seal with the plan as it was changed, and what changed in words; as it is when nothing was changed."""
    if lock.plan is None or lock.plan.plan is None:
        raise LockError(f"{lock_file} has no sealed plan to amend. `sap lock plan` seals it.")
    if not reason.strip():
        raise UserError('An amendment needs a reason: sap amend --reason "…".')
    former = lock.plan.plan
    former_text = sealed_text(plan_file, former)
    content, plan = _checked(plan_file)
    if former.sha256 == digest(content):
        return lock
    if plan.plan.id != former.id:
        raise LockError(
            f"{plan_file} is the plan {plan.plan.id}, sealed is {former.id}. Seal another plan in another folder."
        )
    if _order(plan.plan.version) <= _order(former.version):
        raise LockError(
            f"{plan_file} says version {plan.plan.version}, and version {former.version} is sealed. Raise `version` "
            "(and `date`) of the plan, then amend."
        )
    words = _changes(plan_file.parent / former.text, former_text, content, plan)
    seal = _plan_seal((lock, lock_file), plan_file, (content, plan), data)
    seal = seal.model_copy(update={"former": former.sha256, "changes": words})
    return lock.with_entry("amendment", by=by, reason=reason, at=at, plan=seal)


def with_data(
    lock: Lock,
    plan_file: Path,
    folder: Path,
    *,
    by: str,
    reason: str,
    at: str,
    joined: bool = False,
    size_of: Callable[[str, Path], TableSize] = lambda _, path: read_table_size(path),
) -> Lock:
    """Return the seal with the data files the plan names; as it is when they are sealed already.

    ``size_of`` gives the size of a dataset's file; without it CSV and Parquet are known.
    """
    content, plan = _checked(plan_file)
    if lock.plan and lock.plan.plan and lock.plan.plan.sha256 != digest(content):
        raise LockError(f'{plan_file} was changed since it was sealed. `sap amend --reason "…"` comes first.')
    files = []
    for name, dataset in plan.datasets.items():
        size = size_of(name, within(folder, dataset.file))
        files.append(
            FileSeal(dataset=name, file=dataset.file, sha256=size.sha256, rows=size.rows, columns=size.columns)
        )
    if lock.data and lock.data.data == tuple(files):
        return lock
    if lock.data and not reason.strip():
        raise LockError(
            f"Other data are sealed (entry {lock.data.number}, {lock.data.at}). "
            'To seal these as the next data cut: sap lock data --reason "…".'
        )
    return lock.with_entry("data", by=by, reason=reason, at=at, joined=joined or None, data=tuple(files))


def with_code(
    lock: Lock, lock_file: Path, *, by: str, reason: str, at: str, joined: bool = False, data: Path | None = None
) -> Lock:
    """Return the seal with the program, its pages and its libraries; as it is when they are sealed already."""
    code = read_code(lock_file.parent, data)
    sealed = lock.code.code if lock.code else None
    if sealed and _same_code(sealed, code):
        return lock
    if lock.code and not reason.strip():
        raise LockError(
            f"Other code is sealed (entry {lock.code.number}, {lock.code.at}). "
            'To seal this: sap lock code --reason "…".'
        )
    return lock.with_entry("code", by=by, reason=reason, at=at, joined=joined or None, code=code)


def _same_code(sealed: CodeSeal, found: CodeSeal) -> bool:
    same = (sealed.sha256, sealed.dependencies, sealed.libraries) == (found.sha256, found.dependencies, found.libraries)
    return same and (sealed.pages or {}) == (found.pages or {})


def absent_data(plan_file: Path, folder: Path) -> tuple[str, ...]:
    """Return the data files the plan names that are not in the folder."""
    files = (dataset.file for dataset in read_plan(plan_file).datasets.values())
    return tuple(file for file in files if not (folder / file).is_file())


def _checked(plan_file: Path) -> tuple[bytes, Plan]:
    """Return the text of a plan and the plan it is, making sure that they belong together."""
    content = plan_file.read_bytes() if plan_file.is_file() else b""
    plan = read_plan(plan_file)  # says what is wrong when there is no such file
    if read_whole(plan_file) != content:
        raise UserError(f"{plan_file} was changed while it was read. Try again.")
    return content, plan


def _plan_seal(sealing: tuple[Lock, Path], plan_file: Path, read: tuple[bytes, Plan], data: Path) -> PlanSeal:
    (lock, lock_file), (content, plan) = sealing, read
    home = lock_file.parent.resolve()
    place = plan_file.resolve()
    shown = place.relative_to(home).as_posix() if place.is_relative_to(home) else plan_file.name
    return PlanSeal(
        id=plan.plan.id,
        version=plan.plan.version,
        file="".join(c if c.isprintable() else "?" for c in shown),
        sha256=digest(content),
        text=save_text(plan_file, len(lock.plans) + 1, content),
        datasets={name: dataset.file for name, dataset in plan.datasets.items()},
        data_present=tuple(dict.fromkeys(d.file for d in plan.datasets.values() if (data / d.file).exists())),
    )


def _order(version: str) -> list[tuple[bool, int, str]]:
    """Return what orders versions: 1.9 comes before 1.10."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", version)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def _changes(former_file: Path, former_text: bytes, text: bytes, plan: Plan) -> tuple[str, ...]:
    try:
        former = read_plan(former_file)
    except PlanError:  # written for an earlier version of the program
        old, new = (part.decode(errors="replace").splitlines() for part in (former_text, text))
        lines = list(unified_diff(old, new, n=0, lineterm=""))[2:]
        return ("This version of the program does not read the former text; the lines that differ:", *lines)
    return changes(former, plan) or ("Only comments or layout changed; nothing that is promised did.",)
