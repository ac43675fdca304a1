"""A check of a paper's own numbers: its name, what it looks at, its references, and what it finds in a statement."""

import inspect
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
class Outcome:
    """What a check found in a statement to which it applies."""

    holds: bool
    """Whether the statement stands it."""
    message: str
    """One sentence: what was found, in the paper's numbers."""
    weight: Weight = "inconsistent"
    """What it means that it does not hold."""
    recomputes: bool = False
    """Whether it makes the value again from other printed numbers; a check of possibility alone does not."""
    check: str = ""
    """Name, where it is not the first of the check."""


Look = Callable[[Fact, Mapping[str, Fact]], Iterator[Outcome]]
"""A statement, and all by id, to what was found; nothing where the check does not apply."""


@dataclass(frozen=True)
class Check:
    """A check, as findings and readers know it."""

    names: tuple[str, ...]
    """As findings carry them."""
    about: str
    """One sentence."""
    look: Look

    @property
    def sources(self) -> tuple[str, ...]:
        """References, each in one line."""
        _, _, listed = (inspect.getdoc(self.look) or "").partition(".. [")
        return tuple(" ".join(one.partition("] ")[2].split()) for one in listed.split(".. [") if one)


def check(*names: str, about: str) -> Callable[[Look], Check]:
    """Make a check of the function that looks at a statement; its docstring gives the rule and the references."""
    return lambda look: Check(names, about, look)


def fraction_of(fact: Fact) -> Fraction | None:
    """Return the count of a statement; that of subjects who are named is how many they are, unless it is said."""
    value = fact.value
    if isinstance(value, Subjects) and value.numerator is None:
        others = {name: getattr(value, name) for name in ("denominator", "percent", "interval")}
        return Fraction(numerator=len(value.subjects), **others)
    return value if isinstance(value, Fraction) else None


def count_of(fact: Fact) -> int | None:
    """Return how many a statement counts; None where it counts nothing."""
    found = fraction_of(fact)
    return None if found is None else found.numerator
