"""A plan held against the guideline for the content of analysis plans: which item is answered, and where.

What a machine can see it looks for: that each objective has an analysis, that a stopping rule has looks and operating
characteristics. Of prose it sees that something is said, and that it does not only hold a place (`sap.text.gaps`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sap.guidelines.plan_items import EARLY_PHASE, ITEMS, Item
from sap.model.clause import conditions
from sap.model.part import Part
from sap.model.variables import Parameter, Variable
from sap.plan.plan import Author, Plan
from sap.text.gaps import is_gap
from sap.text.problems import Place

Status = Literal["answered", "not applicable", "not stated", "missing"]
DECLARED: Final[Mapping[Status, str]] = {"not applicable": "not_applicable", "not stated": "not_stated"}
"""What a plan may declare of an item in place of an answer, by its key under ``content``."""
_LOCK: Final[Place] = ("plan", "version")
"""Where a plan's text says which revision it is; the seal keeps the others."""


@dataclass(frozen=True)
class Answer:
    """What a plan says of an item."""

    item: Item
    status: Status
    places: tuple[Place, ...] = ()
    """Where it says so, as keys and positions in the plan."""
    reason: str = ""
    """Why the item does not apply, where an answer was looked for, or what is missing."""


@dataclass(frozen=True)
class Lack:
    """Why an item is not answered."""

    why: str


Found = Iterator[Place | Lack]


def content(plan: Plan) -> tuple[Answer, ...]:
    """Return what a plan says of each item of the guideline, in its order."""
    return tuple(_answer(plan, item) for item in ITEMS)


def found_in(plan: Plan, number: str) -> Answer | None:
    """Return the answer that a plan itself gives to an item, whatever it declares of it; None without one."""
    item = next(i for i in ITEMS if i.number == number)
    found = list(_FINDERS[number](plan))
    if not found or any(isinstance(f, Lack) for f in found):
        return None
    return Answer(item, "answered", tuple(f for f in found if isinstance(f, tuple)))


def _answer(plan: Plan, item: Item) -> Answer:
    answered = found_in(plan, item.number)
    if answered is not None:
        return answered
    for status, key in DECLARED.items():
        reasons: Mapping[str, str] = getattr(plan.content, key)
        for name in (item.number, *([EARLY_PHASE] if item.number.startswith(EARLY_PHASE) else [])):
            if name in reasons:
                return Answer(item, status, (("content", key, name),), reasons[name])
    lacks = [f"{f.why.rstrip('.')}." for f in _FINDERS[item.number](plan) if isinstance(f, Lack) and f.why]
    return Answer(item, "missing", reason=" ".join(lacks) or f"Its place: {item.key}.")


def counts_in_words(answers: tuple[Answer, ...]) -> str:
    """Return how many items are answered, and which are missing, in a line."""
    of = {s: [a.item.number for a in answers if a.status == s] for s in ("answered", "not applicable", "not stated")}
    missing = [a.item.number for a in answers if a.status == "missing"]
    told = [f"{len(of['answered'])} of {len(answers)} answered", f"{len(of['not applicable'])} not applicable"]
    told += [f"{len(of['not stated'])} not stated"] if of["not stated"] else []
    told += [f"{len(missing)} missing: {', '.join(missing)}" if missing else "none missing"]
    return f"content: {', '.join(told)}"


Finder = Callable[[Plan], Found]


def _prose(*keys: str) -> Finder:
    """Return what finds a text at these keys; a text that only holds a place is none."""

    def find(plan: Plan) -> Found:
        value: object = plan
        for key in keys:
            value = getattr(value, key, None)
        where = ".".join(keys)
        if value in (None, (), {}):
            return
        held = next(filter(is_gap, _texts(value)), None)
        yield keys if held is None else Lack(f"A text at {where} only holds a place: {held}")

    return find


def _texts(value: object) -> Iterator[str]:
    """Yield every text of a part of the plan."""
    match value:
        case str():
            yield value
        case Part():
            yield from (t for name in type(value).model_fields for t in _texts(getattr(value, name)))
        case Mapping():
            yield from (t for below in value.values() for t in _texts(below))
        case tuple():
            yield from (t for below in value for t in _texts(below))


def _all(*finders: Finder) -> Finder:
    """Return what finds something where each of several does."""

    def find(plan: Plan) -> Found:
        for finder in finders:
            yield from list(finder(plan)) or [Lack("")]

    return find


def _any(*finders: Finder) -> Finder:
    """Return what finds what the first of several finds."""

    def find(plan: Plan) -> Found:
        for finder in finders:
            found = list(finder(plan))
            if found:
                yield from found
                return

    return find


def _title(plan: Plan) -> Found:
    if "analysis plan" in plan.plan.title.casefold():
        yield ("plan", "title")
    else:
        yield Lack("The title (plan.title) does not say that this is the analysis plan.")


def _sealed(plan: Plan) -> Found:
    del plan  # every version is kept by the seal, with its reason and whether data were known
    yield _LOCK


