"""Results beside their second route: one check a row, and one for every promise the results do not keep."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from analysis.data.load import Study
from analysis.recompute.comparison.check import PLACE, Check, Verdict, agree, difference
from analysis.recompute.comparison.interpret import Unreached, samples
from analysis.recompute.comparison.r_check import RAnswers, ask_r
from analysis.recompute.trial.cells import to_records
from analysis.recompute.trial.cutoff import cut_counts
from analysis.recompute.trial.sample import Promise, Sample, Untried
from analysis.recompute.trial.world import build
from analysis.results.ard import NOT_DONE, Results, Row

NOT_PROMISED = "not recomputed: the plan does not promise this row"
CUTOFF = "data_cutoff"
CUT = ("n.left", "n.cut")
"""What the data cut-off does to the records of a dataset: leaves them out, keeps them in part."""
MISSING = "promised by the plan, missing from the results"


def recompute(
    study: Study,
    results: Results,
    cuts: Mapping[str, tuple[int, int]] = MappingProxyType({}),
    *,
    with_r: bool = True,
) -> tuple[Check, ...]:
    """Return every statistic of the results beside the value of a second, independent route."""
    promises: dict[tuple[str, ...], Promise] = {}
    taken: list[Sample] = []
    reasons: dict[str, list[str]] = defaultdict(list)
    for sample in samples(build(study)):
        if isinstance(sample, Unreached):
            reasons[sample.analysis_id].append(sample.reason)
            continue
        taken.append(sample)
        promises |= {promise.where: promise for promise in sample.promises()}
    by_r = ask_r(taken) if with_r else RAnswers({}, "not run: not asked for")
    checks = [_check(row, promises.get(row.place), reasons[row.analysis_id], by_r) for row in results]
    shown = {row.place for row in results}
    checks += [_absent(p) for where, p in promises.items() if where not in shown]
    return (*checks, *_cut(study, cuts))


def _cut(study: Study, cuts: Mapping[str, tuple[int, int]]) -> Iterator[Check]:
    """Yield how many records the data cut-off leaves out of each dataset, and keeps in part, by both routes."""
    if study.plan.data_cutoff is None:
        return
    counts = cut_counts(study.plan, {name: to_records(frame) for name, frame in study.data.items()})
    for dataset, reports in cuts.items():
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
        **{name: getattr(row, name) for name in PLACE},
        variable_level=row.variable_level,
        context=row.context,
        stat_name=row.stat_name,
        reported=row.stat,
        reported_text=row.stat_text,
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
