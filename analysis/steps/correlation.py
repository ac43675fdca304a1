"""Do two quantities of a subject go together? A rank correlation, its interval and its exact test."""

from analysis.data.sample import Block, Sample, digits, numbers
from analysis.methods.ranks.correlation import EXACT, RankCorrelation, rank_correlation
from analysis.results.ard import Statistic
from sap.methods.correlation import Correlation

NAMES = {"spearman": "Spearman's rho", "kendall": "Kendall's tau-b"}
TIES = {
    "spearman": "tied values share midranks",
    "kendall": "tied pairs are neither concordant nor discordant",
}
NOT_COMPUTED = "not computed"
APPROXIMATED = "p is approximate, which has no smallest value"


def correlation(step: Correlation, sample: Sample) -> list[Statistic]:
    """Return the rank correlation of two quantities."""
    x, y = sample.column(step.variable), sample.column(step.with_variable)
    there = x.notna() & y.notna()
    found = rank_correlation(numbers(x[there]), numbers(y[there]), step.coefficient, step.conf_level)
    absent = len(sample.subjects) - found.n
    left_out = f"{absent} of {len(sample.subjects)} subjects have not both values and are left out" if absent else ""
    estimate, fmt = found.estimate, digits(step.digits)
    name = NAMES[step.coefficient]
    block = Block(step.variable.variable, step.coefficient, _method(name, found), str(step.with_variable))
    low_reason = estimate.conf_low_reason or estimate.reason
    high_reason = estimate.conf_high_reason or estimate.reason
    ties = TIES[step.coefficient] if found.has_ties and estimate.estimable else ""
    return [
        block.stat("N", "Pairs", found.n, "xx", warning=left_out),
        block.stat("estimate", name, estimate.estimate, fmt, reason=estimate.reason, warning=ties),
        block.stat("conf.low", "Lower limit", estimate.conf_low, fmt, reason=low_reason),
        block.stat("conf.high", "Upper limit", estimate.conf_high, fmt, reason=high_reason),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.stat("p.value", "Two-sided p", found.p_value, "p", reason=estimate.reason),
        block.stat(
            "p.value.min", "Smallest attainable p", found.p_min_attainable, "p",
            reason=estimate.reason or APPROXIMATED,
        ),
        block.text("p.type", "Exact or approximate p", _kind(found)),
    ]  # fmt: skip


def _kind(found: RankCorrelation) -> str:
    if found.p_value is None:
        return NOT_COMPUTED
    return "exact" if found.exact else "approximate"


def _method(name: str, found: RankCorrelation) -> str:
    definition = "two-sided p = P(|S| at least as large as observed), S the numerator"
    test = f"{EXACT}, {definition}" if found.exact or not found.p_method else f"approximate p: {found.p_method}"
    return f"{name}; {test}; approximate interval by Fisher's z (Bonett–Wright)"
