"""Numbers in a sentence: each a link to its record, each post hoc one called so."""

from analysis.results.ard import Row
from reports.layout.lookup import Lookup
from reports.layout.model import OVER
from reports.tables import context_of
from reports.trace.traced import Traced, full_value
from reports.words.markdown import paragraph_text
from reports.words.numbers import bound_name, p_equals, shown
from sap.reading.post_hoc import POST_HOC
from sap.text.problems import UserError


def value(lookup: Lookup, links: Traced, analysis_id: str, stat: str, **where: str) -> str:
    """Return one statistic, or "not estimable" with the reason."""
    row = lookup.row(analysis_id, stat, **where)
    return _labelled(links.markdown(row, full_value(row) if row.error else None), row)


def ratio(lookup: Lookup, links: Traced, analysis_id: str, n: str, total: str, **where: str) -> str:
    """Return a count and its denominator, as 7/10: one link, to the record of the count."""
    rows = [lookup.row(analysis_id, name, **where) for name in (n, total)]
    return _labelled(links.markdown(rows[0], OVER.join(shown(r, links.p_digits) for r in rows)), rows[0])


def interval(lookup: Lookup, links: Traced, analysis_id: str, **where: str) -> str:
    """Return a confidence interval with the level of the same part of the method, as "95% CI 34.8% to 93.3%".

    A part that has one limit alone is one-sided: "one-sided 95% upper bound 25.9%".
    """
    high = lookup.row(analysis_id, "conf.high", **where)
    level = shown(_level(lookup, high))
    one_sided = context_of(high.context).one_sided
    name = bound_name(level) if one_sided else f"{level} CI"
    limits = [high] if one_sided else [lookup.row(analysis_id, "conf.low", **where), high]
    if all(limit.error for limit in limits):
        return _labelled(f"{paragraph_text(name)} {links.markdown(limits[0], 'not estimable')}", high)
    return _labelled(f"{paragraph_text(name)} {' to '.join(map(links.markdown, limits))}", high)


def p_value(lookup: Lookup, links: Traced, analysis_id: str, **where: str) -> str:
    """Return a p-value as it follows the letter p: "= 0.033" or "< 0.001"."""
    row = lookup.row(analysis_id, "p.value", **where)
    if row.error:
        return _labelled(links.markdown(row, "not estimable"), row)
    sign, _, number = p_equals(row, links.p_digits).partition(" ")
    text = f"= {links.markdown(row, number)}" if sign == "=" else links.markdown(row, f"{sign} {number}")
    return _labelled(text, row)


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


def _level(lookup: Lookup, limit: Row) -> Row:
    """Return the level of a limit: it stands beside it, or once for all the estimates of its step."""
    where = {"variable": limit.variable, "grouping": limit.group1, "group": limit.group1_level}
    of_step = [r for r in lookup.rows(limit.analysis_id, stat="conf.level", **where) if r.step == limit.step]
    beside = [r for r in of_step if (r.context, r.variable_level) == (limit.context, limit.variable_level)]
    found = beside or of_step
    if len({(r.stat, r.stat_text) for r in found}) != 1:
        raise UserError(f"{limit.analysis_id}: it is not clear which level the limits in {limit.context} have.")
    return found[0]
