"""Time to event: the curve, its median, survival at landmarks, numbers at risk and follow-up."""

from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.data.sample import Block, Sample, numbers, risk_days, without_time
from analysis.methods.common import Estimate, Flags, Floats
from analysis.results.ard import HALVES, Statistic
from analysis.steps import PANDAS, Method
from sap.methods.kaplan_meier import KaplanMeier
from sap.model.part import Reference

if TYPE_CHECKING:
    from analysis.methods.survival.kaplan_meier import KaplanMeier as Curve

DAYS = "xx.x"
REVERSE = "the reverse Kaplan–Meier curve"


def kaplan_meier(step: KaplanMeier, sample: Sample) -> list[Statistic]:
    """Return everything a time-to-event analysis shows."""
    from analysis.methods.survival.curve_estimates import median, n_risk_at, survival_at
    from analysis.methods.survival.kaplan_meier import kaplan_meier as fit

    times = numbers(sample.column(Reference(dataset=step.data, variable="AVAL")))
    events = numbers(sample.column(Reference(dataset=step.data, variable="CNSR"))) == 0
    curve = fit(times, events, step.conf_level, step.conf_type) if len(times) else None
    nobody = Estimate(estimate=None, reason=f"there are no times in {sample.name}")
    band = f"Kaplan–Meier; {step.conf_type} interval, Greenwood variance"
    block = Block(step.data, "survival", band)
    stats = [
        block.stat("N", "Subjects", len(times), "xx", warning=without_time(sample, times)),
        block.stat("n.event", "Events", int(events.sum()), "xx"),
        block.stat("n.censor", "Censored", int((~events).sum()), "xx"),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.text("conf.type", "Scale of the interval", step.conf_type),
        block.text("median.rule", "Rule where the curve is flat at one half", step.median_rule),
    ]
    rule = f"; median rule: {step.median_rule}" if curve else ""
    middle = median(curve, step.median_rule) if curve else nobody
    stats += Block(step.data, "survival", band + rule, "median").estimate("Median", middle, DAYS)
    for day in step.landmarks:
        block = Block(step.data, "survival_at", band, str(day))
        stats.append(block.stat("n.risk", "At risk", n_risk_at(times, [day])[0] if curve else 0, "xx"))
        stats += block.estimate("Survival", survival_at(curve, [day])[0] if curve else nobody, "xx.x%")
    for day in risk_days(step.at_risk, step.references[0], sample):
        block = Block(step.data, "at_risk", "Observed time at least that long; events and censored before it", str(day))
        before = times < day
        stats += [
            block.stat("n.risk", "At risk", n_risk_at(times, [day])[0] if curve else 0, "xx"),
            block.stat("n.event", "Events before", int((before & events).sum()), "xx"),
            block.stat("n.censor", "Censored before", int((before & ~events).sum()), "xx"),
        ]
    stats += _curve(step, curve, band) if curve else []
    return stats + _follow_up(step, times, events, nobody) if step.follow_up else stats


def _curve(step: KaplanMeier, curve: "Curve", band: str) -> list[Statistic]:
    stats = []
    for i, time in enumerate(curve.time):
        block = Block(step.data, "curve", band, f"{time:.15g}")
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


def _follow_up(step: KaplanMeier, times: Floats, events: Flags, nobody: Estimate) -> list[Statistic]:
    """Return follow-up by the reverse curve, and the plain median of the observed times."""
    from analysis.methods.survival.curve_estimates import median
    from analysis.methods.survival.kaplan_meier import reverse_kaplan_meier

    found, middle = nobody, None
    if len(times):
        reverse = reverse_kaplan_meier(times, events, step.conf_level, step.conf_type)
        found, middle = median(reverse, step.median_rule, called=REVERSE), float(np.median(times))
    method = f"Reverse Kaplan–Meier; {step.conf_type} interval; median rule: {step.median_rule}"
    block = Block(step.data, "follow_up_reverse_km", method, "median")
    plain = Block(step.data, "follow_up_observed", "Observed times, events and censored alike")
    shortest, longest = (float(times.min()), float(times.max())) if len(times) else (None, None)
    return [
        *block.estimate("Median follow-up (reverse Kaplan–Meier)", found, DAYS),
        plain.stat("median", "Median observed time", middle, HALVES, reason=nobody.reason),
        plain.stat("min", "Shortest observed time", shortest, "xx", reason=nobody.reason),
        plain.stat("max", "Longest observed time", longest, "xx", reason=nobody.reason),
    ]


METHOD: Final = Method(
    statistics=kaplan_meier,
    libraries=("lifelines", "scipy", *PANDAS),
    levels="time",
    statistic_contexts=("survival", "follow_up_reverse_km"),
    data_contexts=("curve", "at_risk"),
)
