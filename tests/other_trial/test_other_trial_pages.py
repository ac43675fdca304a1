"""The other trial as tables, figures and a page."""

import re
from pathlib import Path
from shutil import copy

import pytest

from analysis.pipeline.analyse import analyse
from analysis.results.seal_state import SealState
from reports.engines.render import OtherFormats, render
from reports.outputs.figure import figure
from reports.outputs.html import html_table
from reports.outputs.table import table
from reports.pages.page import Page
from reports.pages.records import record_pages
from reports.plan_document.document import SECTIONS
from reports.run.shown import read_run
from reports.words.numbers import shown
from sap.reading.post_hoc import read_whole_plan
from tests.each import each
from tests.reading import read

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """\
project:
  type: website
  output-dir: _site
  execute-dir: project
  render: [reports/index.qmd, reports/trace.qmd, reports/sap.qmd]
website:
  title: Another trial
format:
  html:
    html-table-processing: none
execute:
  echo: false
"""
DOCUMENT = """\
---
title: Another trial
---

```{python}
#| include: false
from reports.pages.page import open_page
page = open_page()
```

```{python}
#| output: asis
page.notice()
```

```{python}
#| output: asis
page.table("TAB-SUB")
```

```{python}
#| output: asis
page.figure("FIG-PFS")
```

```{python}
#| output: asis
for name in ("assumptions", "dlt_rules", "derivations", "analysis_sets", "outputs"): page.section(name)
```

Of `{python} page.set_size("TREATED")` subjects, `{python} page.ratio("RESPONSE", group="", level="CR / PR")` responded
(`{python} page.ci("RESPONSE", group="", level="CR / PR")`); see @fig-pfs. Without measurable disease:
`{python} page.ratio("RESPONSE-SUBGROUPS", group="No", grouping="MEASURABLE")`.
"""
PROMISES = """\
---
title: Analysis plan
---

```{python}
#| include: false
from reports.pages.page import open_plan
page = open_plan()
```

```{python}
#| output: asis
page.section("analyses")
```
"""


@pytest.fixture(scope="module")
def cells(plan, lookup):
    """Return a function that gives the cells of a table by section and label."""

    def found(output_id):
        lines = table(plan, lookup, plan.output(output_id)).lines
        return {(line.section, line.label): tuple(c.text for c in line.cells) for line in lines}

    return found


@pytest.fixture
def heads(plan, lookup):
    """Return a function that gives the heads of the columns of a table, in the order of its cells."""
    return lambda output_id: [(c.title, c.n) for c in table(plan, lookup, plan.output(output_id)).columns]


def test_every_table_and_figure_of_the_plan_can_be_made(plan, lookup, tmp_path):
    for output in plan.outputs:
        if output.kind == "table":
            assert "<table" in html_table(table(plan, lookup, output))
        else:
            picture = figure(plan, lookup, output, tmp_path)
            assert picture.path.read_text(encoding="utf-8").rstrip().endswith("</svg>")
            assert picture.alt.endswith(".")


def test_a_table_shows_every_step_of_its_analyses(cells, heads):
    found = cells("TAB-RESP")
    titles = [title for title, _ in heads("TAB-RESP")]
    assert titles[:3] == ["Planned analysis: 0.3 mg/kg", "Planned analysis: 1 mg/kg", "Planned analysis: All"]
    # of each analysis, two doses and all: planned, new treatment or not, all enrolled subjects
    assert found["Objective response", "n/N (%)"][1::3] == ("2/6 (33.3%)",) * 3
    assert found["Objective response", "n/N (%)"][2::3] == ("4/11 (36.4%)", "4/11 (36.4%)", "4/12 (33.3%)")
    assert found["Disease control", "n/N (%)"][2::3] == ("7/11 (63.6%)", "7/11 (63.6%)", "7/12 (58.3%)")
    assert found["Best overall response, n (%)", "CR"][2::3] == ("1 (9.1%)", "2 (18.2%)", "1 (8.3%)")
    times = cells("TAB-TTE")
    assert times["Overall survival", "Events / subjects"][2::3] == ("6/11", "6/11", "0/0")
    assert times["Overall survival", "Events / subjects"][1::3] == ("3/6", "3/6", "0/0")
    assert times["Progression-free survival", "At risk at 85 days"][1::3] == ("3", "2", "0")


def test_criteria_are_shown_for_all_and_by_dose(cells):
    found = {section: text for (section, label), text in cells("TAB-TOX").items() if label.endswith("(D4)")}
    planned, treated = ("0 (0.0%)", "2 (40.0%)", "2 (20.0%)"), ("0 (0.0%)", "2 (33.3%)", "2 (18.2%)")
    assert found == {"Criterion met, n (%)": planned + treated}


