"""Finding the cells of one step of the plan: one column an analysis, filled where the analysis has the step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.results.ard import Row
from analysis.results.tasks import Task
from reports.layout.lookup import Lookup
from reports.layout.model import ABSENT, COUNTED, COUNTED_OVER, N_PERCENT, OVER_PERCENT, SLOT, TO, Cell, Line
from sap.methods import Step
from sap.plan.plan import Plan
from sap.reading.post_hoc import POST_HOC


@dataclass(frozen=True)
class Cells:
    """The cells of one step."""

    plan: Plan
    """Labels, groupings and rules."""
    lookup: Lookup
    """The results."""
    wanted: tuple[Task, ...]
    """The analyses of the table, a column each."""
    positions: Mapping[str, str]
    """Those that have the step, at its confidence level, with its position in them."""
    by_subject: bool = True
    """Whether what each subject has is listed beside what all have."""
    only: str = ""
    """The one group whose lines are wanted, of a column of its own that is called like it; empty for all groups."""
    beside: tuple["Cells", ...] = ()
    """Those of the same step about other subjects, in columns of their own: a line that they have is one here, too."""
    heading: str = ""
    """What a step is called to which the plan gives no label."""

    def section(self, step: Step, group: str = "", shows: str = "") -> str:
        """Return the heading of the step's lines, with what they show; one no promised analysis has is post hoc."""
        name = ", ".join(filter(None, (step.label or self.heading, shows)))
        title = (
            f"{name} – {self.plan.grouping(step.by).title}: {group}" if step.by and group and not self.only else name
        )
        promised = any(t.reason != POST_HOC for t in self.wanted if t.id in self.positions)
        return title if promised else f"{title} ({POST_HOC})"

    def sections(self, step: Step, shows: str = "") -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the heading of each group of a step, and what narrows a search to the group."""
        for group in self.groups(step):
            yield self.section(step, group, shows), in_group(step, group)

    def line(self, section: str, label: str, cells: Sequence[Cell | None], absent: str = ABSENT) -> Iterator[Line]:
        """Yield a line unless no analysis of the table has it; `absent` says why one of them has not."""
        if any(c is not None for c in cells):
            yield Line(section, label, tuple(c or Cell(absent) for c in cells))

    def stats(self, section: str, label: str, layout: str, names: Sequence[str], **where: str) -> Iterator[Line]:
        """Yield a line whose cells lay out the same statistics of each analysis."""
        yield from self.line(section, label, [self.cell(t.id, layout, names, **where) for t in self.wanted])

    def cell(self, analysis_id: str, layout: str, names: Sequence[str], **where: str) -> Cell | None:
        """Return the cell of one analysis; one "NE" where none of its statistics can be estimated."""
        rows = self._rows(analysis_id, names, **where)
        if rows is None:
            return None
        digits = self.plan.conventions.p_value_digits
        return Cell(SLOT if all(r.error for r in rows) else _between(layout, rows), rows, digits)

    def _rows(self, analysis_id: str, names: Sequence[str], **where: str) -> tuple[Row, ...] | None:
        found = tuple(r for n in names for r in self.rows(analysis_id, stat=n, **where))
        return found if len(found) == len(names) else None

    def percentages(self, step: Step, *, own: bool = False) -> tuple[str, str, tuple[str, ...]]:
        """Return how counts are headed and laid out, and their statistics: with N where it is not the column's."""
        if own or (step.by is not None and not self.only):
            return OVER_PERCENT, COUNTED_OVER, ("n", "N", "p")
        return N_PERCENT, COUNTED, ("n", "p")

    def rows(self, analysis_id: str, **where: str) -> tuple[Row, ...]:
        """Return the rows that the step gives in one analysis, and none of another step's; none where it has not it."""
        step = self.positions.get(analysis_id)
        return () if step is None else self.lookup.rows(analysis_id, step=step, **where)

    def groups(self, step: Step) -> tuple[str, ...]:
        """Return the labels of a step's groups; one empty label where it has none."""
        if self.only:
            return (self.only,)
        return tuple(g.label for g in self.plan.grouping(step.by).levels) if step.by else ("",)


def _between(layout: str, rows: Sequence[Row]) -> str:
    """Return a layout in which no dash stands before a minus sign, or beside a word: such a range is told with "to"."""
    plain = all(not r.error and (r.stat is None or r.stat >= 0) for r in rows)
    return layout if plain else layout.replace(f"{SLOT}{TO}{SLOT}", f"{SLOT} to {SLOT}")


def in_group(step: Step, label: str) -> dict[str, str]:
    """Return what narrows a search to one group of a step; two groupings may share labels, as Yes and No."""
    return {"grouping": step.by or "", "group": label}


def numbers_as_numbers(subject: str) -> list[tuple[int, str]]:
    """Return a key that puts Subject 2 before Subject 10."""
    parts = re.split(r"(\d+)", subject)
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]
