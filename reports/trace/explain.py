"""The record of a number on a terminal: the same facts as on the page, one below the other."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Final

from analysis.results.ard import unique
from reports.trace.links import full_value
from reports.trace.record import SHORT, AnalysisRecords, Fact, Record, StepRecords
from sap.text.problems import UserError, suggest

WIDTH: Final = 110
WHOLE: Final = 4
"""Up to how many records are printed whole; more are listed."""
_MARGIN: Final = 34
_DIGEST: Final = re.compile("-[0-9a-f]{8}$")
"""How the id of a number ends."""


@dataclass(frozen=True)
class Found:
    """A record with the step and the analysis whose facts it shares."""

    analysis: AnalysisRecords
    step: StepRecords
    record: Record


def find(trace: Sequence[AnalysisRecords], what: str, statistic: str = "") -> tuple[Found, ...]:
    """Return the records a person asks for."""
    every = [Found(a, s, r) for a in trace for s in a.steps for r in s.records]
    wanted = what.rpartition("#")[2]
    one = [f for f in every if f.record.row.anchor == wanted]
    if one:
        return tuple(one)
    ids = {a.id.lower(): a.id for a in trace}
    if wanted.lower() not in ids:
        known = _nearest(wanted, every, ids) or list(ids.values())
        raise UserError(f"There is no analysis and no number called '{what}'. {suggest(wanted, known)}")
    mine = [f for f in every if f.analysis.id == ids[wanted.lower()]]
    found = [f for f in mine if statistic in {"", f.record.row.stat_name}]
    if not found:
        names = unique(f.record.row.stat_name for f in mine)
        raise UserError(f"{ids[wanted.lower()]} has no statistic '{statistic}'. {suggest(statistic, names)}")
    return tuple(found)


def _nearest(wanted: str, every: Sequence[Found], ids: Mapping[str, str]) -> list[str]:
    """Return what a person may have meant: numbers, for what ends as the id of one; else analyses before numbers."""
    anchors = [f.record.row.anchor for f in every]
    if _DIGEST.search(wanted):
        alike = [a for a in anchors if _DIGEST.sub("", a) == _DIGEST.sub("", wanted.lower())]
        return get_close_matches(wanted.lower(), alike or anchors, n=3, cutoff=0)
    near = [ids[i] for i in get_close_matches(wanted.lower(), ids, n=1)]
    begun = [a for a in anchors if a.startswith(wanted.lower())]
    if begun and not any(i.startswith(wanted.lower()) for i in ids):
        return begun[:3]
    return near or (begun or get_close_matches(wanted.lower(), anchors, n=3))[:3]


def as_text(found: Sequence[Found]) -> str:
    """Return records in words: whole when there are few, else a line each with the id to ask for."""
    if len(found) <= WHOLE:
        return "\n".join(_whole(f) for f in found)
    first = found[0].analysis
    width = max(len(f.record.row.anchor) for f in found)
    lines = [f"{first.id}: {first.title}", *_laid(first.facts), ""]
    step = ""
    for f in found:
        if f.step.title != step:
            step = f.step.title
            lines += [step]
        row = f.record.row
        said = {fact.name: fact.text for fact in f.record.facts}
        lines.append(f"  {row.anchor:<{width}}  {said['Statistic']}, {said['Of']} = {full_value(row)}")
    return "\n".join([*lines, "", "One of them whole: sap explain ID", ""])


def _whole(found: Found) -> str:
    row = found.record.row
    return "\n".join(
        [
            row.anchor,
            *_laid(found.record.facts),
            f"{found.analysis.id}: {found.analysis.title}",
            *_laid(found.analysis.facts),
            found.step.title,
            *_laid(found.step.facts),
            "",
        ]
    )


def _laid(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts:
        words = fact.text.replace(fact.full[:SHORT], fact.full) if fact.full else fact.text
        first, *others = textwrap.wrap(words, WIDTH - _MARGIN, break_long_words=False, break_on_hyphens=False) or [""]
        if len(fact.name) > _MARGIN - 4:
            yield f"  {fact.name}"
        name = fact.name if len(fact.name) <= _MARGIN - 4 else ""
        yield f"  {name:<{_MARGIN - 2}}{first}"
        yield from (" " * _MARGIN + line for line in others)


def as_json(found: Sequence[Found]) -> str:
    """Return records as a JSON list."""
    records = [
        {
            "id": f.record.row.anchor,
            "line": f.record.line,
            "row": asdict(f.record.row),
            "record": _named(f.record.facts),
            "analysis": {"id": f.analysis.id, "title": f.analysis.title, "facts": _named(f.analysis.facts)},
            "step": {"title": f.step.title, "facts": _named(f.step.facts)},
        }
        for f in found
    ]
    return json.dumps(records, indent=2, ensure_ascii=False) + "\n"


def _named(facts: Sequence[Fact]) -> dict[str, str]:
    return {f.name: f.full or f.text for f in facts}