def test_subgroups_with_the_same_labels_stay_apart(cells, heads):
    found = {section: text for (section, label), text in cells("TAB-SUB").items() if label == "n/N (%)"}
    shares = ("4/9 (44.4%)", "0/2 (0.0%)", "2/4 (50.0%)", "2/7 (28.6%)")
    assert found == {"Objective response (post hoc)": shares}
    assert heads("TAB-SUB") == [
        ("Measurable disease: Yes", 9),
        ("Measurable disease: No", 2),
        ("Previous checkpoint inhibitor: Yes", 4),
        ("Previous checkpoint inhibitor: No", 7),
    ]


def test_the_head_of_a_subset_counts_the_subset(plan, lookup):
    columns = table(plan, lookup, plan.output("TAB-MEAS")).columns
    assert [(c.title, c.n) for c in columns] == [("0.3 mg/kg", 4), ("1 mg/kg", 4), ("All", 8)]
    assert {c.analysis_set for c in columns} == {"TREATED, subset"}


def test_a_figure_names_each_endpoint_and_says_where_there_is_nobody(plan, lookup, tmp_path):
    def alt(output_id):
        return figure(plan, lookup, plan.output(output_id), tmp_path).alt

    assert "Planned analysis, Disease control (95% interval): 7/11, 63.6%" in alt("FIG-RESP")
    assert "Post hoc analysis, Previous checkpoint inhibitor: No: 2/7, 28.6%" in alt("FIG-SUB")
    assert alt("FIG-JPN-RESP").endswith("Planned analysis: 0/0, not estimable.")
    assert alt("FIG-JPN-TTE").endswith("No subjects.")
    assert "1 mg/kg: 4 events among 6 subjects, median 43.0 days; 50.0% at 85 days" in alt("FIG-PFS")


def test_the_table_under_two_curves_lies_inside_the_figure(plan, lookup, tmp_path, monkeypatch):
    lower_edges = {}

    def measure(drawing, path):
        drawing.draw_without_rendering()
        (axes,) = drawing.axes
        lower_edges.update({text.get_text(): text.get_window_extent().y0 for text in axes.texts})

    monkeypatch.setattr("reports.figures.frame.save_svg", measure)
    figure(plan, lookup, plan.output("FIG-PFS"), tmp_path)
    assert lower_edges["1 mg/kg: Censored"] >= 0


def test_points_of_a_numeric_group_are_drawn(plan, lookup, tmp_path, monkeypatch):
    drawn = []

    def count(drawing, path):
        drawn.extend(line for axes in drawing.axes for line in axes.lines if line.get_marker() in {"o", "s"})

    monkeypatch.setattr("reports.figures.frame.save_svg", count)
    figure(plan, lookup, plan.output("FIG-SIZE"), tmp_path)
    assert len(drawn) == 9


@each("name", sorted(SECTIONS))
def test_the_plan_document_has_every_section(plan, name):
    assert SECTIONS[name](plan).strip()


def test_an_interval_carries_the_level_of_its_own_step(plan, lookup):
    page = Page(plan, lookup)
    assert read(page.ci("RESPONSE", group="", level="CR / PR")) == "90% CI 13.5% to 65.0%"
    assert read(page.ci("RESPONSE", group="", level="CR / PR / SD")) == "95% CI 30.8% to 89.1%"
    at = {"context": "survival_at", "group": "1 mg/kg"}
    assert read(page.ci("SURVIVAL", variable="PROGR", level="85", **at)) == "95% CI 22.5% to 100.0%"
    assert read(page.ci("SURVIVAL", variable="DEATH", level="121", **at)) == "90% CI 27.0% to 88.2%"


def test_a_page_of_the_other_trial_renders(plan_file, folder, tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "_quarto.yml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "reports" / "index.qmd").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "reports" / "sap.qmd").write_text(PROMISES, encoding="utf-8")
    copy(ROOT / "reports" / "trace.qmd", tmp_path / "reports")
    analyse(plan_file, folder, tmp_path / "results", SealState("draft"), shown=shown, tell=lambda _: None)
    environment = {"SAP_PLAN": str(plan_file), "SAP_RESULTS": str(tmp_path / "results")}
    beside = OtherFormats(lambda: record_pages(read_run(read_whole_plan(plan_file), tmp_path / "results")))
    render(tmp_path, tmp_path / "_site", engine="embedded", env=environment, progress=lambda _: None, others=beside)
    html = (tmp_path / "_site" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Every row of this trial is invented." in html
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "Of 11 subjects, 4/11 responded (90% CI 13.5% to 65.0%)" in text
    assert "Without measurable disease: 0/2 (post hoc)." in text
    assert "Previous checkpoint inhibitor: No" in html
    assert 'id="fig-pfs"' in html
    assert "1 mg/kg: 4 events among 6 subjects, median 43.0 days" in html
