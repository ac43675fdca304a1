"""R programs that compute the operations of a method: a template each, and of each analysis what is put in its place.

A template is a file of the method's name in `templates`. A word in it that ends with ``here`` is a parameter: the
options of a method are put in when the event is written, what differs from analysis to analysis by who runs it.

A template is read as a program by a second programmer. It stands between ``first.R`` (which gives it ``subjects``,
``groups``, ``strata_of`` and ``say``) and ``last.R`` (which calls its ``compute(own, group)`` for each group). It may
use base R, stats and survival, the datasets under their names, and the parameters; it computes as the field does, not
as this program does. It says each result with the name ``context.statistic``, its level and its group, and nothing
where there is no value. ``sap qc`` makes programs of the same texts.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from analysis.ars.groupings import factor
from analysis.ars.methods import Method, stated
from analysis.ars.populations import Json, swapped
from analysis.ars.units import Unit
from sap.methods import Step
from sap.methods.disposition import REST, Disposition
from sap.methods.distribution import Distribution
from sap.methods.event_overview import EventOverview
from sap.methods.posterior import Posterior
from sap.methods.profile import Profile
from sap.model.clause import AllOf, Comparator, Condition, Not, WhereClause, conditions
from sap.model.comparison import Stratified, TwoGroups
from sap.model.design import BetaPrior
from sap.model.part import Part, Reference, Window
from sap.plan.plan import Plan

CONTEXT: Final = "R"
_TEMPLATES: Final = Path(__file__).with_name("templates")
_PARAMETER: Final = re.compile(r"\b([a-z_]{3,})here\b")
_OF_READERS: Final[Mapping[str, str]] = {"analysisid": "Id of the analysis", "methodid": "Id of the method"}
"""What every reader of a template knows by itself."""
_DATASETS: Final = frozenset({"data", "dataset"})
_SIGNS: Final = {Comparator.GT: ">", Comparator.GE: ">=", Comparator.LT: "<", Comparator.LE: "<="}
_ABSENT: Final = {"window": "c(NA, NA)"}
"""What stands for an option that a plan leaves out, where that is not NULL."""
_WORDS: Final[Mapping[str, str]] = {
    "subjects": "The subjects of the analysis set, and of the data subset where it is one of subjects",
    "groups": "The subjects of each group, by its label; all of them, under no label, where there are no groups",
    "variable": "The variable of the analysis, named by subject",
    "planned": "The levels that the plan defines",
}


def has_template(method: Method) -> bool:
    """Return whether there is a template of a method with its options: that of a profile is of days, not of visits."""
    by_visit = isinstance(method.step, Profile) and bool(method.step.visits)
    return not by_visit and (_TEMPLATES / f"{method.kind}.R").is_file()


@cache
def template(method: str) -> str:
    """Return the template of a method, with its parameters."""
    return "\n".join(
        (_TEMPLATES / f"{part}.R").read_text(encoding="utf-8").rstrip() for part in ("first", method, "last")
    )


def code_template(method: Method) -> Json:
    """Return the program of a method, its options put in, with the parameters of an analysis; nothing without one."""
    if not has_template(method):
        return {}
    code = _with_options(method)
    left = _longest_first(set(_PARAMETER.findall(code)) - _OF_READERS.keys())
    parameters = [{"name": f"{name}here", "description": _words(name)} for name in left]
    return {"codeTemplate": {"context": CONTEXT, "code": code, "parameters": parameters}}


def filled(plan: Plan, unit: Unit, method: Method) -> str:
    """Return the program of an analysis, as whoever reads a reporting event makes it; nothing without a template."""
    if not has_template(method):
        return ""
    known = _values(plan, unit)
    code = _PARAMETER.sub(lambda at: known.get(at[1], at[0]), _with_options(method))
    return code.replace("analysisidhere", unit.id).replace("methodidhere", method.id)


def _with_options(method: Method) -> str:
    options = {} if method.step is None else stated(method.step, all_of_them=False)
    known = {name: _in_r(value) for name, value in options.items() if value is not None and not _is_told_apart(value)}
    return _PARAMETER.sub(lambda at: known.get(at[1], at[0]), template(method.kind))


def values(plan: Plan, unit: Unit, method: Method) -> list[Json]:
    """Return what is put in the place of each parameter of a template, as R, for one analysis."""
    if not has_template(method):
        return []
    known = _values(plan, unit)
    asked = _longest_first(name for name in set(_PARAMETER.findall(template(method.kind))) if name in known)
    return [{"name": f"{name}here", "value": [known[name]], "description": _words(name)} for name in asked]


def _longest_first(names: Iterable[str]) -> list[str]:
    """Return names so that one that is a part of another is replaced after it."""
    return sorted(names, key=lambda name: (-len(name), name))


def _words(name: str) -> str:
    return _WORDS.get(name) or f"{name.replace('_', ' ').capitalize()}, as the plan states it"


def _values(plan: Plan, unit: Unit) -> dict[str, str]:
    found = {"subjects": _subjects(plan, unit), "groups": 'setNames(list(subjects), "")'}
    step, use = unit.step, unit.use
    if step is None:
        return found
    found |= {name: _ABSENT.get(name, "NULL") for name, v in stated(step, all_of_them=True).items() if v is None}
    what = {name: getattr(step, name) for name in step.applied_to}
    found |= {n: use.get(v, v) if n in _DATASETS else _in_r(v, use) for n, v in what.items() if not _of_parts(v)}
    found["variable"] = _by_subject(unit.reference)
    found["dataset"] = unit.reference.dataset
    if step.by is not None:
        groups = _groups(plan, step.by, use)
        if isinstance(step, TwoGroups):
            groups = {label: groups[label] for label in step.compared(plan)}
        found["groups"] = _named(groups.items())
    if isinstance(step, Stratified):
        each = (_named(_groups(plan, name, use).items()) for name in step.strata)
        found["strata"] = f"strata_of({', '.join(each)})"
    levels = factor(plan, unit)
    if levels is not None and levels.levels:
        found["planned"] = _in_r(tuple(level.name for level in levels.levels))
    found["level"] = _in_r(unit.rows[0].variable_level if unit.rows else "")
    found["counted_related"] = _in_r(plan.conventions.relatedness.counted)
    at_risk = dict.fromkeys(r.variable_level for r in unit.rows if r.context == "at_risk")
    found["at_risk"] = f"c({', '.join(at_risk)})" if at_risk else "numeric(0)"
    return found | _of_method(plan, step, use)


def _groups(plan: Plan, name: str, use: Mapping[str, str]) -> dict[str, str]:
    """Return the subjects of each group of a grouping, by its label."""
    grouping = plan.grouping(name)
    clauses = {level.label: grouping.clause(level) for level in grouping.levels}
    return {label: f"intersect(subjects, {_who(swapped(c, use))})" for label, c in clauses.items()}


def _is_told_apart(value: object) -> bool:
    """Return whether an option has a way of its own to be told, as a where-clause."""
    return isinstance(value, Part) and not isinstance(value, BetaPrior | Window)


def _of_parts(value: object) -> bool:
    """Return whether an option has parts that are told in a way of their own."""
    return isinstance(value, tuple) and any(isinstance(v, Part) and not isinstance(v, Reference) for v in value)


def _of_method(plan: Plan, step: Step, use: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that no other method has."""
    found = {}
    where = getattr(step, "where", None)
    found["where"] = "TRUE" if where is None else _records(swapped(where, use), "records")
    if isinstance(step, Distribution):
        found |= {"other": _in_r(step.other), "missing": _in_r(step.missing)}
    if isinstance(step, EventOverview):
        kinds = ((k.label, k.where) for k in step.kinds if k.not_recorded is None)
        every = "rep(TRUE, nrow(records))"
        found["kinds"] = _named((n, every if w is None else _records(swapped(w, use), "records")) for n, w in kinds)
    if isinstance(step, Posterior) and (asked := step.question(plan)) is not None:
        found |= {"prior": _in_r(asked.prior), "threshold": _in_r(asked.threshold), "looks": _in_r(asked.looks)}
        found["probability"] = "NA" if asked.probability is None else _in_r(asked.probability)
    if isinstance(step, Disposition):
        found["rest"] = _in_r(REST)
        found["stages"] = _named((s.label, _who(swapped(s.where, use))) for s in step.stages)
        found["outcomes"] = _named((o.label, _who(swapped(o.where, use))) for o in step.outcomes)
        sets = ((s.analysis_set, plan.set_of(s.analysis_set).where) for s in step.sets)
        found["sets"] = _named((name, _who(swapped(w, use))) for name, w in sets)
        found["among"] = f"c({', '.join(str(step.among(s) + 1) for s in step.sets)})"
        reasons = {"lost": [s.lost for s in step.stages], "left_out": [s.left_out for s in step.sets]}
        for name, each in reasons.items():
            lists = (_named((r.label, _who(swapped(r.where, use))) for r in of) for of in each)
            found[name] = f"list({', '.join(lists)})"
    return found


