"""In which file each record stands: one an analysis, and more of them where one would be large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from analysis.results.ard import Results, Row, unique
from reports.tables import context_of, unlisted

MOST: Final = 400_000
"""About how many bytes of records a file holds; what its numbers share comes on top."""
_ALONE: Final = 900
_BESIDE: Final = 90
"""About how many bytes a number takes on a line of its own, and among others on one."""


@dataclass(frozen=True)
class RecordFiles:
    """The files of the records of a run, each named from the folder of the records."""

    later: Mapping[tuple[str, ...], int]
    """The part of its analysis each row is in, by its identity, from 2; the others are in the first."""

    def of(self, row: Row) -> str:
        """Return the file in which the record of a row stands."""
        return file_name(row.analysis_id, self.later.get(row.identity, 1) if self.later else 1)

    def href(self, row: Row) -> str:
        """Return the link to the record of a row, from the folder of the records."""
        return f"{self.of(row)}#{row.anchor}"


def file_name(analysis_id: str, part: int = 1) -> str:
    """Return the file of an analysis, or of a part of it from 1; an id holds no dot."""
    return f"{analysis_id}.html" if part == 1 else f"{analysis_id}.{part}.html"


def record_files(results: Results) -> RecordFiles:
    """Return which file each record of some results stands in; the same results give the same files."""
    counted = unlisted(results)
    later: dict[tuple[str, ...], int] = {}
    for analysis_id in unique(r.analysis_id for r in results):
        listed = [r for r in results.of(analysis_id) if r.context not in counted]
        if sum(map(_bytes, listed)) > MOST:
            later |= {r.identity: part for part, found in enumerate(_parts(listed), start=1) for r in found if part > 1}
    return RecordFiles(later)


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """Return rows in parts that are not large; a context of a step is cut only where it is large itself."""
    parts: list[list[Row]] = [[]]
    for _, found in groupby(rows, key=lambda r: (r.step, r.context)):
        together = list(found)
        room = MOST - sum(map(_bytes, parts[-1]))
        if parts[-1] and sum(map(_bytes, together)) > room:
            parts.append([])
        most = MOST // _bytes(together[0])
        for start in range(0, len(together), most):
            if start:
                parts.append([])
            parts[-1] += together[start : start + most]
    return parts


def _bytes(row: Row) -> int:
    return _BESIDE if context_of(row.context).lines else _ALONE
