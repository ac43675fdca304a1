"""Where the file of post hoc analyses stands, without reading what is in it."""

import hashlib
from pathlib import Path
from typing import Final

FILE: Final = "post_hoc.yml"


def post_hoc_file(plan_file: Path) -> Path:
    """Return where the post hoc analyses of a plan stand, whether there are any or not."""
    return plan_file.with_name(FILE)


def post_hoc_sha256(plan_file: Path) -> str:
    """Return the SHA-256 of the file of post hoc analyses beside a plan; empty without one."""
    file = post_hoc_file(plan_file)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
