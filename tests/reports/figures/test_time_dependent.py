"""The figure and table of survival by a state entered during follow-up: this study, another trial, nobody, a layout."""

import re
from copy import deepcopy
from dataclasses import replace

import pytest
import yaml

from analysis.data.load import load
from analysis.recompute.comparison.compare import recompute
from analysis.results.ard import Results
from analysis.results.tasks import tasks
from analysis.running.run import run, task_rows, task_sample
from reports.layout.lookup import Lookup
from reports.outputs.figure import figure
from reports.outputs.table import table
from reports.plan_document.document import SECTIONS
from reports.run.shells import layout, shells
from reports.words.numbers import shown
from sap.reading.read import read_plan
from sap.text.yaml_file import YamlFile


@pytest.fixture(scope="module")
def drawn(plan, results, tmp_path_factory):
    return figure(plan, Lookup(results), plan.output("F-HSCTOS"), tmp_path_factory.mktemp("fig"))


def test_the_alternative_text_has_both_states_the_test_and_the_caution(drawn):
    assert "Not transplanted: 10 subjects, 3 events in 668 subject-days; 60.0% at 90 days" in drawn.alt
    assert "Transplanted: 6 subjects, 1 event in 1437 subject-days; 83.3% at 90 days" in drawn.alt
    assert "Mantel–Byar p = 0.173, from 3 events while both states were at risk" in drawn.alt
    assert drawn.alt.endswith("The curves are not those of fixed groups.")


def texts(picture):
    """Return the texts of a picture in the order in which they are drawn."""
    return [t.strip() for t in re.findall(r"<!-- (.*?) -->", picture.path.read_text(encoding="utf-8"), re.DOTALL)]


def test_the_numbers_below_the_axis_are_the_results_under_their_heads(drawn, results):
    rows = {
        (r.variable_level, r.stat_name): shown(r) for r in results.of("AN-OSHSCT") if r.context == "simon_makuch_risk"
    }
    heads = {"Entered": "n.enter", "At risk": "n.risk", "Events": "n.event", "Censored": "n.censor"}
    blocks = {
        "Not transplanted": {n: heads[n] for n in ("At risk", "Events", "Censored")} | {"Changed state": "n.leave"},
        "Transplanted": heads,
    }
    days = [level.partition("day ")[2] for level, name in rows if name == "n.leave" and level.startswith("Not ")]
    assert len(days) == 6
    promised = []
    for state, lines in blocks.items():
        promised.append(state)
        for head, name in lines.items():
            promised += [head, *(rows[f"{state}, day {day}", name] for day in days)]
    assert "\n".join(promised) in "\n".join(texts(drawn))


def test_p_has_the_decimals_of_the_plan(planned, results, tmp_path):
    plan = planned(lambda content: content["conventions"].update(p_value_digits=2))
    alt = figure(plan, Lookup(results), plan.output("F-HSCTOS"), tmp_path).alt
    assert "Mantel–Byar p = 0.17, from" in alt


def test_it_is_the_same_bytes_every_time(plan, results, drawn, tmp_path):
    again = figure(plan, Lookup(results), plan.output("F-HSCTOS"), tmp_path)
    assert again.path.read_bytes() == drawn.path.read_bytes()


def test_the_table_names_states_test_and_landmark_and_no_hazard_ratio(plan, results):
    made = table(plan, Lookup(results), plan.output("T-HSCTOS"))
    sections = list(dict.fromkeys(line.section for line in made.lines))
    assert sections == [
        "Overall survival: Not transplanted",
        "Overall survival: Transplanted",
        "Overall survival: Mantel–Byar test",
        "Overall survival: landmark analysis, from day 28, of those observed beyond it",
    ]
    assert not any("azard" in line.label for line in made.lines)


def test_the_plan_says_why_ever_against_never_is_not_compared_and_prints_the_options(plan):
    text = SECTIONS["analyses"](plan)
    assert "nobody can be transplanted after death" in " ".join(text.split())
    assert "the state is entered on day: HSCT.DAY" in text
    assert "'dataset'" not in text


def test_with_nobody_the_figure_says_so_and_draws_an_empty_frame(plan, study, results, tmp_path):
    task = next(t for t in tasks(plan) if t.id == "AN-OSHSCT")
    nobody = replace(task_sample(task, plan, study.derived), subjects=())
    empty = Results(tuple(task_rows(task, nobody)))
    picture = figure(plan, Lookup(empty), plan.output("F-HSCTOS"), tmp_path)
    assert "Not transplanted: no subjects. Transplanted: no subjects." in picture.alt
    assert "No test: 0 events while both states were at risk." in picture.alt


def test_a_layout_prints_placeholders_and_no_result(plan, results, tmp_path):
    laid_out = Lookup(shells(results), layout(results))
    picture = figure(plan, laid_out, plan.output("F-HSCTOS"), tmp_path)
    told = picture.alt.partition("below.")[2]
    assert not any(c.isdigit() for c in told)
    cells = [c for line in table(plan, laid_out, plan.output("T-HSCTOS")).lines for c in line.cells]
    assert {"x.xxx", "xx.x% (xx.x% to xx.x%)"} <= {c.text for c in cells}
    assert not any(ch.isdigit() for c in cells for ch in c.text)


STEP = {
    "method": "time_dependent",
    "data": "DEATH",
    "exposure": "NEW.DAY",
    "exposed": "On a new treatment",
    "unexposed": "Before it",
    "start": 14,
    "landmarks": [60, 120],
    "at_risk": [14, 60, 120],
    "landmark": 30,
}


def test_another_trial_with_other_days_and_names_is_drawn(root, tmp_path):
    file = root / "tests" / "other_trial" / "plan.yml"
    content = YamlFile(file).content
    content["derivations"].append({"id": "NEW", "kind": "day", "variable": "NACTDT", "text": "New treatment"})
    analysis = deepcopy(next(a for a in content["analyses"] if "DEATH" in str(a["steps"])))
    analysis |= {"id": "AN-NEW", "steps": [STEP], "sensitivity": []}
    content["analyses"].append(analysis)
    kinds = {"T-NEW": "table", "F-NEW": "time_dependent_figure"}
    for i, (name, kind) in enumerate(kinds.items()):
        shown = {"id": name, "number": f"9.9.{i}", "kind": kind, "title": "New treatment", "analyses": ["AN-NEW"]}
        content["outputs"].append(shown)
    (tmp_path / "plan.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    plan = read_plan(tmp_path / "plan.yml")
    study = load(plan, file.parent / "data")
    found = run(study)
    assert {c.verdict for c in recompute(study, found, with_r=False) if c.analysis_id == "AN-NEW"} == {"agrees"}
    picture = figure(plan, Lookup(found), plan.output("F-NEW"), tmp_path)
    assert "On a new treatment:" in picture.alt
    assert table(plan, Lookup(found), plan.output("T-NEW")).lines
