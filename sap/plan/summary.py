"""What a plan promises, in one breath."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sap.plan.plan import Plan


def summary(plan: Plan) -> dict[str, Any]:
    """Return how much a plan promises: analyses by purpose, those beside them by kind, what is shown, what it needs."""
    kinds = Counter(s.kind for a in plan.analyses for s in a.sensitivity)
    tables = sum(o.kind == "table" for o in plan.outputs)
    return {
        "id": plan.plan.id,
        "version": plan.plan.version,
        "analyses": dict(Counter(a.purpose for a in plan.analyses)),
        "sensitivity": kinds["sensitivity"],
        "supplementary": kinds["supplementary"],
        "tables": tables,
        "figures": len(plan.outputs) - tables,
        "listings": len(plan.listings),
        "datasets": tuple(plan.datasets),
        "shown": [{"number": s.number, "kind": s.kind, "id": s.id, "title": s.title, "of": s.of} for s in shown(plan)],
        "shown_nowhere": shown_nowhere(plan),
    }


def summary_in_words(plan: Plan) -> str:
    """Return how much a plan promises as two sentences."""
    of = summary(plan)
    analyses = _counted(len(plan.analyses), "analysis", "analyses")
    by_purpose = ", ".join(f"{n} {purpose}" for purpose, n in of["analyses"].items())
    beside = [_counted(of[k], f"{k} analysis", f"{k} analyses") for k in ("sensitivity", "supplementary")]
    shown = [_counted(of[k], k.removesuffix("s"), k) for k in ("tables", "figures", "listings")]
    return (
        f"{plan.plan.id} {plan.plan.version} promises {analyses} ({by_purpose}), {', '.join((*beside, *shown))}. "
        f"It needs {_counted(len(plan.datasets), 'dataset', 'datasets')}: {', '.join(plan.datasets)}."
    )


def shown_in_words(plan: Plan) -> list[str]:
    """Return a line for each table, figure and listing, in the order of their numbers, and what none of them shows."""
    lines = [f"  {s.noun} {s.number} {s.title} ({s.id}: {', '.join(s.of)})" for s in shown(plan)]
    left_out = shown_nowhere(plan)
    nowhere = [f"No table and no figure shows {', '.join(left_out)}."] if left_out else []
    return ["What will be shown:" if lines else "Nothing will be shown: the plan names no outputs.", *lines, *nowhere]


@dataclass(frozen=True)
class Shown:
    """A table, figure or listing as the plan promises it."""

    number: str
    kind: str
    id: str
    title: str
    of: tuple[str, ...]
    """The analyses it shows; of a listing, the dataset."""

    @property
    def noun(self) -> str:
        """Table, Figure or Listing."""
        return "Figure" if self.kind.endswith("_figure") else self.kind.capitalize()


def shown(plan: Plan) -> list[Shown]:
    """Return what a plan promises to show, in the order of the numbers."""
    found = [Shown(o.number, o.kind, o.id, o.title, o.analyses) for o in plan.outputs]
    found += [Shown(x.number, "listing", x.id, x.title, (x.dataset,)) for x in plan.listings]
    return sorted(found, key=lambda s: [int(part) for part in s.number.split(".")])


def shown_nowhere(plan: Plan) -> tuple[str, ...]:
    """Return the analyses that stand in no table and in no figure."""
    there = {name for o in plan.outputs for name in o.analyses}
    return tuple(a.id for a in plan.analyses if a.id not in there)


def _counted(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"
