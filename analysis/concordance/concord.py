"""Every statement of a paper, held against the paper itself, the results and the data."""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.concordance import in_data, in_results
from analysis.concordance.checked import Checked
from analysis.concordance.checks import checked
from analysis.concordance.derived import joined
from analysis.concordance.published import published
from analysis.concordance.source import Source
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
from analysis.results.ard import Results, number_text
from sap.facts.facts import Fact, Facts
from sap.text.digest import digest
from sap.text.problems import UserError


def concord(
    source: Source, results: Results | None = None, data: Mapping[str, pd.DataFrame] | None = None
) -> Concordance:
    """Return the concordance of a paper.

    Notes
    -----
    A comparison that cannot be made (the results or data have no such thing) does not stop the others; it says why.
    """
    facts = source.facts
    frames = None if data is None else _frames(facts, data)
    found: dict[str, list[Checked]] = {}
    for c in checked(facts):
        found.setdefault(c.fact, []).append(c)
    return Concordance(
        paper=facts.paper,
        data=facts.data,
        facts_sha256=digest(source.content),
        with_results=results is not None,
        with_data=data is not None,
        statements=tuple(
            _statement(facts, fact, tuple(_compared(fact, results, frames)), found.get(fact.id, []))
            for fact in facts.in_order()
        ),
    )


def _frames(facts: Facts, data: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame] | str:
    """Return the data with what the facts file derives, or why it cannot be derived."""
    try:
        return joined(data, facts.derived)
    except UserError as error:
        return str(error)


def _compared(fact: Fact, results: Results | None, data: Mapping[str, pd.DataFrame] | str | None) -> Iterator[Compared]:
    for spec in fact.results if results is not None else ():
        try:
            row = in_results.find(results or Results(()), spec)
        except UserError as error:
            yield Compared(result=spec, value="", holds=False, why=str(error))
            continue
        yield _told(in_results.hold(fact, spec, row)).model_copy(update={"result": spec, "row": row.identity})
    for check in fact.checks if data is not None else ():
        looked = (
            in_data.Looked(None, holds=False, why=data) if isinstance(data, str) else in_data.look(data or {}, check)
        )
        yield _told(looked).model_copy(update={"data": check})


def _told(looked: in_data.Looked) -> Compared:
    difference = "" if looked.difference is None else number_text(looked.difference)
    return Compared(value=in_data.text(looked.value), holds=looked.holds, difference=difference, why=looked.why)


def _statement(facts: Facts, fact: Fact, compared: tuple[Compared, ...], found: list[Checked]) -> Statement:
    findings = tuple(
        Finding(check=c.check, holds=c.holds, message=c.message, weight=c.weight, recomputes=c.recomputes)
        for c in found
    )
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
