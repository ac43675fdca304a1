"""The posterior drawn: what it says, every subject a point, a bar a look, and data that leave much of it empty."""

import re
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from analysis.data.sample import Sample
from analysis.results.ard import Results, Row
from analysis.running.run import run
from analysis.steps.posterior import posterior
from reports.figures.posterior import beta_density
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.run.shells import layout, shells
from sap.methods.posterior import Posterior
from tests.each import each


def drawn(plan, tmp_path, events):
    subjects = tuple(f"S{i:03}" for i in range(len(events)))
    adsl = pd.DataFrame({"USUBJID": subjects, "TRTSDT": pd.to_datetime(["2020-01-01"] * len(events))})
    dlt = pd.DataFrame({"USUBJID": subjects, "DLTFL": ["Y" if e else "N" for e in events]})
    step = Posterior(method="posterior", variable="DLT.DLTFL", event=("Y",), label="Toxicity")
    stats = posterior(step, Sample(subjects, {"ADSL": adsl, "DLT": dlt}, plan, "the set"))
    rows = tuple(Row(analysis_id="AN-DLTBAYES", analysis_set="DLTE", group1="", step="1", **asdict(s)) for s in stats)
    return figure(plan, Lookup(Results(rows)), plan.output("F-POST"), tmp_path)


def points(picture):
    """Return how many subjects with and without the event are drawn; the key has one of each."""
    svg = picture.path.read_text(encoding="utf-8")
    uses = re.findall(r'<use [^>]*style="fill: (#\w+); stroke: #1f2933[;"]', svg)
    return uses.count("#d55e00") - 1, uses.count("#ffffff") - 1


def test_the_alternative_text_tells_the_finding(plan, results, tmp_path):
    alt = figure(plan, Lookup(results), plan.output("F-POST"), tmp_path).alt
    for words in (
        "4 of 9 subjects",
        "median 45.2% (95% credible interval 18.7% to 73.8%)",
        "probability that the rate is above 30% is 85.0%",
        "stops at 90%; reached by all subjects together: no",
        "After 9 subjects: stops at 5 events, 4 seen.",
        "First look that stops: none.",
        "goes on to the 10 subjects planned; the last of them comes after the last look.",
    ):
        assert words in alt


def test_every_subject_is_a_point(plan, results, tmp_path):
    assert points(figure(plan, Lookup(results), plan.output("F-POST"), tmp_path)) == (4, 5)


@each("events", [[], [1], [0] * 12, [1] * 12, [0, 0, 1, 0, 0] * 12])
def test_it_is_drawn_for_any_trial(plan, tmp_path, events):
    assert points(drawn(plan, tmp_path, events)) == (sum(events), len(events) - sum(events))


def test_without_subjects_it_says_so_and_shows_the_line(plan, tmp_path):
    alt = drawn(plan, tmp_path, []).alt
    assert alt.startswith(
        "Dose-limiting toxicity: no subjects, so there is no posterior. After 3 subjects: stops at 2 events"
    )


def test_shells_show_the_rule_and_no_result(plan, results, tmp_path):
    lookup = Lookup(shells(results), layout(results))
    alt = figure(plan, lookup, plan.output("F-POST"), tmp_path).alt
    assert not re.search(r"\d", alt)
    cells = {line.label: line.cells[0].text for line in table(plan, lookup, plan.output("T-POST")).lines}
    assert cells["Prior"] == "Beta(1, 1)"
    assert cells["Events / subjects"] == "xx/xx"


def test_the_table_shows_each_prior_side_by_side(plan, results):
    lines = table(plan, Lookup(results), plan.output("T-POST")).lines
    cells = {line.label: [c.text for c in line.cells] for line in lines}
    assert cells["Posterior"] == ["Beta(5, 6)", "Beta(4.5, 5.5)"]
    assert cells["Probability that the rate is above it"] == ["85.0%", "83.0%"]
    assert cells["9"] == ["4 (85.0%)", "4 (83.0%)"]
    assert sum("stopping rule after" in line.section for line in lines) == 9


def with_another_event(content):
    """Add the posterior of another event, whose rule and numbers are others, before and after the one drawn."""
    analysis = next(a for a in content["analyses"] if a["id"] == "AN-DLTBAYES")
    other = {"method": "posterior", "variable": "ADSL.SEX", "event": ["F"], "prior": {"a": 2, "b": 2}, "threshold": 0.5}
    analysis["steps"].append(other)


def test_of_two_posteriors_in_one_analysis_each_keeps_its_own_numbers(planned, plan, study, results, tmp_path):
    both = planned(with_another_event)
    found = Lookup(run(type(study)(both, study.data, study.sources)))
    alone = figure(plan, Lookup(results), plan.output("F-POST"), tmp_path / "alone")
    beside = figure(both, found, both.output("F-POST"), tmp_path / "beside")
    assert beside.alt == alone.alt
    assert points(beside) == points(alone)
    lines = table(both, found, both.output("T-POST")).lines
    assert next(line.cells[0].text for line in lines if line.label == "Posterior") == "Beta(5, 6)"
    assert sum(line.label == "9" for line in lines) == 2


def test_the_curve_is_the_density_of_the_posterior():
    # R: dbeta(c(0, .1, .5, .9), 5, 6)
    expected = [0, 0.074401739999999966, 2.4609375000000009, 0.0082668599999999835]
    assert beta_density(5, 6, np.array([0, 0.1, 0.5, 0.9])) == pytest.approx(expected, rel=1e-9)
    assert beta_density(0.5, 2, np.array([0.0]))[0] == np.inf
