"""A plan held against the guideline for analysis plans: what answers an item, what does not, and what is told."""

from copy import deepcopy
from pathlib import Path

from sap.guidelines.plan_items import ITEMS, NUMBERS
from sap.plan.content import _FINDERS, content, counts_in_words
from sap.plan.plan import Plan
from sap.text.gaps import is_begun, is_gap
from sap.text.yaml_file import YamlFile
from tests.each import each

SOURCE = YamlFile(Path(__file__).resolve().parents[3] / "sap" / "plan.yml").content
GAMBLE = [
    "1a",
    "1b",
    "2",
    "3",
    "4a",
    "4b",
    "4c",
    "5",
    "6a",
    "6b",
    "6c",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12",
    "13a",
    "13b",
    "13c",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19a",
    "19b",
    "19c",
    "19d",
    "20",
    "21",
    "22",
    "23",
    "24a",
    "24b",
    "24c",
    "25a",
    "25b",
    "26a",
    "26b",
    "26c",
    "27a",
    "27b",
    "27c",
    "27d",
    "27e",
    "27f",
    "28",
    "29",
    "30",
    "31",
    "32a",
    "32b",
    "32c",
    "32d",
]
"""The items of Gamble et al., JAMA 2017;318:2337, by their numbers: 55."""


def of(plan, number: str):
    return next(a for a in content(plan) if a.item.number == number)


def test_the_items_are_the_55_of_2017_and_eleven_topics_of_early_phase_trials():
    assert len(GAMBLE) == 55
    assert [n for n in NUMBERS if not n.startswith("E")] == GAMBLE
    assert sorted((n for n in NUMBERS if n.startswith("E")), key=lambda n: int(n[1:])) == [
        f"E{k}" for k in range(1, 12)
    ]
    assert set(_FINDERS) == set(NUMBERS)
    assert [i.section for i in ITEMS] == sorted(i.section for i in ITEMS), "in the order of the six sections"


def test_the_list_of_the_study_is_complete_and_its_counts_add_up(plan):
    answers = content(plan)
    by = {s: sum(a.status == s for a in answers) for s in ("answered", "not applicable", "not stated", "missing")}
    assert (by["missing"], sum(by.values())) == (0, 66)
    assert all(a.reason for a in answers if a.status in {"not applicable", "not stated"})
    assert all(a.places for a in answers if a.status == "answered")
    assert counts_in_words(answers) == (
        f"content: {by['answered']} of 66 answered, {by['not applicable']} not applicable, {by['not stated']} not stated, none missing"
    )


ALTERED = {
    "a title that names no plan": ("1a", lambda c: c["plan"].update(title="First-in-human study"), "does not say"),
    "authors by name alone": ("5", lambda c: c["content"]["not_stated"].pop(5), "without affiliation and role"),
    "an objective that no table shows": ("27a", lambda c: c.update(outputs=[o for o in c["outputs"] if "AN-DEATH" not in o["analyses"]]), "No table or figure shows AN-DEATH"),
    "a stopping rule without looks": ("13c", lambda c: c["sample_size"]["proportion"].pop("stopping"), "sample_size.proportion.stopping"),
    "a set whose definition is to come": ("20", lambda c: c["analysis_sets"][1].update(text="TBD"), "The definition of SAF only holds a place"),
    "missing values left open": ("28", lambda c: c["conventions"].update(missing="To be defined"), "only holds a place"),
    "a quantity without unit": ("26b", lambda c: c["datasets"]["ADCK"]["parameters"]["CARTPCT"].pop("unit"), "ADCK: no unit of CARTPCT"),
    "an endpoint to come": ("26a", lambda c: c["analyses"][0].update(endpoint="TODO: endpoint"), "The endpoint of AN-DLT only holds a place"),
    "no flow of subjects": ("23", lambda c: c.update(outputs=[o for o in c["outputs"] if o["kind"] != "flow_figure"]), "flow_figure"),
    "no adverse events": ("30", lambda c: c["analyses"].__setitem__(9, c["analyses"][9] | {"steps": c["analyses"][5]["steps"]}), "adverse_events"),
    "a prior without its reason": ("E7", lambda c: c["dose_finding"].pop("bayes"), "nothing says why this one"),
    "a registration to come": (
        "1b", lambda c: (c["content"]["not_stated"].pop("1b"), c["study"].update(registration=[{"registry": "ClinicalTrials.gov", "number": "TBD"}])),
        "study.registration only holds a place: TBD",
    ),
}  # fmt: skip


def changed(change) -> Plan:
    """The plan of the study with something changed, whether or not its parts still fit each other."""
    stated = deepcopy(SOURCE)
    change(stated)
    return Plan.model_validate(stated)


@each("name", ALTERED)
def test_an_item_whose_answer_is_taken_away_is_missing_and_told(name):
    number, change, told = ALTERED[name]
    answer = of(changed(change), number)
    assert answer.status == "missing"
    assert told in answer.reason


def test_e_alone_stands_for_every_topic_of_early_phase_trials_the_plan_does_not_answer():
    def late_phase(c):
        c["content"]["not_applicable"] = {"E": "A confirmatory trial.", **dict.fromkeys(("6a", "6b", "6c"), "Nobody.")}
        c["content"]["not_stated"] = {n: r for n, r in c["content"]["not_stated"].items() if not str(n).startswith("E")}

    answers = {a.item.number: a for a in content(changed(late_phase))}
    assert (answers["E2"].status, answers["E2"].reason) == ("not applicable", "A confirmatory trial.")
    assert answers["E3"].status == "answered"


@each("text", ["TBD", "tbd.", "T.B.D.", "To be defined", "to be confirmed by the sponsor", "TODO write this", "n/a", "N.A.", "xxx", "...", "…", "-",
               "?", "Gap 7: background", "<text>", "[insert]", "{text}", "Insert text here", "Lorem ipsum dolor", "placeholder", "unknown", "x", "n / a", "(TBD)", "Version 2.0, date TBD", "Not yet decided.", "Under discussion", "To be agreed", "Primary: to be defined", "not applicable"])  # fmt: skip
def test_a_text_that_holds_a_place_is_no_answer(text):
    assert is_gap(text)


@each("text", ["None.", "None: single arm.", "Unknown responses count as non-responses.", "To be confirmed, a response must be seen twice, four weeks apart.",
               "Not adjusted.", "Tbilisi has one centre.", "Pending results are waited for.", "I", "1", "Not defined in the letter; assumption A1 defines it here.", "Gap junctions are measured.", "{AEDECOD}, grade {ATOXGR}"])  # fmt: skip
def test_a_short_answer_is_an_answer(text):
    assert not is_gap(text)


def test_only_what_sap_new_wrote_is_a_gap_it_left():
    assert [is_begun(t) for t in ("Gap 7: background", "Gap: notice", "GAP-STUDY-ID", "GAP", "Gap year", "TBD")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
