"""Analyses of a reporting event as analyses of a plan, each with its one step."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sap.event.clauses import Clause, Clauses, UnknownClauseError
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
    asked_for = {text_of(a, "methodId") for _, a in parts(event, "analyses", "", Teller())}
    for place, part in parts(event, "methods", "", tell):
        listed = sorted(parts(part, "operations", place, tell), key=lambda p: order_of(p[1]))
        operations = [(where, o) for where, o in listed if text_of(o, "id")]
        names = [(text_of(o, "label"), text_of(o, "name")) for _, o in operations]
        words = " ".join(text_of(part, key) for key in ("name", "label", "description"))
        asks = asked(names, words) if names else Asked("", ())
        used = asks.method and text_of(part, "id") in asked_for
        for (where, operation), statistic in zip(operations, asks.statistics, strict=True):
            if used and not statistic:
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
    if method.asks.method == DIFFERENCE and _measured(known, part):
        msg = f"it compares {text_of(part, 'variable')}, which is measured: that is no difference of proportions."
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


def _measured(known: Known, part: Json) -> bool:
    """Return whether the variable of an analysis is a quantity: by its file, or by what ADaM calls it."""
    variable, dataset = text_of(part, "variable").upper(), text_of(part, "dataset").upper() or "ADSL"
    columns = known.clauses.columns.get(dataset, {})
    kind = columns.get(variable, "") if isinstance(columns, Mapping) else ""
    return variable in {"AVAL", "CHG", "PCHG", "BASE"} or (kind in {"number", "integer"} and variable != "USUBJID")


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
        return _in_order(_difference(known, part, place, named, method) | _where(where))
    if method.asks.method == DESCRIBE:
        return _in_order(_description(known, part, place, named, method) | _where(where))
    variable = text_of(part, "variable").upper()
    if variable.endswith("SEQ") and "p" not in method.asks.statistics:
        known.tell.note(place, name, f"it counts {variable}: the records of {dataset} are counted.")
    elif variable not in {"", "USUBJID", "SUBJID"}:
        known.tell.note(place, name, f"its variable is {variable}: subjects (USUBJID) are counted.")
    other = _denominator(known, part) if "p" in method.asks.statistics else None
    whole = method.only_counts and where is None and all(f.dataset == "ADSL" for f in named)
    if whole and dataset != "ADSL":
        what = f"it counts subjects of {dataset} and has no data subset"
        known.tell.note(place, name, f"{what}: all subjects of the set are counted, with records in {dataset} or not.")
    if other is not None:
        by = _of_groups(known, other, named, place, name)
    else:
        by = _by(
            named,
            first=bool(named) and (method.only_counts or len(named) > 1 or where is not None or dataset != "ADSL"),
        )
    found = {"dataset": "ADSL" if whole else dataset, **_where(where), **by}
    if other is not None and text_of(other, "id") != name:
        found["denominator"] = known.ids.of("analysis", text_of(other, "id"))
    return found


def _in_order(step: Mapping[str, Any]) -> dict[str, Any]:
    listed = ("dataset", "variable", "where", "by", "within")
    return {key: step[key] for key in (*(k for k in listed if k in step), *(k for k in step if k not in listed))}


def _description(known: Known, part: Json, place: str, named: list[Factor], method: Method) -> dict[str, Any]:
    dataset, variable = text_of(part, "dataset").upper() or "ADSL", text_of(part, "variable").upper()
    if not variable:
        msg = "it describes a quantity and names no variable."
        raise LeftOutError(msg)
    if known.clauses.absent(dataset, variable):
        msg = f"the file of {dataset} has no column {variable}."
        raise LeftOutError(msg)
    if variable == "AVAL" and (dataset == "ADTTE" or "CNSR" in known.clauses.columns.get(dataset, ())):
        _of_censored(known, place, text_of(part, "id"), dataset, method)
    return {"dataset": dataset, "variable": variable, **_by(named, first=bool(named))}


def _of_censored(known: Known, place: str, name: str, dataset: str, method: Method) -> None:
    """Tell of times to an event that are described as they stand; one that is not said to be so is left out."""
    said = " ".join(text_of(method.part, key) for key in ("name", "label", "description")).casefold()
    if "continuous" not in said:
        msg = f"AVAL of {dataset} is a time that may be censored, and its method does not say how: it is not described."
        raise LeftOutError(msg)
    known.tell.note(place, name, f"AVAL of {dataset} is described as it stands, whether or not it is censored.")


def _of_groups(known: Known, other: Json, named: list[Factor], place: str, name: str) -> dict[str, Any]:
    """Return how groups stand where the 100% are those of another analysis: the group of both first."""
    listed = [text_of(p, "groupingId") for _, p in parts(other, "orderedGroupings", "", Teller())]
    of = [known.factors[g] for g in listed if g in known.factors]
    shared = [f for f in named if f.id in {o.id for o in of}]
    which = f"its percentages are of {text_of(other, 'id')}"
    if not shared and not any(_of_treatment(f) for f in named) and all(_of_treatment(f) for f in of):
        if of:
            known.tell.note(place, name, f"{which}, of all its groups together.")
        return _by(named, first=False)
    if len(shared) != len(listed) or len(shared) > 1:
        msg = f"{which}, whose groups are {', '.join(listed)}: these are not one grouping that both have."
        raise LeftOutError(msg)
    if shared[0].dataset != "ADSL":
        msg = f"{which}, whose groups are of {shared[0].dataset}: subjects may be in several."
        raise LeftOutError(msg)
    if shared[0] is not named[0]:
        known.tell.changed(place, name, f"its groups stand with {shared[0].id} first, of which the 100% are.")
    return _by([shared[0], *(f for f in named if f is not shared[0])], first=True)


def _of_treatment(factor: Factor) -> bool:
    return str(factor.written["variable"]).partition(".")[2].startswith(("TRT", "ARM", "ACTARM"))


def _where(clause: Clause | None) -> dict[str, Any]:
    return {} if clause is None else {"where": clause}


def _by(named: list[Factor], *, first: bool) -> dict[str, Any]:
    by = {"by": named[0].id} if first else {}
    within = [f.id for f in named[1 if first else 0 :]]
    return by | ({"within": within} if within else {})


def _subset(known: Known, part: Json, tell: Teller | None = None) -> Clause | None:
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
        (tell or known.tell).note(place, name, "the data subset has no condition: it is all records.")
    return found


def _denominator(known: Known, part: Json) -> Json | None:
    """Return the analysis whose subjects are the 100%, where the event says so."""
    roles = {
        text_of(r, "id"): text_of(role, "controlledTerm")
        for m in known.methods.values()
        for o in m.operations
        for _, r in parts(o, "referencedOperationRelationships", "", Teller())
        if isinstance(role := r.get("referencedOperationRole"), dict)
    }
    for _, reference in parts(part, "referencedAnalysisOperations", "", Teller()):
        if roles.get(text_of(reference, "referencedOperationRelationshipId")) != "DENOMINATOR":
            continue
        other = text_of(reference, "analysisId")
        if other in known.all:
            return known.all[other]
        msg = f"its percentages are of '{other}', which the event has not."
        raise LeftOutError(msg)
    return None


def _difference(known: Known, part: Json, place: str, named: list[Factor], method: Method) -> dict[str, Any]:
    dataset, where = text_of(part, "dataset").upper() or "ADSL", _subset(known, part, Teller())
    if not named:
        msg = "it compares groups and names no grouping."
        raise LeftOutError(msg)
    pair = _compared(named[0], text_of(part, "name"), where)
    if pair is None:
        msg = f"nothing says which two groups of {named[0].id} it compares: neither its name nor its data subset."
        raise LeftOutError(msg)
    known.tell.note(place, text_of(part, "id"), f"the difference is {pair[0]} minus {pair[1]}.")
    # CDISC's own results have 1.96 in the place of 1.959964: only so are they the same to the last digit.
    level: dict[str, Any] = {"quantile": 1.96}
    if method.asks.conf_level != 0.95:
        level = {"conf_level": method.asks.conf_level}
    return {"dataset": dataset, **_by(named, first=True), "between": list(pair), **level}


def _compared(factor: Factor, title: str, where: Clause | None) -> tuple[str, str] | None:
    """Return the two groups that are compared: those the title names, or the data subset; none where they differ."""
    chosen = _chosen(factor, where)
    sides = re.split(r"\s(?:vs\.?|versus|minus|compared (?:with|to))\s", title, maxsplit=1, flags=re.IGNORECASE)
    if len(sides) == 2:
        first, second = (_named_in(side, factor.labels, last=i == 0) for i, side in enumerate(sides))
        if first and second and first != second:
            return (first, second) if chosen is None or set(chosen) == {first, second} else None
    return chosen


def _chosen(factor: Factor, where: Clause | None) -> tuple[str, str] | None:
    """Return the two groups to which a data subset keeps: each record must have one of two values of treatment."""
    codes = factor.codes()
    for condition in [where] if where and "dataset" in where else (where or {}).get("and", ()):
        same = f"{condition.get('dataset')}.{condition.get('variable')}" == factor.written["variable"]
        treatment = _of_treatment(factor) and str(condition.get("variable")).startswith(("TRT", "ARM", "ACTARM"))
        values = condition.get("value") or []
        if (
            condition.get("comparator") == "IN"
            and (same or treatment)
            and len(values) == 2
            and set(values) <= set(codes)
        ):
            pair = [label for label in factor.labels if label in {codes[v] for v in values}]
            if len(pair) == 2:
                return pair[0], pair[1]
    return None


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
    while True:
        there = {m.written["id"] for m in made}
        lost = [m for m in made if m.written["steps"][0].get("denominator", m.written["id"]) not in there]
        for m in lost:
            other = m.written["steps"][0]["denominator"]
            tell.left_out(
                m.place, m.id, f"its percentages are of {ids.instead.get(other, other)}, which could not be made."
            )
        if not lost:
            return made
        made = [m for m in made if m not in lost]
