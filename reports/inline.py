"""Numbers in a sentence: each a link to its record, each post hoc one called so."""

from analysis.results import Row
from reports.lookup import Lookup
from reports.markdown import paragraph_text
from reports.numbers import formatted, shown
from reports.table_model import OVER
from reports.traced import POST_HOC, Traced, full_value

_CURVE = frozenset({"survival", "survival_at", "follow_up_reverse_km"})
"""Contexts whose level stands once for all the estimates of one curve."""


def value(lookup: Lookup, links: Traced, analysis_id: str, stat: str, **where: str) -> str:
    """Return one statistic, or "not estimable" with the reason."""
    row = lookup.row(analysis_id, stat, **where)
    return _labelled(links.markdown(row, full_value(row) if row.error else None), row)


def ratio(lookup: Lookup, links: Traced, analysis_id: str, n: str, total: str, **where: str) -> str:
    """Return a count and its denominator, as 7/10: one link, to the record of the count."""
    rows = [lookup.row(analysis_id, name, **where) for name in (n, total)]
    return _labelled(links.markdown(rows[0], OVER.join(shown(r, links.p_digits) for r in rows)), rows[0])


def interval(lookup: Lookup, links: Traced, analysis_id: str, **where: str) -> str:
    """Return a confidence interval with the level of the same part of the method, as "95% CI 34.8% to 93.3%"."""
    low, high = (lookup.row(analysis_id, name, **where) for name in ("conf.low", "conf.high"))
    level = lookup.row(analysis_id, "conf.level", **_of_level(low))
    name = f"{formatted(level.stat, level.fmt) if level.stat is not None else level.stat_text} CI"
    if low.error and high.error:
        return _labelled(f"{paragraph_text(name)} {links.markdown(low, 'not estimable')}", low)
    return _labelled(f"{paragraph_text(name)} {links.markdown(low)} to {links.markdown(high)}", low)


def p_value(lookup: Lookup, links: Traced, analysis_id: str, **where: str) -> str:
    """Return a p-value as it follows the letter p: "= 0.033" or "< 0.001"."""
    row = lookup.row(analysis_id, "p.value", **where)
    if row.error:
        return _labelled(links.markdown(row, "not estimable"), row)
    text = formatted(row.stat, row.fmt, links.p_digits) if row.stat is not None else row.stat_text
    if text.startswith("<"):
        return _labelled(links.markdown(row, f"< {text[1:]}"), row)
    return _labelled(f"= {links.markdown(row, text)}", row)


def in_words(lookup: Lookup, links: Traced, analysis_id: str, stat: str, unit: str, **where: str) -> str:
    """Return a statistic with its unit, or "not estimable"."""
    row = lookup.row(analysis_id, stat, **where)
    if row.error:
        return _labelled(links.markdown(row, "not estimable"), row)
    return _labelled(f"{links.markdown(row)} {paragraph_text(unit)}", row)


def set_size(lookup: Lookup, links: Traced, set_id: str) -> str:
    """Return the number of subjects of an analysis set."""
    row = lookup.row("SETS", "N", context="analysis_set", level=set_id)
    return _labelled(links.markdown(row), row)


def _labelled(text: str, row: Row) -> str:
    """Return a quotation with the label an author cannot leave out."""
    return f"{text} ({POST_HOC})" if row.reason == POST_HOC else text


def _of_level(limit: Row) -> dict[str, str]:
    """Return where the level of a limit stands: beside it, or once for all the estimates of one curve."""
    curve = limit.context in _CURVE
    return {
        "context": "survival" if curve else limit.context,
        "variable": limit.variable,
        "level": "" if curve else limit.variable_level,
        "grouping": limit.group1,
        "group": limit.group1_level,
    }
