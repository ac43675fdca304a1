"""A level is printed as the plan states it, wherever it stands; a one-sided bound says that it is one, and its level."""

import re
from dataclasses import replace

from analysis.results.ard import Results
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.pages.page import Page
from reports.plan_document.document import section
from reports.trace.row_words import row_words
from sap.model.figures import FIGURES
from tests.reading import read

LEVELS = {0.975: "97.5%", 0.999: "99.9%", 0.9: "90%", 0.9875: "98.75%"}
NAMED = re.compile(r"(?:confidence level: )?([\d.]+%)(?= (?:CI\b|confidence|credible|upper bound|limit|Clopper))")
"""A level, by what follows it."""


def with_level(planned, results, level):
    """Return the plan and the results as they are with another level, without the plan's own prose."""

    def edit(part):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            if key == "conf_level":
                part[key] = level
            elif isinstance(value, dict | list):
                edit(value)
        if isinstance(part, dict):
            part.pop("footnotes", None)
            if part.get("method") in {"binomial", "rank_comparison", "correlation", "posterior", "kaplan_meier"}:
                part["conf_level"] = level

    rows = (replace(r, stat=level) if r.stat_name == "conf.level" else r for r in results)
    return planned(edit), Lookup(Results(tuple(rows)))


def test_every_output_and_the_document_print_a_level_as_the_plan_states_it(planned, results, tmp_path):
    for level, printed in LEVELS.items():
        plan, lookup = with_level(planned, results, level)
        said = {name: section(plan, name) for name in ("sample_size", "analyses")}
        for output in plan.outputs:
            if output.kind in FIGURES:
                picture = figure(plan, lookup, output, tmp_path)
                said[output.id] = picture.alt + picture.path.read_text(encoding="utf-8")
            elif output.kind == "table":
                lines = table(plan, lookup, output).lines
                said[output.id] = " ".join(f"{line.section} {line.label}" for line in lines)
        named = row_words(plan)
        said["trace"] = " ".join(named.statistic(r) for r in lookup.results)
        found = {name: set(NAMED.findall(text)) for name, text in said.items()}
        assert {name: f for name, f in found.items() if f and f != {printed}} == {}
        told = {name for name, f in found.items() if f}
        assert {"sample_size", "trace", "T-DLT", "T-OS", "T-PEAK", "T-CORR", "T-CIR", "T-HSCTOS", "T-POST"} <= told
        assert {"F-DLT", "F-OS", "F-PEAK", "F-CORR", "F-HSCTOS", "F-POST"} <= told


def test_a_one_sided_bound_names_itself_and_its_level_wherever_it_is_printed(planned, results):
    """SAS, PROC FREQ binomial: 1 - 0.05 ** (1 / 10) = 0.2589 is the upper 95% bound of 0 of 10."""
    for level, printed in LEVELS.items():
        plan, lookup = with_level(planned, results, level)
        name = f"one-sided {printed} upper bound"
        at = {"context": "proportion_upper_bound"}
        assert read(Page(plan, lookup).ci("AN-NEURO", **at)) == f"{name} 25.9%"
        labels = [line.label for line in table(plan, lookup, plan.output("T-DLT")).lines]
        assert [text for text in labels if "bound" in text] == [f"One-sided {printed} upper bound, Clopper–Pearson"]
        bound = lookup.row("AN-DLT", "conf.high", **at)
        assert row_words(plan).statistic(bound) == f"One-sided {printed} upper bound"