def _authors(plan: Plan) -> Found:
    if plan.plan.authors and all(isinstance(a, Author) for a in plan.plan.authors):
        yield ("plan", "authors")
    elif plan.plan.authors:
        yield Lack("The authors (plan.authors) are named without affiliation and role: {name, affiliation, role}.")


def _stopping(plan: Plan) -> Found:
    planned = plan.sample_size.proportion
    if planned is None or planned.stopping is None:
        return
    yield ("sample_size", "proportion", "stopping")
    yield ("sample_size", "proportion", "true_rates")
    if is_gap(planned.stopping.text):
        yield Lack("The text of the stopping rule only holds a place.")


def _scenarios(plan: Plan) -> Found:
    planned = plan.sample_size.proportion
    if planned is not None and len(planned.true_rates) > 1:
        yield ("sample_size", "proportion", "true_rates")


def _windows(plan: Plan) -> Found:
    if plan.conventions.visit_windows:
        yield ("conventions", "visit_windows")


def _tolerated(plan: Plan) -> Found:
    planned = plan.sample_size.proportion
    if plan.dose_finding is not None and plan.dose_finding.target_rate is not None:
        yield ("dose_finding", "target_rate")
    elif planned is not None and planned.stopping is not None:
        yield ("sample_size", "proportion", "stopping", "unacceptable_rate")


def _toxicity(plan: Plan) -> Found:
    if not plan.dlt_rules:
        return
    yield ("dlt_rules",)
    if any(map(is_gap, _texts(plan.dlt_rules))):
        yield Lack("A definition of dose-limiting toxicity only holds a place.")
    yield from list(_tolerated(plan)) or [
        Lack("No rate of dose-limiting toxicity is named (dose_finding.target_rate).")
    ]


def _evaluable(plan: Plan) -> Found:
    rules = {d.id for d in plan.derivations if d.kind == "dlt"}
    held = [i for i, s in enumerate(plan.analysis_sets) if any(c.dataset in rules for c in conditions(s.where))]
    yield from (("analysis_sets", i) for i in held if not is_gap(plan.analysis_sets[i].text))
    if all(is_gap(plan.analysis_sets[i].text) for i in held):
        yield Lack("No analysis set holds those who can be evaluated for dose-limiting toxicity.")


def _bayes(plan: Plan) -> Found:
    used = [i for i, a in enumerate(plan.analyses) if any(s.method == "posterior" for s in a.steps)]
    planned = plan.sample_size.proportion
    rule = planned is not None and planned.stopping is not None
    if not used and not rule:
        return
    yield from (("analyses", i) for i in used)
    if rule:
        yield ("sample_size", "proportion", "stopping", "prior")
    said = list(_prose("dose_finding", "bayes")(plan))
    yield from said or [Lack("A prior is used, and nothing says why this one and what it weighs (dose_finding.bayes).")]


def _levels(plan: Plan) -> Found:
    """Yield the steps with a confidence level, those of the primary analyses first of all."""
    with_level = [
        ("analyses", i, "steps", j)
        for i, a in enumerate(plan.analyses)
        for j, s in enumerate(a.steps)
        if getattr(s, "conf_level", None) is not None
    ]
    ranked = sorted(with_level, key=lambda at: plan.analyses[int(at[1])].purpose != "primary")
    yield from ranked[:1]


def _sets(plan: Plan) -> Found:
    yield ("analysis_sets",)
    held = [s.id for s in plan.analysis_sets if is_gap(s.text)]
    if held:
        yield Lack(f"The definition of {', '.join(held)} only holds a place.")


def _flow(plan: Plan) -> Found:
    shown = [i for i, o in enumerate(plan.outputs) if o.kind == "flow_figure"]
    yield from (("outputs", i) for i in shown)


def _outcomes(plan: Plan) -> Found:
    for i, a in enumerate(plan.analyses):
        if is_gap(a.endpoint) or is_gap(a.estimand.variable):
            yield Lack(f"The endpoint of {a.id} only holds a place.")
        elif a.purpose == "primary":
            yield ("analyses", i, "endpoint")
    if not any(a.purpose == "primary" for a in plan.analyses):
        yield Lack("No analysis is primary.")


def _units(plan: Plan) -> Found:
    """Yield the datasets, where each quantity in them has a unit; a count, a code or a flag needs none."""
    for name, dataset in plan.datasets.items():
        measured: list[tuple[str, Variable | Parameter]] = [
            *((v.name, v) for v in dataset.variables if v.type == "number" and not v.codelist),
            *((code, p) for code, p in dataset.parameters.items() if not p.codelist),
        ]
        lacking = [code for code, quantity in measured if not quantity.unit]
        if lacking:
            yield Lack(f"{name}: no unit of {', '.join(lacking)}.")
        elif measured:
            yield ("datasets", name)
    if not any(d.parameters or d.variables for d in plan.datasets.values()):
        yield ("datasets",)


