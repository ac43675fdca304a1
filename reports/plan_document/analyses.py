"""Every analysis: what is estimated, in whom, how, and what is changed to see how much it matters."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from reports.plan_document.study import output_label
from reports.words.labels import swapped, variable_label, window_in_words
from reports.words.markdown import bullets, paragraph_text, pipe_table
from reports.words.numbers import stated
from sap.methods import Step
from sap.model.clause import AllOf, AnyOf, Condition, Not
from sap.model.part import Part, Reference, Window
from sap.model.words import clause_in_words, shown_values
from sap.plan.plan import Analysis, Plan, Sensitivity
from sap.reading.post_hoc import POST_HOC, PostHocAnalysis
from sap.seal.plan_history import with_late

_SENTENCE: Final = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_SAID_BEFORE: Final = frozenset({"method", "variable", "with_variable", "label"})
"""What a step says beside its options."""
NEVER: Final[Mapping[str, str]] = MappingProxyType({})
KINDS = (
    ("sensitivity", "Sensitivity analyses (the same estimand under other assumptions)"),
    ("supplementary", "Supplementary analyses (another estimand)"),
)


def analyses(plan: Plan, late: Mapping[str, str] = NEVER) -> str:
    """Return every analysis with its estimand, methods and sensitivity analyses."""
    return "\n".join(analysis_section(plan, a, late) for a in plan.analyses)


def analysis_section(plan: Plan, a: Analysis, late: Mapping[str, str] = NEVER) -> str:
    """Return one analysis under a heading that links lead to; a post hoc one says why it was made, a late one when."""
    parts = [
        f"\n### {paragraph_text(a.title)} ({paragraph_text(a.id)}) {{#sec-{a.id.lower()}}}\n",
        pipe_table(("Item", "Content"), _items(plan, a, late), (28, 72)),
        "\nMethods:\n",
        bullets([_step(plan, s) for s in a.steps]),
    ]
    for kind, heading in KINDS:
        found = [_sensitivity(plan, x, late.get(x.id, "")) for x in a.sensitivity if x.kind == kind]
        if found:
            parts += [f"\n{heading}:\n", "\n".join(found)]
    return "\n".join(parts)


def _items(plan: Plan, a: Analysis, late: Mapping[str, str]) -> list[tuple[str, str]]:
    analysis_set = plan.set_of(a.analysis_set)
    e = a.estimand
    answered = [f"{o.id}: {o.text}" for o in plan.objectives if o.id == a.objective]
    shown_in = [output_label(o) for o in plan.outputs if a.id in o.analyses]
    return [
        ("Purpose", with_late(f"{a.purpose}, {a.reason}", late.get(a.id, ""))),
        *([("Made because", a.rationale), ("Decided", a.decided)] if isinstance(a, PostHocAnalysis) else []),
        *[("Objective", text) for text in answered],
        ("Endpoint", a.endpoint),
        ("Estimand: population", e.population),
        ("Estimand: treatment", e.treatment),
        ("Estimand: variable", e.variable),
        *(
            (f"Intercurrent event: {i.event}", f"{i.strategy.capitalize()}. {i.handling}")
            for i in e.intercurrent_events
        ),
        ("Estimand: summary", e.summary),
        ("Analysis set", f"{analysis_set.title} ({analysis_set.id})"),
        *([("Subset", clause_in_words(a.data_subset))] if a.data_subset is not None else []),
        *([("Assumptions", ", ".join(a.assumptions))] if a.assumptions else []),
        *([("Shown in", ", ".join(shown_in))] if shown_in else []),
    ]


def _sensitivity(plan: Plan, s: Sensitivity, late: str) -> str:
    changed = [*([swapped(s.use)] if s.use else []), *([f"analysis set {s.analysis_set}"] if s.analysis_set else [])]
    means = f" ({', '.join(changed)})" if changed else ""
    text = paragraph_text(f"{s.title}. Changes: {s.changes}{means}. {s.reason}")
    text += f" {paragraph_text(f'{late[0].upper()}{late[1:]}.')}" if late else ""
    steps = "".join(f"\n    - {_step(plan, step)}" for step in s.steps)
    return f"- **{paragraph_text(s.id)}**: {text}{' Methods in place of those above:' if steps else ''}{steps}"


def _step(plan: Plan, step: Step) -> str:
    if step.listed:
        named = "; ".join(f"{variable_label(plan, v)} [{v}]" for v in step.listed)
        about = ", ".join(filter(None, (step.label, named)))
    else:
        variables = [v for n in ("variable", "with_variable") if isinstance(v := getattr(step, n, None), Reference)]
        of = " with ".join(variable_label(plan, v) for v in variables)
        # A label that says no more than the variable's own is not said twice.
        names = dict.fromkeys(filter(None, (step.label, of)))
        about = ", ".join(names) + (f" [{', '.join(map(str, variables))}]" if of else "")
    start = f"**{paragraph_text(about)}** " if about else ""
    asked = step.asked_of_plan(plan, stated)
    said = [paragraph_text(step.in_words), *([paragraph_text(asked)] if asked else []), options(step)]
    parts = "".join(f"\n    - {paragraph_text(item)}" for item in step.parts_in_words)
    return f"{start}(`{step.method}`). {' '.join(said)}".rstrip() + parts


def options(step: Step) -> str:
    """Return the options of a step as a sentence, with what is not stated filled in; empty where there is none."""
    found = ((name, getattr(step, name)) for name in type(step).model_fields if name not in _SAID_BEFORE)
    told = [
        f"{step.option_name(name)}: {_option(step, name, value)}"
        for name, value in found
        if value not in (None, (), {}, "") and not _of_parts(value)
    ]
    return paragraph_text(f"Options: {'; '.join(told)}.") if told else ""


def _of_parts(value: object) -> bool:
    """Return whether an option is a list of parts of the plan, which are said before it or listed below it."""
    return isinstance(value, tuple) and isinstance(value[0], Part)


def _option(step: Step, name: str, value: object) -> str:
    words = step.value_words.get(name, {})
    match value:
        case bool():
            said = "yes" if value else "no"
            return words.get(said, said)
        case float():
            return stated(value) if name in step.shares else f"{value:.15g}"
        case str():
            return words.get(value, value.replace("_", " ") if value.islower() else value)
        case Condition() | AllOf() | AnyOf() | Not():
            return clause_in_words(value)
        case Window():
            return window_in_words(value)
        case Mapping():
            return ", ".join(f"{key or 'missing'} is {shown}" for key, shown in value.items())
        case tuple():
            return shown_values(map(str, value))
        case _:
            return str(value)


def methods(plan: Plan, only: Collection[str] = ()) -> str:
    """Return the statistical methods of a manuscript: an item a promised method, in order; no sentence twice."""
    promised = [a for a in plan.analyses if a.reason != POST_HOC and (not only or a.id in only)]
    said: dict[str, dict[str, None]] = {}
    for step in (s for a in promised for s in a.steps if not s.listed):
        said.setdefault(step.method, {}).update(dict.fromkeys(_SENTENCE.split(step.in_words)))
    return "\n" + "".join(f"- {paragraph_text(' '.join(sentences))}\n" for sentences in said.values())
