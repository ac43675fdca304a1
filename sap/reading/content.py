"""What a plan declares of items of the guideline, and ids by which its answers lead to other parts."""

from collections.abc import Iterator

from sap.guidelines.plan_items import EARLY_PHASE, NUMBERS
from sap.plan.content import DECLARED, found_in
from sap.plan.plan import Plan
from sap.text.gaps import is_gap
from sap.text.problems import Fault, one_of, suggest
from sap.text.yaml_file import show_path


def content_problems(plan: Plan) -> Iterator[Fault]:
    """Yield items that do not exist, that are declared beside an answer or twice, and answers that lead nowhere."""
    yield from _declared(plan)
    yield from _links(plan)
    levels = plan.dose_finding.levels if plan.dose_finding is not None else ()
    if levels and sum(level.start for level in levels) != 1:
        yield Fault(
            ("dose_finding", "levels"), "one dose level is the first given.", "Mark it, and it alone: start: yes."
        )


def _declared(plan: Plan) -> Iterator[Fault]:
    given = {status: getattr(plan.content, key) for status, key in DECLARED.items()}
    for status, key in DECLARED.items():
        for number, reason in given[status].items():
            path = ("content", key, number)
            if number not in {*NUMBERS, EARLY_PHASE}:
                what = f"the guideline has no item '{number}'."
                yield Fault(path, what, f"{suggest(number, NUMBERS)} {EARLY_PHASE} stands for E1 to E11.")
                continue
            if is_gap(reason):
                what = f"the reason of item {number} only holds a place."
                yield Fault(path, what, "Say why it does not apply, or where an answer was looked for.")
            answered = found_in(plan, number) if number in NUMBERS else None
            if answered is not None:
                at = show_path(answered.places[0])
                what = f"item {number} ({answered.item.topic}) is called {status}, and {at} answers it."
                yield Fault(path, what, "Leave one: remove it here, or the answer.")
    for number in [n for n in given["not applicable"] if n in given["not stated"]]:
        what = f"item {number} is called not applicable and not stated."
        yield Fault(("content", "not_stated", number), what, "Leave it in one.")


def _links(plan: Plan) -> Iterator[Fault]:
    analyses = [a.id for a in plan.analyses]
    shown = [*analyses, *(o.id for o in plan.outputs), *(x.id for x in plan.listings)]
    if plan.trial_population is not None:
        for name in plan.trial_population.baseline:
            yield from one_of("analysis", name, analyses, ("trial_population", "baseline"))
    if plan.dose_finding is not None:
        for name in plan.dose_finding.exposure:
            yield from one_of("analysis", name, analyses, ("dose_finding", "exposure"))
        for domain, named in plan.dose_finding.outcomes.items():
            for name in named:
                yield from one_of(
                    "objective", name, (o.id for o in plan.objectives), ("dose_finding", "outcomes", domain)
                )
    for key in ("adherence", "deviations"):
        part = getattr(plan.principles, key, None)
        for name in part.shown_in if part is not None else ():
            where = ("principles", key, "shown_in")
            yield from one_of("analysis, table, figure or listing", name, shown, where)