def _calculated(plan: Plan) -> Found:
    if not plan.derivations:
        yield ("datasets",)  # outcomes are analysed as recorded
    for i, d in enumerate(plan.derivations):
        if is_gap(d.text):
            yield Lack(f"How {d.id} is derived only holds a place.")
        elif i == 0:
            yield ("derivations",)


def _methods(plan: Plan) -> Found:
    for i, o in enumerate(plan.objectives):
        answers = [j for j, a in enumerate(plan.analyses) if a.objective == o.id]
        if not answers:
            yield Lack(f"Objective {o.id} has no analysis.")
        elif i == 0:
            yield from (("analyses", j) for j in answers)
    shown = {a for o in plan.outputs for a in o.analyses}
    unseen = [a.id for a in plan.analyses if a.id not in shown]
    if unseen:
        yield Lack(f"No table or figure shows {', '.join(unseen)}.")


def _sensitivity(plan: Plan) -> Found:
    yield from (("analyses", i, "sensitivity") for i, a in enumerate(plan.analyses) if a.sensitivity)


def _missing(plan: Plan) -> Found:
    yield from _prose("conventions", "missing")(plan)
    for a in plan.analyses:
        silent = [s.method for s in (*a.steps, *(s for x in a.sensitivity for s in x.steps)) if not s.if_missing]
        if silent:
            yield Lack(f"{a.id}: {', '.join(dict.fromkeys(silent))} does not say what a missing value is.")


def _additional(plan: Plan) -> Found:
    yield from (("analyses", i, "purpose") for i, a in enumerate(plan.analyses) if a.purpose == "exploratory")


def _harms(plan: Plan) -> Found:
    harms = (i for i, a in enumerate(plan.analyses) if any(s.method == "adverse_events" for s in a.steps))
    yield from (("analyses", i) for i in harms)


_FINDERS: Final[Mapping[str, Finder]] = {
    "1a": _title,
    "1b": _prose("study", "registration"),
    "2": _all(_prose("plan", "version"), _prose("plan", "date")),
    "3": _prose("plan", "protocol"),
    **dict.fromkeys(("4a", "4b", "4c"), _sealed),
    "5": _authors,
    "6a": _prose("plan", "signatories", "author"),
    "6b": _prose("plan", "signatories", "senior_statistician"),
    "6c": _prose("plan", "signatories", "chief_investigator"),
    "7": _prose("study", "background"),
    "8": _prose("objectives"),
    "9": _all(_prose("study", "phase"), _prose("design", "overview")),
    "10": _prose("design", "randomisation"),
    "11": _prose("sample_size", "text"),
    "12": _prose("design", "framework"),
    "13a": _prose("design", "interim", "text"),
    "13b": _prose("design", "interim", "adjustment"),
    "13c": _stopping,
    "14": _prose("design", "final_analysis"),
    "15": _any(_prose("design", "assessments"), _windows),
    "E1": _prose("dose_finding", "levels"),
    "E2": _prose("dose_finding", "decisions"),
    "E3": _toxicity,
    "E4": _all(_evaluable, _prose("dose_finding", "replacement")),
    "E5": _prose("dose_finding", "recommendation"),
    "E6": _scenarios,
    "E7": _bayes,
    "E8": _prose("dose_finding", "outcomes"),
    "E9": _prose("dose_finding", "exposure"),
    "E10": _prose("design", "interim", "data"),
    "E11": _prose("dose_finding", "expansion"),
    "16": _prose("principles", "significance"),
    "17": _prose("conventions", "multiplicity"),
    "18": _levels,
    "19a": _prose("principles", "adherence", "definition"),
    "19b": _prose("principles", "adherence", "shown_in"),
    "19c": _prose("principles", "deviations", "definition"),
    "19d": _prose("principles", "deviations", "shown_in"),
    "20": _sets,
    "21": _prose("trial_population", "screening"),
    "22": _prose("trial_population", "eligibility"),
    "23": _flow,
    "24a": _prose("trial_population", "withdrawal", "levels"),
    "24b": _prose("trial_population", "withdrawal", "timing"),
    "24c": _prose("trial_population", "withdrawal", "reasons"),
    **dict.fromkeys(("25a", "25b"), _prose("trial_population", "baseline")),
    "26a": _outcomes,
    "26b": _units,
    "26c": _calculated,
    "27a": _methods,
    "27b": _prose("principles", "covariates"),
    "27c": _prose("principles", "method_assumptions"),
    "27d": _prose("principles", "alternatives"),
    "27e": _sensitivity,
    "27f": _prose("principles", "subgroups"),
    "28": _missing,
    "29": _additional,
    "30": _harms,
    "31": _prose("software"),
    "32a": _prose("documents", "methods"),
    "32b": _prose("documents", "data_management_plan"),
    "32c": _prose("documents", "trial_master_file"),
    "32d": _prose("documents", "procedures"),
}
"""What finds the answer to an item in a plan; a test holds the numbers to those of the guideline."""
