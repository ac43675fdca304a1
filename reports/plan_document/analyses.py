"""Every analysis: what is estimated, in whom, how, and what is changed to see how much it matters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from reports.plan_document.steps import changed_steps, steps_in_words
from reports.words.labels import swapped
from reports.words.markdown import bullets, paragraph_text, pipe_table
from reports.words.seal import said_once
from sap.model.words import clause_in_words
from sap.plan.plan import Analysis, IntercurrentEvent, Plan, Sensitivity
from sap.reading.post_hoc import PostHocAnalysis
from sap.seal.plan_history import with_late

NEVER: Final[Mapping[str, str]] = MappingProxyType({})
_KINDS: Final = (
    "A sensitivity analysis asks about the same estimand under other assumptions, a supplementary one about another "
    "estimand. Either is the analysis it belongs to but for what it says."
)


@dataclass(frozen=True)
class Shared:
    """What several analyses of a plan state alike, and is said once before them."""

    treatment: str = ""
    populations: Mapping[str, str] = field(default_factory=dict)
    """By analysis set."""
    events: Mapping[IntercurrentEvent, str] = field(default_factory=dict)
    """What each is called."""


def _shared(plan: Plan) -> Shared:
    populations = {
        s.id: _often(a.estimand.population for a in plan.analyses if a.analysis_set == s.id) for s in plan.analysis_sets
    }
    events = Counter(i for a in plan.analyses for i in a.estimand.intercurrent_events)
    return Shared(
        _often(a.estimand.treatment for a in plan.analyses),
        {s: text for s, text in populations.items() if text},
        {e: f"IE{n}" for n, e in enumerate((e for e, times in events.items() if times > 1), start=1)},
    )


def _often(texts: Iterable[str]) -> str:
    """Return the text that stands most often; empty where none stands twice."""
    ((text, times),) = Counter(texts).most_common(1) or [("", 0)]
    return text if times > 1 else ""


def estimands(plan: Plan) -> str:
    """Return what the estimands of several analyses have in common."""
    shared = _shared(plan)
    parts = [f"Each analysis states variable and summary of its estimand, and what is unlike what follows. {_KINDS}"]
    if shared.treatment:
        parts.append(f"**Treatment.** {paragraph_text(shared.treatment)}.")
    if shared.populations:
        of = "; ".join(f"{s}: {text}" for s, text in shared.populations.items())
        parts.append(f"**Population,** by analysis set: {paragraph_text(of)}.")
    if shared.events:
        rows = [(name, e.event, e.strategy, e.handling) for e, name in shared.events.items()]
        parts.append(pipe_table(("Id", "Intercurrent event", "Strategy", "Handling"), rows))
    return "\n" + "\n\n".join(parts) + "\n"


def analyses(plan: Plan, late: Mapping[str, str] = NEVER) -> str:
    """Return every analysis with its estimand, methods and sensitivity analyses."""
    shared = _shared(plan)
    ids = [i for a in plan.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
    told, late = said_once(late, ids)
    return f"\n{paragraph_text(told)}\n" + "\n".join(analysis_section(plan, a, late, shared) for a in plan.analyses)


def analysis_section(plan: Plan, a: Analysis, late: Mapping[str, str] = NEVER, shared: Shared | None = None) -> str:
    """Return one analysis under a heading that links lead to; a post hoc one says why it was made, a late one when.

    Without `shared` it stands alone, and says everything.
    """
    alone = shared is None
    about = " ".join(
        f"**{name}:** {paragraph_text(_ended(text))}" for name, text in _about(plan, a, late, shared or Shared())
    )
    steps = [*steps_in_words(plan, a.steps, alone=alone)]
    others = [_sensitivity(plan, a, s, late.get(s.id, ""), alone=alone) for s in a.sensitivity]
    level = "###" if alone else "####"
    heading = f"{level} {paragraph_text(a.title)} ({paragraph_text(a.id)}) {{#sec-{a.id.lower()}}}"
    return f"\n{heading}\n\n{about}\n{bullets([*steps, *others])}"


def _about(plan: Plan, a: Analysis, late: Mapping[str, str], shared: Shared) -> list[tuple[str, str]]:
    analysis_set, e = plan.set_of(a.analysis_set), a.estimand
    named = ", ".join(name for i in e.intercurrent_events if (name := shared.events.get(i)))
    own = [f"{i.event} ({i.strategy}): {i.handling}" for i in e.intercurrent_events if i not in shared.events]
    events = " ".join(map(_ended, filter(None, (named, *own))))
    later: list[tuple[str, str]] = []
    if isinstance(a, PostHocAnalysis):
        later = [("Made because", a.rationale), ("Decided", a.decided), ("Endpoint", a.endpoint)]
    purpose = f"{a.purpose}, {a.reason}" if later else a.purpose
    found = (
        ("Purpose", with_late(f"{purpose}{f' ({a.objective})' if a.objective else ''}", late.get(a.id, ""))),
        *later,
        ("Analysis set", f"{analysis_set.title} ({analysis_set.id})"),
        ("Subset", clause_in_words(a.data_subset) if a.data_subset is not None else ""),
        ("Assumptions", ", ".join(a.assumptions)),
        ("Population", e.population if e.population != shared.populations.get(a.analysis_set) else ""),
        ("Treatment", e.treatment if e.treatment != shared.treatment else ""),
        ("Variable", e.variable),
        ("Summary", e.summary),
        ("Intercurrent events", events),
    )
    return [(name, text) for name, text in found if text]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _sensitivity(plan: Plan, a: Analysis, s: Sensitivity, late: str, *, alone: bool) -> str:
    changed = [*([swapped(s.use)] if s.use else []), *([f"analysis set {s.analysis_set}"] if s.analysis_set else [])]
    means = f" ({', '.join(changed)})" if changed else ""
    said = [_ended(s.title), _ended(f"Changes: {s.changes}{means}"), _ended(s.reason)]
    text = paragraph_text(" ".join([*said, *([f"{late[0].upper()}{late[1:]}."] if late else [])]))
    steps = "".join(f"\n    - {step}" for step in changed_steps(plan, s.steps, a.steps, alone=alone))
    return f"**{paragraph_text(s.id)}**, {s.kind}: {text}{' In place of the methods above:' if steps else ''}{steps}"
