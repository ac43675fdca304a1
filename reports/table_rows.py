"""Results to the rows of a table: one section a step of the plan, one column an analysis.

The planned analysis is the first column and each sensitivity analysis the next, so that a reader sees on one line what
a changed assumption changes.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import assert_never

from analysis.results import Row, unique
from analysis.run import Task, tasks
from reports.labels import variable_label
from reports.lookup import Lookup
from reports.numbers import NOT_ESTIMABLE, formatted, shown
from reports.table_model import ABSENT, Cell, Column, Line, Table
from sap.derivations import DltStatus
from sap.dlt import DltRule
from sap.methods import Binomial, BySubject, Criteria, Distribution, KaplanMeier, RankComparison, Step, Summary
from sap.plan import Output, Plan

IN_NO_DEFINITION = "n/a"
NOT_IN_SET = "not in set"


def table(plan: Plan, lookup: Lookup, output: Output) -> Table:
    """Return the content of a table of the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    lookup : Lookup
        The results.
    output : Output
        The table's entry in the plan.

    Returns
    -------
    Table
        One section a step, labels from the plan, cells from the results.
    """
    wanted = [t for a in output.analyses for t in tasks(plan) if t.id in _family(plan, a)]
    columns = tuple(_column(plan, lookup, t) for t in wanted)
    steps = [s for s in unique_steps(wanted) if output.by_subject or not isinstance(s, BySubject)]
    lines = tuple(line for s in steps for line in _StepLines(plan, lookup, wanted, s).of(s))
    promised = f"{plan.plan.id} {plan.plan.version}"
    return Table(output, columns, lines, promised)


def _family(plan: Plan, analysis_id: str) -> set[str]:
    return {analysis_id, *(s.id for s in plan.analysis(analysis_id).sensitivity)}


def _column(plan: Plan, lookup: Lookup, task: Task) -> Column:
    titles = {s.id: s.title for a in plan.analyses for s in a.sensitivity}
    size = lookup.row("SETS", "N", context="analysis", level=task.id).stat
    subjects = f"{task.analysis_set}, subset" if task.data_subset is not None else task.analysis_set
    return Column(task.id, titles.get(task.id, "Planned analysis"), subjects, int(size or 0))


class _StepLines:
    """The lines of one step; only analyses that have the step (at its confidence level) fill their cells."""

    def __init__(self, plan: Plan, lookup: Lookup, wanted: Sequence[Task], step: Step) -> None:
        self.plan = plan
        self.lookup = lookup
        self.wanted = wanted
        self.having = frozenset(t.id for t in wanted if _key(step) in map(_key, t.steps))

    def of(self, step: Step) -> Iterator[Line]:
        """Yield the lines of the step."""
        match step:
            case Binomial():
                yield from self._binomial(step)
            case Distribution():
                yield from self._distribution(step)
            case Criteria():
                yield from self._criteria(step)
            case Summary():
                yield from self._summary(step)
            case KaplanMeier():
                yield from self._kaplan_meier(step)
            case RankComparison():
                yield from self._rank_comparison(step)
            case BySubject():
                yield from self._by_subject(step)
            case _:
                assert_never(step)

    def _section(self, step: Step, group: str = "") -> str:
        name = step.label or self._name(step)
        return f"{name} – {self.plan.grouping(step.by).title}: {group}" if step.by and group else name

    def _name(self, step: Step) -> str:
        match step:
            case Criteria():
                return "Criterion met"
            case KaplanMeier():
                return step.data
            case BySubject():
                return "By subject: " + " · ".join(variable_label(self.plan, v) for v in step.variables)
            case Binomial() if step.event != ("Y",):
                return f"{variable_label(self.plan, step.variable)}: {' / '.join(step.event)}"
            case _:
                return variable_label(self.plan, step.variable)

    def _line(self, section: str, label: str, cells: Sequence[Cell | None], absent: str = ABSENT) -> Iterator[Line]:
        """Yield a line unless no analysis of the table has it; `absent` says why one of them has not."""
        if any(c is not None for c in cells):
            yield Line(section, label, tuple(c or Cell(absent) for c in cells))

    def _stats(self, section: str, label: str, layout: str, names: Sequence[str], **where: str) -> Iterator[Line]:
        """Yield a line whose cells lay out the same statistics of each analysis."""
        yield from self._line(section, label, [self._cell(t.id, layout, names, **where) for t in self.wanted])

    def _rows(self, analysis_id: str, names: Sequence[str], **where: str) -> tuple[Row, ...] | None:
        if analysis_id not in self.having:
            return None
        found = tuple(r for n in names for r in self.lookup.rows(analysis_id, stat=n, **where))
        return found if len(found) == len(names) else None

    def _cell(self, analysis_id: str, layout: str, names: Sequence[str], **where: str) -> Cell | None:
        rows = self._rows(analysis_id, names, **where)
        if rows is None:
            return None
        digits = self.plan.conventions.p_value_digits
        if all(r.stat is None for r in rows):
            return Cell(NOT_ESTIMABLE, rows)
        return Cell(layout.format(*(shown(r, digits) for r in rows)), rows)

    def _groups(self, step: Step) -> tuple[str, ...]:
        return tuple(g.label for g in self.plan.grouping(step.by).levels) if step.by else ("",)

    def _binomial(self, step: Binomial) -> Iterator[Line]:
        level = formatted(step.conf_level, "xx%")
        for group in self._groups(step):
            section = self._section(step, group)
            at = {"variable": step.variable.variable, "level": " / ".join(step.event), **_group(step, group)}
            limits = ("conf.low", "conf.high")
            yield from self._stats(section, "n/N (%)", "{}/{} ({})", ("n", "N", "estimate"), context="proportion", **at)
            yield from self._stats(
                section, f"{level} CI, two-sided, Clopper–Pearson", "{} to {}", limits, context="proportion", **at
            )
            yield from self._stats(
                section,
                f"{level} upper bound, one-sided, Clopper–Pearson",
                "{}",
                ("conf.high",),
                context="proportion_upper_bound",
                **at,
            )

    def _distribution(self, step: Distribution) -> Iterator[Line]:
        for group in self._groups(step):
            at = {"context": "distribution", "variable": step.variable.variable, **_group(step, group)}
            found = (r for t in self.wanted for r in self.lookup.rows(t.id, **at))
            for level in unique(r.variable_level for r in found):
                yield from self._stats(self._section(step, group), level, "{} ({})", ("n", "p"), level=level, **at)

    def _criteria(self, step: Criteria) -> Iterator[Line]:
        """Yield a line a criterion; two rules may give one id to different sentences, so the sentence leads."""
        ids = {t.id: {c.text: c.id for c in self._rule(t, step).criteria} for t in self.wanted}
        texts = unique(text for found in ids.values() for text in found)
        for group, text in product(self._groups(step), texts):
            at = {"context": "criteria", **_group(step, group)}
            cells = [
                self._cell(t.id, "{} ({})", ("n", "p"), level=ids[t.id][text], **at) if text in ids[t.id] else None
                for t in self.wanted
            ]
            codes = unique(found[text] for found in ids.values() if text in found)
            yield from self._line(self._section(step, group), f"{text} ({', '.join(codes)})", cells, IN_NO_DEFINITION)

    def _rule(self, task: Task, step: Criteria) -> DltRule:
        rules = {d.id: d.rule for d in self.plan.derivations if isinstance(d, DltStatus)}
        return self.plan.dlt_rule(rules[task.use.get(step.data, step.data)])

    def _summary(self, step: Summary) -> Iterator[Line]:
        for group in self._groups(step):
            yield from self._description(step, self._section(step, group), "", group)

    def _description(self, step: Summary | RankComparison, section: str, prefix: str, group: str) -> Iterator[Line]:
        at = {"context": "summary", "variable": step.variable.variable, **_group(step, group)}
        yield from self._stats(section, f"{prefix}n", "{}", ("n",), **at)
        yield from self._stats(section, f"{prefix}Median (range)", "{} ({} to {})", ("median", "min", "max"), **at)
        yield from self._stats(section, f"{prefix}Mean (SD)", "{} ({})", ("mean", "sd"), **at)

    def _rank_comparison(self, step: RankComparison) -> Iterator[Line]:
        section = f"{self._section(step)} – {self.plan.grouping(step.by).title}"
        at = {"variable": step.variable.variable, "grouping": step.by}
        first, second = self._groups(step)
        for group in (first, second):
            yield from self._description(step, section, f"{group}: ", group)
        level = formatted(step.conf_level, "xx%")
        shift = f"Shift, {first} minus {second} ({level} CI)"
        for label, layout, names, context in (
            (shift, "{} ({} to {})", ("estimate", "conf.low", "conf.high"), "shift"),
            ("Exact Wilcoxon–Mann–Whitney p, two-sided", "{}", ("p.value",), "rank_test"),
            ("Smallest p these groups allow", "{}", ("p.value.min",), "rank_test"),
            (f"Rank-biserial correlation ({level} CI)", "{} ({} to {})", _limits("rank.biserial"), "effect"),
            (f"Probability of superiority ({level} CI)", "{} ({} to {})", _limits("prob.superiority"), "effect"),
        ):
            yield from self._stats(section, label, layout, names, context=context, **at)

    def _kaplan_meier(self, step: KaplanMeier) -> Iterator[Line]:
        ci = f"{formatted(step.conf_level, 'xx%')} CI"
        with_ci = ("{} ({} to {})", ("estimate", "conf.low", "conf.high"))
        for group in self._groups(step):
            section = self._section(step, group)
            at = {"variable": step.data, **_group(step, group)}
            yield from self._stats(section, "Events / subjects", "{}/{}", ("n.event", "N"), context="survival", **at)
            yield from self._stats(section, "Censored", "{}", ("n.censor",), context="survival", **at)
            yield from self._stats(section, f"Median, days ({ci})", *with_ci, context="survival", level="median", **at)
            for day in step.landmarks:
                here = {"context": "survival_at", "level": str(day), **at}
                yield from self._stats(section, f"At {day} days ({ci})", *with_ci, **here)
                yield from self._stats(section, f"At risk at {day} days", "{}", ("n.risk",), **here)
            yield from self._stats(
                section,
                f"Follow-up: reverse Kaplan–Meier median, days ({ci})",
                *with_ci,
                context="follow_up_reverse_km",
                **at,
            )
            yield from self._stats(
                section,
                "Follow-up: plain median of observed times, days (range)",
                "{} ({} to {})",
                ("median", "min", "max"),
                context="follow_up_observed",
                **at,
            )

    def _by_subject(self, step: BySubject) -> Iterator[Line]:
        names = [v.variable for v in step.variables]
        section = self._name(step)
        listed = (r for t in self.wanted for r in self.lookup.rows(t.id, context="subject") if r.variable in names)
        for subject in sorted({r.variable_level for r in listed}):
            cells = [self._listed(t.id, subject, names) for t in self.wanted]
            yield from self._line(section, subject, cells, NOT_IN_SET)

    def _listed(self, analysis_id: str, subject: str, names: Sequence[str]) -> Cell | None:
        rows = [r for r in self.lookup.rows(analysis_id, context="subject", level=subject) if r.variable in names]
        found = {r.variable: shown(r) for r in rows if r.stat is not None or r.stat_text}
        values = [found.get(name, ABSENT) for name in names]
        while values and values[-1] == ABSENT:
            values.pop()
        return Cell(" · ".join(values)) if values else None


def _limits(name: str) -> tuple[str, str, str]:
    return name, f"{name}.conf.low", f"{name}.conf.high"


def _group(step: Step, label: str) -> dict[str, str]:
    """Return what narrows a search to one group of a step; two groupings may share labels, as Yes and No."""
    return {"grouping": step.by or "", "group": label}


def unique_steps(wanted: Sequence[Task]) -> tuple[Step, ...]:
    """Return the steps of the planned analyses, and those a sensitivity analysis brings that show other rows."""
    found: dict[tuple[str, str, float | None], Step] = {}
    for task in wanted:
        for step in task.steps:
            found.setdefault(_key(step), step)
    return tuple(found.values())


def _key(step: Step) -> tuple[str, str, float | None]:
    """Return what makes two steps fill the same lines; limits at another level stand on lines of their own."""
    return step.method, _about(step), getattr(step, "conf_level", None)


def _about(step: Step) -> str:
    match step:
        case BySubject():
            return ",".join(str(v) for v in step.variables)
        case KaplanMeier() | Criteria():
            return f"{step.data} by {step.by}"
        case Binomial():
            return f"{step.variable} by {step.by}: {' / '.join(step.event)}"
        case _:
            return f"{step.variable} by {step.by}"
