"""How a run stands to the seal: it agrees, or it is a draft, or it is a dry run that needs none."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analysis.results.provenance import State
from sap.plan.plan import Plan
from sap.reading.read import Stated, read_plan
from sap.seal.lock import CodeSeal, Lock, LockError
from sap.seal.plan_history import late_of, sealed_plan
from sap.seal.verify import verified
from sap.text.files import file_digest
from sap.text.problems import PlanError, UserError


@dataclass(frozen=True)
class SealState:
    """How a run stands to the seal."""

    state: State
    """"sealed" when everything was held against the seal and agreed."""
    seal: str = ""
    sealed_at: str = ""
    """Digest and time of the seal's last entry; empty without a seal."""
    differences: tuple[str, ...] = ()
    """What differs from the seal, for a draft."""
    files: frozenset[str] = frozenset()
    """Digests of the sealed plan and data files, for a sealed run."""
    stated: Stated | None = None
    """The plan that was held against the seal, where it was read before."""
    code: CodeSeal | None = None
    """The program and its pages, where they were read before."""
    promised: Plan | None = None
    """The sealed plan, for a draft: of a plan that may have been changed since."""
    unread: str = ""
    """Why what was sealed cannot be read, for a draft: nothing can be reconciled with it."""
    late: Mapping[str, str] = field(default_factory=dict)
    """Analyses that were promised or changed after data lock, in words."""

    def check_read(self, digests: Mapping[str, str]) -> None:
        """Raise when what was read, by name, is not what was held against the seal a moment before."""
        changed = next((name for name, digest in digests.items() if digest not in self.files), None)
        if self.state == "sealed" and changed is not None:
            raise LockError(f"{changed} was changed while the run read it; nothing was computed. Run again.")


def held_against_seal(
    lock_file: Path,
    plan: Path,
    data: Path,
    *,
    unlocked: bool,
    project: Path | None = None,
    stated: Stated | None = None,
) -> SealState:
    """Return how plan, data and code stand to the seal; `stated` is the plan, where it was read already."""
    if not lock_file.exists():
        if unlocked:
            return SealState("draft", stated=stated)
        raise LockError(
            f"There is no seal {lock_file}, so nothing holds this run to what was promised. "
            "`sap lock` seals plan, data and code; --unlocked runs without, and stamps DRAFT on every page and result."
        )
    found = verified(lock_file, plan=plan, data=data, project=project)
    lock = found.lock
    if lock is None:
        told = " ".join(d.message for d in found.differences)
        if unlocked:
            return SealState("draft", differences=(told,), stated=stated, unread=told)
        raise LockError(told)
    differences = tuple(map(str, found.differences))
    if differences and not unlocked:
        raise LockError(_refusal(lock_file, differences))
    head = (lock.head.sha256, lock.head.at) if lock.head else ("", "")
    read = {stated.sha256: stated.plan} if stated else {}
    if not unlocked:
        return SealState("sealed", *head, files=_digests(lock), stated=stated, late=late_of(lock, plan, read))
    promised, unread = _promised(lock, plan, read)
    read |= {lock.plan.plan.sha256: promised} if promised and lock.plan and lock.plan.plan else {}
    late = late_of(lock, plan, read)  # a kept text that cannot be read was named by `verified`
    return SealState("draft", *head, differences, stated=stated, promised=promised, unread=unread, late=late)


def _promised(lock: Lock, plan: Path, read: Mapping[str, Plan]) -> tuple[Plan | None, str]:
    """Return the sealed plan, and why it cannot be read; neither when no plan is sealed."""
    entry = lock.plan
    if entry is None or entry.plan is None:
        return None, ""
    path = plan.parent / entry.plan.text
    try:
        return sealed_plan(entry, plan, read), ""
    except PlanError:
        return None, f"the sealed plan {path} is not a plan for this program"
    except LockError as error:
        with suppress(UserError):
            if file_digest(plan) == entry.plan.sha256:  # the plan itself is the sealed text
                return read.get(entry.plan.sha256) or read_plan(plan), ""
        return None, str(error)


def _digests(lock: Lock) -> frozenset[str]:
    plan = {lock.plan.plan.sha256} if lock.plan and lock.plan.plan else set()
    data = {f.sha256 for f in lock.data.data or ()} if lock.data else set()
    return frozenset(plan | data)


def _refusal(lock_file: Path, differences: Iterable[str]) -> str:
    listed = "\n".join(f"  - {d}" for d in differences)
    return (
        f"What would be run is not what {lock_file} seals; nothing was computed:\n{listed}\n"
        "Put right what is named, or run with --unlocked: every page and result is then stamped DRAFT."
    )
