"""Do two quantities of a subject go together? A rank correlation, its interval and its exact test."""

from typing import Final

from analysis.data.sample import Block, Sample, digits, numbers
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.correlation import Correlation

NAMES = {"spearman": "Spearman's rho", "kendall": "Kendall's tau-b"}
TIES = {
    "spearman": "tied values share midranks",
    "kendall": "tied pairs are neither concordant nor discordant",
}
EXACT = "exact permutation distribution, two-sided p = P(|S| at least as large as observed), S the numerator"
FISHER = "approximate interval by Fisher's z (Bonett–Wright)"
NOT_COMPUTED = "not computed"
APPROXIMATED = "p is approximate, which has no smallest value"


def correlation(step: Correlation, sample: Sample) -> list[Statistic]:
    """Return the rank correlation of two quantities."""
    from analysis.methods.ranks.correlation import rank_correlation

    x, y = sample.column(step.variable), sample.column(step.with_variable)
    there = x.notna() & y.notna()
    found = rank_correlation(numbers(x[there]), numbers(y[there]), step.coefficient, step.conf_level)
    absent = len(sample.subjects) - found.n
    left_out = f"{absent} of {len(sample.subjects)} subjects have not both values and are left out" if absent else ""
    estimate, fmt = found.estimate, digits(step.digits)
    name = NAMES[step.coefficient]
    test = f"approximate p: {found.p_method}" if found.p_method and not found.exact else EXACT
    kind = "exact" if found.exact else "approximate"
    block = Block(step.variable.variable, step.coefficient, f"{name}; {test}; {FISHER}", str(step.with_variable))
    ties = TIES[step.coefficient] if found.has_ties and estimate.estimable else ""
    return [
        block.stat("N", "Pairs", found.n, "xx", warning=left_out),
        *block.estimate(name, estimate, fmt, ties),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.stat("p.value", "Two-sided p", found.p_value, "p", reason=estimate.reason),
        block.stat(
            "p.value.min", "Smallest attainable p", found.p_min_attainable, "p",
            reason=estimate.reason or APPROXIMATED,
        ),
        block.text("p.type", "Exact or approximate p", kind if found.p_value is not None else NOT_COMPUTED),
    ]  # fmt: skip


METHOD: Final = Method(statistics=correlation, libraries=("scipy", *PANDAS))
