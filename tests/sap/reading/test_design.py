"""What a signed plan holds is consistent: objectives and analyses answer each other, numbers and windows are told apart."""

import pytest

from sap.reading.read import read_plan
from tests.each import each
from tests.sap.reading.test_read_plan import PLAN, line_of, problems_of, written

# What was replaced, by what, the text whose line is named, the place, and words of the message and of the mend.
MISTAKES = {
    "an analysis without objective": (
        "    objective: O3\n", "", "  - id: AN-OS",
        "analyses[3].objective", "AN-OS answers no objective", "O1, O2, O3, O4",
    ),
    "an objective that does not exist": (
        "objective: O3", "objective: O5", "objective: O3", "analyses[3].objective", "no objective 'O5'", "Known: O1",
    ),
    "an objective without analysis": (
        "    objective: O3\n", "    objective: O2\n", "id: O3", "objectives[3]", "no analysis answers objective O3", "Name it",
    ),
    "an analysis above its objective": (
        "    objective: O3\n    purpose: secondary", "    objective: O3\n    purpose: primary", None,
        "analyses[3].purpose", "AN-OS is primary, and objective O3 is only secondary", "no higher",
    ),
    "an objective twice": ("id: O4, purpose", "id: O3, purpose", "objectives:", "objectives", "'O3' is given 2 times", "rename"),
    "a purpose there is not": (
        "{id: O1, purpose: primary", "{id: O1, purpose: main", "id: O1", "objectives[1].purpose", "'main' is not allowed", "primary",
    ),
    "no word about control": (
        "  control: None.", "  contrl: None.", "control: None.", "design.contrl", "no key 'contrl'", "'control'",
    ),
    "no word about changes": (
        "changes_from_protocol:\n  - id: P1\n", "amended:\n  - id: P1\n", None,
        "changes_from_protocol", "'changes_from_protocol' is missing", "Add it",
    ),
    "a proportion nobody estimates": (
        "analysis: AN-DLT\n", "analysis: AN-OS\n", "analysis: AN-DLT",
        "sample_size.proportion.analysis", "AN-OS has no step of method 'binomial'", "Name",
    ),
    "a proportion of no analysis": (
        "analysis: AN-DLT\n", "analysis: AN-DLTS\n", "analysis: AN-DLT",
        "sample_size.proportion.analysis", "no analysis 'AN-DLTS'", "'AN-DLT'",
    ),
    "another level than the analysis": (
        "    conf_level: 0.95\n    true_rates", "    conf_level: 0.9\n    true_rates", None,
        "sample_size.proportion.conf_level", "AN-DLT has intervals of level 0.95, not 0.9", "same level",
    ),
    "a look after the last subject": (
        "looks: [3, 6, 9]", "looks: [3, 6, 11]", "looks:",
        "sample_size.proportion.stopping.looks", "after 11 subjects, and 10 are planned", "earlier",
    ),
    "looks out of order": (
        "looks: [3, 6, 9]", "looks: [3, 9, 6]", None, "sample_size.proportion.stopping", "increasing order", "Correct",
    ),
    "a look at nobody": ("looks: [3, 6, 9]", "looks: [0, 6, 9]", "looks:", None, "at least 1 should stand here", "Correct"),
    "rates out of order": (
        "true_rates: [0.05, 0.1,", "true_rates: [0.1, 0.05,", None, "sample_size.proportion", "increasing order", "Correct",
    ),
    "a rate in percent": ("true_rates: [0.05,", "true_rates: [5,", "true_rates", None, "at most 1 should stand here", "Correct"),
    "a prior that is none": ("prior: {a: 1,", "prior: {a: 0,", "prior:", None, "above 0 should stand here", "Correct"),
    "an unacceptable rate in percent": ("unacceptable_rate: 0.3", "unacceptable_rate: 30", "unacceptable_rate", None, "below 1 should stand here", "Correct"),
    "windows that overlap": (
        "{name: Day 28, day: 28, start: 21,", "{name: Day 28, day: 28, start: 19,", None,
        "conventions", "the windows of Day 14 and Day 28 share days 19 to 20", "Correct",
    ),
    "a window that does not hold its day": (
        "{name: Day 28, day: 28, start: 21, end: 28}", "{name: Day 28, day: 28, start: 21, end: 27}",
        "name: Day 28", "conventions.visit_windows[2]", "days 21 to 27, does not hold its day 28", "Correct",
    ),
    "a visit with two windows": (
        "{name: Month 16,", "{name: Month 1,", None, "conventions", "the visit Month 1 has two windows", "Correct",
    ),
    "a number given to two": (
        'number: "14.2.2"', 'number: "14.2.1"', None, "outputs[4].number", "14.2.1 is given to T-RESP and to F-RESP", "another number",
    ),
    "a listing with the number of a table": (
        'number: "16.2.4"', 'number: "14.2.1"', 'number: "16.2.4"',
        "listings[1].number", "14.2.1 is given to T-RESP and to L-SUBJ", "another number",
    ),
    "a listing with the id of a table": ("id: L-SUBJ", "id: T-DLT", "outputs:", "outputs", "'T-DLT' is given 2 times", "rename"),
    "ids unlike in capitals alone": (
        "id: L-SUBJ", "id: l-resp", "outputs:", "outputs", "'l-resp' is given 2 times (as l-resp, L-RESP)", "rename",
    ),
    "tables that end alike": ("id: T-RESP\n", "id: X-DLT\n", "outputs:", "outputs", "T-DLT and X-DLT end alike", "hyphen"),
    "a listing of no dataset": (
        "dataset: DLT\n", "dataset: DLTX\n", None, "listings[3].dataset", "no dataset or derivation 'DLTX'", "'DLT'",
    ),
    "a listing of no set": (
        "    dataset: DLT\n    analysis_set: SAF", "    dataset: DLT\n    analysis_set: SAFE", None,
        "listings[3].analysis_set", "no analysis set 'SAFE'", "'SAF'",
    ),
    "a column that does not exist": (
        "[DLT.EVALFL,", "[DLT.EVAL,", "[DLT.EVALFL,", "listings[3].variables", "DLT has no variable 'EVAL'", "'EVALFL'",
    ),
    "a column with many values a subject": (
        "[ADRS.VISIT,", "[ADLB.AVAL,", "[ADRS.VISIT,", "listings[2].variables", "ADLB has several records a subject", "ADSL",
    ),
    "a sort by what is not there": (
        "sort: [USUBJID, ASTDT, AESEQ]", "sort: [USUBJID, ADT]", "sort: [USUBJID, ASTDT",
        "listings[4].sort", "ADAE has no variable 'ADT'", "'ASTDT'",
    ),
    "records chosen by another dataset": (
        "where: {dataset: ADAE, variable: ATOXGR, comparator: GE, value: 3}",
        "where: {dataset: ADSL, variable: AGE, comparator: GE, value: 65}",
        "where: {dataset: ADAE, variable: ATOXGR", "listings[4].where", "the clause is about ADSL", "analysis set",
    ),
    "groups that overlap": (
        "values: [PR, NR, NE]", "values: [CRi, PR, NR, NE]", "values: [PR, NR, NE]",
        "groupings[1].levels[2].values", "'CRi' stands in the groups 'CR/CRi' and 'Not CR/CRi'", "leave it in one",
    ),
    "groups of one name": (
        "label: Not CR/CRi", "label: CR/CRi", "label: Not CR/CRi", "groupings[1].levels[2].label", "two groups are called 'CR/CRi'", "Rename",
    ),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_its_place_and_its_mend(tmp_path, name):
    old, new, text, place, message, fix = MISTAKES[name]
    assert old in PLAN
    found = problems_of(written(tmp_path, PLAN.replace(old, new, 1)))
    told = next((p for p in found if message in p.message), None)
    assert told is not None, [str(p) for p in found]
    assert fix in told.fix
    assert told.line > 0
    if text is not None:
        assert told.line == line_of(text)
    if place is not None:
        assert told.path == place


def test_groups_of_numbers_overlap_whatever_the_spelling(planned):
    def edit(content):
        content["groupings"].append(
            {
                "id": "LINES",
                "title": "Lines",
                "variable": "ADSL.PRLINES",
                "levels": [{"label": "few", "values": [1, 2]}, {"label": "many", "values": ["2.0", 3]}],
            }
        )

    with pytest.raises(Exception, match=r"'2\.0' stands in the groups 'few' and 'many'"):
        planned(edit)


def test_a_figure_may_end_as_a_table_does(plan):
    assert {"T-DLT", "F-DLT", "L-DLT"} <= {x.id for x in (*plan.outputs, *plan.listings)}


def test_an_exploratory_analysis_may_answer_a_primary_objective(tmp_path):
    changed = PLAN.replace("    objective: O4\n", "    objective: O1\n").replace(
        "  - {id: O4, purpose: exploratory, text: Compare peak expansion of CAR-T cells between responders and the other subjects.}\n",
        "",
    )
    assert read_plan(written(tmp_path, changed)).analysis("AN-PEAK").objective == "O1"


def test_every_objective_of_the_study_is_answered(plan):
    assert {a.objective for a in plan.analyses} == {o.id for o in plan.objectives}
