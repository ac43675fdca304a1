"""Every statement of a paper, held against the paper itself, the results and the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.concordance.checks import CHECKS
from analysis.concordance.comparison import compared_with_data, compared_with_results, with_derived
from analysis.concordance.printed import published
from analysis.concordance.statements import (
    AGREES,
    BY_CONSTRUCTION,
    DIFFERS,
    INCONSISTENT,
    UNCHECKED,
    Compared,
    Concordance,
    Finding,
    Statement,
    Verdict,
)
from analysis.results.ard import Results
from sap.facts.facts import FILE, Fact, Facts, read_facts
from sap.text.files import digest
from sap.text.problems import UserError


@dataclass(frozen=True)
class Source:
    """The facts file of a paper."""

    facts: Facts
    """What it holds."""
    content: bytes
    """The file, for its digest."""


def read_source(path: Path) -> Source:
    """Return a facts file."""
    return Source(read_facts(path), path.read_bytes())


def facts_beside(data: Path) -> Source | None:
    """Return the facts file of a data folder; None where there is none."""
    path = data / FILE
    return read_source(path) if path.is_file() else None


@dataclass(frozen=True)
class OfPaper:
    """What the data and the paper's own numbers say of a statement: it needs no results."""

    compared: tuple[Compared, ...]
    findings: tuple[Finding, ...]


def of_paper(source: Source, data: Mapping[str, pd.DataFrame] | None) -> dict[str, OfPaper]:
    """Return what the data and the paper's own numbers say of each statement, by its id."""
    facts = source.facts
    known = facts.by_id()
    derived: Mapping[str, pd.DataFrame] | str | None
    try:
        derived = None if data is None else with_derived(data, facts.derived)
    except UserError as error:
        derived = str(error)
    return {f.id: OfPaper(tuple(_with_data(f, derived)), findings(f, known)) for f in facts.in_order()}


def concord(
    source: Source,
    results: Results | None = None,
    data: Mapping[str, pd.DataFrame] | None = None,
    known: Mapping[str, OfPaper] | None = None,
) -> Concordance:
    """Return the concordance of a paper; `known` is what `of_paper` gives of it and the data.

    Notes
    -----
    A comparison that cannot be made (the results or data have no such thing) does not stop the others; it says why.
    """
    facts = source.facts
    apart = of_paper(source, data) if known is None else known
    return Concordance(
        paper=facts.paper,
        data=facts.data,
        facts_sha256=digest(source.content),
        with_results=results is not None,
        with_data=data is not None,
        statements=tuple(
            _statement(facts, fact, (*_with_results(fact, results), *apart[fact.id].compared), apart[fact.id].findings)
            for fact in facts.in_order()
        ),
    )


def findings(fact: Fact, known: Mapping[str, Fact]) -> tuple[Finding, ...]:
    """Return what every check finds in a statement of a paper, by the paper's own numbers."""
    return tuple(
        Finding(
            check=o.check or check.names[0], holds=o.holds, message=o.message, weight=o.weight, recomputes=o.recomputes
        )
        for check in CHECKS
        for o in check.look(fact, known)
    )


def _with_results(fact: Fact, results: Results | None) -> Iterator[Compared]:
    if results is not None:
        yield from (compared_with_results(results, fact, spec) for spec in fact.results)


def _with_data(fact: Fact, data: Mapping[str, pd.DataFrame] | str | None) -> Iterator[Compared]:
    if isinstance(data, str):
        yield from (Compared(data=check, value="", holds=False, why=data) for check in fact.checks)
    elif data is not None:
        yield from (compared_with_data(data, check) for check in fact.checks)


def _statement(facts: Facts, fact: Fact, compared: tuple[Compared, ...], findings: tuple[Finding, ...]) -> Statement:
    verdict, why = _verdict(facts, fact, compared, findings)
    return Statement(
        id=fact.id,
        words=fact.statement,
        where=fact.where,
        section=fact.place,
        kind=fact.kind,
        basis=fact.basis,
        published=published(fact.value),
        compared=compared,
        findings=findings,
        verdict=verdict,
        why=why,
        remark=fact.remark,
        consort=fact.consort,
    )


def _verdict(
    facts: Facts, fact: Fact, compared: tuple[Compared, ...], findings: tuple[Finding, ...]
) -> tuple[Verdict, str]:
    wrong = [f for f in findings if not f.holds and f.weight == "inconsistent"]
    if wrong:
        return INCONSISTENT, " ".join(f.message for f in wrong)
    made = [c for c in compared if c.value and c.holds is not None]
    if not all(c.holds for c in made):
        return DIFFERS, "what was found is not what is published"
    if made:
        if facts.data == "reconstruction":
            return BY_CONSTRUCTION, "the data were made so that it holds"
        return AGREES, "recomputed from the data"
    if any(f.holds and f.recomputes for f in findings) and all(f.holds for f in findings if f.of_value):
        return AGREES, " ".join(f.message for f in findings if f.holds and f.recomputes)
    return UNCHECKED, _unchecked(fact, compared, findings)


def _unchecked(fact: Fact, compared: tuple[Compared, ...], findings: tuple[Finding, ...]) -> str:
    """Return why a statement could be held against nothing."""
    reasons = [fact.not_checked] if fact.not_checked else []
    reasons += [c.why for c in compared if c.why]
    if not reasons and (fact.checks or fact.results) and not compared:
        reasons = ["it needs the results or the data, which were not given"]
    if not reasons:
        reasons = [f.message for f in findings if not f.holds]
    if not reasons:
        reasons = ["nothing to compare it with"]
    return "; ".join(dict.fromkeys(r.rstrip(".") for r in reasons))
