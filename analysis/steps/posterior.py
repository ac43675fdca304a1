"""The posterior of a proportion, and what the plan's stopping rule makes of the events in the order they came."""

from typing import Final

import pandas as pd

from analysis.data.sample import Block, Sample
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method, event_level
from sap.methods.posterior import Posterior, Question
from sap.model.step import FIRST_TREATMENT

PERCENT = "xx.x%"
YES, NO = "yes", "no"
ABOVE = "P(rate above the unacceptable rate)"
ESTIMATED = (
    ("a", "Posterior a", ""),
    ("b", "Posterior b", ""),
    ("mean", "Posterior mean", PERCENT),
    ("median", "Posterior median", PERCENT),
    ("sd", "Posterior standard deviation", PERCENT),
    ("conf.low", "Lower limit", PERCENT),
    ("conf.high", "Upper limit", PERCENT),
)
"""What is estimated: name, label and format."""
SEEN = (("n", "Events at this look", "xx"), ("prob.above", ABOVE, PERCENT), ("reached", "Stops", ""))
"""What is seen at a look, where so many were evaluated."""


def posterior(step: Posterior, sample: Sample) -> list[Statistic]:
    """Return the posterior, the stopping boundary, and the posterior probability after each subject."""
    asked = step.question(sample.plan)
    if asked is None:
        msg = "there is no prior or no unacceptable rate; state both in the step, or a stopping rule for its event"
        raise ValueError(msg)
    events, undated = _in_order(step, sample)
    counts = [sum(events[: k + 1]) for k in range(len(events))]
    return [
        *_whole(step, sample, asked, counts, undated),
        *_looks(step, asked, counts),
        *_sequence(step, asked, counts),
    ]


def _in_order(step: Posterior, sample: Sample) -> tuple[list[bool], int]:
    """Return who had the event, in the order of evaluation, and how many have no start of treatment and stand last."""
    frame = pd.DataFrame({"START": sample.column(FIRST_TREATMENT), "EVENT": sample.has(step.variable, step.event)})
    frame = frame.rename_axis("USUBJID").reset_index()
    ordered = frame.sort_values(["START", "USUBJID"], na_position="last")
    return [bool(e) for e in ordered["EVENT"]], int(frame["START"].isna().sum())


def _whole(step: Posterior, sample: Sample, asked: Question, counts: list[int], undated: int) -> list[Statistic]:
    total, events = len(counts), counts[-1] if counts else 0
    method = f"Posterior under the prior {asked.prior}; equal-tailed credible interval"
    block = Block(step.variable.variable, "posterior", method, " / ".join(step.event))
    nobody = None if total else f"there are no subjects in {sample.name}"
    found = _found(asked, events, total, step.conf_level)
    warning = f"{undated} of {total} subjects have no start of treatment and stand last" if undated else ""
    return [
        block.stat("n", "Subjects with event", events, "xx", warning=warning),
        block.stat("N", "Subjects", total, "xx"),
        block.stat("prior.a", "Prior a", asked.prior.a, ""),
        block.stat("prior.b", "Prior b", asked.prior.b, ""),
        *(block.stat(name, label, found.get(name), fmt, reason=nobody) for name, label, fmt in ESTIMATED),
        block.stat("conf.level", "Probability of the credible interval", step.conf_level, "%"),
        block.stat("threshold", "Unacceptable rate", asked.threshold, "%"),
        block.stat("prob.above", ABOVE, found.get("prob.above"), PERCENT, reason=nobody),
        *_rule(block, asked, counts, nobody),
    ]


def _found(asked: Question, events: int, total: int, level: float) -> dict[str, float]:
    """Return the estimates by name; none of nobody."""
    from analysis.methods.rates.posterior import beta_posterior

    if not total:
        return {}
    of = beta_posterior(events, total, asked.prior.a, asked.prior.b, asked.threshold, conf_level=level)
    low, high = of.interval.conf_low, of.interval.conf_high
    parameters = {"a": of.a, "b": of.b, "mean": of.mean, "median": of.median, "sd": of.sd}
    return parameters | {"conf.low": low, "conf.high": high, "prob.above": of.prob_above}


def _rule(block: Block, asked: Question, counts: list[int], nobody: str | None) -> list[Statistic]:
    """Return what the stopping rule says, where there is one."""
    if asked.probability is None:
        return []
    stats = [block.stat("probability", "Probability at which the rule stops", asked.probability, "%")]
    labels = {"reached": "Whether that is reached", "first.stop": "First look that stops"}
    if nobody is not None:
        return stats + [block.stat(name, label, None, "", reason=nobody) for name, label in labels.items()]
    met = (f"after {n} subjects" for n in asked.looks if n <= len(counts) and _stops(asked, counts[n - 1], n))
    said = {"reached": YES if _stops(asked, counts[-1], len(counts)) else NO, "first.stop": next(met, "none")}
    return stats + [block.text(name, label, said[name]) for name, label in labels.items()]


def _looks(step: Posterior, asked: Question, counts: list[int]) -> list[Statistic]:
    from analysis.design.operating_characteristics import stopping_bound

    stats: list[Statistic] = []
    if asked.probability is None:
        return stats
    for n in asked.looks:
        block = Block(step.variable.variable, "posterior_look", f"Stopping rule, prior {asked.prior}", str(n))
        least = stopping_bound(n, asked.prior, asked.threshold, asked.probability)
        never = "no number of events stops at this look"
        stats.append(block.stat("stop.at", "Least number of events that stops", least, "xx", reason=never))
        if len(counts) < n:
            few = f"only {len(counts)} of {n} subjects were evaluated"
            stats += [block.stat(name, label, None, fmt, reason=few) for name, label, fmt in SEEN]
            continue
        seen = counts[n - 1]
        values = {"n": float(seen), "prob.above": _above(asked, seen, n)}
        stats += [block.stat(name, label, values[name], fmt) for name, label, fmt in SEEN if name in values]
        stats.append(block.text("reached", "Stops", YES if _stops(asked, seen, n) else NO))
    return stats


def _sequence(step: Posterior, asked: Question, counts: list[int]) -> list[Statistic]:
    stats = []
    for k, events in enumerate(counts, start=1):
        method = f"Posterior after each subject in the order of {FIRST_TREATMENT}, prior {asked.prior}"
        block = Block(step.variable.variable, "posterior_sequence", method, str(k))
        stats += [
            block.stat("n", "Events so far", events, "xx"),
            block.stat("prob.above", ABOVE, _above(asked, events, k), PERCENT),
        ]
    return stats


def _above(asked: Question, events: int, total: int) -> float:
    from analysis.methods.rates.posterior import beta_posterior

    return beta_posterior(events, total, asked.prior.a, asked.prior.b, asked.threshold).prob_above


def _stops(asked: Question, events: int, total: int) -> bool:
    from analysis.methods.rates.posterior import reaches

    return asked.probability is not None and reaches(_above(asked, events, total), asked.probability)


METHOD: Final = Method(
    statistics=posterior,
    libraries=("scipy", *PANDAS),
    levels="event",
    planned_levels=lambda step, _plan, _dataset: (event_level(step.event),),
    statistic_contexts=("posterior_look", "posterior_sequence"),
    data_contexts=("posterior_sequence",),
)