def _subjects(plan: Plan, unit: Unit) -> str:
    """Return the subjects of an analysis: those of its set, in its data subset."""
    clauses = [plan.set_of(unit.analysis_set).where]
    if unit.task is not None and unit.task.data_subset is not None:
        clauses.append(unit.task.data_subset)
    return _joined("intersect", ["ADSL$USUBJID", *(_who(swapped(c, unit.use)) for c in clauses)])


def _who(clause: WhereClause) -> str:
    """Return who satisfies a clause: of one dataset by any record; parts of several, and a negation, in subjects."""
    if isinstance(clause, Not):
        return f"setdiff(ADSL$USUBJID, {_who(clause.clause)})"
    names = {c.dataset for c in conditions(clause)}
    if len(names) == 1:
        (name,) = names
        return f"{name}$USUBJID[{_records(clause, name)}]"
    parts = () if isinstance(clause, Condition) else clause.clauses
    return _joined("intersect" if isinstance(clause, AllOf) else "union", [_who(c) for c in parts])


def _joined(how: str, sets: Sequence[str]) -> str:
    return f"Reduce({how}, list({', '.join(sets)}))"


def _records(clause: WhereClause, frame: str) -> str:
    """Return which records of a data frame satisfy a clause about it."""
    if isinstance(clause, Condition):
        return _condition(clause, f"{frame}${clause.variable}")
    if isinstance(clause, Not):
        return f"!({_records(clause.clause, frame)})"
    sign = " & " if isinstance(clause, AllOf) else " | "
    return sign.join(f"({_records(c, frame)})" for c in clause.clauses)


