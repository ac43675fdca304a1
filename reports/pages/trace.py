"""The page on records: what analyses there are, how many records each has, and a search across all of them."""

from collections import Counter
from html import escape
from importlib.resources import files

from analysis.results.ard import unique
from analysis.results.entered_file import SETS
from reports.run.shown import ShownRun, open_run
from reports.trace.files import record_files
from reports.trace.record import SIZES
from reports.trace.row_words import row_words
from reports.words.file_names import RECORDS
from reports.words.markdown import raw_html


def trace_page(run: ShownRun) -> str:
    """Return the list of the files with the records of a run, to be searched, as Markdown.

    Parameters
    ----------
    run : ShownRun
        The run.

    Returns
    -------
    str
        An entry an analysis, whose identifier begins the anchors of its records.
    """
    place, named = record_files(run.results), {**row_words(run.plan).titles, SETS: SIZES}
    counts = Counter(r.analysis_id for r in run.results)
    items = []
    for analysis_id, count in counts.items():
        first, *others = unique(place.of(r) for r in run.results.of(analysis_id))
        words = escape(f"{analysis_id}: {named.get(analysis_id, analysis_id)}")
        more = "".join(f', <a href="{RECORDS}/{f}">part {i}</a>' for i, f in enumerate(others, start=2))
        link = f'<a href="{RECORDS}/{first}">{words}</a>{more}'
        items.append(f'<li id="trace-{escape(analysis_id.lower())}">{link} <small>{_records(count)}</small></li>')
    listed = "\n".join(items)
    heading = "<h2>Analyses</h2>"
    return raw_html(f'<div class="find">\n<section>\n{heading}\n<ul>\n{listed}\n</ul>\n</section>\n</div>') + search()


def _records(count: int) -> str:
    return f"{count:,} record{'s' * (count != 1)}"


def search() -> str:
    """Return the script that searches all records, for a page with a list to be searched; lists stand without it."""
    return raw_html((files("reports") / "assets" / "search.html").read_text(encoding="utf-8"))


def print_trace() -> None:
    """Print the list of the records of the run that ``sap render`` named."""
    print(trace_page(open_run()))
