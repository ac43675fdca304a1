"""How an analysis is computed: each method once, with its usual options, and what each step of an analysis asks."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from reports.words.labels import variable_label, window_in_words
from reports.words.markdown import bullets, paragraph_text
from reports.words.numbers import stated
from sap.methods import METHODS, Step
from sap.model.clause import AllOf, AnyOf, Condition, Not
from sap.model.part import Part, Reference, Window
from sap.model.words import clause_in_words, shown_values
from sap.plan.plan import Plan
from sap.reading.post_hoc import POST_HOC

_SENTENCE: Final = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_SAID_BEFORE: Final = frozenset({"method", "variable", "with_variable", "label"})
"""What a step says beside its options."""


def methods(plan: Plan, only: Collection[str] = ()) -> str:
    """Return the statistical methods of a manuscript: an item a promised method, in order; no sentence twice."""
    promised = [a for a in plan.analyses if a.reason != POST_HOC and (not only or a.id in only)]
    said: dict[str, list[Step]] = {}
    for step in (s for a in promised for s in a.steps if not s.listed):
        said.setdefault(step.method, []).append(step)
    return "\n" + "".join(f"- {paragraph_text(_sentences(steps))}\n" for steps in said.values())


def _sentences(steps: Iterable[Step]) -> str:
    return " ".join(dict.fromkeys(sentence for s in steps for sentence in _SENTENCE.split(s.in_words)))


def statistical_methods(plan: Plan) -> str:
    """Return each method of the plan with its sentence and the options that hold where an analysis states no other."""
    steps = [s for a in plan.analyses for some in (a.steps, *(x.steps for x in a.sensitivity)) for s in some]
    used = [(name, [s for s in steps if s.method == name]) for name in METHODS]
    return bullets([_method(name, found) for name, found in used if found])


def _method(name: str, steps: Sequence[Step]) -> str:
    # The whole sentence, which holds but for options that analyses state, where any step says it.
    whole = [s for s in steps if s.in_words == s.sentence][:1]
    usual = dict.fromkeys(o for s in steps for o in _told(s, [n for n in _names(s) if _is_usual(s, n)]))
    unless = f" Unless stated otherwise: {'; '.join(usual)}." if usual else ""
    return f"**`{name}`.** {paragraph_text(_sentences(whole or steps) + unless)}"


def steps_in_words(plan: Plan, steps: Iterable[Step], *, alone: bool) -> Iterator[str]:
    """Yield the steps of an analysis, those that differ in their variable alone together.

    Parameters
    ----------
    plan : Plan
        The plan.
    steps : iterable of Step
        The steps.
    alone : bool
        Whether `statistical_methods` does not stand beside them, so that sentences and all options must.

    Yields
    ------
    str
        Markdown of one item.
    """
    together: dict[str, list[str]] = {}
    for step in steps:
        together.setdefault(_how(plan, step, alone=alone), []).append(_about(plan, step))
    for how, about in together.items():
        yield f"{'; '.join(about)}: {how}" if any(about) else how


def changed_steps(plan: Plan, steps: Iterable[Step], planned: Sequence[Step], *, alone: bool) -> Iterator[str]:
    """Yield steps that take the place of others: of one that is planned, with its options that differ alone."""
    for step in steps:
        about = _about(plan, step)
        same = (p for p in planned if p.method == step.method and p.parts_in_words == step.parts_in_words)
        twin = next((p for p in same if _about(plan, p) == about), None)
        if twin is None:
            yield from steps_in_words(plan, [step], alone=alone)
        else:
            differ = [n for n in _names(step) if getattr(step, n) != getattr(twin, n)]
            told = "".join(f"; {option}" for option in _told(step, differ, empty="none"))
            yield f"{about}: `{step.method}` as above{paragraph_text(told)}."


def _about(plan: Plan, step: Step) -> str:
    if step.listed:
        named = "; ".join(f"{variable_label(plan, v)} [{v}]" for v in step.listed)
        return paragraph_text(": ".join(filter(None, (step.label, named))))
    variables = [v for n in ("variable", "with_variable") if isinstance(v := getattr(step, n, None), Reference)]
    name = step.label or " with ".join(variable_label(plan, v) for v in variables)
    where = paragraph_text(f"[{', '.join(map(str, variables))}]") if variables else ""
    return f"**{paragraph_text(name)}** {where}".rstrip() if name else ""


def _how(plan: Plan, step: Step, *, alone: bool) -> str:
    told = _told(step, [n for n in _names(step) if alone or not _is_usual(step, n)])
    how = f"`{step.method}`{paragraph_text(''.join(f'; {option}' for option in told))}."
    more = [*([step.in_words] if alone else []), *([asked] if (asked := step.asked_of_plan(plan, stated)) else [])]
    parts = "".join(f"\n    - {paragraph_text(item)}" for item in step.parts_in_words)
    return " ".join([how, *map(paragraph_text, more)]) + parts


def _names(step: Step) -> list[str]:
    return [n for n in type(step).model_fields if n not in _SAID_BEFORE and not _of_parts(getattr(step, n))]


def _is_usual(step: Step, name: str) -> bool:
    field = type(step).model_fields[name]
    return not field.is_required() and getattr(step, name) == field.get_default(call_default_factory=True)


def options(step: Step) -> str:
    """Return all options of a step as a phrase, with what is not stated filled in; empty where there is none."""
    return "; ".join(_told(step, _names(step)))


def _told(step: Step, names: Iterable[str], empty: str = "") -> list[str]:
    values = ((name, getattr(step, name)) for name in names)
    return [
        f"{step.option_name(name)}: {empty if value in _EMPTY else _option(step, name, value)}"
        for name, value in values
        if value not in _EMPTY or empty
    ]


_EMPTY: Final[tuple[object, ...]] = (None, (), {}, "")


def _of_parts(value: object) -> bool:
    """Return whether an option is a list of parts of the plan, which are said before it or listed below it."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Part)


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
