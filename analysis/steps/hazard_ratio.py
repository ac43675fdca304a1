"""By how much do the hazards of two groups differ? Cox's hazard ratio, its p-values, and a check of the model."""

from typing import Final

import numpy as np

from analysis.data.groups.compared import Times, times_compared, two_groups
from analysis.data.sample import Block, Sample
from analysis.methods.common import Floats
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.hazard_ratio import HazardRatio

CONTEXT: Final = "hazard_ratio"
CHECK: Final = "proportional_hazards"


def hazard_ratio(step: HazardRatio, sample: Sample) -> list[Statistic]:
    """Return subjects and events of both groups, their ratio with its p-values, and the check of the model."""
    groups = two_groups(step, sample)
    data = times_compared(step, sample, groups, step.covariates)
    named = step.value_words
    method = f"Cox, ties by {named['ties'][step.ties]}, limits by {named['limits'][step.limits]}"
    stats = []
    for label in groups:
        own = [e for g, e in zip(data.groups, data.events, strict=True) if g == label]
        block = Block(step.data, CONTEXT, method, group1_level=label)
        stats += [
            block.stat("n", "Subjects", len(own), "xx"),
            block.stat("n.event", "Events", int(sum(own)), "xx"),
        ]
    empty = [label for label in groups if label not in data.groups]
    reason = f"no time in group {' and no time in group '.join(empty)}" if empty else ""
    found: dict[str, float] = {}
    low_reason = high_reason = reason
    if not reason:
        found, reason = _estimated(step, data)
        low_reason = reason or "the likelihood has no limit on this side"
        high_reason = low_reason
    block = Block(step.data, CONTEXT, method)
    check = Block(step.data, CHECK, "Score test of a ratio that changes with 1 − S(t−)")
    untold = reason or "there are too few event times for a ratio that changes"
    return [
        *stats,
        block.stat("estimate", "Hazard ratio", found.get("estimate"), "xx.xx", reason=reason, warning=data.left_out),
        block.stat("conf.low", "Lower limit", found.get("conf.low"), "xx.xx", reason=low_reason),
        block.stat("conf.high", "Upper limit", found.get("conf.high"), "xx.xx", reason=high_reason),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.stat("p.value", "Two-sided p by Wald", found.get("p.value"), "p", reason=reason),
        block.stat("p.value.lr", "Two-sided p by the likelihood ratio", found.get("p.value.lr"), "p", reason=reason),
        check.stat("statistic", "Chi-square", found.get("statistic"), "xx.xx", reason=untold),
        check.stat("p.value", "p", found.get("p.check"), "p", reason=untold),
    ]


def _estimated(step: HazardRatio, data: Times) -> tuple[dict[str, float], str]:
    """Return the estimates by name, and why there are none."""
    from analysis.methods.survival.cox import cox, p_of, profile_limits

    x = np.column_stack([(data.positions == 0).astype(np.float64), *data.columns])
    model = cox(data.times, data.events, x, stratum=data.strata, ties=step.ties)
    known: dict[str, float] = {}
    low, high = np.nan, np.nan
    if step.limits == "profile" and not (model.reason or "").startswith(("no subject", "where events")):
        low, high = profile_limits(data.times, data.events, x, step.conf_level, stratum=data.strata, ties=step.ties)
    elif model.reason is None:
        low, high = model.limits(step.conf_level)
    known |= {name: v for name, v in (("conf.low", low), ("conf.high", high)) if np.isfinite(v) and v > 0}
    if model.reason is not None:
        return known, model.reason
    without = model.loglik_null if x.shape[1] == 1 else _without(step, data, x)
    known |= {"estimate": float(np.exp(model.coef[0])), "p.value": model.p_wald()}
    known["p.value.lr"] = p_of(max(0.0, 2 * (model.loglik - without)), 1)
    if np.isfinite(model.zph[0]):
        known |= {"statistic": float(model.zph[0]), "p.check": p_of(float(model.zph[0]), 1)}
    return known, ""


def _without(step: HazardRatio, data: Times, x: Floats) -> float:
    """Return the log-likelihood of the model without the groups."""
    from analysis.methods.survival.cox import cox

    return cox(data.times, data.events, x[:, 1:], stratum=data.strata, ties=step.ties).loglik


METHOD: Final = Method(statistics=hazard_ratio, libraries=("scipy", *PANDAS))
