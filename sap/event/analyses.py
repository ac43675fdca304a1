"""Analyses of a reporting event as analyses of a plan, each with its one step."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sap.event.clauses import Clause, Clauses, UnknownClauseError, conditions_of
from sap.event.factors import Factor
from sap.event.names import Ids, heading
from sap.event.operations import COUNT, DESCRIBE, DIFFERENCE, Asked, asked
from sap.event.told import Json, Teller, order_of, parts, text_of

PURPOSES: Final = {"PRIMARY OUTCOME MEASURE": "primary", "EXPLORATORY OUTCOME MEASURE": "exploratory"}
OBJECTIVES: Final = {"primary": "O1", "secondary": "O2", "exploratory": "O3"}
EVERYBODY: Final = "ALL-SUBJECTS"


@dataclass(frozen=True)
class Method:
    """A method of the event: what it asks for, and the ids of its operations."""

    part: Json
    asks: Asked
    operations: tuple[Json, ...]

    @property
    def written(self) -> list[dict[str, str]]:
        """The operations that are known, as the plan keeps them."""
        pairs = zip(self.operations, self.asks.statistics, strict=True)
        return [_operation(o, statistic) for o, statistic in pairs if statistic]

    @property
    def only_counts(self) -> bool:
        """Whether it gives a number of subjects and nothing else."""
        return self.asks.method == COUNT and set(self.asks.statistics) == {"n"}


def _operation(part: Json, statistic: str) -> dict[str, str]:
    found = {"id": text_of(part, "id"), "statistic": statistic, "label": text_of(part, "label", "name")}
    pattern = text_of(part, "resultPattern")
    return found | ({"pattern": pattern} if pattern else {})


def methods(event: Json, tell: Teller) -> dict[str, Method]:
    """Return the methods by id; an operation that is not known is told with its place."""
    found: dict[str, Method] = {}
    for place, part in parts(event, "methods", "", tell):
        listed = sorted(parts(part, "operations", place, tell), key=lambda p: order_of(p[1]))
        operations = [(where, o) for where, o in listed if text_of(o, "id")]
        names = [(text_of(o, "label"), text_of(o, "name")) for _, o in operations]
        words = " ".join(text_of(part, key) for key in ("name", "label", "description"))
        asks = asked(names, words) if names else Asked("", ())
        for (where, operation), statistic in zip(operations, asks.statistics, strict=True):
            if not statistic:
                what = f"the operation '{text_of(operation, 'label', 'name')}' is not known; the others are done."
                tell.left_out(where, text_of(operation, "id"), what)
        found[text_of(part, "id")] = Method(part, asks, tuple(o for _, o in operations))
    return found


@dataclass(frozen=True)
class Known:
    """What analyses refer to, by its id in the event."""

    event: Json
    clauses: Clauses
    sets: Mapping[str, str]
    """Ids of the plan."""
    factors: Mapping[str, Factor]
    methods: Mapping[str, Method]
    ids: Ids
    tell: Teller

    @property
    def all(self) -> dict[str, Json]:
        """The analyses of the event."""
        return {text_of(part, "id"): part for _, part in parts(self.event, "analyses", "", Teller())}


@dataclass(frozen=True)
class Made:
    """An analysis as the plan has it."""

    id: str
    """In the event."""
    written: dict[str, Any]
    method: str
    subset: str
    carries: str
    """The method whose operations its results carry, where it is another one."""
    place: str


class LeftOutError(Exception):
    """An analysis that cannot be made; says why."""


def analyses(known: Known) -> Iterator[Made]:
    """Yield the analyses that can be made; the others are told."""
    seen: set[str] = set()
    for place, part in parts(known.event, "analyses", "", known.tell):
        name = text_of(part, "id")
        if not name or name in seen:
            known.tell.left_out(place, name, "an analysis needs an id of its own.")
            continue
        seen.add(name)
        try:
            yield _analysis(known, part, place, name)
        except UnknownClauseError as error:
            known.tell.left_out(place, name, f"its data subset is not known: {error.place}: {error.why}")
        except LeftOutError as error:
            known.tell.left_out(place, name, str(error))


def _analysis(known: Known, part: Json, place: str, name: str) -> Made:
    method_id = text_of(part, "methodId")
    method = known.methods.get(method_id)
    if method is None:
        msg = f"it names the method '{method_id}', which the event has not."
        raise LeftOutError(msg)
    if not method.asks.method:
        called = text_of(method.part, "name")
        msg = f"its method {method_id} ({called}) has no operation that is known here."
        raise LeftOutError(msg)
    step = {"method": method.asks.method, **_step(known, part, place, name, method)}
    title = text_of(part, "label", "name") or name
    named = text_of(part, "name") or title
    written = {
        "id": known.ids.of("analysis", name),
        "title": named,
        "objective": OBJECTIVES[_purpose(part)],
        "purpose": _purpose(part),
        "endpoint": title,
        "estimand": {
            "population": _population(known, part),
            "treatment": _treatment(known, part) or "Gap 9: what they receive",
            "variable": title,
            "summary": text_of(method.part, "description", "name") or method.asks.method,
        },
        "analysis_set": _set(known, part, place),
        "steps": [step | {"label": named}],
    }
    return Made(name, written, method_id, text_of(part, "dataSubsetId"), _carried(known, part, place, method_id), place)


def _purpose(part: Json) -> str:
    purpose = part.get("purpose")
    term = text_of(purpose, "controlledTerm") if isinstance(purpose, dict) else ""
    return PURPOSES.get(term, "secondary")


def _set(known: Known, part: Json, place: str) -> str:
    name = text_of(part, "analysisSetId")
    if not name:
        known.tell.note(place, text_of(part, "id"), "it names no analysis set: all subjects of ADSL are analysed.")
        return EVERYBODY
    if name not in known.sets:
        msg = f"it names the analysis set '{name}', which the event has not."
        raise LeftOutError(msg)
    return known.sets[name]


def _population(known: Known, part: Json) -> str:
    sets = {text_of(s, "id"): s for _, s in parts(known.event, "analysisSets", "", Teller())}
    return text_of(sets.get(text_of(part, "analysisSetId"), {}), "description", "label", "name") or "All subjects"


def _treatment(known: Known, part: Json) -> str:
    """Return the groups of the first grouping of an analysis whose variable ADaM calls a treatment."""
    for _, ordered in sorted(parts(part, "orderedGroupings", "", Teller()), key=lambda p: order_of(p[1])):
        factor = known.factors.get(text_of(ordered, "groupingId"))
        variable = "" if factor is None else str(factor.written["variable"]).partition(".")[2]
        if factor is not None and factor.labels and variable.startswith(("TRT", "ARM", "ACTARM")):
            return "; ".join(factor.labels)
    return ""


def _carried(known: Known, part: Json, place: str, method_id: str) -> str:
    """Return the method whose operations the results of an analysis carry, where it is not its own."""
    given = [text_of(r, "operationId") for _, r in parts(part, "results", place, Teller())]
    own = {text_of(o, "id") for o in known.methods[method_id].operations}
    if not given or set(given) <= own:
        return ""
    for name, method in known.methods.items():
        if set(given) <= {text_of(o, "id") for o in method.operations}:
            same = method.asks.method == known.methods[method_id].asks.method
            what = f"its results carry operations of {name}, and its method is {method_id}"
            known.tell.note(place, text_of(part, "id"), f"{what}: {'they are kept' if same else 'those are not kept'}.")
            return name if same else ""
    return ""


def _step(known: Known, part: Json, place: str, name: str, method: Method) -> dict[str, Any]:
    dataset = text_of(part, "dataset").upper() or "ADSL"
    where = _subset(known, part)
    ordered = sorted(parts(part, "orderedGroupings", place, known.tell), key=lambda p: order_of(p[1]))
    absent = next((g for _, p in ordered if (g := text_of(p, "groupingId")) not in known.factors), None)
    if absent is not None:
        msg = f"it names the grouping '{absent}', which the event has not, or which could not be made."
        raise LeftOutError(msg)
    named = [known.factors[text_of(p, "groupingId")] for _, p in ordered]
    if method.asks.method == DIFFERENCE:
        return _difference(part, named, (dataset, where), method)
    if method.asks.method == DESCRIBE:
        own = _by(named, first=bool(named))
        variable = text_of(part, "variable").upper()
        if not variable:
            msg = "it describes a quantity and names no variable."
            raise LeftOutError(msg)
        if known.clauses.absent(dataset, variable):
            msg = f"the file of {dataset} has no column {variable}."
            raise LeftOutError(msg)
        return {"dataset": dataset, "variable": variable, **_where(where), **own}
    variable = text_of(part, "variable").upper()
    if variable.endswith("SEQ") and "p" not in method.asks.statistics:
        known.tell.note(place, name, f"it counts {variable}: the records of {dataset} are counted.")
    elif variable not in {"", "USUBJID", "SUBJID"}:
        known.tell.note(place, name, f"its variable is {variable}: subjects (USUBJID) are counted.")
    other = _denominator(known, part, place, name)
    whole = method.only_counts and where is None and all(f.dataset == "ADSL" for f in named)
    shared = [text_of(p, "groupingId") for _, p in parts(other or {}, "orderedGroupings", "", Teller())]
    first = bool(named) and (
        text_of(ordered[0][1], "groupingId") in shared
        if other is not None
        else method.only_counts or len(named) > 1 or where is not None or dataset != "ADSL"
    )
    found = {"dataset": "ADSL" if whole else dataset, **_where(where), **_by(named, first=first)}
    if other is not None and text_of(other, "id") != name:
        found["denominator"] = known.ids.of("analysis", text_of(other, "id"))
    return found


def _where(clause: Clause | None) -> dict[str, Any]:
    return {} if clause is None else {"where": clause}


def _by(named: list[Factor], *, first: bool) -> dict[str, Any]:
    by = {"by": named[0].id} if first else {}
    within = [f.id for f in named[1 if first else 0 :]]
    return by | ({"within": within} if within else {})


def _subset(known: Known, part: Json) -> Clause | None:
    name = text_of(part, "dataSubsetId")
    if not name:
        return None
    subsets = {text_of(s, "id"): (place, s) for place, s in parts(known.event, "dataSubsets", "", Teller())}
    if name not in subsets:
        msg = f"it names the data subset '{name}', which the event has not."
        raise LeftOutError(msg)
    place, subset = subsets[name]
    found = known.clauses.of(subset, place)
    if found is None:
        known.tell.note(place, name, "the data subset has no condition: it is all records.")
    return found


def _denominator(known: Known, part: Json, place: str, name: str) -> Json | None:
    """Return the analysis whose subjects are the 100%, where the event says so."""
    roles = {
        text_of(r, "id"): text_of(role, "controlledTerm")
        for m in known.methods.values()
        for o in m.operations
        for _, r in parts(o, "referencedOperationRelationships", "", Teller())
        if isinstance(role := r.get("referencedOperationRole"), dict)
    }
    for where, reference in parts(part, "referencedAnalysisOperations", place, known.tell):
        if roles.get(text_of(reference, "referencedOperationRelationshipId")) != "DENOMINATOR":
            continue
        other = text_of(reference, "analysisId")
        if other in known.all:
            return known.all[other]
        known.tell.changed(where, name, f"its percentages are of '{other}', which the event has not: of its own set.")
    return None


def _difference(part: Json, named: list[Factor], records: tuple[str, Clause | None], method: Method) -> dict[str, Any]:
    if not named:
        msg = "it compares groups and names no grouping."
        raise LeftOutError(msg)
    dataset, where = records
    pair = _compared(named[0], text_of(part, "name"), where)
    if pair is None:
        msg = f"nothing says which two groups of {named[0].id} it compares: neither its name nor its data subset."
        raise LeftOutError(msg)
    # CDISC's own results have 1.96 in the place of 1.959964: only so are they the same to the last digit.
    level: dict[str, Any] = {"quantile": 1.96}
    if method.asks.conf_level != 0.95:
        level = {"conf_level": method.asks.conf_level}
    return {"dataset": dataset, **_where(where), **_by(named, first=True), "between": list(pair), **level}


def _compared(factor: Factor, title: str, where: Clause | None) -> tuple[str, str] | None:
    """Return the two groups that are compared: those the title names, or the data subset, or the only two."""
    sides = re.split(r"\s(?:vs\.?|versus|minus|compared (?:with|to))\s", title, maxsplit=1, flags=re.IGNORECASE)
    if len(sides) == 2:
        first, second = (_named_in(side, factor.labels, last=i == 0) for i, side in enumerate(sides))
        if first and second and first != second:
            return first, second
    codes = factor.codes()
    for condition in conditions_of(where):
        values = condition["value"]
        if isinstance(values, list) and len(values) == 2 and all(v in codes for v in values):
            pair = [label for label in factor.labels if label in {codes[v] for v in values}]
            if len(pair) == 2:
                return pair[0], pair[1]
    return (factor.labels[0], factor.labels[1]) if len(factor.labels) == 2 else None


def _named_in(text: str, labels: tuple[str, ...], *, last: bool) -> str:
    """Return the group a text names: before the "vs" the last one, after it the first; the longer name of two."""
    folded = heading(text).casefold()
    places = [(folded.rfind(x.casefold()) if last else folded.find(x.casefold()), x) for x in labels]
    there = [(at, at + len(label), label) for at, label in places if at >= 0]
    if not there:
        return ""
    if last:
        return max(there, key=lambda p: (p[1], p[1] - p[0]))[2]
    return min(there, key=lambda p: (p[0], p[0] - p[1]))[2]


def without_unknown(made: list[Made], ids: Ids, tell: Teller) -> list[Made]:
    """Return analyses of which none counts among one that could not be made."""
    there = {m.written["id"] for m in made}
    found = []
    for m in made:
        (step,) = m.written["steps"]
        other = step.get("denominator")
        if other is not None and other not in there:
            of = ids.instead.get(other, other)
            tell.changed(m.place, m.id, f"its percentages are of {of}, which could not be made: of its own set.")
            kept = {k: v for k, v in step.items() if k != "denominator"}
            found.append(replace(m, written=m.written | {"steps": [kept]}))
        else:
            found.append(m)
    return found
