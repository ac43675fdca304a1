"""Competing risks: the cumulative incidence of each cause at landmarks, and its curve."""

from analysis.data.sample import Block, Sample
from analysis.methods.common import Estimate
from analysis.methods.survival.competing_risks import AalenJohansen, aalen_johansen, incidence_at
from analysis.methods.survival.curve_estimates import n_risk_at
from analysis.results.ard import Statistic
from sap.methods.competing_risks import CompetingRisks
from sap.model.part import Reference

PERCENT = "xx.x%"


def competing_risks(step: CompetingRisks, sample: Sample) -> list[Statistic]:
    """Return the cumulative incidence of each cause."""
    columns = (sample.column(Reference(dataset=step.data, variable=name)) for name in ("AVAL", "CNSR", "EVNTDESC"))
    time, censored, event = columns
    there = time.notna() & censored.notna()
    codes = {cause: code for code, cause in enumerate(step.causes, start=1)}
    failed = there & (censored == 0)
    others = sorted({str(e) for e in event[failed]} - codes.keys())
    if others:
        msg = f"{step.data} has events that are none of its causes: {', '.join(map(repr, others))}"
        raise ValueError(msg)
    cause = event.map(codes).where(failed, 0)[there].astype("int64").to_numpy()
    times = time[there].to_numpy(dtype="float64")
    method = f"Aalen–Johansen; {step.conf_type} interval, Greenwood variance for several causes"
    block = Block(step.data, "incidence", method)
    absent = len(sample.subjects) - len(times)
    warning = f"{absent} of {len(sample.subjects)} subjects have no time and are left out" if absent else ""
    stats = [
        block.stat("N", "Subjects", len(times), "xx", warning=warning),
        block.stat("n.censor", "Censored", int((cause == 0).sum()), "xx"),
        block.stat("conf.level", "Two-sided confidence level", step.conf_level, "%"),
        block.text("conf.type", "Scale of the interval", step.conf_type),
    ]
    for name, code in codes.items():
        of_cause = Block(step.data, "incidence", method, name)
        stats.append(of_cause.stat("n.event", "Events", int((cause == code).sum()), "xx"))
    curves = None
    if len(times):
        curves = aalen_johansen(times, cause, step.conf_level, step.conf_type, tuple(codes.values()))
    for day in step.landmarks:
        at_risk = n_risk_at(times, [day])[0] if len(times) else 0
        stats.append(Block(step.data, "incidence_at", method, f"day {day}").stat("n.risk", "At risk", at_risk, "xx"))
        for name, code in codes.items():
            nobody = Estimate(estimate=None, reason=f"there are no times in {sample.name}")
            found = nobody if curves is None else incidence_at(curves, code, [day])[0]
            stats += _estimate(Block(step.data, "incidence_at", method, f"{name}, day {day}"), found)
    return stats if curves is None else stats + _curves(step, curves, codes, method)


def _estimate(block: Block, found: Estimate) -> list[Statistic]:
    low, high = found.conf_low_reason or found.reason, found.conf_high_reason or found.reason
    return [
        block.stat("estimate", "Cumulative incidence", found.estimate, PERCENT, reason=found.reason),
        block.stat("conf.low", "Lower limit", found.conf_low, PERCENT, reason=low),
        block.stat("conf.high", "Upper limit", found.conf_high, PERCENT, reason=high),
    ]


def _curves(step: CompetingRisks, curves: AalenJohansen, codes: dict[str, int], method: str) -> list[Statistic]:
    stats = []
    for name, code in codes.items():
        counted = curves.of(code).n_event
        for time, events in zip(curves.time, counted, strict=True):
            block = Block(step.data, "incidence_curve", method, f"{name}, day {time:g}")
            stats.append(block.stat("n.event", "Events", int(events), "xx"))
            stats += _estimate(block, incidence_at(curves, code, [float(time)])[0])
    return stats
