"""The kept copies of the sealed texts of a plan, without reading them as plans."""

from pathlib import Path
from typing import Final

from sap.seal.lock import RESTORE, LockError, PlanSeal
from sap.text.files import digest, read_whole, replace_whole, within
from sap.text.problems import UserError

HISTORY: Final = "history"
"""Folder beside the plan that keeps every sealed text of it."""


def save_text(plan_file: Path, number: int, content: bytes) -> str:
    """Keep a copy of a plan's text, and return its path from the folder of the plan."""
    name = f"{HISTORY}/{number:02}-{digest(content)[:12]}.yml"
    replace_whole(within(plan_file.parent, name), content)
    return name


def sealed_text(plan_file: Path, seal: PlanSeal) -> bytes:
    """Return the kept copy of a sealed plan."""
    try:
        content = read_whole(within(plan_file.parent, seal.text))
    except UserError as error:
        raise LockError(f"The kept copy of version {seal.version} is not there: {error} {RESTORE}") from None
    if digest(content) != seal.sha256:
        path = plan_file.parent / seal.text
        raise LockError(f"{path}, the kept copy of version {seal.version}, is not the text that was sealed. {RESTORE}")
    return content
