"""Results beside their second route: one check a row, and one for every promise the results do not keep."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import pandas as pd

from analysis.recompute.comparison.check import PLACE, Check, Verdict, agree, difference, reported_by
from analysis.recompute.comparison.interpret import Unreached, samples
from analysis.recompute.comparison.r_check import RAnswers, ask_r
from analysis.recompute.comparison.reading import readings
from analysis.recompute.files.read import Files
from analysis.recompute.trial.cells import Table, by_subject, records_of, to_records
from analysis.recompute.trial.cutoff import cut_counts
from analysis.recompute.trial.sample import Promise, Sample, Untried
from analysis.recompute.trial.world import build
from analysis.results.ard import NOT_DONE, Results, Row
from sap.plan.plan import Plan

NOT_PROMISED = "not recomputed: the plan does not promise this row"
CUTOFF = "data_cutoff"
CUT = ("n.left", "n.cut")
"""What the data cut-off does to the records of a dataset: leaves them out, keeps them in part."""
MISSING = "promised by the plan, missing from the results"


class Trial(Protocol):
    """What the second route is told of a trial: its plan, and what the first route read."""

    @property
    def plan(self) -> Plan:
        """The plan."""

    @property
    def data(self) -> Mapping[str, pd.DataFrame]:
        """The datasets with typed cells, the index the row of the file."""


@dataclass(frozen=True)
class SecondRoute:
    """What the second route found: it needs no results, and can be computed beside them."""

    promises: Mapping[tuple[str, ...], Promise]
    """Every statistic the plan promises, by the place of a row of the results."""
    reasons: Mapping[str, list[str]]
    """Why steps have no second route, by analysis."""
    by_r: RAnswers
    cut: Mapping[str, tuple[int, int]]
    """What the data cut-off leaves out of each dataset, and keeps in part; nothing where the plan has none."""
    read: tuple[Check, ...] = ()
    """What both routes read of the files."""


def recompute(
    study: Trial,
    results: Results,
    cuts: Mapping[str, tuple[int, int]] = MappingProxyType({}),
    *,
    files: Files | None = None,
    with_r: bool = True,
) -> tuple[Check, ...]:
    """Return every statistic of the results beside the value of a second, independent route."""
    return checked(by_records(study, files, with_r=with_r), results, cuts)


def by_records(
    study: Trial, files: Files | None = None, subjects: Collection[str] = (), *, with_r: bool = True
) -> SecondRoute:
    """Return every statistic by the second route.

    Parameters
    ----------
    study : Trial
        The plan, and the data as the first route read them.
    files : Files, optional
        Where the data come from: they are read again, by other readers. Data that are in no file are taken as they are.
    subjects : collection of str, optional
        Whose records are read of the files; of everyone when left out.
    with_r : bool
        Whether R is asked as well.
    """
    sources, read = _sources(study, files, subjects)
    taken: list[Sample] = []
    reasons: dict[str, list[str]] = defaultdict(list)
    for sample in samples(build(study.plan, sources)):
        if isinstance(sample, Unreached):
            reasons[sample.analysis_id].append(sample.reason)
            continue
        taken.append(sample)
    with ask_r(taken) if with_r else nullcontext(lambda: RAnswers({}, "not run: not asked for")) as answers:
        promises = {promise.where: promise for sample in taken for promise in sample.promises()}
        cut = cut_counts(study.plan, sources) if study.plan.data_cutoff is not None else {}
        return SecondRoute(promises, dict(reasons), answers(), cut, read)


def _sources(
    study: Trial, files: Files | None, subjects: Collection[str]
) -> tuple[Mapping[str, Table], tuple[Check, ...]]:
    """Return the records of each dataset, and how the two readings of its file compare.

    A file that cannot be read again is said to be read once, and its records are those of the first route.
    """
    if files is None:
        return records_of(study.data), ()
    read = files.read(subjects)
    tables = {n: to_records(study.data[n]) if r.unread else by_subject(r.columns) for n, r in read.items()}
    return tables, tuple(readings(study.data, read))


def checked(
    found: SecondRoute, results: Results, cuts: Mapping[str, tuple[int, int]] = MappingProxyType({})
) -> tuple[Check, ...]:
    """Return every statistic of the results beside what the second route found."""
    checks = [
        _check(row, found.promises.get(row.place), found.reasons.get(row.analysis_id, []), found.by_r)
        for row in results
    ]
    shown = {row.place for row in results}
    checks += [_absent(p) for where, p in found.promises.items() if where not in shown]
    return (*checks, *_cut(found.cut, cuts), *found.read)


def _cut(counts: Mapping[str, tuple[int, int]], cuts: Mapping[str, tuple[int, int]]) -> Iterator[Check]:
    """Yield how many records the data cut-off leaves out of each dataset, and keeps in part, by both routes."""
    for dataset, reports in cuts.items() if counts else ():
        for name, reported, found in zip(CUT, reports, counts[dataset], strict=True):
            yield Check(
                analysis_id="SETS",
                analysis_set="",
                variable=dataset,
                context=CUTOFF,
                stat_name=name,
                reported=float(reported),
                recomputed=float(found),
                difference=float(found - reported),
                route="counted",
                verdict="agrees" if found == reported else "differs",
            )


def _check(row: Row, promise: Promise | None, reasons: list[str], by_r: RAnswers) -> Check:
    number, text = (None, "") if promise is None else _values(promise)
    reason = f"not recomputed: {row.error}" if row.error.startswith(NOT_DONE) else _reason(promise, reasons)
    same = agree(row.stat, number) and row.stat_text == text
    verdict: Verdict = "agrees" if same else "differs"
    answer = by_r.of(row.place)
    return Check(
        **reported_by(row),
        recomputed=number,
        recomputed_text=text,
        difference=difference(row.stat, number),
        route=reason or (promise.route if promise else ""),
        verdict="not recomputed" if reason else verdict,
        r_value=answer.value,
        r_route=answer.route,
    )


def _reason(promise: Promise | None, reasons: list[str]) -> str:
    """Return why a row was not recomputed; empty when it was."""
    if promise is None:
        return f"not recomputed: {'; '.join(reasons)}" if reasons else NOT_PROMISED
    return f"not recomputed: {promise.value.reason}" if isinstance(promise.value, Untried) else ""


def _values(promise: Promise) -> tuple[float | None, str]:
    value = promise.value
    if value is None or isinstance(value, Untried):
        return None, ""
    return (None, value) if isinstance(value, str) else (float(value), "")


def _absent(promise: Promise) -> Check:
    number, text = _values(promise)
    return Check(
        **{name: getattr(promise.place, name) for name in PLACE},
        variable_level=promise.variable_level,
        context=promise.context,
        stat_name=promise.stat_name,
        reported=None,
        recomputed=number,
        recomputed_text=text,
        difference=None,
        route=MISSING,
        verdict="differs",
    )
