"""How many subjects a comparison of groups has in fact compared."""

from collections.abc import Iterable

from analysis.results.ard import Row


def compared(rows: Iterable[Row], step: str) -> int | None:
    """Return how many subjects entered a rank comparison.

    Parameters
    ----------
    rows : iterable of Row
        The results of one analysis.
    step : str
        Position of the comparison in the analysis.

    Returns
    -------
    int or None
        The sum over its groups; None where the results do not say, as in shells.
    """
    sizes = [r.stat for r in rows if (r.step, r.context, r.stat_name) == (step, "summary", "n") and r.group1]
    known = [int(n) for n in sizes if n is not None]
    return sum(known) if sizes and len(known) == len(sizes) else None
