"""Arms in their order, and the sets of subjects that flags of ADSL make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.mapping.cells import words
from analysis.mapping.cells.columns import Column, Table
from analysis.mapping.proposal import Said, Sure
from sap.text.cells import is_number

ACTUAL: Final = ("TRT01A", "ACTARM", "TRTA", "TRT01P", "ARM", "TRTP", "TRTSEQA", "TRTSEQP", "COHORT", "DOSELVL")
"""Variables that hold the treatment a subject got, or else was to get; the first that tells subjects apart is taken."""
_TWINS: Final = {"ACTARM": ("ACTARMN", "ARMN", "ACTARMCD"), "ARM": ("ARMN", "ARMCD"), "COHORT": ("COHORTN",)}
_MOST: Final = 9
"""Most arms: a column of more values is none."""
FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "ENRLFL": ("ENR", "Enrolled"),
    "RANDFL": ("RAND", "Randomised"),
    "FASFL": ("FAS", "Full analysis set"),
    "ITTFL": ("ITT", "Intent-to-treat"),
    "MITTFL": ("MITT", "Modified intent-to-treat"),
    "SAFFL": ("SAF", "Safety set"),
    "EFFFL": ("EFF", "Efficacy set"),
    "PPROTFL": ("PP", "Per protocol"),
}
"""Flags of ADSL for whom a set holds, from the widest on."""
EVERYBODY: Final = "ALL"


@dataclass(frozen=True)
class Arms:
    """The variable of ADSL that tells arms apart, and its values in their order."""

    variable: str
    levels: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self.levels) > 1


def arms_of(adsl: Table) -> tuple[Arms | None, tuple[Said, ...]]:
    """Return the arms, and what is to be said of them."""
    named = [n for n in ACTUAL if n in adsl.columns and adsl.columns[n].texts]
    several = [n for n in named if 2 <= len(_levels(adsl.columns[n])) <= _MOST]
    if not several:
        one = "one group: " + (", ".join(adsl.columns[named[0]].texts[:3]) if named else "everybody")
        why = f"No variable of a treatment ({', '.join(ACTUAL[:6])} …) has two values or more."
        return None, (Said("arms", one, "likely", why),)
    name = several[0]
    levels, sure, why = _ordered(adsl, name)
    other = next((n for n in several if n.endswith("P") and n[:-1] == name[:-1]), None)
    said = [Said(f"ADSL.{name}", " | ".join(levels), sure, why)]
    left = [t for t in adsl.columns[name].texts if t not in levels]
    if left:
        said.append(
            Said(f"ADSL.{name}", f"no arm: {', '.join(left)}", "likely", "So subjects are called who got nothing.")
        )
    if other is not None and (adsl.cells(name) != adsl.cells(other)).any():
        n = int((adsl.cells(name) != adsl.cells(other)).sum())
        what = f"{n} subjects have another arm in {other}"
        said.append(Said(f"ADSL.{name}", what, "guess", "Where subjects count as randomised, group by that one."))
    return Arms(name, levels), tuple(said)


def _levels(column: Column) -> tuple[str, ...]:
    return tuple(t for t in column.texts if words.is_arm(t))


def _ordered(adsl: Table, name: str) -> tuple[tuple[str, ...], Sure, str]:
    levels = _levels(adsl.columns[name])
    for twin in _TWINS.get(name, (f"{name}N",)):
        if twin not in adsl.columns:
            continue
        pairs = pd.DataFrame({"arm": adsl.cells(name), "number": adsl.cells(twin)}).drop_duplicates()
        pairs = pairs[pairs["arm"].isin(levels)]
        one_each = len(pairs) == len(levels) and all(n and is_number(n) for n in pairs["number"])
        if one_each:
            order = sorted(zip(map(float, pairs["number"]), pairs["arm"], strict=True))
            return tuple(arm for _, arm in order), "certain", f"{twin} numbers them."
    if all(map(is_number, levels)):
        return tuple(sorted(levels, key=float)), "likely", "In the order of their numbers."
    return tuple(sorted(levels)), "guess", f"No {name}N numbers them: in the order of their names."


@dataclass(frozen=True)
class Sets:
    """The analysis sets, from the widest on, by their ids."""

    flags: Mapping[str, str]
    """Flag of ADSL by the id of its set; everybody has none."""

    def of(self, *ids: str) -> str:
        """Return the first of some sets that there is, else the first of all."""
        return next((i for i in ids if i in self.flags), next(iter(self.flags), EVERYBODY))

    @property
    def safety(self) -> str:
        """The set for what harms."""
        return self.of("SAF", "ENR")

    @property
    def efficacy(self) -> str:
        """The set for what helps."""
        return self.of("FAS", "ITT", "MITT", "RAND", "EFF", "SAF")


def sets_of(adsl: Table, labels: Mapping[str, str]) -> tuple[Sets, tuple[Said, ...]]:
    """Return the sets, and what is to be said of them; `labels` is what flags are called."""
    found: dict[str, str] = {}
    said: list[Said] = []
    for name, (set_id, _) in FLAGS.items():
        column = adsl.columns.get(name)
        recode = words.flag(column.texts) if column is not None else None
        if column is None or recode is None:
            continue
        n = sum(count for text, count in column.counts.items() if recode.get(text, text) == "Y")
        if n:
            found[set_id] = name
            why = f"{n} of {adsl.rows} subjects have {name} = Y ({labels.get(name) or 'the usual name'})."
            said.append(Said(f"set {set_id}", name, "certain" if name in _KNOWN else "likely", why))
        else:
            said.append(Said(f"set {set_id}", "left out", "certain", f"No subject has {name} = Y."))
    if not found:
        said.append(Said(f"set {EVERYBODY}", "everybody", "likely", f"ADSL has none of {_listed(FLAGS)}."))
    return Sets(found), tuple(said)


_KNOWN: Final = frozenset({"SAFFL", "ITTFL", "FASFL", "RANDFL", "ENRLFL", "PPROTFL"})


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
