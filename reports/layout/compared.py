"""How many subjects a comparison of groups has in fact compared."""

from collections.abc import Iterable

from analysis.results.ard import Row


def compared(rows: Iterable[Row], step: str) -> int | None:
    """Return how many subjects entered a rank comparison."""
    sizes = [r.stat for r in rows if (r.step, r.context, r.stat_name) == (step, "summary", "n") and r.group1]
    known = [int(n) for n in sizes if n is not None]
    return sum(known) if sizes and len(known) == len(sizes) else None
