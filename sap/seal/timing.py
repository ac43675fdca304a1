"""When a text of the plan was sealed: before, together with or after the data."""

from collections.abc import Mapping
from typing import Final, Literal

from sap.seal.lock import Entry, Lock

Known = Literal["sealed", "together", "present", "absent", "not recorded"]
"""The data were sealed before; in the same act; their files were in the folder; were not; or nobody noted it."""


def data_known(entry: Entry, lock: Lock) -> Known:
    """Return what was known of the data when a text of the plan was sealed."""
    if lock.data_locked_before(entry):
        return "sealed"
    if _in_one_act(entry, lock):
        return "together"
    present = entry.plan.data_present if entry.plan is not None else None
    if present is None:
        return "not recorded"
    return "present" if present else "absent"


TIMING: Final[Mapping[Known, tuple[str, str]]] = {
    "sealed": ("after the data were sealed", "after data lock"),
    "together": ("together with the data, in one act", "together with the data"),
    "present": ("before the data were sealed, but {present}", "before data lock, but {present}"),
    "absent": ("before the data files existed here", "before the data files existed here"),
    "not recorded": (
        "before the data were sealed; whether the data files were already there was not recorded",
        "before data lock, presence of data files not recorded",
    ),
}
"""When a text was sealed, as the end of a sentence, and in few words."""


def timing_words(entry: Entry, lock: Lock) -> str:
    """Return when a text of the plan was sealed, as the end of a sentence: "before the data files existed here"."""
    return TIMING[data_known(entry, lock)][0].replace("{present}", present_words(entry))


def timing_label(entry: Entry, lock: Lock) -> str:
    """Return the same in few words, for a cell of a table."""
    return TIMING[data_known(entry, lock)][1].replace("{present}", present_words(entry))


def present_words(entry: Entry) -> str:
    """Return which data files were in the folder when a text of the plan was sealed, as a clause; empty for none."""
    plan = entry.plan
    if plan is None or not plan.data_present:
        return ""
    n, of = len(plan.data_present), len(set(plan.datasets.values()))
    if n == of:
        return "the data files were already in the folder"
    were = "file was" if n == 1 else "files were"
    return f"{n} of {of} data {were} already in the folder ({', '.join(plan.data_present)})"


def _in_one_act(entry: Entry, lock: Lock) -> bool:
    """Return whether the command that sealed a text sealed data right after it."""
    for later in lock.entries[entry.number :]:
        if not later.joined:
            return False
        if later.event == "data":
            return True
    return False
