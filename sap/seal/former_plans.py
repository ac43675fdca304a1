"""The kept copies of sealed plans: every text that was ever sealed stays readable beside the plan."""

from pathlib import Path
from typing import Final

from sap.seal.entries import PlanSeal
from sap.seal.lock import RESTORE, LockError
from sap.text.digest import digest
from sap.text.files import read_whole, replace_whole, within
from sap.text.problems import UserError

HISTORY: Final = "history"


def keep_text(plan_file: Path, number: int, content: bytes) -> str:
    """Keep a copy of a plan's text, and return its path from the folder of the plan."""
    name = f"{HISTORY}/{number:02}-{digest(content)[:12]}.yml"
    replace_whole(within(plan_file.parent, name), content)
    return name


def kept_text(plan_file: Path, seal: PlanSeal) -> bytes:
    """Return the kept copy of a sealed plan."""
    try:
        content = read_whole(within(plan_file.parent, seal.text))
    except UserError as error:
        raise LockError(f"The kept copy of version {seal.version} is not there: {error} {RESTORE}") from None
    if digest(content) != seal.sha256:
        path = plan_file.parent / seal.text
        raise LockError(f"{path}, the kept copy of version {seal.version}, is not the text that was sealed. {RESTORE}")
    return content
