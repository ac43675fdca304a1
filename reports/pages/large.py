"""Tables, listings and lists of checks of a large trial: their beginning on the page of all, the whole on their own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analysis.concordance.statements import FILE, read_concordance
from analysis.recompute import READING, Check, read_checks
from analysis.results.ard import Results, number_text, unique
from analysis.results.listings_file import ListedRecords
from reports.layout.model import Line, Table
from reports.outputs.captions import label
from reports.outputs.html import html_table, listing_html
from reports.outputs.table import table
from reports.pages.apart import BEGINNING, LARGE, MOST, Frame, frame_of, leading_to, packed, part_names
from reports.pages.concordance import DATA_CHECKS, data_checks
from reports.pages.records import record_pages
from reports.run.shells import wanted
from reports.run.shown import ShownRun, open_run
from reports.tables import context_of
from reports.trace.links import record_links
from reports.words.file_names import CHECKS, LISTINGS, PAGES_FOLDER, RECORDS, TABLES
from reports.words.markdown import html_table_of, raw_html
from sap.plan.plan import Listing, Output, Plan
from sap.reading.post_hoc import POST_HOC

_NUMBER: Final = 260
"""About how many bytes a number takes in a table, with its link and its short form."""
_FEW: Final = 500
"""Rows of the results of which no table is large."""
_CHECK: Final = 150
"""About how many bytes a check takes."""


def apart() -> dict[str, bytes]:
    """Return the pages beside those of the project, of the run that was named."""
    return pages_apart(open_run())


def pages_apart(run: ShownRun) -> dict[str, bytes]:
    """Return the pages beside those of the project: records, and what is large, by their path in the site."""
    frame = frame_of(run)
    made: dict[str, str] = {}
    long = [o for o in run.plan.outputs if _may_be_large(run.plan, run.results, o)]
    if long:
        links = replace(record_links(run.plan, run.results), folder=f"../{RECORDS}")
        for output in long:
            content = table(run.plan, run.lookup, output, links)
            bodies = [html_table(replace(content, lines=lines)) for lines in table_parts(run, content)]
            made |= _parts(frame, TABLES, output.id, f"{label(output)}. {output.title}", bodies)
    for spec in run.plan.listings:
        found = run.listings[spec.id]
        bodies = [listing_html(run.plan, spec, replace(found, rows=rows)) for rows in listing_parts(found)]
        made |= _parts(frame, LISTINGS, spec.id, f"{label(spec)}. {spec.title}", bodies)
    for analysis_id, checks in _checks(run).items():
        bodies = [checks_html(analysis_id, part) for part in check_parts(checks)]
        made |= _parts(frame, CHECKS, analysis_id, f"{analysis_id}: every statistic by two routes", bodies)
    if (file := run.folder / FILE).is_file():
        told = data_checks(read_concordance(file), hide=not run.plan.conventions.show_subject_ids)
        back = "../concordance.html", "Concordance"
        made[DATA_CHECKS] = frame.page("Checks on the data", told, back, ("", ()))
    return record_pages(run) | {f"{PAGES_FOLDER}/{name}": text.encode() for name, text in made.items()}


def _parts(frame: Frame, page: str, name: str, title: str, bodies: Sequence[str]) -> dict[str, str]:
    """Return something on pages of its own, in the folder of the page that leads to it."""
    names, back = part_names(name, len(bodies)), (f"../{page}.html", page.capitalize())
    return {f"{page}/{n}": frame.page(title, b, back, (n, names)) for n, b in zip(names, bodies, strict=True)}


def table_on_page(run: ShownRun, content: Table) -> str:
    """Return a table as the page of all tables shows it, as Markdown."""
    parts = table_parts(run, content)
    if not parts:
        return raw_html(html_table(content))
    first = tuple(packed(content.lines, _line_bytes, BEGINNING)[0])
    told = f"The first {len(first):,} of {len(content.lines):,} lines. The whole table"
    shown = raw_html(html_table(replace(content, lines=first)))
    return shown + leading_to(TABLES, content.output.id, len(parts), told)


def table_parts(run: ShownRun, content: Table) -> list[tuple[Line, ...]]:
    """Return the lines of a large table, a part a page; none of a table that is not large."""
    large = sum(map(_line_bytes, content.lines)) > LARGE and _may_be_large(run.plan, run.results, content.output)
    return [tuple(part) for part in packed(content.lines, _line_bytes, MOST)] if large else []


def _may_be_large(plan: Plan, results: Results, output: Output) -> bool:
    """Whether a table may be large, told before it is laid out."""
    if output.kind != "table" or output.reason == POST_HOC:
        return False
    family = unique(i for a in output.analyses for i in (a, *(s.id for s in plan.analysis(a).sensitivity)))
    return sum(len(results.of(name)) for name in family) > _FEW


def _line_bytes(line: Line) -> int:
    return _NUMBER * (1 + sum(len(cell.rows) for cell in line.cells))


def listing_on_page(plan: Plan, spec: Listing, found: ListedRecords) -> str:
    """Return a listing as the page of all listings shows it, as Markdown."""
    parts = listing_parts(found)
    if not parts:
        return raw_html(listing_html(plan, spec, found))
    first = tuple(packed(found.rows, _row_bytes, BEGINNING)[0])
    told = f"The first {len(first):,} of {len(found.rows):,} records. The whole listing"
    shown = raw_html(listing_html(plan, spec, replace(found, rows=first)))
    return shown + leading_to(LISTINGS, spec.id, len(parts), told)


def listing_parts(found: ListedRecords) -> list[tuple[tuple[str, ...], ...]]:
    """Return the rows of a large listing, a part a page; none of a listing that is not large."""
    large = sum(map(_row_bytes, found.rows)) > LARGE
    return [tuple(part) for part in packed(found.rows, _row_bytes, MOST)] if large else []


def _row_bytes(cells: Sequence[str]) -> int:
    return sum(len(cell) + len("<td></td>") for cell in cells) + len("<tr></tr>")


def listed_checks(checks: Sequence[Check]) -> list[Check]:
    """Return the checks that pages list: values of single subjects are many thousands, and those that agree counted.

    How the files were read twice is told in words.
    """
    shown = (c for c in checks if c.context != READING)
    return [c for c in shown if not context_of(c.context).of_subjects or c.verdict != "agrees"]


def check_parts(listed: Sequence[Check]) -> list[list[Check]]:
    """Return the checks of an analysis, a part a page; none where none is listed."""
    return packed(listed, lambda _: _CHECK, MOST) if listed else []


def _checks(run: ShownRun) -> dict[str, list[Check]]:
    """Return the checks of each analysis; of layouts without numbers nothing is checked."""
    found: dict[str, list[Check]] = {}
    for check in [] if wanted() else listed_checks(read_checks(run.folder / "checks.csv")):
        found.setdefault(check.analysis_id, []).append(check)
    return found


def checks_html(analysis_id: str, listed: Sequence[Check]) -> str:
    """Return checks as a table in HTML."""
    head = ("Statistic", "Verdict", "Reported", "Recomputed", "Difference", "R")
    rows = map(_check_cells, listed)
    return html_table_of(f"Every statistic of {analysis_id} by both routes", head, rows, (36, 12, 15, 15, 9, 13))


def _check_cells(check: Check) -> tuple[str, ...]:
    about = (check.context, check.group1_level, check.variable, check.variable_level, check.stat_name)
    by_r = "not run" if check.r_agrees is None else _value(check.r_value, "")
    verdict: str = "R differs" if check.r_agrees is False else check.verdict
    gap = "" if check.difference is None else difference(abs(check.difference))
    reported, again = _value(check.reported, check.reported_text), _value(check.recomputed, check.recomputed_text)
    if check.verdict == "not recomputed":
        again, verdict = "–", f"not recomputed: {check.route}"
    return (" / ".join(a for a in about if a), verdict, reported, again, gap, by_r)


def _value(number: float | None, text: str) -> str:
    return text or ("NE" if number is None else number_text(number))


def difference(value: float) -> str:
    """Return how far two values are apart, as pages print it."""
    return "0" if value == 0 else f"{value:.1e}"
