"""A statement held against the results: one number of the analysis results dataset."""

from decimal import Decimal
from fractions import Fraction as Exact

from analysis.concordance.checked import fraction_of
from analysis.concordance.in_data import Looked
from analysis.concordance.printed import span
from analysis.results.ard import Results, Row, number_text, unique
from sap.facts.checks import InResults
from sap.facts.facts import Fact
from sap.facts.values import Comparison, Fraction
from sap.text.problems import UserError, suggest

PERCENT = 100
LIMITS = frozenset({"low", "high"})


def find(results: Results, spec: InResults) -> Row:
    """Return the one row that a comparison means."""
    of = results.of(spec.analysis)
    if not of:
        known = unique(r.analysis_id for r in results)
        raise UserError(f"The results have no analysis '{spec.analysis}'. {suggest(spec.analysis, known)}")
    wanted = {
        "context": spec.context,
        "variable": spec.variable,
        "variable_level": spec.level,
        "group1": spec.grouping,
        "group1_level": spec.group,
    }
    found = [
        r
        for r in of
        if r.stat_name == spec.stat and all(v is None or getattr(r, name) == v for name, v in wanted.items())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{spec.analysis} has {len(found)} statistics '{spec.stat}' there; name context or level too.")
    names = unique(r.stat_name for r in of)
    raise UserError(f"{spec.analysis} has no statistic '{spec.stat}' there. {suggest(spec.stat, names)}")


def hold(fact: Fact, spec: InResults, row: Row) -> Looked:
    """Return how a row of the results stands to the part of a statement that it is compared with.

    A number agrees when it rounds to what is printed; a proportion is compared with a percentage as 100 times itself; a
    p-value with a limit by being below it.
    """
    if row.stat is None:
        return Looked(None, holds=False, why=f"{row.error or row.stat_text or 'no value'}.")
    in_percent = spec.of == "percent" or (spec.of in LIMITS and isinstance(fact.value, Fraction))
    value = row.stat * PERCENT if in_percent else row.stat
    if spec.of is None:
        return Looked(value, holds=None)
    if spec.of == "p" and isinstance(fact.value, Comparison) and fact.value.p is None:
        limit = fact.value.p_less_than
        return Looked(value, holds=limit is not None and value < float(limit))
    printed = published(fact, spec)
    if printed is None:
        return Looked(value, holds=False, why=f"the statement gives no {spec.of}.")
    exact = Exact(Decimal(number_text(value)))
    holds = span(printed).holds(exact)
    return Looked(value, holds=holds, difference=float(exact - Exact(printed)))


def published(fact: Fact, spec: InResults) -> Decimal | None:
    """Return the part of a statement that a result is compared with."""
    holder = fraction_of(fact) or fact.value
    found = getattr(getattr(holder, "interval", None) if spec.of in LIMITS else holder, spec.of or "", None)
    return Decimal(found) if isinstance(found, int) else found if isinstance(found, Decimal) else None
