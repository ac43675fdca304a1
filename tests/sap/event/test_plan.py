"""A small reporting event as a plan: the file beside it, and what happens to one that is broken."""

import json
from pathlib import Path

import pytest

from reports.commands.beginning.event import begun_from
from sap.event.told import read_event
from sap.reading.read import read_plan
from sap.text.problems import UserError
from tests.each import each

SMALL = Path(__file__).resolve().parents[2] / "event"


def test_the_plan_of_the_event_is_the_one_beside_it():
    begun = begun_from(SMALL / "ars.json", SMALL / "data")
    assert begun.plan == (SMALL / "plan.yml").read_text(encoding="utf-8")
    assert begun.beside == (SMALL / "from-ars.md").read_text(encoding="utf-8")


def test_ids_that_a_plan_cannot_have_are_kept_beside_those_it_has():
    source = read_plan(SMALL / "plan.yml").reporting_event
    assert source.called("An-8") == "An.8"
    assert source.called("An_1") == "An_1"


def broken(tmp_path, change):
    event = json.loads((SMALL / "ars.json").read_text(encoding="utf-8"))
    change(event)
    file = tmp_path / "ars.json"
    file.write_text(json.dumps(event), encoding="utf-8")
    return begun_from(file, SMALL / "data")


def of(event, key, name):
    return next(part for part in event[key] if part["id"] == name)


BROKEN = {
    "a set that is not there": (
        lambda e: of(e, "analyses", "An_2").update(analysisSetId="Set_9"),
        "(An_2): it names the analysis set 'Set_9'",
    ),
    "a method that is not there": (
        lambda e: of(e, "analyses", "An_2").update(methodId="M_9"),
        "(An_2): it names the method 'M_9'",
    ),
    "a subset that is not there": (
        lambda e: of(e, "analyses", "An_5").update(dataSubsetId="Sub_9"),
        "(An_5): it names the data subset 'Sub_9'",
    ),
    "a grouping that is not there": (
        lambda e: of(e, "analyses", "An_2")["orderedGroupings"][1].update(groupingId="Nobody"),
        "(An_2): it names the grouping 'Nobody'",
    ),
    "a denominator that is not there": (
        lambda e: of(e, "analyses", "An_2")["referencedAnalysisOperations"][1].update(analysisId="An_99"),
        "its percentages are of 'An_99', which the event has not",
    ),
    "a comparator that is none": (
        lambda e: of(e, "dataSubsets", "Sub_1")["condition"].update(comparator="LIKE"),
        "the comparator 'LIKE' is not one of",
    ),
    "an id that stands twice": (
        lambda e: e["analyses"].append(of(e, "analyses", "An_1")),
        "(An_1): an analysis needs an id of its own",
    ),
    "a grouping by a column that the file has not": (
        lambda e: [
            of(e, "analysisGroupings", "Sex").update(groupingVariable="SEXX"),
            *(
                group["condition"].update(variable="SEXX")
                for group in of(e, "analysisGroupings", "Sex")["groups"]
                if "condition" in group
            ),
        ],
        "(Sex): the file has none of the columns of its groups",
    ),
    "a threshold of a column that the file has not": (
        lambda e: of(e, "dataSubsets", "Sub_1")["condition"].update(variable="AGEE", comparator="GE", value=["65"]),
        "has no column AGEE to compare",
    ),
    "a list that is none": (lambda e: e.update(outputs="none"), "outputs: it is no list"),
    "an analysis that is none": (lambda e: e["analyses"].append("An_1"), "it is no object"),
    "a column that the file has not": (
        lambda e: of(e, "analyses", "An_4").update(variable="CHG"),
        "(An_4): the file of ADVS has no column CHG",
    ),
    "groups of the 100% that the analysis has not": (
        lambda e: of(e, "analyses", "An_1")["orderedGroupings"].append({"order": 2, "groupingId": "Age"}),
        "whose groups are Arm, Age: these are not one grouping that both have",
    ),
    "a difference of a quantity": (
        lambda e: of(e, "analyses", "An_7").update(dataset="ADVS", variable="AVAL"),
        "(An_7): it compares AVAL, which is measured",
    ),
    "a method of times to an event": (
        lambda e: of(e, "methods", "M_3").update(name="Kaplan-Meier estimate"),
        "(An_4): its method M_3 (Kaplan-Meier estimate) has no operation that is known",
    ),
    "a time that may be censored": (
        lambda e: of(e, "analyses", "An_4").update(dataset="ADTTE"),
        "(An_4): AVAL of ADTTE is a time that may be censored",
    ),
    "two groups that are not named": (
        lambda e: of(e, "analyses", "An_7").update(name="Difference"),
        "(An_7): nothing says which two groups of Arm it compares",
    ),
    "groups that nothing names": (
        lambda e: of(e, "analyses", "An_7").update(name="Difference")
        or of(e, "analysisGroupings", "Arm")["groups"].append(
            {"id": "Arm_3", "name": "Third", "level": 1, "order": 3,
             "condition": {"dataset": "ADSL", "variable": "TRT01AN", "comparator": "EQ", "value": ["3"]}}
        ),
        "(An_7): nothing says which two groups of Arm it compares",
    ),
}  # fmt: skip


