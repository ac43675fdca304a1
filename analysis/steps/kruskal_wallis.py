"""Do several groups differ in location? The Kruskal–Wallis test."""

from typing import Final

from analysis.data.groups.described import described
from analysis.data.sample import Block, Sample, numbers
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.kruskal_wallis import KruskalWallis

CONTEXT: Final = "kruskal_wallis"


def kruskal_wallis(step: KruskalWallis, sample: Sample) -> list[Statistic]:
    """Return the description of each group, then the test; context ``kruskal_wallis``."""
    from analysis.methods.ranks.kruskal_wallis import kruskal_wallis as test

    name = step.variable.variable
    stats: list[Statistic] = []
    values = {}
    for label, group in sample.group(sample.plan.grouping(step.by)).items():
        stats += described(Block(name, "summary", "Description", group1_level=label), group, step.variable, step.digits)
        values[label] = numbers(group.column(step.variable))
    empty = [label for label, v in values.items() if len(v) == 0]
    reason = f"no value in group {' and no value in group '.join(empty)}" if empty else None
    found = None if reason else test(*values.values(), exact_up_to=step.exact_up_to)
    reason = found.reason if found else reason
    absent = len(sample.subjects) - sum(len(v) for v in values.values())
    told = [f"{absent} of {len(sample.subjects)} subjects have no value or no group and are left out"] if absent else []
    how = "Kruskal–Wallis on midranks, corrected for ties"
    if found and found.has_ties:
        told.append("tied values share midranks")
    kind = "p"
    if found:
        kind = f"{'Exact' if found.exact else 'Approximate'} p"
        how += "; p by every assignment" if found.exact else "; p of chi-square"
        if not found.exact:
            told.append(f"p is that of chi-square: there are more than {step.exact_up_to} assignments")
    block = Block(name, CONTEXT, how)
    h, df, p = (found.statistic, found.df, found.p_value) if found and not reason else (None, None, None)
    warning = "" if reason else "; ".join(told)
    return [
        *stats,
        block.stat("statistic", "H", h, "xx.xx", reason=reason),
        block.stat("parameter", "Degrees of freedom", df, "xx", reason=reason),
        block.stat("p.value", kind, p, "p", reason=reason, warning=warning),
    ]


METHOD: Final = Method(statistics=kruskal_wallis, libraries=("scipy", *PANDAS))
