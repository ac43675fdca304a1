"""Competing risks: the cumulative incidence of each cause at landmarks, and its curve."""

from typing import TYPE_CHECKING, Final

from analysis.data.sample import Block, Sample, without_time
from analysis.methods.common import Estimate
from analysis.results.ard import Statistic
from analysis.steps import PANDAS, Method
from sap.methods.competing_risks import CompetingRisks
from sap.model.part import Reference

if TYPE_CHECKING:
    from analysis.methods.survival.competing_risks import AalenJohansen

INCIDENCE = "Cumulative incidence"


def competing_risks(step: CompetingRisks, sample: Sample) -> list[Statistic]:
    """Return the cumulative incidence of each cause."""
    from analysis.methods.survival.competing_risks import aalen_johansen, incidence_at
    from analysis.methods.survival.curve_estimates import n_risk_at

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
    stats = [
        block.stat("N", "Subjects", len(times), "xx", warning=without_time(sample, times)),
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
    nobody = Estimate(estimate=None, reason=f"there are no times in {sample.name}")
    for day in step.landmarks:
        at_risk = n_risk_at(times, [day])[0] if len(times) else 0
        stats.append(Block(step.data, "incidence_at", method, f"day {day}").stat("n.risk", "At risk", at_risk, "xx"))
        for name, code in codes.items():
            found = nobody if curves is None else incidence_at(curves, code, [day])[0]
            at_day = Block(step.data, "incidence_at", method, f"{name}, day {day}")
            stats += at_day.estimate(INCIDENCE, found, "xx.x%")
    return stats if curves is None else stats + _curves(step, curves, codes, method)


def _curves(step: CompetingRisks, curves: "AalenJohansen", codes: dict[str, int], method: str) -> list[Statistic]:
    from analysis.methods.survival.competing_risks import incidence_at

    stats = []
    for name, code in codes.items():
        for time, events in zip(curves.time, curves.of(code).n_event, strict=True):
            block = Block(step.data, "incidence_curve", method, f"{name}, day {time:.15g}")
            stats.append(block.stat("n.event", "Events", int(events), "xx"))
            stats += block.estimate(INCIDENCE, incidence_at(curves, code, [float(time)])[0], "xx.x%")
    return stats


METHOD: Final = Method(
    statistics=competing_risks,
    libraries=("scipy", "lifelines", *PANDAS),
    levels="time",
    data_contexts=("incidence_curve",),
)
