"""A step that lists records, and a timeline: what a plan cannot ask of them is told with its place."""

import pytest

from sap.problems import UserError

AT = "analyses[{}].steps[0].{}"


def of(content, analysis_id):
    return next(a for a in content["analyses"] if a["id"] == analysis_id)["steps"][0]


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
    "a timeline without a time": (lambda c: figure(c).update(analyses=["AN-ANC"]), "does not list a time to event"),
    "a timeline of what it cannot draw": (
        lambda c: figure(c).update(analyses=["AN-COURSE", "AN-AE"]), "no step of method 'by_subject' or 'profile' or",
    ),
    "days of a figure that has none": (
        lambda c: figure(c, "F-SWIM").update(window={"end": 100}), "a swimmer_figure has no window",
    ),
    "a line in a figure that has none": (
        lambda c: figure(c, "F-ANC").update(reference=0.5), "a profile_figure has no reference",
    ),
    "days that end before they start": (
        lambda c: figure(c).update(window={"start": 9, "end": 2}), "the window starts on day 9",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(planned, name):
    edit, said = MISTAKES[name]
    with pytest.raises(UserError) as told:
        planned(edit)
    assert said in str(told.value)
