"""What a check of a paper's own numbers found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sap.facts.facts import Fact
from sap.facts.values import Fraction, Subjects

Weight = Literal["inconsistent", "under a reading", "not stated", "too precise"]
"""Cannot be true together with what else is printed; cannot be under one reading of the words, which the finding names;
something is missing beside it, so that nobody can check; shows digits nobody has. The last two leave the value itself
alone."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One check of one statement that applied to it."""

    fact: str
    """Id of the statement."""
    check: str
    """Name of the check."""
    holds: bool
    """Whether the statement stands it."""
    message: str
    """One sentence: what was found, in the paper's numbers."""
    weight: Weight = "inconsistent"
    """What it means that it does not hold."""
    recomputes: bool = False
    """Whether it makes the value again from other printed numbers; a check of possibility alone does not."""


Found = Iterator[Checked]
Check = Callable[[Fact, Mapping[str, Fact]], Found]
"""A statement, and all by id, to what was found; nothing where the check does not apply."""


def fraction_of(fact: Fact) -> Fraction | None:
    """Return the count of a statement; that of subjects who are named is how many they are, unless it is said."""
    value = fact.value
    if isinstance(value, Subjects) and value.numerator is None:
        others = {name: getattr(value, name) for name in ("denominator", "percent", "interval")}
        return Fraction(numerator=len(value.subjects), **others)
    return value if isinstance(value, Fraction) else None


def counted(fact: Fact) -> int | None:
    """Return how many a statement counts; None where it counts nothing."""
    found = fraction_of(fact)
    return None if found is None else found.numerator
