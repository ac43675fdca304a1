"""What a plan promises, in one breath."""

from collections import Counter
from dataclasses import asdict, dataclass

from sap.plan.plan import Plan


@dataclass(frozen=True)
class Summary:
    """How much a plan promises."""

    id: str
    version: str
    """The plan's."""
    analyses: dict[str, int]
    """Analyses by purpose."""
    sensitivity: int
    supplementary: int
    """Analyses beside them, by kind."""
    tables: int
    figures: int
    listings: int
    """What will be shown."""
    datasets: tuple[str, ...]
    """What it needs."""

    def as_record(self) -> dict[str, object]:
        """Return the summary for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """Return the summary as two sentences."""
        total = sum(self.analyses.values())
        by_purpose = ", ".join(f"{n} {purpose}" for purpose, n in self.analyses.items())
        shown = [
            counted(self.tables, "table", "tables"),
            counted(self.figures, "figure", "figures"),
            counted(self.listings, "listing", "listings"),
        ]
        return (
            f"{self.id} {self.version} promises {counted(total, 'analysis', 'analyses')} ({by_purpose}), "
            f"{counted(self.sensitivity, 'sensitivity analysis', 'sensitivity analyses')}, "
            f"{counted(self.supplementary, 'supplementary analysis', 'supplementary analyses')}, {', '.join(shown)}. "
            f"It needs {counted(len(self.datasets), 'dataset', 'datasets')}: {', '.join(self.datasets)}."
        )


def summary(plan: Plan) -> Summary:
    """Return how much a plan promises."""
    kinds = Counter(s.kind for a in plan.analyses for s in a.sensitivity)
    tables = sum(o.kind == "table" for o in plan.outputs)
    return Summary(
        plan.plan.id,
        plan.plan.version,
        dict(Counter(a.purpose for a in plan.analyses)),
        kinds["sensitivity"],
        kinds["supplementary"],
        tables,
        len(plan.outputs) - tables,
        len(plan.listings),
        tuple(plan.datasets),
    )


def counted(n: int, one: str, several: str) -> str:
    """Return a count with its noun: "1 table", "2 analyses"."""
    return f"{n} {one if n == 1 else several}"
