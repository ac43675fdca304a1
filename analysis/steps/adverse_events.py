"""Subjects with adverse events, by system organ class and preferred term."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sample import Block, Sample, how_counted
from analysis.data.sets import records_where
from analysis.methods.common import Flags, Floats
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.adverse_events import AdverseEvents
from sap.model.names import may_be_missing

COUNTED_ONCE = "Subjects counted once a class and once a term"
GRADES = (1, 2, 3, 4, 5)
NOT_CODED: Final = "Not coded"
"""The class of an event without a class, and the term of one without a term."""


@dataclass(frozen=True)
class _Events:
    """Events by kind and subject; after `by`, one a kind and subject.

    Attributes
    ----------
    kind, subject : ndarray of int
        Which kind, and who had it.
    worst : ndarray of float
        The worst grade; minus infinity where none is known.
    related : ndarray of bool
        Whether one was called related.
    """

    kind: NDArray[np.integer]
    subject: NDArray[np.integer]
    worst: Floats
    related: Flags

    def by(self, kinds: NDArray[np.integer]) -> "_Events":
        """Return who had an event of each of coarser kinds; `kinds` says which of them each kind is."""
        kind = kinds[self.kind].astype(np.min_scalar_type(-max(len(kinds), 1)))  # the narrower, the faster it is sorted
        order = np.lexsort((self.subject, kind))
        kind, subject = kind[order], self.subject[order]
        first = np.flatnonzero((np.diff(kind, prepend=-1) != 0) | (np.diff(subject, prepend=-1) != 0))
        if not first.size:
            return self
        worst, related = self.worst[order], self.related[order]
        return _Events(
            kind[first], subject[first], np.maximum.reduceat(worst, first), np.logical_or.reduceat(related, first)
        )

    def counts(self, severe: int | None, kinds: int) -> list[dict[str, int]]:
        """Return of each kind how many subjects had an event, a severe and a related one, and by worst grade."""
        asked = {
            "": np.ones(self.kind.size, dtype=np.bool_),
            ".severe": self.worst >= (np.inf if severe is None else severe),
            ".related": self.related,
            **{f".grade{g}": self.worst == g for g in GRADES},
            ".nograde": np.isneginf(self.worst),
        }
        found = {name: np.bincount(self.kind[those], minlength=kinds).tolist() for name, those in asked.items()}
        return [{name: of_kind[k] for name, of_kind in found.items()} for k in range(kinds)]


def adverse_events(step: AdverseEvents, sample: Sample) -> list[Statistic]:
    """Return how many subjects had an event: at all, by system organ class, and by term within each class."""
    events = sample.data["ADAE"]
    whole = pd.Index(sample.whole, dtype=object)
    subject = whole.get_indexer(pd.Index(events["USUBJID"])).astype(np.int32)
    analysed = subject >= 0
    if step.treatment_emergent:
        analysed &= (events["TRTEMFL"] == "Y").to_numpy()
    if step.where is not None:
        analysed &= records_where(events, step.where).to_numpy(dtype=np.bool_)
    kind, kinds = _named(events, analysed)
    inside = np.zeros(len(whole), dtype=np.bool_)
    inside[whole.get_indexer(pd.Index(sample.subjects, dtype=object))] = True
    own = inside[subject[analysed]]
    here = np.flatnonzero(analysed)[own]
    related = _cells(events, "AREL", "", read=step.related).iloc[here]
    counted = related.isin(sample.plan.conventions.relatedness.counted).to_numpy()
    graded = _cells(events, "ATOXGR", np.nan, read=step.severe is not None)
    worst = graded.iloc[here].fillna(-np.inf).to_numpy(dtype=np.float64)
    had = _Events(kind[own], subject[here], worst, counted)
    socs = sorted({soc for soc, _ in kinds})
    of_term = had.by(np.arange(len(kinds)))
    of_soc = of_term.by(np.array([socs.index(soc) for soc, _ in kinds], dtype=np.intp))
    of_any = of_soc.by(np.zeros(len(socs), dtype=np.intp))
    stats = _of_level(step, sample, "USUBJID", "", of_any.counts(step.severe, 1)[0])
    stats = _with_notes(sample, stats, had, (related == "").to_numpy())
    del had, related, here, own
    terms = dict(zip(kinds, of_term.counts(step.severe, len(kinds)), strict=True))
    classes = dict(zip(socs, of_soc.counts(step.severe, len(socs)), strict=True))
    for soc in _by_frequency(classes):
        stats += _of_level(step, sample, "AEBODSYS", soc, classes[soc])
        within = {term: counts for (of, term), counts in terms.items() if of == soc}
        for term in _by_frequency(within):
            stats += _of_level(step, sample, "AEDECOD", term, within[term])
    return stats


def _cells(events: pd.DataFrame, name: str, missing: object, *, read: bool) -> pd.Series:
    """Return a column of the events, or one of missing cells where the step does not read it."""
    return events[name] if read else pd.Series(missing, index=events.index)


def _named(events: pd.DataFrame, analysed: Flags) -> tuple[NDArray[np.integer], list[tuple[str, str]]]:
    """Return of which kind each event is, and the kinds: class and term, its own, what was reported, or not coded.

    A term that for want of a class, or of its code, would stand in two classes is told with its class. Names are made
    of each combination of cells once.
    """
    names = ["AEDECOD", "AEBODSYS"]
    if "AETERM" in events.columns and (events["AEDECOD"] == "").any():
        names.append("AETERM")
    code = np.zeros(int(analysed.sum()), dtype=np.int32)
    for name in names:
        codes, found = pd.factorize(events[name].to_numpy()[analysed])
        code = pd.factorize(code * np.int64(max(len(found), 1)) + codes)[0].astype(np.int32)
    first = np.flatnonzero(~pd.Series(code).duplicated().to_numpy())
    few = events[names].iloc[np.flatnonzero(analysed)[first]]
    term, soc = (few[name].replace("", pd.NA) for name in ("AEDECOD", "AEBODSYS"))
    incomplete = term.isna() | soc.isna()
    if "AETERM" in few.columns:
        term = term.fillna(few["AETERM"].replace("", pd.NA) + f" ({NOT_CODED.lower()})")
    term, soc = term.fillna(NOT_CODED), soc.fillna(NOT_CODED)
    several = soc.groupby(term).transform("nunique") > 1
    term = term.mask(incomplete & several, term + " (" + soc + ")")
    classes = soc.groupby(term).nunique()
    if (classes > 1).any():
        found_twice = ", ".join(sorted(map(str, classes.index[classes > 1])))
        msg = f"a term stands in two system organ classes: {found_twice}"
        raise ValueError(msg)
    pairs = list(zip(map(str, soc), map(str, term), strict=True))
    kinds = list(dict.fromkeys(pairs))
    at = {pair: i for i, pair in enumerate(kinds)}
    return np.array([at[pair] for pair in pairs], dtype=np.min_scalar_type(-max(len(kinds), 1)))[code], kinds


def _with_notes(sample: Sample, stats: list[Statistic], had: _Events, unjudged: Flags) -> list[Statistic]:
    """Return statistics with what is to be known of events without a grade, and of those nobody judged."""
    missing = sample.plan.conventions.relatedness.missing
    without_grade, without_judgement = (
        pd.Series(np.bincount(had.subject[those], minlength=1)) for those in (np.isneginf(had.worst), unjudged)
    )
    notes = {
        "n.severe": how_counted("event", without_grade, "without a grade, counted as any grade only"),
        "n.related": how_counted("event", without_judgement, f"without relatedness, counted as {missing}"),
    }
    return [replace(s, warning=notes.get(s.stat_name, "")) for s in stats]


def _by_frequency(levels: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return classes or terms: those that most subjects of the sample have first."""
    return sorted(levels, key=lambda name: (-levels[name][""], name))


