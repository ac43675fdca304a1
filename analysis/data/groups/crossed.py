"""Records by groups within groups: those of a dataset that a step looks at, and the groups each belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.data.sample import Sample, cell_text, in_order
from analysis.data.sets import records_where, subjects_where
from analysis.methods.common import Flags, Ints
from sap.model.clause import AllOf, Condition, Not, WhereClause, conditions
from sap.model.sets import Grouping
from sap.model.step import AND_WITHIN, OnRecords

Data = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Crossed:
    """The records that a step looks at, and which of them are in each group of its further groupings."""

    frame: pd.DataFrame
    groups: tuple[tuple[str, ...], ...]
    """Labels of the groups within groups, in their order."""
    _masks: tuple[Mapping[str, Flags], ...]
    """Which records each group has, by label, a mapping a grouping."""

    def of(self, labels: Sequence[str]) -> Flags:
        """Return which records are in all of some groups."""
        found = np.ones(len(self.frame), dtype=np.bool_)
        for masks, label in zip(self._masks, labels, strict=True):
            found &= masks[label]
        return found


def level_of(labels: Sequence[str]) -> str:
    """Return how groups within groups are written as a level."""
    return AND_WITHIN.join(labels)


def crossed(step: OnRecords, sample: Sample) -> Crossed:
    """Return the records of the whole analysis that a step looks at, by its further groupings.

    A group of one grouping without levels stands beside one of another where a record has both.
    """
    frame = sample.data[step.dataset]
    inside = frame["USUBJID"].isin(sample.whole).to_numpy()
    if step.where is not None:
        inside &= rows_where(sample.data, step.dataset, step.where)
    frame = frame[inside]
    groupings = [sample.plan.grouping(name) for name in step.within]
    masks = tuple(_masks(sample.data, step.dataset, frame, inside, g) for g in groupings)
    return Crossed(frame, tuple(_seen(groupings, masks, len(frame))), masks)


def rows_where(data: Data, dataset: str, clause: WhereClause) -> Flags:
    """Return which records of a dataset meet a clause; what it says of another one, one record of it must meet."""
    frame = data[dataset]
    about = {c.dataset for c in conditions(clause)}
    if about == {dataset}:
        return records_where(frame, clause).to_numpy(dtype=np.bool_)
    if isinstance(clause, Not):
        return ~rows_where(data, dataset, clause.clause)
    if len(about) == 1 or isinstance(clause, Condition):
        return frame["USUBJID"].isin(subjects_where(data, clause)).to_numpy(dtype=np.bool_)
    parts = [rows_where(data, dataset, part) for part in clause.clauses]
    joined: Flags = np.all(parts, axis=0) if isinstance(clause, AllOf) else np.any(parts, axis=0)
    return joined


def _masks(data: Data, dataset: str, frame: pd.DataFrame, inside: Flags, grouping: Grouping) -> dict[str, Flags]:
    if grouping.levels:
        levels = ((level.label, grouping.clause(level)) for level in grouping.levels)
        return {label: rows_where(data, dataset, clause)[inside] for label, clause in levels}
    about = grouping.variable
    if about.dataset == dataset:
        cells = frame[about.variable]
    else:
        other = data[about.dataset].drop_duplicates("USUBJID").set_index("USUBJID")[about.variable]
        cells = frame["USUBJID"].map(other)
    texts = np.array([cell_text(x) for x in cells], dtype=object)
    return {value: texts == value for value in in_order(set(texts))}


def _seen(groupings: Sequence[Grouping], masks: Sequence[Mapping[str, Flags]], size: int) -> Iterator[tuple[str, ...]]:
    """Yield the groups within groups: all that the plan names, and of those that the data name what occurs."""
    positions = [{label: i for i, label in enumerate(m)} for m in masks]
    open_ones = [i for i, g in enumerate(groupings) if not g.levels]
    if not open_ones:
        yield from product(*masks)
        return
    codes = [_codes(masks[i], size) for i in open_ones]
    complete = np.all([c >= 0 for c in codes], axis=0)
    occurring = {tuple(int(c) for c in found) for found in np.column_stack(codes)[complete]}
    fixed = [i for i, g in enumerate(groupings) if g.levels]
    names = [list(m) for m in masks]
    found = set()
    for chosen in product(*(masks[i] for i in fixed)):
        for those in occurring:
            labels = [""] * len(groupings)
            for i, label in zip(fixed, chosen, strict=True):
                labels[i] = label
            for i, code in zip(open_ones, those, strict=True):
                labels[i] = names[i][code]
            found.add(tuple(labels))
    yield from sorted(found, key=lambda labels: [at[label] for at, label in zip(positions, labels, strict=True)])


def _codes(masks: Mapping[str, Flags], size: int) -> Ints:
    """Return the position of the group of each record, -1 for none."""
    found = np.full(size, -1, dtype=np.int64)
    for i, mask in enumerate(masks.values()):
        found[mask] = i
    return found
