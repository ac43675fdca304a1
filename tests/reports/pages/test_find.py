"""The index of the pages: what a reader may look for, each entry with a place that exists."""

import re
from pathlib import Path

import pytest

from reports.pages.find import FindPage

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def shown(plan, results) -> list[tuple[str, str]]:
    from contextlib import redirect_stdout
    from io import StringIO

    out = StringIO()
    with redirect_stdout(out):
        FindPage(plan, results, ROOT / "reports").index()
    return re.findall(r'<li><a href="([^"]+)">(.*?)</li>', out.getvalue())


def test_every_output_analysis_and_variable_of_the_plan_can_be_found(plan, shown):
    words = "\n".join(text for _, text in shown)
    for output in (*plan.outputs, *plan.listings):
        assert f"{output.number}. " in words
    for analysis in plan.analyses:
        assert f"{analysis.id}: " in words
    for name, dataset in plan.datasets.items():
        for code in dataset.parameters:
            assert f"{name}, parameter {code}: " in words
        for variable in dataset.variables:
            assert f"{name}.{variable.name}: " in words


def test_entries_lead_to_pages_of_the_project_and_to_outputs_by_their_anchor(plan, shown):
    pages = {p.with_suffix(".html").name for p in (ROOT / "reports").glob("*.qmd")}
    assert {h.partition("#")[0] for h, _ in shown if not h.startswith("trace/")} <= pages
    anchors = {href for href, _ in shown}
    assert {f"trace/{a.id}.html" for a in plan.analyses} <= anchors
    for output in plan.outputs:
        page = "tables" if output.kind == "table" else "figures"
        assert f"{page}.html#{output.id.lower()}" in anchors


def test_an_output_is_found_by_its_id_its_methods_and_what_they_are_applied_to(plan, shown):
    (entry,) = (text for href, text in shown if href == "tables.html#t-dlt")
    assert "T-DLT" in entry
    assert "criteria" in entry
    assert "Dose-limiting toxicity" in entry
    (entry,) = (text for href, text in shown if href == "figures.html#f-os")
    assert "kaplan meier" in entry
