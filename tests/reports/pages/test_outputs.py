"""The pages of tables, figures and listings: each output once, by number, with its population."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.results.listings_file import ListedRecords
from analysis.running.entered import entered
from reports.outputs.html import listing_html
from reports.pages.outputs import OutputsPage
from reports.run.shown import ShownRun


@pytest.fixture(scope="module")
def outputs(plan, results) -> OutputsPage:
    return OutputsPage(plan, ShownRun(plan, results, Path("results"), provenance=None))


def test_tables_come_by_number_and_not_by_their_place_in_the_plan(outputs, plan, capsys):
    outputs.all_tables()
    shown = re.findall(r"## Table ([\d.]+)\. ", capsys.readouterr().out)
    promised = [o.number for o in plan.outputs if o.kind == "table"]
    assert sorted(shown) == sorted(promised)
    assert shown == sorted(shown, key=lambda n: tuple(map(int, n.split("."))))
    assert shown != promised


def test_each_table_says_its_population_and_its_promise(outputs, plan, capsys):
    outputs.all_tables()
    text = capsys.readouterr().out
    for output in plan.outputs:
        if output.kind == "table":
            analysis = plan.analysis(output.analyses[0])
            assert f"{{#{output.id.lower()} .unnumbered}}" in text
            chosen = plan.set_of(analysis.analysis_set)
            assert f"{chosen.title} ({chosen.id})" in text
            assert f"(sap.qmd#sec-{analysis.id.lower()})" in text


def test_an_analysis_promised_after_data_lock_says_so_where_its_table_is_promised(outputs, plan, capsys):
    table = next(o for o in plan.outputs if o.kind == "table")
    late = {table.analyses[0]: "by amendment 1, after data lock"}
    replace(outputs, run=replace(outputs.run, late=late)).all_tables()
    assert "(by amendment 1, after data lock)" in capsys.readouterr().out
    outputs.all_tables()
    assert "after data lock" not in capsys.readouterr().out


def test_a_listing_without_records_says_so(plan):
    spec = plan.listings[0]
    columns = (f"{spec.dataset}.USUBJID", *map(str, spec.variables))
    empty = ListedRecords(spec.id, 10, 0, columns, ())
    assert "No subject has such a record." in listing_html(plan, spec, empty)


def test_text_of_the_data_is_text_in_a_listing(plan):
    spec = plan.listings[0]
    columns = (f"{spec.dataset}.USUBJID", *map(str, spec.variables))
    cells = ("<script>", *("<b>" for _ in spec.variables))
    shown = listing_html(plan, spec, ListedRecords(spec.id, 10, 1, columns, (cells,)))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>" not in shown


def test_a_table_names_the_datasets_its_numbers_come_from(plan, results, study, capsys):
    who = entered(study)
    OutputsPage(plan, ShownRun(plan, results, Path("results"), provenance=None, entered=who)).all_tables()
    text = capsys.readouterr().out
    told = text[text.index("{#t-dlt ") :].partition("Source: ")[2].partition("\n")[0]
    assert told == "ADSL, ADAE."
