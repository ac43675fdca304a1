"""Do groups differ in their time to event? Events observed and expected, and the log-rank test."""

from typing import Final

from analysis.data.groups.compared import times_compared
from analysis.data.sample import Block, Sample
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.logrank import Logrank

CONTEXT: Final = "logrank"


def logrank(step: Logrank, sample: Sample) -> list[Statistic]:
    """Return events observed and expected of each group, then the test; context ``logrank``."""
    from analysis.methods.survival.logrank import logrank as test

    groups = sample.group(sample.plan.grouping(step.by))
    data = times_compared(step, sample, groups)
    empty = [label for label in groups if label not in data.groups]
    reason = f"no time in group {' and no time in group '.join(empty)}" if empty else None
    found = None
    if not reason:
        found = test(data.times, data.events, data.positions, step.rho, gamma=step.gamma, stratum=data.strata)
        reason = found.reason
    weights = f"; weights S(t−)^{step.rho:g} (1 − S(t−))^{step.gamma:g}" if step.rho or step.gamma else ""
    how = f"Log-rank test{', stratified' if step.strata else ''}{weights}"
    stats = []
    for i, label in enumerate(groups):
        own = [e for g, e in zip(data.groups, data.events, strict=True) if g == label]
        block = Block(step.data, CONTEXT, how, group1_level=label)
        observed, expected = (None, None) if found is None else (float(found.observed[i]), float(found.expected[i]))
        stats += [
            block.stat("n", "Subjects", len(own), "xx"),
            block.stat("n.event", "Events", int(sum(own)), "xx"),
            block.stat("observed", "Events observed, weighted where the test is", observed, "xx.x", reason=reason),
            block.stat("expected", "Events expected, weighted where the test is", expected, "xx.x", reason=reason),
        ]
    block = Block(step.data, CONTEXT, how)
    chi = None if found is None else found.statistic
    df = None if found is None or chi is None else found.df
    return [
        *stats,
        block.stat("statistic", "Chi-square", chi, "xx.xx", reason=reason, warning=data.left_out),
        block.stat("parameter", "Degrees of freedom", df, "xx", reason=reason),
        block.stat("p.value", "Two-sided p", None if found is None else found.p_value, "p", reason=reason),
    ]


METHOD: Final = Method(statistics=logrank, libraries=("scipy", *PANDAS))