def _condition(condition: Condition, column: str) -> str:
    if sign := _SIGNS.get(condition.comparator):
        limit = condition.value[0]
        return f"({column} {sign} {limit if _is_number(limit) else _in_r(limit)}) %in% TRUE"
    found = f"{column} %in% {_in_r(condition.value)}"
    return f"!({found})" if condition.comparator in {Comparator.NE, Comparator.NOTIN} else found


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _named(parts: Iterable[tuple[str, str]]) -> str:
    """Return a list with names; a name may be any text."""
    found = list(parts)
    if not found:
        return "list()"
    return f"setNames(list({', '.join(value for _, value in found)}), {_in_r(tuple(name for name, _ in found))})"


def _by_subject(variable: Reference) -> str:
    return f"setNames({variable.dataset}${variable.variable}, {variable.dataset}$USUBJID)"


def _in_r(value: object, use: Mapping[str, str] | None = None) -> str:
    """Return a value as R writes it; an empty text is a missing value."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Reference):
        return _by_subject(value.model_copy(update={"dataset": (use or {}).get(value.dataset, value.dataset)}))
    if isinstance(value, BetaPrior):
        return f"c({value.a!r}, {value.b!r})"
    if isinstance(value, Window):
        return f"c({', '.join('NA' if end is None else str(end) for end in (value.start, value.end))})"
    if isinstance(value, tuple) and all(isinstance(v, Reference) for v in value):
        return f"list({', '.join(_in_r(v, use) for v in value)})"
    if isinstance(value, tuple):
        return f"c({', '.join('NA' if v == '' else _in_r(v) for v in value)})"
    return repr(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)
