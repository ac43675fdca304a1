"""A mistake in the plan is told with its file, line, place, meaning and mend, and never with a traceback."""

from pathlib import Path

import pytest

from sap.reading.read import read_plan
from sap.text.problems import PlanError, Problem
from tests.each import each

ROOT = Path(__file__).resolve().parents[3]
PLAN = (ROOT / "tests" / "sap" / "plan.yml").read_text(encoding="utf-8")


def problems_of(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(PlanError) as caught:
        read_plan(file)
    assert caught.value.exit_code == 2
    assert all(p.file == str(file) and p.message for p in caught.value.problems)
    return caught.value.problems


@pytest.fixture
def problems(tmp_path):
    """Return the problems of the plan after one text in it was replaced by another."""

    def find(old: str, new: str) -> tuple[Problem, ...]:
        assert old in PLAN
        return problems_of(written(tmp_path, PLAN.replace(old, new, 1)))

    return find


def written(folder: Path, text: str) -> Path:
    file = folder / "plan.yml"
    file.write_text(text, encoding="utf-8")
    return file


def line_of(text: str) -> int:
    """Return the first line of the plan that holds a text."""
    return next(n for n, line in enumerate(PLAN.splitlines(), start=1) if text in line)


# What was replaced, by what, the text whose line is named, the place, and words of the message and of the mend.
MISTAKES = {
    "an unknown key": (
        "    endpoint: Time from", "    endpont: Time from", "endpoint: Time from",
        "analyses[3].endpont", "no key 'endpont'", "'endpoint'",
    ),
    "an unknown key of a step": (
        "conf_type: log-log", "conf_typ: log-log", "conf_type: log-log",
        "analyses[3].steps[1].conf_typ", "no key 'conf_typ'", "'conf_type'",
    ),
    "an unknown key of a where-clause": (
        "value: Y}\n  - id: DLTE", "vlaue: Y}\n  - id: DLTE", "where: {dataset: ADSL, variable: SAFFL",
        "analysis_sets[1].where.vlaue", "no key 'vlaue'", "'value'",
    ),
    "a set that does not exist": (
        "analysis_set: CKE", "analysis_set: CKX", "analysis_set: CKE",
        "analyses[4].analysis_set", "no analysis set 'CKX'", "'CKE'",
    ),
    "an unknown method": (
        "method: kaplan_meier", "method: kaplan_meyer", "method: kaplan_meier",
        "analyses[3].steps[1].method", "'kaplan_meyer' is not a known method", "'kaplan_meier'",
    ),
    "a method by the name of its test": (
        "method: rank_comparison", "method: wilcoxon", "method: rank_comparison",
        "analyses[4].steps[1].method", "'wilcoxon' is not a known method", "'rank_comparison'?",
    ),
    "a misspelled key of what a step is": (
        "method: kaplan_meier", "methd: kaplan_meier", None,
        "analyses[3].steps[1]", "the key 'method' is missing", "in place of 'methd'. Known: adverse_events,",
    ),
    "a shortened kind of figure": (
        "kind: kaplan_meier_figure", "kind: km_figure", "kind: kaplan_meier_figure",
        None, "'km_figure' is not allowed", "Did you mean 'kaplan_meier_figure'?",
    ),
    "an unknown variable": (
        "variable: DLT.DLTFL", "variable: DLT.DLTFLG", "variable: DLT.DLTFL",
        "analyses[1].steps[1]", "DLT has no variable 'DLTFLG'", "'DLTFL'",
    ),
    "an unknown grouping": (
        "by: RSPGRP, two_sided: absolute_deviation", "by: RSPGROUP, two_sided: absolute_deviation",
        "two_sided: absolute_deviation", "analyses[4].steps[1].by", "no grouping 'RSPGROUP'", "'RSPGRP'",
    ),
    "an unknown dataset of a where-clause": (
        "{dataset: ADCK, variable: PARAMCD", "{dataset: ADPC, variable: PARAMCD",
        None, "analysis_sets[4].where", "no dataset or derivation 'ADPC'", "ADCK",
    ),
    "a missing key": (
        "  planned_n: 10\n", "", "study:", "study.planned_n", "'planned_n' is missing", "Add it",
    ),
    "a wrong type": (
        "planned_n: 10", "planned_n: ten", "planned_n: 10", "study.planned_n", "a whole number should stand here (found: 'ten')", "digits",
    ),
    "a word where a mapping belongs": (
        "window: {start: 0, end: 28}\n    criteria:\n      - id: C1\n", "window: 28\n    criteria:\n      - id: C1\n",
        "window: {start: 0, end: 28}", "dlt_rules[1].window", "keys and values", "below the key: start, end.",
    ),
    "a window that ends before it starts": (
        "window: {start: 0, end: 28}", "window: {start: 28, end: 0}", "window: {start: 0, end: 28}",
        "dlt_rules[1].window", "starts on day 28, after its end on day 0", "Correct",
    ),
    "a DLT rule without a closed window": (
        "window: {start: 0, end: 28}", "window: {start: 0}", "id: DLT-MAIN",
        "dlt_rules[1]", "needs both a start and an end", "Correct",
    ),
    "limits of a variable the wrong way round": (
        "min: 0, max: 30}", "min: 30, max: 0}", "PRLINES", None, "min 30 is greater than max 0", "Correct",
    ),
    "limits of a text": (
        "{name: RELAPSFL, label: Relapsed disease,", "{name: RELAPSFL, label: Relapsed disease, max: 3,",
        "RELAPSFL", None, "its type must be integer or number", "Correct",
    ),
    "two values under EQ": (
        "comparator: EQ, value: Y}", "comparator: EQ, value: [Y, N]}", None, None,
        "takes one value, 2 are given; use IN or NOTIN", "Correct",
    ),
    "an unknown comparator": (
        "comparator: GE, value: 2}", "comparator: GTE, value: 2}", None, None, "'GTE' is not allowed", "Known: EQ, GE,",
    ),
    "a value that is not in the code list": (
        "variable: SAFFL, comparator: EQ, value: Y}", "variable: SAFFL, comparator: EQ, value: YY}",
        "variable: SAFFL", "analysis_sets[1].where", "no ADSL.SAFFL value 'YY'", "Y",
    ),
    "a parameter nobody measures": (
        "variable: PARAMCD, comparator: EQ, value: OVRLRESP}", "variable: PARAMCD, comparator: EQ, value: OVRLRES}",
        None, "analysis_sets[3].where", "no ADRS.PARAMCD value 'OVRLRES'", "'OVRLRESP'",
    ),
    "an event that no response is": (
        "event: [CR, CRi]", "event: [CR, CRI]", "event: [CR, CRi]",
        "analyses[2].steps[1].event", "no BOR.BOR value 'CRI'", "'CRi'",
    ),
    "a group of a response that does not exist": (
        "values: [PR, NR, NE]", "values: [PR, SD, NE]", "values: [PR, NR, NE]",
        "groupings[1].levels[2].values", "no BOR.BOR value 'SD'", "NR",
    ),
    "a yes that YAML reads as true": (
        "comparator: EQ, value: Y}", "comparator: EQ, value: yes}", None, None, "a text should stand here", "quotes",
    ),
    "a text compared with a number": (
        "comparator: GE, value: 2}", "comparator: GE, value: two}", None, None, "'two' is not a number", "number",
    ),
    "a survival parameter that does not exist": (
        "survival_parameter: OS", "survival_parameter: EFS", "survival_parameter",
        "conventions.survival_parameter", "no ADTTE parameter 'EFS'", "OS",
    ),
    "a figure of what was not computed": (
        "kind: dot_figure", "kind: kaplan_meier_figure", "kind: dot_figure",
        "outputs[8].kind", "no step of method 'kaplan_meier'", "kind",
    ),
    "a figure of subjects who are not listed": (
        "variables: [EXPAN.PEAK, EXPAN.TPEAK, BOR.BOR]", "variables: [EXPAN.TPEAK, BOR.BOR]", "kind: dot_figure",
        "outputs[8].kind", "does not list EXPAN.PEAK", "by_subject",
    ),
    "a repeated id": (
        "id: AN-OS-S1", "id: AN-RESP", "analyses:", "analyses", "'AN-RESP' is given 2 times", "rename",
    ),
    "a key written twice": (
        "  survival_parameter: OS\n", "  survival_parameter: OS\n  survival_parameter: OS\n",
        None, "", "'survival_parameter' is written twice", "Mend",
    ),
    "not YAML": ("objectives:\n", "objectives: [\n", None, "", "not readable YAML", "Mend"),
    "a tag that would run code": (
        "planned_n: 10", "planned_n: !!python/object/apply:os.system [true]", "planned_n: 10", "", "python/object", "Mend",
    ),
    "a column of every dataset left out": (
        "      - {name: RELAPSFL,", "      - {name: USUBJID, label: Subject, required: false}\n      - {name: RELAPSFL,",
        None, "datasets.ADSL.variables[2].required", "ADSL needs the column USUBJID", "Leave out required",
    ),
    "a list as a key": ("objectives:\n", "? [a]\n: 1\nobjectives:\n", "objectives:", "", "a key must be a word", "Mend"),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_its_place_and_its_mend(problems, name):
    old, new, text, place, message, fix = MISTAKES[name]
    found = problems(old, new)
    told = next((p for p in found if message in p.message), None)
    assert told is not None, [str(p) for p in found]
    assert fix in told.fix
    assert told.line > 0
    if text is not None:
        assert told.line == line_of(text)
    if place is not None:
        assert told.path == place
    assert "Traceback" not in str(told)
    assert "pydantic" not in str(told)


def test_a_mapping_that_is_missing_is_told_with_the_keys_it_needs(problems):
    missing, _ = problems("    estimand:", "    estimandum:")
    assert missing.message == "the key 'estimand' is missing."
    assert missing.fix == "Add it, with the keys population, treatment, variable, summary."


def test_a_mistake_that_an_alias_repeats_is_told_where_it_stands_once(tmp_path):
    written_once = "    where: &treated {dataset: ADSL, variable: SAFFL, comparator: EQ, value: Y}"
    old = "    where: {dataset: ADSL, variable: SAFFL, comparator: EQ, value: Y}"
    assert old in PLAN
    first, after = PLAN.split(old, 1)
    changed = first + written_once.replace("EQ", "IS") + after
    changed = changed.replace("    steps:", "    data_subset: *treated\n    steps:", 2)
    (found,) = problems_of(written(tmp_path, changed))
    assert found.path == "analysis_sets[1].where.comparator"
    assert found.line == line_of(old)
    assert found.fix.startswith("Did you mean 'EQ'?")


def test_the_plan_of_the_study_has_no_mistakes(tmp_path):
    assert read_plan(written(tmp_path, PLAN)).plan.id == "SAP-CLL1-RECON"


def test_two_mistakes_are_told_at_once(tmp_path):
    changed = PLAN.replace("planned_n: 10", "planned_n: 0").replace("min_grade: 5", "min_grade: 6")
    places = [p.path for p in problems_of(written(tmp_path, changed))]
    assert "study.planned_n" in places
    assert "dlt_rules[1].criteria[5].min_grade" in places


def test_two_names_that_lead_nowhere_are_told_at_once(tmp_path):
    changed = PLAN.replace("analysis_set: CKE", "analysis_set: CKX").replace("rule: DLT-CRS3", "rule: DLT-CRS")
    messages = " ".join(p.message for p in problems_of(written(tmp_path, changed)))
    assert "no analysis set 'CKX'" in messages
    assert "no DLT rule 'DLT-CRS'" in messages


def test_problems_are_in_the_order_of_the_file(tmp_path):
    changed = PLAN.replace("planned_n: 10", "planned_n: 0").replace("min_grade: 5", "min_grade: 6")
    lines = [p.line for p in problems_of(written(tmp_path, changed))]
    assert lines == sorted(lines)


def test_the_line_is_that_of_the_mistake_wherever_it_stands(tmp_path):
    """The same mistake further down is told further down: no line is guessed."""
    lower = "\n\n\n" + PLAN.replace("planned_n: 10", "planned_n: ten")
    (found,) = problems_of(written(tmp_path, lower))
    assert found.line == line_of("planned_n: 10") + 3


def test_the_nearest_word_is_suggested_and_the_known_ones_are_listed(problems):
    (found,) = problems("analysis_set: CKE", "analysis_set: SAFE")
    assert found.fix == "Did you mean 'SAF'? Known: CKE, DLTE, RSPE, SAF."


def test_nothing_is_suggested_where_nothing_is_near(problems):
    (found,) = problems("analysis_set: CKE", "analysis_set: ZZZZZZ")
    assert found.fix == "Known: CKE, DLTE, RSPE, SAF."


def test_a_problem_reads_as_file_line_place_message_and_mend(problems):
    (found,) = problems("planned_n: 10", "planned_n: ten")
    assert str(found).startswith(f"{found.file}:{found.line} at study.planned_n: ")


def test_a_mistake_that_is_met_twice_is_told_once():
    """A scatter figure asks for a variable once a pair it is in."""
    problem = Problem("plan.yml", 3, "outputs[1].kind", "AN-1 does not list ADSL.AGE by subject.", "Add it.")
    assert PlanError((problem, problem)).problems == (problem,)