@each("name", BROKEN)
def test_what_does_not_fit_is_told_with_its_place_and_the_rest_is_made(name, tmp_path):
    change, told = BROKEN[name]
    begun = broken(tmp_path, change)
    assert told in "\n".join(begun.lines)
    assert told in begun.beside
    assert "id: An_1\n" in begun.plan


def test_a_grouping_that_a_plan_cannot_have_is_left_out_and_no_other(tmp_path):
    both = {"dataset": "ADSL", "variable": "SEX", "comparator": "IN", "value": ["M", "F"]}
    begun = broken(tmp_path, lambda e: of(e, "analysisGroupings", "Sex")["groups"][0].update(condition=both))
    assert "'F' stands in the groups" in begun.beside
    assert "id: Age" in begun.plan
    assert "id: Sex" not in begun.plan


def test_a_count_of_a_dataset_without_a_subset_is_of_everybody_and_told(tmp_path):
    begun = broken(tmp_path, lambda e: of(e, "analyses", "An_1").update(dataset="ADVS"))
    told = "(An_1): it counts subjects of ADVS and has no data subset: all subjects of the set are counted"
    assert told in begun.beside
    of_adsl = broken(tmp_path, lambda e: of(e, "analyses", "An_1").update(dataset="ADSL"))
    assert "has no data subset" not in of_adsl.beside
    assert begun.plan == of_adsl.plan


def test_the_group_of_the_100_percent_stands_first_wherever_the_event_has_it(tmp_path):
    begun = broken(tmp_path, lambda e: of(e, "analyses", "An_2")["orderedGroupings"][0].update(order=3))
    plan = tmp_path / "plan.yml"
    plan.write_text(begun.plan, encoding="utf-8")
    (step,) = read_plan(plan).analysis("An_2").steps
    assert (step.by, step.within, step.denominator) == ("Arm", ("Sex",), "An_1")
    assert "(An_2): its groups stand with Arm first" in begun.beside


NO_EVENT = {
    "no JSON": ("{", "is no JSON at line 1"),
    "a list": ("[]", "no reporting event"),
    "another JSON": ('{"name": "x"}', "no reporting event"),
    "nothing": ("", "is no JSON"),
    "no analyses": ('{"analyses": []}', "No analysis of the reporting event can be made"),
}


@each("name", NO_EVENT)
def test_what_is_no_reporting_event_is_refused(name, tmp_path):
    text, told = NO_EVENT[name]
    file = tmp_path / "ars.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        begun_from(file, None)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        begun_from(tmp_path / "ars.json", None)
    (tmp_path / "ars.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="not in UTF-8"):
        begun_from(tmp_path / "ars.json", None)


def test_an_event_may_stand_in_a_wrapping(tmp_path):
    assert read_event('{"reportingEvent": {"analyses": []}}', "ars.json") == {"analyses": []}
    bare = json.loads((SMALL / "ars.json").read_text(encoding="utf-8"))
    begun = []
    for name, event in (("bare", bare), ("wrapped", {"reportingEvent": bare})):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "ars.json"
        file.write_text(json.dumps(event), encoding="utf-8")
        begun.append(begun_from(file, SMALL / "data"))
    assert begun[0] == begun[1]
