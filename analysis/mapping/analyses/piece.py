"""What a first analysis brings to a plan: its variables, derivations, steps and outputs, with what is to be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from analysis.mapping.arms import Arms, Sets
from analysis.mapping.cells.columns import Table
from analysis.mapping.flow import Again
from analysis.mapping.proposal import Entry, Said

ARM = "ARM"
"""Id of the grouping by arm."""


@dataclass(frozen=True)
class Piece:
    """What one analysis needs of a plan and adds to it."""

    analysis: Entry
    shown: tuple[tuple[str, str, str], ...]
    """Kind, title and axis of each table and figure that shows it."""
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Variables that it uses, by dataset."""
    entries: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    """What the plan must say of some of them, by dataset and name."""
    parameters: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    """What the plan says of parameters, by dataset and code."""
    derivations: tuple[Entry, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def steps(self) -> list[Entry]:
        """The steps of the analysis."""
        return list(cast("list[Entry]", self.analysis["steps"]))


@dataclass(frozen=True)
class World:
    """What all first analyses look at."""

    tables: Mapping[str, Table]
    arms: Arms | None
    sets: Sets

    @property
    def adsl(self) -> Table:
        """The subjects."""
        return self.tables["ADSL"]

    @property
    def by(self) -> Entry:
        """The option of a step that groups by arm, where there are arms."""
        return {"by": ARM} if self.arms is not None and self.arms.several else {}

    @property
    def by_arm(self) -> str:
        """How a title ends that is about arms."""
        return " by arm" if self.by else ""


def analysis(name: str, title: str, set_id: str, steps: list[Entry], *, endpoint: str = "") -> Entry:
    """Return an analysis of a plan."""
    told = {"id": name, "title": title, "objective": "O1", "purpose": "exploratory", "endpoint": endpoint or title}
    return {**told, "analysis_set": set_id, "estimand": Again("estimand"), "steps": steps}
