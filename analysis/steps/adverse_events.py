"""Subjects with adverse events, by system organ class and preferred term."""

from dataclasses import replace
from typing import Final

import pandas as pd

from analysis.data.sample import Block, Sample, how_counted
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.adverse_events import AdverseEvents
from sap.model.names import may_be_missing

COUNTED_ONCE = "Subjects counted once a class and once a term"
GRADES = (1, 2, 3, 4, 5)
NOT_CODED: Final = "Not coded"
"""The class of an event without a class, and the term of one without a term."""


def adverse_events(step: AdverseEvents, sample: Sample) -> list[Statistic]:
    """Return how many subjects had an event: at all, by system organ class, and by term within each class."""
    events = sample.data["ADAE"]
    events = events[events["USUBJID"].isin(sample.whole)]
    if step.treatment_emergent:
        events = events[events["TRTEMFL"] == "Y"]
    events = _named(events)
    classes = events.groupby("AEDECOD")["AEBODSYS"].nunique()
    if (classes > 1).any():
        names = ", ".join(sorted(map(str, classes.index[classes > 1])))
        msg = f"a term stands in two system organ classes: {names}"
        raise ValueError(msg)
    stats = _with_notes(sample, _of_level(step, sample, "USUBJID", "", _own(sample, events)), _own(sample, events))
    for soc, of_class in _by_frequency(sample, events, "AEBODSYS"):
        stats += _of_level(step, sample, "AEBODSYS", soc, _own(sample, of_class))
        for term, of_term in _by_frequency(sample, of_class, "AEDECOD"):
            stats += _of_level(step, sample, "AEDECOD", term, _own(sample, of_term))
    return stats


def _named(events: pd.DataFrame) -> pd.DataFrame:
    """Return events of which each has a class and a term: its own, what was reported, or that it is not coded.

    A term that for want of a class, or of its code, would stand in two classes is told with its class.
    """
    term, soc = (events[name].replace("", pd.NA) for name in ("AEDECOD", "AEBODSYS"))
    incomplete = term.isna() | soc.isna()
    if "AETERM" in events.columns:
        term = term.fillna(events["AETERM"].replace("", pd.NA) + f" ({NOT_CODED.lower()})")
    term, soc = term.fillna(NOT_CODED), soc.fillna(NOT_CODED)
    several = soc.groupby(term).transform("nunique") > 1
    return events.assign(AEBODSYS=soc, AEDECOD=term.mask(incomplete & several, term + " (" + soc + ")"))


def _with_notes(sample: Sample, stats: list[Statistic], events: pd.DataFrame) -> list[Statistic]:
    """Return statistics with what is to be known of events without a grade, and of those nobody judged."""
    of = events["USUBJID"]
    missing = sample.plan.conventions.relatedness.missing
    notes = {
        "n.severe": how_counted(
            "event", events["ATOXGR"].isna().groupby(of).sum(), "without a grade, counted as any grade only"
        ),
        "n.related": how_counted(
            "event", (events["AREL"] == "").groupby(of).sum(), f"without relatedness, counted as {missing}"
        ),
    }
    return [replace(s, warning=notes.get(s.stat_name, "")) for s in stats]


def _own(sample: Sample, events: pd.DataFrame) -> pd.DataFrame:
    return events[events["USUBJID"].isin(sample.subjects)]


def _by_frequency(sample: Sample, events: pd.DataFrame, variable: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the events of the analysis by class or term: those that most subjects of the sample have first."""
    parts = [(str(name), part) for name, part in events.groupby(variable, sort=False)]
    return sorted(parts, key=lambda part: (-_own(sample, part[1])["USUBJID"].nunique(), part[0]))


def _of_level(step: AdverseEvents, sample: Sample, variable: str, level: str, events: pd.DataFrame) -> list[Statistic]:
    block = Block(variable, "adverse_events", COUNTED_ONCE, level)
    total = len(sample.subjects)
    reason = f"there are no subjects in {sample.name}" if total == 0 else None
    severe = f"grade {step.severe} or higher"
    kinds = (
        ("", "any grade", events),
        (".severe", severe, events[events["ATOXGR"] >= step.severe]),
        (".related", "called related", events[events["AREL"].isin(sample.plan.conventions.relatedness.counted)]),
    )
    stats = [block.stat("N", "Subjects in the set", total, "xx")] if variable == "USUBJID" else []
    for suffix, words, kept in kinds:
        n = kept["USUBJID"].nunique()
        share = n / total if total else None
        stats += [
            block.stat(f"n{suffix}", f"Subjects, {words}", n, "xx"),
            block.stat(f"p{suffix}", f"Percentage, {words}", share, "xx.x%", reason=reason),
        ]
    worst = events.groupby("USUBJID")["ATOXGR"].max()
    stats += [block.stat(f"n.grade{g}", f"Subjects, worst grade {g}", int((worst == g).sum()), "xx") for g in GRADES]
    if may_be_missing(sample.plan, "ADAE", "ATOXGR"):
        stats.append(block.stat("n.nograde", "Subjects, grade missing", int(worst.isna().sum()), "xx"))
    return stats


METHOD: Final = Method(statistics=adverse_events, levels="event", data_contexts=("adverse_events",))
