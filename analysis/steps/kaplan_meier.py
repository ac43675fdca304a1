"""Time to event: the curve, its median, survival at landmarks, numbers at risk and follow-up."""

import numpy as np
from numpy.typing import NDArray

from analysis.data.sample import Block, Floats, Sample, counted_on, numbers
from analysis.methods.common import Estimate
from analysis.methods.survival.curve_estimates import median, n_risk_at, survival_at
from analysis.methods.survival.kaplan_meier import KaplanMeier as Curve
from analysis.methods.survival.kaplan_meier import kaplan_meier as fit
from analysis.methods.survival.kaplan_meier import reverse_kaplan_meier
from analysis.results.ard import Statistic
from sap.methods.kaplan_meier import KaplanMeier
from sap.model.part import Reference

DAYS = "xx.x"
FOLLOW_UP = "Median follow-up (reverse Kaplan–Meier)"
REVERSE = "the reverse Kaplan–Meier curve"
OBSERVED = (
    ("median", "Median observed time", DAYS),
    ("min", "Shortest observed time", "xx"),
    ("max", "Longest observed time", "xx"),
)


def kaplan_meier(step: KaplanMeier, sample: Sample) -> list[Statistic]:
    """Return everything a time-to-event analysis shows."""
    time = sample.column(Reference(dataset=step.data, variable="AVAL"))
    censored = sample.column(Reference(dataset=step.data, variable="CNSR"))
    times = numbers(time)
    events = numbers(censored) == 0
    absent = len(sample.subjects) - len(times)
    warning = f"{absent} of {len(sample.subjects)} subjects have no time and are left out" if absent else ""
    band = f"Kaplan–Meier; {step.conf_type} interval, Greenwood variance"
    block = Block(step.data, "survival", band)
    counts = [
        block.stat("N", "Subjects", len(times), "xx", warning=warning),
        block.stat("n.event", "Events", int(events.sum()), "xx"),
        block.stat("n.censor", "Censored", int((~events).sum()), "xx"),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.text("conf.type", "Scale of the interval", step.conf_type),
        block.text("median.rule", "Rule where the curve is flat at one half", step.median_rule),
    ]
    if len(times) == 0:
        return [*counts, *_nobody(step, sample, band)]
    curve = fit(times, events, step.conf_level, step.conf_type)
    at_median = Block(step.data, "survival", band + f"; median rule: {step.median_rule}", "median")
    return [
        *counts,
        *_estimate(at_median, "Median", median(curve, step.median_rule), DAYS),
        *_landmarks(step, curve, times, band),
        *_at_risk(step, sample, times, events),
        *_curve(step, curve, band),
        *(_follow_up(step, times, events) if step.follow_up else ()),
    ]


def _nobody(step: KaplanMeier, sample: Sample, band: str) -> list[Statistic]:
    """Return what an analysis without any time still promises: no estimate, and nobody at risk."""
    reason = f"there are no times in {sample.name}"
    no_times = np.empty(0)
    stats = _triple(Block(step.data, "survival", band, "median"), "Median", DAYS, reason)
    for day in step.landmarks:
        block = Block(step.data, "survival_at", band, str(day))
        stats += [block.stat("n.risk", "At risk", 0, "xx"), *_triple(block, "Survival", "xx.x%", reason)]
    stats += _at_risk(step, sample, no_times, no_times == 0)
    if not step.follow_up:
        return stats
    return [
        *stats,
        *_triple(_reverse_block(step), FOLLOW_UP, DAYS, reason),
        *(_observed_block(step).stat(name, label, None, fmt, reason=reason) for name, label, fmt in OBSERVED),
    ]


def _triple(block: Block, label: str, fmt: str, reason: str) -> list[Statistic]:
    names = (("estimate", label), ("conf.low", "Lower limit"), ("conf.high", "Upper limit"))
    return [block.stat(name, words, None, fmt, reason=reason) for name, words in names]


def _estimate(block: Block, label: str, found: Estimate, fmt: str) -> list[Statistic]:
    return [
        block.stat("estimate", label, found.estimate, fmt, reason=found.reason),
        block.stat("conf.low", "Lower limit", found.conf_low, fmt, reason=found.conf_low_reason or found.reason),
        block.stat("conf.high", "Upper limit", found.conf_high, fmt, reason=found.conf_high_reason or found.reason),
    ]


def _landmarks(step: KaplanMeier, curve: Curve, times: Floats, band: str) -> list[Statistic]:
    stats: list[Statistic] = []
    if not step.landmarks:
        return stats
    found = survival_at(curve, list(step.landmarks))
    for day, at_risk, estimate in zip(step.landmarks, n_risk_at(times, list(step.landmarks)), found, strict=True):
        block = Block(step.data, "survival_at", band, str(day))
        stats.append(block.stat("n.risk", "At risk", at_risk, "xx"))
        stats += _estimate(block, "Survival", estimate, "xx.x%")
    return stats


def _at_risk(step: KaplanMeier, sample: Sample, times: Floats, events: NDArray[np.bool_]) -> list[Statistic]:
    """Return the subjects at risk on the days of the plan, or on regular ones, which groups share."""
    stats = []
    for day in counted_on(step.at_risk, step.references[0], sample):
        at_risk = n_risk_at(times, [day])[0] if len(times) else 0
        block = Block(step.data, "at_risk", "Observed time at least that long; events and censored before it", str(day))
        before = times < day
        stats += [
            block.stat("n.risk", "At risk", at_risk, "xx"),
            block.stat("n.event", "Events before", int((before & events).sum()), "xx"),
            block.stat("n.censor", "Censored before", int((before & ~events).sum()), "xx"),
        ]
    return stats


def _curve(step: KaplanMeier, curve: Curve, band: str) -> list[Statistic]:
    stats = []
    for i, time in enumerate(curve.time):
        block = Block(step.data, "curve", band, f"{time:g}")
        low, high = float(curve.conf_low[i]), float(curve.conf_high[i])
        undefined = f"the {step.conf_type} band is not defined where the curve is {curve.surv[i]:.6g}"
        stats += [
            block.stat("n.risk", "At risk", int(curve.n_risk[i]), "xx"),
            block.stat("n.event", "Events", int(curve.n_event[i]), "xx"),
            block.stat("n.censor", "Censored", int(curve.n_censor[i]), "xx"),
            block.stat("estimate", "Survival", float(curve.surv[i]), "xx.x%"),
            block.stat("conf.low", "Lower limit", None if np.isnan(low) else low, "xx.x%", reason=undefined),
            block.stat("conf.high", "Upper limit", None if np.isnan(high) else high, "xx.x%", reason=undefined),
        ]
    return stats


def _follow_up(step: KaplanMeier, times: Floats, events: NDArray[np.bool_]) -> list[Statistic]:
    reverse = reverse_kaplan_meier(times, events, step.conf_level, step.conf_type)
    found = (float(np.median(times)), float(times.min()), float(times.max()))
    plain = _observed_block(step)
    return [
        *_estimate(_reverse_block(step), FOLLOW_UP, median(reverse, step.median_rule, called=REVERSE), DAYS),
        *(plain.stat(name, label, v, fmt) for (name, label, fmt), v in zip(OBSERVED, found, strict=True)),
    ]


def _reverse_block(step: KaplanMeier) -> Block:
    method = f"Reverse Kaplan–Meier; {step.conf_type} interval; median rule: {step.median_rule}"
    return Block(step.data, "follow_up_reverse_km", method, "median")


def _observed_block(step: KaplanMeier) -> Block:
    return Block(step.data, "follow_up_observed", "Observed times, events and censored alike")
