"""What the parts of a plan are called in the CDISC ARS reporting event it was made from.

A plan has its own words for what it promises. Where it was made from a reporting event, the results go back to those
who wrote that under their own names: ids of operations and groups, and of what the plan must call otherwise.
"""

from pydantic import Field

from sap.model.part import Identifier, Part, Text


class EventOperation(Part):
    """One operation of a method: the statistic that answers it."""

    id: Text
    """Its id in the reporting event."""
    statistic: Text
    """The statistic of the plan's method that is its result, as ``n`` or ``conf.low``."""
    label: Text
    """What it is called."""
    pattern: Text | None = None
    """How its result is shown, as ``(XX.X)``."""


class EventMethod(Part):
    """A method of the reporting event, with the analyses that have it."""

    id: Text
    """Its id in the reporting event."""
    name: Text
    """What it is called."""
    description: Text | None = None
    """What it is."""
    operations: tuple[EventOperation, ...] = Field(min_length=1)
    analyses: tuple[Identifier, ...] = ()
    """The analyses of the plan that have it."""


class SourceEvent(Part):
    """The reporting event that the plan was made from."""

    id: Text
    """Its id."""
    name: Text
    """What it is called."""
    methods: tuple[EventMethod, ...] = ()
    """Its methods, each with the analyses that have it."""
    results_by: dict[Identifier, Text] = Field(default_factory=dict)
    """Analyses whose results carry the operations of another method than their own, and that method."""
    groups: dict[Identifier, tuple[Text, ...]] = Field(default_factory=dict)
    """Ids of the groups of a grouping, in the order of its levels."""
    subsets: dict[Identifier, Text] = Field(default_factory=dict)
    """The data subset of an analysis."""
    ids: dict[Identifier, Text] = Field(default_factory=dict)
    """Ids that a plan cannot have, by those it has in their place."""

    def method_of(self, analysis: str) -> EventMethod | None:
        """Return the method of an analysis."""
        return next((m for m in self.methods if analysis in m.analyses), None)

    def operations_of(self, analysis: str) -> tuple[EventOperation, ...]:
        """Return the operations whose ids the results of an analysis carry."""
        own = self.method_of(analysis)
        other = self.results_by.get(analysis)
        found = next((m for m in self.methods if m.id == other), own)
        return found.operations if found is not None else ()

    def called(self, name: str) -> str:
        """Return what the event calls a part that the plan calls so."""
        return self.ids.get(name, name)
