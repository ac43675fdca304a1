"""The checks of a paper's own numbers, one a file; each needs the facts alone and knows no study."""

import inspect
from dataclasses import dataclass
from typing import Final

from analysis.concordance.checked import Check, Checked
from analysis.concordance.checks import (
    abstract_alone,
    deviation_in_range,
    deviation_of_steps,
    endpoint,
    follow_up,
    interval_around,
    interval_of_method,
    interval_stated,
    limits,
    mean_of_steps,
    median_of_steps,
    named_subjects,
    order,
    p_value,
    part_of_whole,
    percent_alone,
    percent_digits,
    percent_of_fraction,
    repeated,
    required,
    totals,
)
from sap.facts.facts import Facts

_MODULES: Final = (
    percent_of_fraction,
    percent_alone,
    percent_digits,
    interval_around,
    interval_of_method,
    interval_stated,
    part_of_whole,
    totals,
    required,
    named_subjects,
    repeated,
    limits,
    order,
    median_of_steps,
    mean_of_steps,
    deviation_of_steps,
    deviation_in_range,
    endpoint,
    p_value,
    follow_up,
    abstract_alone,
)


@dataclass(frozen=True)
class Definition:
    """What a check is, for a reader."""

    names: tuple[str, ...]
    """As findings carry them."""
    about: str
    """One sentence."""
    sources: tuple[str, ...]
    """References."""


CHECKS: Final[tuple[Check, ...]] = tuple(m.check for m in _MODULES)


def checked(facts: Facts) -> tuple[Checked, ...]:
    """Return what every check found in every statement, in the order of the paper."""
    known = facts.by_id()
    return tuple(found for fact in facts.in_order() for check in CHECKS for found in check(fact, known))


def definitions() -> tuple[Definition, ...]:
    """Return what each check is, from its own description."""
    return tuple(
        Definition(
            names=tuple(getattr(m, n) for n in ("NAME", "REACH") if hasattr(m, n)),
            about=(m.__doc__ or "").strip(),
            sources=_sources(inspect.getdoc(m.check) or ""),
        )
        for m in _MODULES
    )


def _sources(description: str) -> tuple[str, ...]:
    """Return the references of a description, each in one line."""
    _, _, listed = description.partition(".. [")
    return tuple(" ".join(one.partition("] ")[2].split()) for one in listed.split(".. [") if one)