def _of_level(
    step: AdverseEvents, sample: Sample, variable: str, level: str, counts: Mapping[str, int]
) -> list[Statistic]:
    block = Block(variable, "adverse_events", COUNTED_ONCE, level)
    total = len(sample.subjects)
    reason = f"there are no subjects in {sample.name}" if total == 0 else None
    kinds = {
        "": "any grade",
        **({} if step.severe is None else {".severe": f"grade {step.severe} or higher"}),
        **({".related": "called related"} if step.related else {}),
    }
    stats = [block.stat("N", "Subjects in the set", total, "xx")] if variable == "USUBJID" else []
    for suffix, words in kinds.items():
        n = counts[suffix]
        stats += [
            block.stat(f"n{suffix}", f"Subjects, {words}", n, "xx"),
            block.stat(f"p{suffix}", f"Percentage, {words}", n / total if total else None, "xx.x%", reason=reason),
        ]
    if step.severe is None:
        return stats
    stats += [block.stat(f"n.grade{g}", f"Subjects, worst grade {g}", counts[f".grade{g}"], "xx") for g in GRADES]
    if may_be_missing(sample.plan, "ADAE", "ATOXGR"):
        stats.append(block.stat("n.nograde", "Subjects, grade missing", counts[".nograde"], "xx"))
    return stats


METHOD: Final = Method(statistics=adverse_events, levels="event", data_contexts=("adverse_events",))
