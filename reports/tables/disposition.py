"""A disposition as a table: stages with those lost before them, outcomes, and sets with those left out of them."""

from collections.abc import Iterator

from analysis.steps.disposition import LEFT_OUT_BY_REASON, LOST_BY_REASON, left_out, lost
from reports.layout.cells import Cells, in_group
from reports.layout.model import COUNTED, COUNTED_OVER, INDENT, Line
from sap.methods.disposition import Disposition, reason_labels


def disposition_lines(cells: Cells, step: Disposition) -> Iterator[Line]:
    """Yield the lines of a disposition: those lost or left out stand indented, their reasons further in."""
    for group in cells.groups(step):
        of_group = _Lines(cells, step, group)
        yield from of_group.stages()
        yield from of_group.outcomes()
        yield from of_group.sets()


class _Lines:
    def __init__(self, cells: Cells, step: Disposition, group: str) -> None:
        self.cells, self.step = cells, step
        self.section = cells.section(step, group)
        self.at = in_group(step, group)

    def _line(self, section: str, label: str, context: str, level: str) -> Iterator[Line]:
        stacked = self.step.by is not None and not self.cells.only
        layout, numbers = (COUNTED_OVER, ("n", "N", "p")) if stacked else (COUNTED, ("n", "p"))
        yield from self.cells.stats(section, label, layout, numbers, context=context, level=level, **self.at)

    def stages(self) -> Iterator[Line]:
        for stage in self.step.stages:
            yield from self._line(self.section, f"{INDENT}Lost before “{stage.label}”", "lost", lost(stage.label))
            for reason in reason_labels(stage.lost):
                level = lost(stage.label, reason)
                yield from self._line(self.section, INDENT * 2 + reason, LOST_BY_REASON, level)
            yield from self._line(self.section, stage.label, "stage", stage.label)

    def outcomes(self) -> Iterator[Line]:
        section = f"{self.section}: outcome of “{self.step.stages[-1].label}”"
        for outcome in reason_labels(self.step.outcomes):
            yield from self._line(section, outcome, "outcome", outcome)

    def sets(self) -> Iterator[Line]:
        section = f"{self.section}: analysis sets"
        for counted in self.step.sets:
            name = counted.analysis_set
            stage = self.step.stages[self.step.among(counted)].label
            yield from self._line(section, f"{self.cells.plan.set_of(name).title} ({name})", "in_set", name)
            yield from self._line(section, f"{INDENT}Of “{stage}”, not in the set", "left_out", left_out(name))
            for reason in reason_labels(counted.left_out):
                yield from self._line(section, INDENT * 2 + reason, LEFT_OUT_BY_REASON, left_out(name, reason))
