"""What methods have in common that compare groups of subjects: which groups, in which order, within which strata."""

from collections.abc import Iterator
from typing import ClassVar

from sap.model.names import Defined, Names
from sap.model.part import Identifier, Text
from sap.model.step import OneStep
from sap.text.problems import Fault, Place, one_of


class Comparison(OneStep):
    """Groups of subjects that are compared with each other."""

    compares: ClassVar[bool] = True
    least_groups: ClassVar[int] = 2
    """How many groups there must be."""

    by: Identifier
    """The grouping whose groups are compared."""

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and a grouping that has too few groups."""
        yield from super().problems(names, path)
        found = next((g for g in names.plan.groupings if g.id == self.by), None)
        if found is not None and found.levels and len(found.levels) < self.least_groups:
            what = f"the number of groups of '{self.by}' is {len(found.levels)}, and {self.method} compares at least"
            fix = "Name a grouping that has them."
            yield Fault((*path, "by"), f"{what} {self.least_groups}.", fix)


class TwoGroups(Comparison):
    """Two groups: the first against the second, which is the reference."""

    applied_to: ClassVar[frozenset[str]] = frozenset({"between"})

    between: tuple[Text, Text] | None = None
    """Labels of the two groups: the first minus, or over, the second; unset, those of a grouping that has two."""

    def compared(self, plan: Defined) -> tuple[str, str]:
        """Return the labels of the two groups, of which the second is the reference."""
        if self.between is not None:
            return self.between
        first, second = (level.label for g in plan.groupings if g.id == self.by for level in g.levels)
        return first, second

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every comparison, and groups that the grouping has not, or that are not two."""
        yield from super().problems(names, path)
        known = [level.label for g in names.plan.groupings if g.id == self.by for level in g.levels]
        if self.between is None:
            if len(known) > 2:
                what = f"the grouping '{self.by}' has {len(known)} groups, and {self.method} compares two."
                fix = f"Say which, and the reference last, as between: [{known[1]}, {known[0]}]."
                yield Fault((*path, "between"), what, fix)
            return
        for i, label in enumerate(self.between if known else ()):
            yield from one_of(f"group of {self.by}", label, known, (*path, "between", i))
        if self.between[0] == self.between[1]:
            what = f"'{self.between[0]}' is compared with itself."
            yield Fault((*path, "between"), what, "Name two groups.")


class Stratified(Comparison):
    """Groups that may be compared within strata."""

    applied_to: ClassVar[frozenset[str]] = frozenset({"strata"})

    strata: tuple[Identifier, ...] = ()
    """Groupings whose groups, crossed, are the strata; none where subjects are compared as they are."""

    @property
    def groupings(self) -> tuple[Identifier, ...]:
        """The groups, then the strata."""
        return (*super().groupings, *self.strata)

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every comparison, and a stratum that the plan has not, or that stands twice."""
        yield from super().problems(names, path)
        for i, named in enumerate(self.strata):
            yield from names.grouping(named, (*path, "strata", i))
            yield from names.grouping_with_levels(named, self.method, (*path, "strata", i))
            if named in (self.by, *self.strata[:i]):
                yield Fault((*path, "strata", i), f"the grouping '{named}' stands twice.", "Leave it in one place.")
