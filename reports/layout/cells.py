"""Finding the cells of one step of the plan: one column an analysis, filled where the analysis has the step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.results.ard import Row
from analysis.results.tasks import Task
from reports.layout.lookup import Lookup
from reports.layout.model import ABSENT, SLOT, TO, Cell, Line
from reports.words.labels import parameter_label, variable_label
from sap.methods import Step
from sap.methods.adverse_events import AdverseEvents
from sap.methods.binomial import Binomial
from sap.methods.by_subject import BySubject
from sap.methods.competing_risks import CompetingRisks
from sap.methods.correlation import Correlation
from sap.methods.criteria import Criteria
from sap.methods.disposition import Disposition
from sap.methods.kaplan_meier import KaplanMeier
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.methods.records import Records
from sap.methods.time_dependent import TimeDependent
from sap.model.part import Reference
from sap.plan.plan import Plan
from sap.reading.post_hoc import POST_HOC


@dataclass(frozen=True)
class Cells:
    """The cells of one step.

    Attributes
    ----------
    plan : Plan
        Labels, groupings and rules.
    lookup : Lookup
        The results.
    wanted : tuple of Task
        The analyses of the table, a column each.
    having : mapping of str to str
        Those that have the step, at its confidence level, with its position in them.
    each : bool
        Whether what each subject has is listed beside what all have.
    only : str
        The one group whose lines are wanted, of a column of its own that is called like it; empty for all groups.
    beside : Cells, optional
        Those of the same step about other subjects, in a column of its own: a line that they have is one here, too.
    """

    plan: Plan
    lookup: Lookup
    wanted: tuple[Task, ...]
    having: Mapping[str, str]
    each: bool = True
    only: str = ""
    beside: "Cells | None" = None

    def section(self, step: Step, group: str = "", shows: str = "") -> str:
        """Return the heading of the step's lines, with what they show; one no promised analysis has is post hoc."""
        name = ", ".join(filter(None, (step.label or self._name(step), shows)))
        title = (
            f"{name} – {self.plan.grouping(step.by).title}: {group}" if step.by and group and not self.only else name
        )
        promised = any(t.reason != POST_HOC for t in self.wanted if t.id in self.having)
        return title if promised else f"{title} ({POST_HOC})"

    def _name(self, step: Step) -> str:
        match step:
            case AdverseEvents() | Disposition():
                return "Disposition" if isinstance(step, Disposition) else "Adverse events"
            case Criteria():
                return "Criterion met"
            case KaplanMeier() | CompetingRisks() | TimeDependent():
                return step.data
            case Correlation():
                return " with ".join(variable_label(self.plan, v) for v in (step.variable, step.with_variable))
            case Profile() | Records():
                return _repeated(self.plan, step)
            case BySubject():
                return "By subject: " + " · ".join(variable_label(self.plan, v) for v in step.variables)
            case Binomial() | Posterior() if step.event != ("Y",):
                return f"{variable_label(self.plan, step.variable)}: {' / '.join(step.event)}"
            case _:
                return variable_label(self.plan, step.variable)

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

    def rows(self, analysis_id: str, **where: str) -> tuple[Row, ...]:
        """Return the rows that the step gives in one analysis, and none of another step's; none where it has not it."""
        step = self.having.get(analysis_id)
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


def _repeated(plan: Plan, step: Profile | Records) -> str:
    if isinstance(step, Profile):
        return parameter_label(plan, step.dataset, step.parameter)
    return variable_label(plan, Reference(dataset=step.dataset, variable=step.about))


def in_group(step: Step, label: str) -> dict[str, str]:
    """Return what narrows a search to one group of a step; two groupings may share labels, as Yes and No."""
    return {"grouping": step.by or "", "group": label}


def numbers_as_numbers(subject: str) -> list[tuple[int, str]]:
    """Return a key that puts Subject 2 before Subject 10."""
    parts = re.split(r"(\d+)", subject)
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]
