"""A proposed plan held against its own data: what the data break is excepted, described or left out until it runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from analysis.data.load import validate
from analysis.mapping.plan_text import plan_text
from analysis.mapping.proposal import Entry, Said
from analysis.mapping.propose import Draft, without
from sap.data.failures import Failure
from sap.data.rules import RULES, exceptable
from sap.plan.plan import Plan
from sap.reading.read import read_plan_text

_ROUNDS: Final = 8
"""How often a plan is held against its data: each time something is mended."""


def settled(draft: Draft, folder: Path) -> tuple[Draft, tuple[Failure, ...]]:
    """Return a draft whose plan runs on its data, and the errors that no plan can mend."""
    errors: tuple[Failure, ...] = ()
    for _ in range(_ROUNDS):
        found = validate(plan_of(plan_text(draft)), folder)
        errors = tuple(f for f in found.failures if f.severity == "error")
        mended = _mended(draft, errors)
        if mended == draft:
            break
        draft = mended
    return draft, errors


def plan_of(text: str) -> Plan:
    """Return the plan of a text."""
    return read_plan_text(text)


def _mended(draft: Draft, found: Sequence[Failure]) -> Draft:
    """Return a draft without what the first errors are about."""
    errors = [f for f in found if not f.consequence]
    unused = {f.dataset for f in errors if f.dataset in draft.datasets and not draft.datasets[f.dataset].used}
    if unused:
        told = {n: next(f.message for f in errors if f.dataset == n) for n in unused}
        said = tuple(
            Said(n, "left out of the plan", "problem", f"No first analysis uses it, and: {told[n]}")
            for n in sorted(unused)
        )
        return replace(without(draft, unused), said=(*draft.said, *said))
    for kind in (_described, partial(_excepted, found=found), _dropped):
        mended = kind(draft, errors)
        if mended != draft:
            return mended
    return draft


def _described(draft: Draft, errors: Sequence[Failure]) -> Draft:
    """Return a draft that says of variables what their cells are."""
    for f in errors:
        drafted = draft.datasets.get(f.dataset)
        if drafted is None or f.rule not in _CELLS:
            continue
        column = drafted.table.columns.get(str(drafted.variables.get(f.column, {}).get("source", f.column)))
        if column is None:
            continue
        entry: Entry = {"name": f.column} | drafted.variables.get(f.column, {})
        match f.rule:
            case "present":
                entry["missing"] = True
            case "codelist":
                entry["codelist"] = sorted({*column.texts, f.value} - {""})[:12]
            case "integer":
                entry["type"] = "number"
            case _:  # a range: the usual limits of the variable are not those of this trial
                entry.setdefault("type", "number")
        if entry == drafted.variables.get(f.column):
            continue
        variables = {**drafted.variables, f.column: entry}
        said = Said(
            f"{f.dataset}.{f.column}",
            f"as it is: {f.rule}",
            "guess",
            f"{f.message} As {f.value or 'an empty cell'} in row {f.row}.",
        )
        datasets = {**draft.datasets, f.dataset: replace(drafted, variables=variables)}
        draft = replace(draft, datasets=datasets, said=(*draft.said, said))
    return draft


_CELLS: Final = frozenset({"present", "codelist", "integer", "range"})


def _excepted(draft: Draft, errors: Sequence[Failure], found: Sequence[Failure]) -> Draft:
    """Return a draft that excepts the rules that the data break, with the reason as a gap."""
    may = set(exceptable()) - {str(e["rule"]) for e in draft.exceptions}
    counts: Counter[str] = Counter()
    broken: dict[str, dict[str, None]] = {}
    may &= {f.rule for f in errors}
    for f in found:  # as `sap validate` counts them: those that another failure explains are broken too
        if f.rule in may:
            counts[f.rule] += (
                f.more or 1
            )  # a fault of very many records is told of the first ones, and the rest counted
            broken.setdefault(f.rule, {})[f.dataset] = None
    first = {f.rule: f for f in reversed(errors) if f.rule in counts}
    entries: list[Entry] = []
    said = []
    for rule, n in sorted(counts.items()):
        f = first[rule]
        of = " and ".join(sorted(broken[rule]))
        what = f"{n} record{'s' * (n != 1)} of {of} break{'s' * (n == 1)} it"
        entries.append({"rule": rule, "reason": f"Gap: records of {of} break it; say why they may, or mend them"})
        why = f"{f.message} {what}, first row {f.row} (subject {f.subject})."
        said.append(Said(f"rule {rule}", "excepted, until somebody says why or mends the data", "guess", why))
    return replace(draft, exceptions=(*draft.exceptions, *entries), said=(*draft.said, *said))


def _dropped(draft: Draft, errors: Sequence[Failure]) -> Draft:
    """Return a draft without the analysis of which the data break what it needs; what is wrong with subjects stays."""
    needed = {r.id for r in RULES if r.needed}
    for f in errors:
        if f.dataset == "ADSL" or f.rule in needed or len(draft.pieces) == 1:
            continue
        piece = next((p for p in draft.pieces if f.dataset in p.variables or f.dataset in p.parameters), None)
        if piece is None:
            continue
        name = str(piece.analysis["id"])
        why = f"{f.dataset} {f.column} row {f.row}: {f.message} {f.fix}"
        said = Said(f"analysis {name}", "left out", "problem", why)
        kept = tuple(p for p in draft.pieces if p is not piece)
        datasets = {
            n: d if any(n in p.variables or n in p.parameters for p in kept) or n == "ADSL" else replace(d, used=False)
            for n, d in draft.datasets.items()
        }
        return replace(draft, pieces=kept, datasets=datasets, said=(*draft.said, said))
    return draft
