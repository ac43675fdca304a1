"""What a record of a subject is called in the results: the subject and the number of the record."""

from typing import Final

RECORD: Final = "record"
"""The part of the method whose levels are records of subjects."""
ONGOING: Final = "ongoing"
"""Why a record has no last day."""
_NUMBERED: Final = ", record "


def record_level(subject: str, number: int) -> str:
    """Return the level of a record: ``S-01, record 2``."""
    return f"{subject}{_NUMBERED}{number}"


def subject_of(level: str) -> str:
    """Return the subject of the level of a record."""
    return level.rpartition(_NUMBERED)[0]


def number_of(level: str) -> int:
    """Return which record of its subject a level names, from 1."""
    return int(level.rpartition(_NUMBERED)[2])
