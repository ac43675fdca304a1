"""What is proposed, how sure it is, and from what it was concluded."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

Sure = Literal["certain", "likely", "guess", "problem"]
"""How sure a proposal is: the data say it; most do, or a usual name does; a person must look; the data are wrong."""
Entry = dict[str, object]
"""A part of a plan as its YAML has it."""


@dataclass(frozen=True)
class Said:
    """One proposal, as a person is told it."""

    place: str
    """What it is about, as ``ADTTE.AVAL``."""
    what: str
    """What is proposed."""
    sure: Sure
    why: str
    """From what it was concluded."""

    def as_record(self) -> Mapping[str, str]:
        """Return it as a record for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Missing:
    """Something a plan asks for and the data do not give."""

    place: str
    """What is missing, as ``ADSL.RANDDT``."""
    what: str
    """What is wrong."""
    needed_by: str
    """Which part of the plan needs it."""
    nearest: str
    """What in the data comes nearest to it; empty without one."""

    def as_record(self) -> Mapping[str, str]:
        """Return it as a record for JSON."""
        return asdict(self)
