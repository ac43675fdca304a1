"""The files of records: one an analysis, a record a number, under the facts its step and its analysis share."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Final

from analysis.results.ard import RECORD, Row, unique
from reports.pages.apart import STYLE, frame_of
from reports.run.shown import ShownRun
from reports.tables import context_of, unlisted
from reports.trace.blocks import Block, BlockLine, blocks, column_head
from reports.trace.files import file_name, record_files
from reports.trace.links import full_value
from reports.trace.record import SECTION, AnalysisRecords, Fact, Record, StepRecords, trace
from reports.trace.row_words import RowWords, format_in_words, part, row_words
from reports.words.file_names import PAGES_FOLDER, RECORDS
from reports.words.markdown import column_heads, scrolling
from reports.words.numbers import BY_SUBJECT, NOT_ESTIMABLE, shown

METHOD: Final = "Method"
FOLDED: Final = 400
"""Characters above which the words of a fact are folded away."""
HEADS: Final = ("Statistic", "Of", "Value", "Printed as", "Line of ard.csv", "Facts shared with")


_STYLES: Final = ("engines/embedded/page.css", "style.css")
BACK: Final = ("../trace.html", "All records")
SEARCH: Final = "search.js"
"""The words of all records, which a page that searches them loads."""
SCRIPT: Final = "record.js"
"""What lays out one record in the panel of a page; alone, a page of records needs no script."""


@dataclass(frozen=True)
class _Laid:
    """A step whose records are laid out: those with a line of their own, and those side by side."""

    step: StepRecords
    listed: tuple[Record, ...]
    beside: tuple[Block, ...]


def record_pages(run: ShownRun) -> dict[str, bytes]:
    """Return the files with the records of a run, by their path in its site.

    Parameters
    ----------
    run : ShownRun
        The run.

    Returns
    -------
    dict of str to bytes
        A page an analysis, or several where one would be large; the anchor of each row of the results is an identifier
        of one of them, once. Beside them are their style and the words to search them by.
    """
    known = row_words(run.plan)
    frame = frame_of(run)
    pages: dict[str, str] = {}
    words: list[str] = []
    for analysis, name, names in _by_file(run):
        laid = [_laid(known, step) for step in analysis.steps]
        steps = "\n".join(_step(known, analysis, s) for s in laid)
        title = f"{analysis.title} ({analysis.id})"
        body = f'{_facts(analysis.facts)}\n{steps}\n<script src="{SCRIPT}"></script>'
        pages[name] = frame.page(title, body, BACK, (name, names), anchor=analysis.anchor)
        entry = (name, f"{analysis.id}: {analysis.title}", list(_words(known, laid)))
        words.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    pages[SEARCH] = "sapRecords([\n{}\n]);\n".format(",\n".join(words))
    pages[SCRIPT] = (files("reports") / "assets" / SCRIPT).read_text(encoding="utf-8")
    pages[STYLE.name] = "".join((files("reports") / style).read_text(encoding="utf-8") for style in _STYLES)
    return {f"{PAGES_FOLDER}/{RECORDS}/{name}": text.encode() for name, text in pages.items()}


def _by_file(run: ShownRun) -> Iterator[tuple[AnalysisRecords, str, tuple[str, ...]]]:
    """Yield what each file shows of an analysis, its name, and the names of all files of the analysis."""
    place, counted = record_files(run.results), unlisted(run.results)
    for analysis in trace(run):
        steps = analysis.steps
        for context in counted:
            steps = tuple(_without(context, step) for step in steps)
        names = unique(place.of(r.row) for s in steps for r in s.records) or (file_name(analysis.id),)
        for i, name in enumerate(names):
            cut = (replace(s, records=tuple(r for r in s.records if place.of(r.row) == name)) for s in steps)
            kept = tuple(s for s, whole in zip(cut, steps, strict=True) if s.records or not (whole.records or i))
            yield replace(analysis, steps=kept), name, names


def _without(context: str, step: StepRecords) -> StepRecords:
    """Return a step that names the lines of a context, and lists none."""
    many = [r for r in step.records if r.row.context == context]
    if not many:
        return step
    lines = f"between lines {many[0].line} and {many[-1].line} of ard.csv"
    fact = Fact(context_of(context).words, f"{len(many):,} values, {lines}; sap explain prints each")
    others = tuple(r for r in step.records if r.row.context != context)
    return replace(step, facts=(*step.facts, fact), records=others)


def _laid(known: RowWords, step: StepRecords) -> _Laid:
    listed = tuple(r for r in step.records if not context_of(r.row.context).lines)
    return _Laid(step, listed, blocks(known, [r.row for r in step.records if context_of(r.row.context).lines]))


def _words(known: RowWords, laid: Sequence[_Laid]) -> Iterator[tuple[str, str]]:
    """Yield what records are found by, each with its anchor; of those side by side a line is found, at its first."""
    for found in laid:
        for record in found.listed:
            row = record.row
            yield row.anchor, f"{known.statistic(row)}, {known.about(row)} = {full_value(row)}"
        for block in found.beside:
            for line in block.lines:
                yield next(r.anchor for r in line.rows if r is not None), f"{block.title}: {line.label}"


def _facts(facts: Sequence[Fact]) -> str:
    listed = "".join(f"<div><dt>{escape(f.name)}</dt><dd>{_told(f)}</dd></div>\n" for f in facts)
    return f'<dl class="facts">\n{listed}</dl>' if facts else ""


def _told(fact: Fact) -> str:
    words = escape(fact.text)
    if fact.href:
        return f'<a href="{escape(fact.href)}">{words}</a>'
    if fact.full:
        return f'<span title="{escape(fact.full)}">{words}</span>'
    if len(fact.text) > FOLDED:
        count = escape(fact.text.partition(":")[0])
        return f"<details><summary>{count}, listed</summary>{words}</details>"
    return words


def _step(known: RowWords, analysis: AnalysisRecords, laid: _Laid) -> str:
    step = laid.step
    lines = {r.row.identity: r.line for r in step.records}
    tables = [*([_listed(known, analysis, step, laid.listed)] if laid.listed else [])]
    tables += [_compact(known, b, lines, f"{analysis.id}, {step.title}") for b in laid.beside]
    back = f'<a href="#{analysis.anchor}">{escape(analysis.id)}</a>'
    return (
        f'<section class="trace-step" id="{step.anchor}">\n'
        f'<p class="trace-title">{back}, {escape(step.title[:1].lower() + step.title[1:])}</p>\n'
        f"{_facts(step.facts)}\n{chr(10).join(tables)}\n{_here(analysis, step)}\n</section>"
    )


def _here(analysis: AnalysisRecords, step: StepRecords) -> str:
    """Return what a reader who arrives at one number needs of its step and analysis: it shows then, and stays."""
    title = f"{escape(analysis.title)} ({escape(analysis.id)})"
    told = "; ".join(_told(replace(f, href="")) for f in analysis.brief if f.name != SECTION)
    methods = "; ".join(escape(f.text.partition(":")[0].replace("_", " ")) for f in step.facts if f.name == METHOD)
    section = next((f for f in analysis.brief if f.name == SECTION and f.href), None)
    leads = (
        f'<a href="#{step.anchor}">{escape(step.title)}</a>',
        f'<a href="#{analysis.anchor}">Analysis</a>',
        *([f'<a href="{escape(section.href)}">{SECTION}</a>'] if section is not None else []),
    )
    said = f"<strong>{title}</strong>{f'. {told}' if told else ''}{f'. Method: {methods}' if methods else ''}"
    return f'<aside class="here" aria-label="About this number"><p>{said}</p><p>{" · ".join(leads)}</p></aside>'


def _listed(known: RowWords, analysis: AnalysisRecords, step: StepRecords, records: Sequence[Record]) -> str:
    name = f"{analysis.id}, {step.title.partition(':')[0].lower()}"
    shared = f'<a href="#{step.anchor}">{escape(name)} ↑</a>'
    bodies = "\n".join(
        f'<tbody>\n<tr class="part"><th colspan="{len(HEADS)}" scope="rowgroup">{escape(about)}</th></tr>\n'
        f"{chr(10).join(_record(known, r, shared) for r in found)}\n</tbody>"
        for about, found in groupby(records, key=lambda r: f"{part(r.row)}: {r.row.method}")
    )
    table = f'<table class="records listed">\n<thead><tr>{column_heads(HEADS)}</tr></thead>\n{bodies}\n</table>'
    return scrolling(f"Records of {analysis.id}, {step.title}", table)


def _record(known: RowWords, record: Record, shared: str) -> str:
    row = record.row
    digits = known.plan.conventions.p_value_digits
    code = ", ".join(filter(None, (row.variable, row.variable_level)))
    warning = f'<span class="warning">{escape(row.warning)}</span>' if row.warning else ""
    cells = (
        f"{escape(known.about(row))} <code>{escape(code)}</code>",
        f"{escape(full_value(row))}{warning}",
        f'{escape(shown(row, digits))} <span class="fmt">({escape(format_in_words(row.fmt))})</span>',
        str(record.line),
        shared,
    )
    label = (
        f"{escape(known.statistic(row))} <code>{escape(row.stat_name)}</code>"
        f'<span class="how">{escape(row.method)}</span>'
        f"{''.join(map(_how, record.beside))}"
    )
    about, value, *others = cells
    said = f'<td>{about}</td><td class="full">{value}</td>{"".join(f"<td>{c}</td>" for c in others)}'
    return f'<tr id="{row.anchor}"><th scope="row">{label}</th>{said}</tr>'


def _how(fact: Fact) -> str:
    return f'<span class="how"><b>{escape(fact.name)}:</b> {escape(fact.text)}</span>'


def _compact(known: RowWords, block: Block, lines: Mapping[tuple[str, ...], int], about: str) -> str:
    formats = ["" if block.by_subject else f'<br><span class="fmt">{format_in_words(r.fmt)}</span>' for r in block.head]
    heads = (column_head(known, block, r) + fmt for r, fmt in zip(block.head, formats, strict=True))
    head = column_heads((context_of(block.head[0].context).lines, *heads, "Lines of ard.csv"))
    rows = "\n".join(_beside(line, lines) for line in block.lines)
    told = (r for line in block.lines for r in line.rows if r is not None and not block.by_subject)
    reasons = dict.fromkeys(r.error or r.warning for r in told)
    notes = "".join(f"<p>{escape(reason)}.</p>" for reason in reasons if reason)
    caption = block.title if block.by_subject else f"{block.title}. {block.head[0].method}"
    table = (
        f'<table class="records compact">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )
    return scrolling(f"{block.title}, {about}", table) + (f'\n<div class="notes">{notes}</div>' if notes else "")


def _beside(line: BlockLine, lines: Mapping[tuple[str, ...], int]) -> str:
    at = [lines[r.identity] for r in line.rows if r is not None]
    span = f"{at[0]}–{at[-1]}" if at == list(range(at[0], at[0] + len(at))) and len(at) > 1 else ", ".join(map(str, at))
    cells = "".join(_cell(r) for r in line.rows)
    return f'<tr><th scope="row">{escape(line.label)}</th>{cells}<td>{span}</td></tr>'


def _cell(row: Row | None) -> str:
    if row is None:
        return "<td></td>"
    if row.error and row.context not in {BY_SUBJECT, RECORD}:
        return f'<td id="{row.anchor}" title="{escape(row.error)}">{NOT_ESTIMABLE}</td>'
    return f'<td id="{row.anchor}">{escape(full_value(row))}</td>'
