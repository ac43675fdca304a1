"""Where the plan hides the subjects' ids, no page holds one: not in tables, records, figures or their alternative texts."""

from dataclasses import replace

import pytest

from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.pages.records import record_pages
from reports.run.shown import subject_names, with_names
from reports.tables import context_of
from tests.opened_run import hidden, opened_run


@pytest.fixture(scope="module")
def run(study, results):
    return opened_run(replace(study, plan=hidden(study.plan)), results)


def test_names_follow_the_order_of_adsl(plan):
    assert subject_names(hidden(plan), ["B", "A"]) == {"B": "Subject 1", "A": "Subject 2"}
    assert subject_names(plan, ["B", "A"]) == {"B": "B", "A": "A"}


def test_results_keep_their_rows_and_lose_the_ids(run, results):
    assert len(run.results.rows) == len(results.rows)
    assert not [r for r in run.results if "RECON" in r.variable_level]
    others = [(a, b) for a, b in zip(results, run.results, strict=True) if not context_of(a.context).of_subjects]
    assert all(a == b for a, b in others)


def test_a_listed_id_is_hidden_in_the_cell_too(results):
    row = next(r for r in results if r.context == "subject")
    row = replace(row, variable="USUBJID", stat=None, stat_text=row.variable_level)
    (named,) = with_names(type(results)((row,)), {row.variable_level: "Subject 1"})
    assert (named.variable_level, named.stat_text) == ("Subject 1", "Subject 1")


def test_no_table_figure_or_record_names_a_subject(run, tmp_path):
    lookup = Lookup(run.results)
    pages = ["".join(content.decode() for content in record_pages(run).values())]
    for output in run.plan.outputs:
        if output.kind == "table":
            pages.append(html_table(table(run.plan, lookup, output.model_copy(update={"by_subject": True}))))
        else:
            picture = figure(run.plan, lookup, output, tmp_path)
            pages += [picture.alt, picture.path.read_text(encoding="utf-8")]
    assert len(pages) == 1 + sum(1 if o.kind == "table" else 2 for o in run.plan.outputs)
    assert not [p[:80] for p in pages if "RECON-" in p]
    assert "Subject 10" in pages[0]


def test_subject_2_stands_before_subject_10(run):
    content = table(run.plan, Lookup(run.results), run.plan.output("T-DLT"))
    listed = [line.label for line in content.lines if line.section.startswith("By subject")]
    assert listed == [f"Subject {i}" for i in range(1, 11)]
