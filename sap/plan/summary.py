"""What a plan promises, in one breath."""

from collections import Counter
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


def _counted(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"
