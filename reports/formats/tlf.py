"""Tables, listings and figures as they are filed: number, title, population, content, notes and sources of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.results.ard import unique
from reports.formats.grid import Grid, GridCell, Mark, grid
from reports.formats.paper import Running, running
from reports.outputs.figure import figure
from reports.outputs.html import html_parts, listing_html
from reports.outputs.table import table
from reports.run.shells import with_records
from reports.run.shown import ShownRun
from reports.trace.links import RecordLinks, record_links
from reports.words.numbers import shown
from reports.words.stamp import SHORT
from sap.plan.plan import Output
from sap.reading.post_hoc import POST_HOC


@dataclass(frozen=True)
class FiledOutput:
    """An output ready to be set."""

    id: str
    """The output, as the plan names it."""
    titles: tuple[str, ...]
    """Number, title and population, a line each."""
    content: Grid | Path
    """A table, or its first part, or the file of a picture."""
    notes: tuple[GridCell, ...]
    """What stands below it."""
    source: str
    """Datasets, plan, program and data it was made from."""
    words: Running
    """What stands on every page."""
    more: tuple[Grid, ...] = ()
    """Further parts of a table that has more columns than a page has room for."""
    alt: str = ""
    """What a picture shows, in words; empty for a table."""


def filed_outputs(run: ShownRun, folder: Path) -> Iterator[FiledOutput]:
    """Yield every output of a run."""
    links = record_links(run.plan, run.results)
    for output in run.plan.outputs:
        yield _table(run, output, links) if output.kind == "table" else _figure(run, output, folder)
    for spec in run.plan.listings:
        found = run.listings[spec.id]
        read = grid(listing_html(run.plan, spec, found))
        of = run.plan.set_of(spec.analysis_set)
        titles = (f"Listing {spec.number}", spec.title, f"{of.title} ({of.id}); {with_records(found)}")
        datasets = unique([spec.dataset, *(v.dataset for v in spec.variables)])
        yield FiledOutput(spec.id, titles, read, _notes(spec.footnotes), _source(run, datasets), _words(run))


def _table(run: ShownRun, output: Output, links: RecordLinks) -> FiledOutput:
    first, *more = map(grid, html_parts(table(run.plan, run.lookup, output, links)))
    titles = _titles(run, "Table", output)
    source = _source(run, _datasets(run, output), output.analyses)
    notes = [first, *more][-1].notes
    return FiledOutput(output.id, titles, first, notes, source, _words(run), tuple(more))


def _figure(run: ShownRun, output: Output, folder: Path) -> FiledOutput:
    picture = figure(run.plan, run.lookup, output, folder)
    titles = _titles(run, "Figure", output)
    source = _source(run, _datasets(run, output), output.analyses)
    return FiledOutput(output.id, titles, picture.path, _notes(output.footnotes), source, _words(run), alt=picture.alt)


def _notes(sentences: Sequence[str]) -> tuple[GridCell, ...]:
    return tuple(GridCell((Mark(sentence),)) for sentence in sentences)


def _words(run: ShownRun) -> Running:
    return running(run.plan, run.provenance)


def _titles(run: ShownRun, kind: str, output: Output) -> tuple[str, ...]:
    found = [run.plan.analysis(a) for a in output.analyses]
    late = " (post hoc)" if any(a.reason == POST_HOC for a in found) else ""
    told = [f"{run.plan.set_of(s).title} ({s}){_n(run, s)}" for s in unique(a.analysis_set for a in found)]
    return f"{kind} {output.number}{late}", output.title, "; ".join(told)


def _n(run: ShownRun, set_id: str) -> str:
    found = [r for r in run.results.of("SETS") if r.context == "analysis_set" and r.variable_level == set_id]
    return f", N = {shown(found[0])}" if found else ""


def _datasets(run: ShownRun, output: Output) -> tuple[str, ...]:
    of = {s.id for a in output.analyses for s in run.plan.analysis(a).sensitivity} | set(output.analyses)
    used = {name for e in run.entered if e.analysis_id in of for name in e.datasets}
    return tuple(name for name in run.plan.datasets if name in used)


def _source(run: ShownRun, datasets: tuple[str, ...], analyses: tuple[str, ...] = ()) -> str:
    p = run.provenance
    made = f"Program: executable-sap {p.code.version}, code {p.code.sha256[:SHORT]}"
    promised = ", ".join([f"{p.plan.id} {p.plan.version}", *analyses])
    told = (name if name in run.plan.datasets else f"{name} (derived)" for name in datasets)
    seal = f" As sealed on {p.sealed_at[:10]}." if p.state == "sealed" else ""
    return f"Source: {', '.join(told)}; data {p.data_sha256[:SHORT]}. Plan: {promised}. {made}.{seal}"
