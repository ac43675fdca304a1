"""The second route of a registry: on a sample of its subjects, because it is exact and slow.

The second route reads the records again one by one and computes in exact fractions: of a million subjects with ten
million records that takes hours, and more memory than the data. Where a study has more than `MOST_SUBJECTS` subjects,
`SAMPLED` of them are drawn, those whose ``USUBJID`` has the smallest SHA-256 digest: the same ones in every run, and
chosen by nobody. On them the whole plan is run, derivations and sets included, by the first route, by the second and
by R, and every statistic is compared as in a small study.

What that says: the two programs do the same with these data, whatever is in them. What it does not say: that a number
of the whole registry was computed twice. No row of the results is therefore said to agree: each is "not recomputed",
with how the routes compare on the sample as the reason; a statistic on which they differ there "differs", with both
values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from analysis.data.load import Study
from analysis.recompute import CUTOFF, READING, Files, SecondRoute, by_records, checked
from analysis.recompute.comparison.check import NOT_RUN, Check, Verdict, reported_by
from analysis.results.ard import Results, Row
from analysis.results.entered_file import MOST_SUBJECTS
from analysis.running.run import run
from sap.text.files import digest

SAMPLED: Final = 1_000
"""Subjects of the sample: the second route takes seconds for them."""

Cuts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Sampled:
    """Both routes on a sample of the subjects."""

    subjects: int
    of: int
    """How many subjects of how many."""
    checks: tuple[Check, ...]
    """Every statistic of the sample by both routes."""

    def __str__(self) -> str:
        """Return the sample in words."""
        return f"{self.subjects} of {self.of} subjects"

    @property
    def differing(self) -> tuple[Check, ...]:
        """The statistics on which the routes, or R, differ on the sample."""
        return tuple(c for c in self.checks if c.verdict == "differs" or c.r_agrees is False)


def is_large(data: Mapping[str, pd.DataFrame]) -> bool:
    """Return whether there are more subjects than the second route can be asked about."""
    return "ADSL" in data and len(data["ADSL"]) > MOST_SUBJECTS


def second_route(study: Study, files: Files | None = None) -> SecondRoute | Sampled:
    """Return every statistic by the second route; of very many subjects by both routes, on a sample."""
    if not is_large(study.data):
        return by_records(study, files)
    everyone = study.data["ADSL"]["USUBJID"]
    chosen = sorted(everyone, key=lambda subject: digest(subject.encode()))[:SAMPLED]
    data = {name: frame[frame["USUBJID"].isin(chosen)] for name, frame in study.data.items()}
    sample = Study(study.plan, data, study.sources)
    cuts = {c.dataset: (c.left_out, c.shortened) for c in sample.cut[1]}
    return Sampled(len(chosen), len(everyone), checked(by_records(sample, files, chosen), run(sample), cuts))


def compared(found: SecondRoute | Sampled, results: Results, cuts: Cuts) -> tuple[Check, ...]:
    """Return every statistic of the results beside what the second route found, on all subjects or on a sample."""
    return tuple(_on_sample(found, results, cuts)) if isinstance(found, Sampled) else checked(found, results, cuts)


def _on_sample(found: Sampled, results: Results, cuts: Cuts) -> Iterator[Check]:
    of_sample = {_place(c): c for c in found.checks}
    for row in results:
        yield _check(row, of_sample.pop(row.place, None), found)
    for dataset, counts in cuts.items():
        for own in [c for c in found.checks if (c.context, c.variable) == (CUTOFF, dataset)]:
            here = replace(own, reported=float(counts[own.stat_name == "n.cut"]), recomputed=None, difference=None)
            yield replace(here, route=_why(own, found), verdict=_verdict(own))
            of_sample.pop(_place(own), None)
    for own in [c for c in found.checks if c.context == READING]:
        yield replace(own, route=f"{own.route} (sampled: {found})")
        of_sample.pop(_place(own))
    # What a sample lists and the results count, or lack, is told only where the routes differ on it.
    yield from (replace(c, verdict="differs", route=_why(c, found)) for c in found.differing if _place(c) in of_sample)


def _place(check: Check) -> tuple[str, ...]:
    """Return where a check stands in the results, as `Row.place`."""
    named = (check.analysis_id, check.group1, check.group1_level, check.variable, check.variable_level)
    return (*named, check.context, check.stat_name, check.step, check.dataset)


def _check(row: Row, own: Check | None, found: Sampled) -> Check:
    return Check(
        **reported_by(row),
        recomputed=None,
        difference=None,
        route=_why(own, found),
        verdict=_verdict(own),
        r_route=f"{NOT_RUN}: sampled" if own is None else f"{NOT_RUN}: sampled: {own.r_route}",
    )


def _verdict(own: Check | None) -> Verdict:
    return "differs" if own is not None and (own.verdict == "differs" or own.r_agrees is False) else "not recomputed"


def _why(own: Check | None, found: Sampled) -> str:
    """Return how the routes compare on the sample."""
    if own is None:
        return f"not recomputed: sampled: {found}, who do not give this statistic"
    if own.verdict == "not recomputed":
        return f"{own.route} (sampled: {found})"
    first, second = own.reported_text or own.reported, own.recomputed_text or own.recomputed
    if own.verdict == "differs":
        return f"sampled: on {found} the routes differ: {first} and {second} ({own.route})"
    if own.r_agrees is False:
        return f"sampled: on {found} R differs: {first} and {own.r_value} ({own.r_route})"
    return f"not recomputed: sampled: on {found} the second route agrees ({own.route})"
