"""An analysis added to the plan, with methods that exist, needs no code: it is in the document, the results and its table."""

from dataclasses import replace

import pytest

from analysis.running.run import run
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.plan_document.document import SECTIONS

ANALYSIS = {
    "id": "AN-STEROID",
    "title": "Corticosteroids and age",
    "objective": "O1",
    "purpose": "exploratory",
    "endpoint": "Corticosteroids for cytokine release syndrome",
    "analysis_set": "SAF",
    "estimand": {
        "population": "Adults who received an infusion",
        "treatment": "One infusion",
        "variable": "Corticosteroids given",
        "summary": "Proportion of subjects given corticosteroids",
    },
    "steps": [
        {"method": "binomial", "variable": "ADSL.STERFL", "event": ["Y"], "label": "Corticosteroids"},
        {"method": "summary", "variable": "ADSL.AGE", "by": "RSPGRP", "label": "Age (years)"},
    ],
    "sensitivity": [
        {
            "id": "AN-STEROID-S1",
            "kind": "supplementary",
            "title": "Subjects who can be evaluated",
            "changes": "The population",
            "reason": "As in the primary analysis",
            "analysis_set": "DLTE",
        }
    ],
}
OUTPUTS = [
    {
        "id": "T-STEROID",
        "number": "14.9.1",
        "kind": "table",
        "title": "Corticosteroids",
        "analyses": ["AN-STEROID"],
        "footnotes": ["Given for any time."],
    },
    {
        "id": "F-STEROID",
        "number": "14.9.2",
        "kind": "proportion_figure",
        "title": "Subjects given corticosteroids",
        "analyses": ["AN-STEROID"],
    },
]


@pytest.fixture
def grown(planned):
    def add(content):
        content["analyses"].append(ANALYSIS)
        content["outputs"] += OUTPUTS

    return planned(add)


def test_it_is_in_the_document_and_nothing_else_changes(plan, grown):
    before, after = (SECTIONS["analyses"](p) for p in (plan, grown))
    added = after.removeprefix(before)
    assert added != after
    assert "### Corticosteroids and age (AN-STEROID) {#sec-an-steroid}" in added
    assert "AN-STEROID-S1" in added
    assert "**Purpose:** exploratory (O1)." in added
    (listed,) = [x for x in SECTIONS["outputs"](grown).splitlines() if "{#plan-t-steroid}" in x]
    assert listed.startswith("| [Table 14.9.1]{#plan-t-steroid} (T-STEROID) | Corticosteroids | AN-STEROID |")
    (answered,) = [x for x in SECTIONS["objectives"](grown).splitlines() if x.startswith("| O1 ")]
    assert "(AN-DLT, AN-DLTBAYES); Corticosteroids for cytokine release syndrome (AN-STEROID)" in answered
    assert "Table 14.9.1, Figure 14.9.2" in answered


def test_it_is_in_the_results_its_table_and_its_figure(grown, study, results, tmp_path):
    found = run(replace(study, plan=grown))
    # The letter's six of ten, in the data as subjects given corticosteroids.
    stats = {r.stat_name: r.stat for r in found.of("AN-STEROID") if r.context == "proportion"}
    assert (stats["n"], stats["N"], stats["estimate"]) == (6, 10, 0.6)
    assert {r.reason for r in found.of("AN-STEROID")} == {"specified in SAP"}
    assert found.of("AN-STEROID-S1")
    for a in ("AN-DLT", "AN-RESP", "AN-OS", "AN-PEAK"):
        assert found.of(a) == results.of(a)

    lookup = Lookup(found)
    content = table(grown, lookup, grown.output("T-STEROID"))
    lines = {line.label: dict(zip(content.columns, line.cells, strict=True)) for line in content.lines}
    assert {c.title: x.text for c, x in lines["n/N (%)"].items()}["Planned analysis: All"] == "6/10 (60.0%)"
    assert any(text.startswith("Mean") for text in lines)
    picture = figure(grown, lookup, grown.output("F-STEROID"), tmp_path)
    assert "6" in picture.alt
    assert picture.path.is_file()
