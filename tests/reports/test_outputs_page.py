"""The pages of tables, figures and listings: each output once, by number, with its population."""

import re

import pytest

from analysis.listings import ListedRecords
from reports.listing_table import listing_html
from reports.lookup import Lookup
from reports.outputs_page import OutputsPage


@pytest.fixture(scope="module")
def outputs(plan, results) -> OutputsPage:
    empty = {s.id: ListedRecords(s.id, 10, 0, (f"{s.dataset}.USUBJID",), ()) for s in plan.listings}
    return OutputsPage(plan, Lookup(results), empty, {})


def test_tables_come_by_number_and_not_by_their_place_in_the_plan(outputs, plan, capsys):
    outputs.contents("Table")
    shown = re.findall(r"Table ([\d.]+)\]", capsys.readouterr().out)
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
            assert plan.set_of(analysis.analysis_set).title in text
            assert f"(sap.qmd#sec-{analysis.id.lower()})" in text


def test_a_listing_without_records_says_so(plan):
    spec = plan.listings[0]
    columns = (f"{spec.dataset}.USUBJID", *map(str, spec.variables))
    empty = ListedRecords(spec.id, 10, 0, columns, ())
    assert "No subject has such a record." in listing_html(plan, spec, empty, [])


def test_text_of_the_data_is_text_in_a_listing(plan):
    spec = plan.listings[0]
    columns = (f"{spec.dataset}.USUBJID", *map(str, spec.variables))
    cells = ("<script>", *("<b>" for _ in spec.variables))
    shown = listing_html(plan, spec, ListedRecords(spec.id, 10, 1, columns, (cells,)), ["<script>"])
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>" not in shown
