"""A step that lists records, and a timeline: what a plan cannot ask of them is told with its place."""

import pytest

from analysis.synthetic.options import named_values
from sap.plan.uses import uses
from sap.text.problems import UserError
from tests.each import each

AT = "analyses[{}].steps[0].{}"


def by_id(content, analysis_id):
    return next(a for a in content["analyses"] if a["id"] == analysis_id)


def of(content, analysis_id):
    return by_id(content, analysis_id)["steps"][0]


def comparison(content):
    return next(s for s in by_id(content, "AN-PEAK")["steps"] if s["method"] == "rank_comparison")


def figure(content, output_id="F-TIME"):
    return next(o for o in content["outputs"] if o["id"] == output_id)


MISTAKES = {
    "a dataset that does not exist": (lambda c: of(c, "AN-TLAE").update(dataset="ADXX"), "no dataset 'ADXX'"),
    "a derivation, which has no dated records": (
        lambda c: (of(c, "AN-TLRSP").update(dataset="BOR", start="RSPDAY", value="BOR"), of(c, "AN-TLRSP").pop("where")),
        "no dataset 'BOR'",
    ),
    "a variable that does not exist": (lambda c: of(c, "AN-TLAE").update(name="AETERMM"), "no variable 'AETERMM'"),
    "a start that is no date": (lambda c: of(c, "AN-TLAE").update(start="ASTDY"), "ADAE.ASTDY is not a date"),
    "an end that is no date": (lambda c: of(c, "AN-TLAE").update(end="AENDY"), "ADAE.AENDY is not a date"),
    "a value that names a subject": (lambda c: of(c, "AN-TLRSP").update(value="USUBJID"), "names a subject"),
    "a clause about another dataset": (
        lambda c: of(c, "AN-TLRSP").update(
            where={"dataset": "ADSL", "variable": "SAFFL", "comparator": "EQ", "value": "Y"}
        ),
        "the clause is about ADSL",
    ),
    "a misspelt value in the clause": (
        lambda c: of(c, "AN-TLRSP")["where"].update(value="OVRLRES"), "no ADRS.PARAMCD value 'OVRLRES'",
    ),
    "records of one name twice in an analysis": (
        lambda c: by_id(c, "AN-TLAE")["steps"].append(of(c, "AN-TLAE") | {"label": "Again"}),
        "it repeats step 1 of this analysis",
    ),
    "a timeline without a time": (lambda c: figure(c).update(analyses=["AN-ANC"]), "does not list a time to event"),
    "a timeline of what it cannot draw": (
        lambda c: figure(c).update(analyses=["AN-COURSE", "AN-AE"]), "no step of method 'by_subject' or 'profile' or",
    ),
    "days of a figure that has none": (
        lambda c: figure(c, "F-SWIM").update(window={"end": 100}), "a swimmer_figure has no window",
    ),
    "a dot figure of an analysis with two comparisons": (
        lambda c: by_id(c, "AN-PEAK")["steps"].append(comparison(c) | {"variable": "EXPAN.TPEAK"}),
        "a dot_figure draws one comparison, and AN-PEAK has 2.",
    ),
    "a height of curves in a figure that has none": (
        lambda c: figure(c, "F-ANC").update(curve="Overall survival (%)"),
        "a profile_figure has no curve; only a kaplan_meier_figure or a time_dependent_figure has",
    ),
    "a line in a figure that has none": (
        lambda c: figure(c, "F-ANC").update(reference=0.5), "a profile_figure has no reference",
    ),
    "days that end before they start": (
        lambda c: figure(c).update(window={"start": 9, "end": 2}), "the window starts on day 9",
    ),
}  # fmt: skip


@each("name", MISTAKES)
def test_a_mistake_is_told(planned, name):
    edit, said = MISTAKES[name]
    with pytest.raises(UserError) as told:
        planned(edit)
    assert said in str(told.value)


@each("analysis_id", ["AN-TLAE", "AN-ANC", "AN-OSHSCT", "AN-DLTBAYES"])
def test_days_since_infusion_depend_on_the_date_of_infusion(plan, analysis_id):
    assert ("datasets", "ADSL", "variables", "TRTSDT") in uses(plan)[analysis_id]


def test_a_synthetic_trial_has_the_values_that_a_list_of_records_asks_for(planned):
    clause = {"dataset": "ADAE", "variable": "AEDECOD", "comparator": "EQ", "value": "Sunstroke"}
    plan = planned(lambda c: of(c, "AN-TLAE").update(where=clause))
    assert "Sunstroke" in named_values(plan)["ADAE", "AEDECOD"]
