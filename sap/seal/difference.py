"""What is not as it was sealed: for what runs before libraries are held, so without any of them."""

from dataclasses import dataclass
from typing import Literal

PartName = Literal[
    "chain", "plan", "data", "code", "pages", "dependencies", "signature", "amendment", "results", "site"
]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was sealed."""

    part: PartName
    """Which part of the seal."""
    where: str
    """The file, entry, package or signer."""
    message: str
    """What differs."""
    fix: str
    """What to do about it."""

    def __str__(self) -> str:
        """Return the difference as one readable line."""
        return f"{self.part}: {self.where}: {self.message} {self.fix}".rstrip()
