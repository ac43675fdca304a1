"""Which analyses a reporting event has: one method applied to one variable each, and the results that are its own.

An analysis of the plan may have several steps; the standard's analysis has one method and one variable. So each step is
an analysis (``TOX.1``), the listing of each variable is one (``TOX.3.DLTDAY``), and so is the number of subjects
(``TOX.N``, and ``SETS.SAF`` for a set). What belongs together is said by categories and by the list of contents.

Programs that are made from the event name their data after these ids, so that a hyphen is an underscore in them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.ars.source import SourceNames, names_of
from analysis.results.ard import Results, Row
from analysis.results.tasks import Task, tasks
from analysis.steps import method
from sap.methods import Step
from sap.model.part import Reference
from sap.model.sets import AnalysisSet
from sap.plan.plan import Analysis, Plan, Sensitivity
from sap.text.problems import UserError

SUBJECTS = Reference(dataset="ADSL", variable="USUBJID")


@dataclass(frozen=True)
class Unit:
    """One analysis in the sense of the standard."""

    id: str
    """As ``TOX.1``."""
    task: Task | None
    """The analysis of the plan, main or sensitivity; None for the size of a set."""
    analysis: Analysis | None
    """The main analysis."""
    change: Sensitivity | None
    """What makes it a sensitivity or supplementary analysis of the main one."""
    step: Step | None
    """The step; None for a number of subjects."""
    reference: Reference
    """The variable, as the analysis sees it: of the derivation that stands in the place of another."""
    analysis_set: str
    """Id of the set in the plan."""
    rows: tuple[Row, ...]
    """Its results."""
    names: SourceNames | None = None
    """What it is called in the event the plan was made from."""

    @property
    def use(self) -> dict[str, str]:
        """Derivations that stand in the place of others."""
        return dict(self.task.use) if self.task is not None else {}

    @property
    def reason(self) -> str:
        """Whether it was promised."""
        if self.task is not None:
            return self.task.reason
        return self.rows[0].reason if self.rows else "specified in SAP"

    def statistic_level(self, row: Row) -> str:
        """Return the level where it names a statistic (the median of a curve, a day, a look), else nothing."""
        contexts = method(self.step.method).statistic_contexts if self.step is not None else ()
        return row.variable_level if row.context in contexts else ""


def units(plan: Plan, results: Results) -> tuple[Unit, ...]:
    """Return the analyses of a reporting event in the plan's order: sizes of sets, then each analysis."""
    rows = _Rows(plan, results)
    found = [_set_size(s, rows) for s in plan.analysis_sets]
    changes = ((a, change) for a in plan.analyses for change in (None, *a.sensitivity))
    for task, (analysis, change) in zip(tasks(plan), changes, strict=True):
        found += _of_task(plan, task, (analysis, change), rows)
    rows.check_all_taken()
    names = _names(tuple(u.id for u in found))
    return tuple(replace(u, id=names[u.id]) for u in found)


def _names(ids: tuple[str, ...]) -> dict[str, str]:
    """Return the ids as names in a program; as they are where two would become one."""
    found = {i: i.replace("-", "_") for i in ids}
    return found if len(set(found.values())) == len(found) else {i: i for i in ids}


def _set_size(analysis_set: AnalysisSet, rows: "_Rows") -> Unit:
    taken = rows.take("SETS", "", "analysis_set", analysis_set.id)
    return Unit(f"SETS.{analysis_set.id}", None, None, None, None, SUBJECTS, analysis_set.id, taken)


def _of_task(plan: Plan, task: Task, of: tuple[Analysis, Sensitivity | None], rows: "_Rows") -> Iterator[Unit]:
    analysis, change = of
    size = rows.take("SETS", "", "analysis", task.id)
    named = names_of(plan, task)
    if named is None or not named.only_counts:
        sized = f"{task.id if named is None else named.id}.N"
        yield Unit(sized, task, analysis, change, None, SUBJECTS, task.analysis_set, size)
        size = ()
    for position, step in enumerate(task.steps, start=1):
        for reference, suffix in _variables(step):
            seen = reference.model_copy(update={"dataset": task.use.get(reference.dataset, reference.dataset)})
            taken = rows.take(task.id, str(position), *([str(seen)] if suffix else []))
            name = f"{task.id}.{position}" + (f".{suffix}" if suffix else "") if named is None else named.id
            yield Unit(name, task, analysis, change, step, seen, task.analysis_set, (*size, *taken), named)


def _variables(step: Step) -> Iterable[tuple[Reference, str]]:
    """Return the variables of a step that are analyses of their own, with what tells them apart.

    A method of several variables at once, as time and censoring, is about the first.
    """
    if step.listed:
        called = Counter(r.variable for r in step.listed)
        return [(r, r.variable if called[r.variable] == 1 else str(r)) for r in step.listed]
    return [(step.references[0], "")]


class _Rows:
    """The rows of the results by the analysis they belong to; each is taken once."""

    def __init__(self, plan: Plan, results: Results) -> None:
        self.left: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        steps = ((task.id, str(i), step) for task in tasks(plan) for i, step in enumerate(task.steps, start=1))
        listed = {(task, position) for task, position, step in steps if step.listed}
        for r in results:
            key: tuple[str, ...] = (r.analysis_id, r.step)
            if r.analysis_id == "SETS":
                key += (r.context, r.variable_level)
            elif (r.analysis_id, r.step) in listed:
                key += (f"{r.dataset}.{r.variable}",)
            self.left[key].append(r)

    def take(self, *key: str) -> tuple[Row, ...]:
        return tuple(self.left.pop(key, ()))

    def check_all_taken(self) -> None:
        for key in self.left:
            raise UserError(
                f"The results have {' / '.join(filter(None, key))}, which the plan has not. Run `sap run` again."
            )
