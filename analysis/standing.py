"""How a run stands to the seal: it agrees, or it is a draft, or it is a dry run that needs none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.provenance import State
from sap.kept import kept_text
from sap.lock import Lock, LockError, read_lock
from sap.verify import verify


@dataclass(frozen=True)
class Standing:
    """How a run stands to the seal.

    Attributes
    ----------
    state : {"sealed", "draft", "dry run"}
        "sealed" when everything was held against the seal and agreed.
    seal, sealed_at : str
        Digest and time of the seal's last entry; empty without a seal.
    differences : tuple of str
        What differs from the seal, for a draft.
    files : frozenset of str
        Digests of the sealed plan and data files, for a sealed run.
    promised : Path or None
        Kept copy of the sealed plan, for a draft of a plan that was changed since.
    """

    state: State
    seal: str = ""
    sealed_at: str = ""
    differences: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    promised: Path | None = None

    def check_read(self, digests: Mapping[str, str]) -> None:
        """Raise when what was read, by name, is not what was held against the seal a moment before.

        Raises
        ------
        LockError
            Naming the first such file.
        """
        changed = next((name for name, digest in digests.items() if digest not in self.files), None)
        if self.state == "sealed" and changed is not None:
            raise LockError(f"{changed} was changed while the run read it; nothing was computed. Run again.")


def held_against_seal(lock_file: Path, plan: Path, data: Path, *, unlocked: bool) -> Standing:
    """Return how plan, data and code stand to the seal.

    Parameters
    ----------
    lock_file, plan : Path
        ``sap.lock`` and the plan.
    data : Path
        Folder of the datasets.
    unlocked : bool
        Whether to run what is not sealed all the same, as a draft.

    Returns
    -------
    Standing
        "sealed", or "draft" with what differs.

    Raises
    ------
    LockError
        When anything differs, or nothing is sealed, and `unlocked` is not set.
    """
    if not lock_file.exists():
        if unlocked:
            return Standing("draft")
        raise LockError(
            f"There is no seal {lock_file}, so nothing holds this run to what was promised. "
            "`sap lock` seals plan, data and code; --unlocked runs without, and stamps DRAFT on every page and result."
        )
    try:
        differences = tuple(map(str, verify(lock_file, plan=plan, data=data)))
        lock = read_lock(lock_file)
    except LockError as error:
        if unlocked:
            return Standing("draft", differences=(str(error),))
        raise
    if differences and not unlocked:
        raise LockError(_refusal(lock_file, differences))
    head = (lock.head.sha256, lock.head.at) if lock.head else ("", "")
    if unlocked:
        return Standing("draft", *head, differences, promised=_sealed_text(lock, plan))
    return Standing("sealed", *head, files=_digests(lock))


def _sealed_text(lock: Lock, plan: Path) -> Path | None:
    """Return the kept copy of the sealed plan; None when none is sealed, or its copy is gone or was changed."""
    seal = lock.plan.plan if lock.plan else None
    if seal is None:
        return None
    try:
        kept_text(plan, seal)
    except LockError:
        return None
    return plan.parent / seal.text


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
