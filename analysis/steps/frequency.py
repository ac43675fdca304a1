"""How many subjects have a record, and how many records there are, by groups within groups."""

from dataclasses import replace
from typing import Final

from analysis.data.groups.crossed import crossed, level_of
from analysis.data.sample import Block, Sample, nobody_in
from analysis.data.sets import subjects_where
from analysis.results.ard import Statistic
from analysis.steps import Method
from sap.methods.frequency import Frequency

CONTEXT: Final = "frequency"
HOW: Final = "Subjects with at least one record, each once a group, and the records"


def frequency(step: Frequency, sample: Sample) -> list[Statistic]:
    """Return n, N, percentage and records of each group within groups; context ``frequency``."""
    found = crossed(step, sample)
    own = found.frame["USUBJID"].isin(sample.subjects).to_numpy()
    total = _of_whom(step, sample)
    reason = None if total else nobody_in(replace(sample, subjects=()))
    stats = []
    for labels in found.groups:
        those = own & found.of(labels)
        n, records = found.frame.loc[those, "USUBJID"].nunique(), int(those.sum())
        block = Block("USUBJID", CONTEXT, HOW, level_of(labels))
        stats += [
            block.stat("n", "Subjects", n, "xx"),
            block.stat("N", "Subjects in the group", total, "xx"),
            block.stat("p", "Percentage", n / total if total else None, "xx.x%", reason=reason),
            block.stat("records", "Records", records, "xx"),
        ]
    return stats


def _of_whom(step: Frequency, sample: Sample) -> int:
    """Return how many subjects are the 100%: those of the sample, or of the same group of another analysis."""
    if step.denominator is None:
        return len(sample.subjects)
    other = sample.plan.analysis(step.denominator)
    inside = subjects_where(sample.data, sample.plan.set_of(other.analysis_set).where)
    if other.data_subset is not None:
        inside &= subjects_where(sample.data, other.data_subset)
    inside &= frozenset(sample.data["ADSL"]["USUBJID"])
    first = other.steps[0]
    among = replace(sample, subjects=tuple(sorted(inside)), analysed=tuple(sorted(inside)))
    if isinstance(first, Frequency):
        with_record = set(crossed(_of_all(first), among).frame["USUBJID"])
        among = replace(among, subjects=tuple(s for s in among.subjects if s in with_record))
    if step.by is None or not sample.level:
        return len(among.subjects)
    groups = replace(among, analysed=()).group(sample.plan.grouping(step.by))
    return len(groups[sample.level].subjects) if sample.level in groups else 0


def _of_all(step: Frequency) -> Frequency:
    """Return a step without its further groupings: of all its records together."""
    return step.model_copy(update={"within": ()})


METHOD: Final = Method(statistics=frequency, data_contexts=(CONTEXT,))
