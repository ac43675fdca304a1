"""A plan made from a reporting event: its parts, and as text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from sap.event.analyses import EVERYBODY, OBJECTIVES, Known, Made, analyses, methods, without_unknown
from sap.event.clauses import Clauses, UnknownClauseError, conditions_of
from sap.event.contents import sections, shown_in
from sap.event.factors import factors
from sap.event.names import Ids, heading
from sap.event.told import Json, Teller, Told, in_lines, parts, text_of

HEAD: Final = """\
# yaml-language-server: $schema=plan.schema.json
# Made from a CDISC ARS reporting event. A text that begins with "Gap" is yours to write: `sap lock` refuses it.
# What the event says that a plan has no words for stands in from-ars.md, each with its place.
"""
Columns = Mapping[str, Mapping[str, str]]
"""The types of the columns of each dataset, where the files were seen."""


@dataclass(frozen=True)
class Files:
    """The files of the datasets, where they were seen."""

    names: Mapping[str, str]
    """By name of the dataset."""
    columns: Columns
    """The type of each column, by dataset."""
    labels: Columns = field(default_factory=dict)
    """What a file calls its columns, by dataset."""


def plan_of(event: Json, files: Files, tell: Teller) -> dict[str, Any]:
    """Return the plan of a reporting event."""
    ids = Ids()
    by_id = {
        text_of(part, "id"): part for key in ("analysisSets", "dataSubsets") for _, part in parts(event, key, "", tell)
    }
    made_of = (f for _, f in parts(event, "analysisGroupings", "", Teller()))
    groups = (g for f in made_of for _, g in parts(f, "groups", "", Teller()))
    clauses = Clauses(by_id | {text_of(g, "id"): g for g in groups}, tell, files.columns)
    sets = list(_sets(event, clauses, ids, tell))
    found = factors(event, clauses, ids, tell)
    known = Known(event, clauses, {n: s["id"] for n, s in sets if n}, found, methods(event, tell), ids, tell)
    made = without_unknown(list(analyses(known)), ids, tell)
    if any(m.written["analysis_set"] == EVERYBODY for m in made) or not sets:
        sets.append(("", _everybody()))
    used = {g for m in made for s in m.written["steps"] for g in (s.get("by"), *s.get("within", ()))}
    name = text_of(event, "label", "name") or "Reporting event"
    written = _frame(event, name) | {
        "analysis_sets": [s for _, s in sets],
        "groupings": [f.written for f in found.values()],
        "analyses": [m.written for m in made],
        "outputs": list(_outputs(event, made, ids, tell)),
        "reporting_event": _source(event, known, made, ids),
    }
    for n, f in found.items():
        if f.id not in used:
            tell.note("analysisGroupings", n, "no analysis of the plan has it.")
    written["datasets"] = _datasets(written, files)
    unseen = [name for name in written["datasets"] if name not in files.columns]
    if unseen:
        what = "the files were not seen. Name their folder with --data: a column that the event names and a file lacks"
        tell.note(
            "datasets", ", ".join(unseen), f"{what} is then missing of everybody; else `sap run` refuses the data."
        )
    asked = {m.written["purpose"] for m in made} or {"secondary"}
    written["objectives"] = [
        {"id": o, "purpose": purpose, "text": f"Gap 8: the {purpose} objective of {name}"}
        for purpose, o in OBJECTIVES.items()
        if purpose in asked
    ]
    return _ordered(written)


_ORDER: Final = (
    *("plan", "study", "design", "objectives", "sample_size", "changes_from_protocol", "conventions", "datasets"),
    *("analysis_sets", "groupings", "analyses", "outputs", "reporting_event"),
)


def _ordered(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: written[key] for key in _ORDER if written.get(key) not in (None, []) or key == "changes_from_protocol"}


def without(written: Mapping[str, Any], gone: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """Return a plan without some of its parts, by key and position, and without what refers to them."""
    positions = set(gone)
    ids = {(key, written[key][i]["id"]) for key, i in positions}
    kept = {
        key: [p for i, p in enumerate(value) if (key, i) not in positions]
        for key, value in written.items()
        if key in {"analyses", "outputs", "groupings", "analysis_sets"}
    }
    groupings = {g for key, g in ids if key == "groupings"}
    sets = {s for key, s in ids if key == "analysis_sets"}
    kept["analyses"] = [
        a
        for a in kept["analyses"]
        if a["analysis_set"] not in sets
        and not groupings & {g for s in a["steps"] for g in (s.get("by"), *s.get("within", ()))}
    ]
    there = {a["id"] for a in kept["analyses"]}
    while lost := {
        a["id"] for a in kept["analyses"] if any(s.get("denominator", a["id"]) not in there for s in a["steps"])
    }:
        kept["analyses"] = [a for a in kept["analyses"] if a["id"] not in lost]
        there -= lost
    shown = ((o, [a for a in o["analyses"] if a in there]) for o in kept.get("outputs", ()))
    kept["outputs"] = [o | {"analyses": of} for o, of in shown if of]
    event = dict(written["reporting_event"])
    for key in ("results_by", "subsets"):
        event[key] = {a: x for a, x in event.get(key, {}).items() if a in there}
    event["methods"] = [m | {"analyses": [a for a in m.get("analyses", ()) if a in there]} for m in event["methods"]]
    event = {key: value for key, value in event.items() if value}
    objectives = [o for o in written["objectives"] if any(a["objective"] == o["id"] for a in kept["analyses"])]
    return _ordered({**written, **kept, "reporting_event": event, "objectives": objectives})


def plan_text(written: Mapping[str, Any]) -> str:
    """Return a plan as YAML."""
    body = yaml.safe_dump(dict(written), sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
    return HEAD + body


def told_text(name: str, told: Iterable[Told]) -> str:
    """Return what is told of a reporting event, as a page beside the plan."""
    kinds = {
        "left out": "What the plan has not",
        "changed": "What the plan has otherwise",
        "note": "What to look at",
    }
    listed = in_lines(told)
    lines = [f"# What {name} says beyond the plan", ""]
    if not listed:
        lines.append("Nothing: every part of it is in the plan.")
    for kind, title in kinds.items():
        own = [f"- {line}" for of, line in listed if of == kind]
        lines += [f"## {title}", "", *own, ""] if own else []
    return "\n".join(lines).rstrip() + "\n"


def _sets(event: Json, clauses: Clauses, ids: Ids, tell: Teller) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: set[str] = set()
    for place, part in parts(event, "analysisSets", "", tell):
        name = text_of(part, "id")
        if not name or name in seen:
            tell.left_out(place, name, "an analysis set needs an id of its own.")
            continue
        seen.add(name)
        try:
            clause = clauses.of(part, place)
        except UnknownClauseError as error:
            tell.left_out(error.place, name, f"the analysis set cannot be made: {error.why}")
            continue
        if clause is None:
            tell.note(place, name, "the analysis set has no condition: it is all subjects of ADSL.")
            clause = _everybody()["where"]
        title = heading(text_of(part, "label", "name")) or name
        said = {"title": title, "text": text_of(part, "description") or title}
        yield name, {"id": ids.of("set", name), **said, "where": clause}


def _everybody() -> dict[str, Any]:
    anybody = {"dataset": "ADSL", "variable": "USUBJID", "comparator": "NE", "value": ""}
    return {"id": EVERYBODY, "title": "All subjects", "text": "All subjects of ADSL.", "where": anybody}


def _frame(event: Json, name: str) -> dict[str, Any]:
    version = text_of(event, "version") or "1"
    return {
        "plan": {
            "id": "SAP-FROM-ARS",
            "version": version,
            "date": "2026-01-01",
            "title": f"Statistical analysis plan: {name}",
        },
        "study": {
            "id": text_of(event, "id") or "FROM-ARS",
            "title": name,
            "short_title": name,
            "phase": "Gap 9: phase, as II",
            "population": "Gap 22: who is studied",
            "treatment": "Gap 9: what they receive",
            "source": f"CDISC ARS reporting event {text_of(event, 'id')}".rstrip(),
            "data_notice": "Gap: where the rows behind these pages come from.",
            "planned_n": 1,
        },
        "design": {
            "overview": "Gap 9: the design in a sentence",
            "control": "Gap 9: the control, or that there is none",
            "randomisation": "Gap 10: how subjects are assigned, or that they are not",
            "blinding": "Gap 9: who knows the treatment",
            "treatment": "Gap 9: what is given, how much and when",
            "follow_up": "Gap 9: from when to when",
        },
        "sample_size": {"text": "Gap 11: why this many subjects"},
        "changes_from_protocol": [],
        "conventions": {
            "days": "Days since first treatment are the date minus the date of first treatment.",
            "baseline": "Gap 25a: which measurement is the baseline",
            "visits": "Gap 15: how an assessment is assigned to a visit",
            "partial_dates": "Gap 28: what becomes of dates without a day or month",
            "missing": "Gap 28: what becomes of missing values",
            "multiplicity": "Gap 17: what is done, or not done, about several tests",
        },
    }  # fmt: skip


def _outputs(event: Json, made: list[Made], ids: Ids, tell: Teller) -> Iterator[dict[str, Any]]:
    there = {m.id: m.written["id"] for m in made}
    listed = {text_of(part, "id"): (place, part) for place, part in parts(event, "outputs", "", tell)}
    number = 0
    for output, shown in shown_in(event, tell).items():
        place, part = listed.get(output, ("mainListOfContents", {}))
        if not part:
            tell.left_out(place, output, "the contents name an output that the event has not; it is made by its name.")
        known = [there[a] for a in shown if a in there]
        if not known:
            tell.left_out(place, output, "it shows no analysis that could be made.")
            continue
        number += 1
        title = " – ".join(sections(event, part, "Title", tell)) or text_of(part, "label", "name") or output
        found: dict[str, Any] = {
            "id": ids.of("output", output),
            "number": f"14.{number}",
            "kind": "table",
            "title": title,
        }
        found |= {"analyses": known}
        footnotes = [*sections(event, part, "Footnote", tell), *sections(event, part, "Abbreviation", tell)]
        yield found | ({"footnotes": footnotes} if footnotes else {})


def _source(event: Json, known: Known, made: list[Made], ids: Ids) -> dict[str, Any]:
    found: dict[str, Any] = {"id": text_of(event, "id") or "event", "name": text_of(event, "name") or "Reporting event"}
    listed = []
    for name, method in known.methods.items():
        if method.written:
            own = {"id": name, "name": text_of(method.part, "name", "label") or name, "operations": method.written}
            said = text_of(method.part, "description")
            listed.append(own | ({"description": said} if said else {}) | _of(made, name))
    groups = {f.id: list(f.group_ids) for f in known.factors.values() if f.group_ids}
    more = {
        "methods": listed,
        "results_by": {m.written["id"]: m.carries for m in made if m.carries},
        "groups": groups,
        "subsets": {m.written["id"]: m.subset for m in made if m.subset},
        "ids": dict(ids.instead),
    }
    return found | {key: value for key, value in more.items() if value}


def _of(made: list[Made], method: str) -> dict[str, list[str]]:
    own = [m.written["id"] for m in made if m.method == method]
    return {"analyses": own} if own else {}


def _datasets(written: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """Return the datasets that the plan reads, each with the variables it names."""
    named: dict[str, dict[str, str]] = {"ADSL": {"USUBJID": "text"}}
    numeric: set[tuple[str, str]] = set()
    for s in written["analysis_sets"]:
        _add(named, numeric, conditions_of(s["where"]))
    for g in written["groupings"]:
        dataset, _, variable = g["variable"].partition(".")
        named.setdefault(dataset, {})[variable] = "text"
        for level in g.get("levels", ()):
            _add(named, numeric, conditions_of(level.get("where")))
    for a in written["analyses"]:
        for step in a["steps"]:
            named.setdefault(step["dataset"], {})
            _add(named, numeric, conditions_of(step.get("where")))
            if "variable" in step:
                named[step["dataset"]][step["variable"]] = "number"
                numeric.add((step["dataset"], step["variable"]))
    return {name: _dataset(name, found, numeric, files) for name, found in named.items()}


def _add(named: dict[str, dict[str, str]], numeric: set[tuple[str, str]], found: Iterable[Mapping[str, Any]]) -> None:
    for c in found:
        named.setdefault(c["dataset"], {}).setdefault(c["variable"], "text")
        if c["comparator"] in {"GT", "GE", "LT", "LE"} and _is_number(c["value"]):
            numeric.add((c["dataset"], c["variable"]))


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def _dataset(name: str, found: Mapping[str, str], numeric: set[tuple[str, str]], files: Files) -> dict[str, Any]:
    seen = files.columns.get(name, {})
    own = []
    for variable in found:
        if variable in {"USUBJID", "STUDYID"}:
            continue
        kind = "number" if (name, variable) in numeric else seen.get(variable, "text")
        label = files.labels.get(name, {}).get(variable) or variable
        own.append({"name": variable, "label": label, "type": kind, "missing": True})
    described = {"file": files.names.get(name, f"{name.lower()}.xpt"), "title": name}
    return described | ({"variables": own} if own else {})
