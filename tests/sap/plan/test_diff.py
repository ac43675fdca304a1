"""What an amendment changes is said in words, part by part, and so is which analyses it touches."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random

from pydantic import ValidationError

from sap.plan.diff import changes, differences, touched
from sap.plan.plan import Plan
from sap.text.yaml_file import YamlFile
from tests.each import each
from tests.sap.reading.test_plan_fuzz import edited

ROOT = Path(__file__).resolve().parents[3]
CONTENT = YamlFile(ROOT / "tests" / "sap" / "plan.yml").content
OLD = Plan.model_validate(CONTENT)

Edit = Callable[[dict], object]


def amended(edit: Edit) -> Plan:
    content = deepcopy(CONTENT)
    edit(content)
    return Plan.model_validate(content)


def told(edit: Edit) -> tuple[str, ...]:
    return changes(OLD, amended(edit))


def reached(edit: Edit) -> list[str]:
    return list(touched(OLD, amended(edit)))


def one(content: dict, section: str, key: str) -> dict:
    """Return the part of a list that has an id."""
    return next(part for part in content[section] if part["id"] == key)


def of_os(content: dict) -> dict:
    return one(content, "analyses", "AN-OS")


SENTENCES: dict[str, tuple[Edit, str]] = {
    "an option of a step": (
        lambda c: of_os(c)["steps"][0].update(conf_type="log"),
        "AN-OS, step 1 (kaplan_meier): conf_type changes from log-log to log",
    ),
    "a number": (lambda c: c["study"].update(planned_n=12), "Study: planned_n changes from 10 to 12"),
    "a text, both texts": (
        lambda c: one(c, "outputs", "T-OS").update(title="Survival of all"),
        "Output T-OS: title changes from “Overall survival and follow-up” to “Survival of all”",
    ),
    "a where-clause": (
        lambda c: one(c, "analysis_sets", "SAF")["where"].update(value="N"),
        "Analysis set SAF: where changes from ADSL.SAFFL EQ Y to ADSL.SAFFL EQ N",
    ),
    "a criterion of a rule": (
        lambda c: c["dlt_rules"][0]["criteria"][0].update(min_grade=5),
        "DLT rule DLT-MAIN, criterion C1: min_grade changes from 4 to 5",
    ),
    "a window of a criterion that had none": (
        lambda c: c["dlt_rules"][0]["criteria"][0].update(window={"start": 0, "end": 60}),
        "DLT rule DLT-MAIN, criterion C1: window is added: day 0 to 60",
    ),
    "an end of a window": (
        lambda c: c["dlt_rules"][0].update(window={"start": 0, "end": 42}),
        "DLT rule DLT-MAIN, window: end changes from 28 to 42",
    ),
    "a limit of a variable": (
        lambda c: c["datasets"]["ADSL"]["variables"][0].update(max=20),
        "Dataset ADSL, variable DOSE: max changes from 10 to 20",
    ),
    "a limit of a parameter": (
        lambda c: c["datasets"]["ADLB"]["parameters"]["TEMP"].update(max=45),
        "Dataset ADLB, parameter TEMP: max changes from 43 to 45",
    ),
    "a parameter taken away": (
        lambda c: c["datasets"]["ADLB"]["parameters"].pop("CRP"),
        "Dataset ADLB: parameter CRP is removed (was label “C-reactive protein”; unit mg/L; min 0)",
    ),
    "a value of a list": (
        lambda c: of_os(c)["steps"][0].update(landmarks=[90, 180, 730]),
        "AN-OS, step 1 (kaplan_meier): landmarks gains 730 and loses 365",
    ),
    "the order of a list of values": (
        lambda c: one(c, "analyses", "AN-RESP")["steps"][1].update(levels=["NE", "CR", "CRi", "PR", "NR"]),
        "AN-RESP, step 2 (distribution): the order of levels changes from CR, CRi, PR, NR, NE to NE, CR, CRi, PR, NR",
    ),
    "a method of another kind in place of one": (
        lambda c: one(c, "analyses", "AN-RESP")["steps"].pop(1),
        "AN-RESP: step 2 (distribution) is removed (was label “Best response”; variable BOR.BOR; levels CR, CRi, PR, NR, NE)",
    ),
    "an analysis taken away": (
        lambda c: c["analyses"].pop(2),
        "Analysis AN-OS is removed (was “Overall survival”)",
    ),
    "a sensitivity analysis added": (
        lambda c: of_os(c)["sensitivity"].append(
            {"id": "AN-OS-S9", "kind": "sensitivity", "title": "Again", "changes": "None", "reason": "To see"}
        ),
        "AN-OS: sensitivity analysis AN-OS-S9 is added: Again",
    ),
    "what a sensitivity analysis uses": (
        lambda c: one(c, "analyses", "AN-DLT")["sensitivity"][0].update(use={"DLT": "DLTNONH"}),
        "AN-DLT-S1: use DLT changes from DLTCRS3 to DLTNONH",
    ),
    "a set renamed": (
        lambda c: one(c, "analysis_sets", "CKE").update(id="CKE2"),
        "Analysis set CKE is renamed CKE2",
    ),
    "a level of a grouping renamed": (
        lambda c: c["groupings"][0]["levels"][1].update(label="Others"),
        "Grouping RSPGRP: level “Not CR/CRi” is renamed Others",
    ),
    "an intercurrent event handled otherwise": (
        lambda c: of_os(c)["estimand"]["intercurrent_events"][0].update(strategy="hypothetical"),
        "AN-OS, estimand, intercurrent event Transplantation: strategy changes from “treatment policy” to hypothetical",
    ),
    "a category given a name": (
        lambda c: c["analyses"][1]["steps"][1].update(labels={"NE": "Not evaluable"}),
        "AN-RESP, step 2 (distribution): label NE is added: “Not evaluable”",
    ),
    "another event counted": (
        lambda c: c["analyses"][1]["steps"][0].update(event=["CR", "CRi", "PR"]),
        "AN-RESP, step 1 (binomial): event gains PR",
    ),
    "yes in place of no": (
        lambda c: one(c, "outputs", "T-OS").update(by_subject=True),
        "Output T-OS: by_subject changes from no to yes",
    ),
    "a convention": (
        lambda c: c["conventions"].update(origin_day=1),
        "Conventions: origin_day changes from 0 to 1",
    ),
}  # fmt: skip


@each("name", SENTENCES)
def test_a_change_is_one_sentence(name):
    edit, sentence = SENTENCES[name]
    assert told(edit) == (sentence,)


@each("name", SENTENCES)
def test_every_change_back_is_said_as_well(name):
    edit, sentence = SENTENCES[name]
    back = changes(amended(edit), OLD)
    assert back
    assert back != (sentence,)


def test_a_plan_does_not_differ_from_itself():
    assert changes(OLD, amended(lambda c: None)) == ()
    assert touched(OLD, amended(lambda c: None)) == {}


def test_parts_are_matched_by_id_and_a_new_order_is_said_as_such():
    (found,) = differences(OLD, amended(lambda c: c["analyses"].reverse()))
    ids = [a.id for a in OLD.analyses]
    assert found.kind == "order"
    assert found.words == f"The order of analyses changes from {', '.join(ids)} to {', '.join(reversed(ids))}"


def test_steps_that_change_places_are_said_to_and_not_to_be_removed():
    found = told(lambda c: one(c, "analyses", "AN-RESP")["steps"].reverse())
    assert len(found) == 1
    assert found[0].startswith("AN-RESP: the order of steps changes")


def test_a_step_put_before_another_leaves_that_one_alone():
    def put(content: dict) -> None:
        steps = of_os(content)["steps"]
        steps[0]["conf_level"] = 0.9
        steps.insert(0, {"method": "by_subject", "variables": ["ADSL.AGE"]})

    assert set(told(put)) == {
        "AN-OS: step 1 (by_subject) is added: variables ADSL.AGE",
        "AN-OS, step 2 (kaplan_meier, formerly step 1): conf_level changes from 0.95 to 0.9",
    }


def test_an_analysis_renamed_and_changed_is_still_the_same_one():
    def edit(content: dict) -> None:
        of_os(content).update(id="AN-SURV")
        of_os_new = one(content, "analyses", "AN-SURV")
        of_os_new["steps"][0]["conf_type"] = "log"

    found = told(edit)
    assert "AN-OS is renamed AN-SURV" in found
    assert "AN-SURV, step 1 (kaplan_meier): conf_type changes from log-log to log" in found


def test_two_changes_are_told_in_the_order_of_the_plan():
    def edit(content: dict) -> None:
        of_os(content)["steps"][0]["conf_type"] = "log"
        content["study"]["planned_n"] = 12

    assert [words.partition(":")[0] for words in told(edit)] == ["Study", "AN-OS, step 1 (kaplan_meier)"]


TOUCHED: dict[str, tuple[Edit, list[str]]] = {
    "its own steps, and those a supplementary analysis takes from it": (
        lambda c: one(c, "analyses", "AN-DLT")["steps"][0].update(conf_level=0.9),
        ["AN-DLT", "AN-DLT-S1", "AN-DLT-S2", "AN-DLT-S3"],
    ),
    "its own steps, which a supplementary analysis replaces": (
        lambda c: of_os(c)["steps"][0].update(conf_type="log"),
        ["AN-OS"],
    ),
    "a supplementary analysis alone": (
        lambda c: of_os(c)["sensitivity"][0]["steps"][0].update(conf_type="log"),
        ["AN-OS-S1"],
    ),
    "the set": (
        lambda c: one(c, "analysis_sets", "CKE").update(text="Another text."),
        ["AN-PEAK", "AN-PEAK-S1"],
    ),
    "the grouping of one of them": (
        lambda c: one(c, "groupings", "RSPNR").update(title="Another title"),
        ["AN-PEAK-S1"],
    ),
    "the rule behind a derivation that takes the place of another": (
        lambda c: c["dlt_rules"][1]["criteria"][0].update(min_grade=2),
        ["AN-DLT-S1"],
    ),
    "a derivation through a grouping": (
        lambda c: one(c, "derivations", "BOR").update(window={"start": 2}),
        ["AN-RESP", "AN-RESP-S2", "AN-PEAK", "AN-PEAK-S1"],
    ),
    "a dataset's parameter through a derivation and a set": (
        lambda c: c["datasets"]["ADCK"]["parameters"]["CARTPCT"].update(max=99),
        ["AN-PEAK", "AN-PEAK-S1"],
    ),
    "a dataset nobody analyses": (lambda c: c["datasets"]["ADLB"].update(file="labs.csv"), []),
    "a title of an output": (lambda c: one(c, "outputs", "T-OS").update(title="Another title"), []),
    "how many decimals a p-value shows": (lambda c: c["conventions"].update(p_value_digits=4), []),
    "an analysis taken away, with its own": (lambda c: c["analyses"].pop(2), ["AN-OS", "AN-OS-S1"]),
}  # fmt: skip


@each("name", TOUCHED)
def test_a_change_touches_the_analyses_that_use_what_changed(name):
    edit, analyses = TOUCHED[name]
    assert reached(edit) == analyses


def test_a_convention_touches_every_analysis():
    everyone = [i for a in OLD.analyses for i in (a.id, *(s.id for s in a.sensitivity))]
    assert reached(lambda c: c["conventions"].update(origin_day=1)) == everyone


def test_each_analysis_is_told_what_touches_it():
    after = amended(lambda c: one(c, "analysis_sets", "CKE")["where"]["and"][0].update(value="N"))
    words = touched(OLD, after)["AN-PEAK-S1"]
    assert len(words) == 1
    assert words[0].startswith("Analysis set CKE: where changes from ")


@each("seed", range(5))
def test_whatever_differs_is_told_and_nothing_else(seed):
    """Random edits that are still a plan: no difference escapes the words, and each is placed in a part that differs."""
    random = Random(seed)
    for _ in range(60):
        content, done = edited(CONTENT, random)
        try:
            new = Plan.model_validate(content)
        except ValidationError:
            continue
        found = differences(OLD, new)
        assert bool(found) == (new != OLD), done
        sections = {name for name in Plan.model_fields if getattr(OLD, name) != getattr(new, name)}
        assert {change.path[0] for change in found} == sections, done
        assert all(change.words and change.words[0] == change.words[0].upper() for change in found), done
