"""A narrative: sentences of the plan with the values of the data, and what stands where a value is missing."""

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.data.narrative import narratives
from sap.model.derivations import Narrative
from sap.reading.read import read_plan
from sap.text.problems import PlanError
from tests.each import each

DAY0 = pd.Timestamp("2021-03-01")
ADSL = pd.DataFrame(
    {
        "USUBJID": ["A", "B", "N"],
        "SEX": ["F", "M", "M"],
        "AGE": [41.0, 50.0, 60.0],
        "TRTSDT": [DAY0, DAY0, pd.NaT],
        "DTHDT": [DAY0 + pd.Timedelta(days=64), pd.NaT, pd.NaT],
    }
)
ADAE = pd.DataFrame(
    [("A", "Sepsis", 5.0, 59, 64), ("A", "Anaemia", 3.0, 6, None), ("A", "Nausea", 1.0, 1, 2), ("B", "Nausea", 2.0, 0, 1)],
    columns=["USUBJID", "AEDECOD", "ATOXGR", "FROM", "TO"],
).assign(
    ASTDT=lambda d: DAY0 + pd.to_timedelta(d["FROM"], unit="D"), AENDT=lambda d: DAY0 + pd.to_timedelta(d["TO"], unit="D")
)  # fmt: skip
SEVERE = {
    "dataset": "ADAE",
    "where": {"dataset": "ADAE", "variable": "ATOXGR", "comparator": "GE", "value": 3},
    "sort": ["ASTDT"],
    "text": "{AEDECOD}, grade {ATOXGR}, days {ASTDT:day} to {AENDT:day}",
    "otherwise": "{AEDECOD} from day {ASTDT:day}, not ended",
}
SENTENCES = [
    {"text": "{ADSL.SEX} of {ADSL.AGE} years.", "words": {"F": "Woman", "M": "Man"}},
    {"text": "Severe: {records}.", "records": SEVERE, "otherwise": "Nothing severe."},
    {"text": "Died on day {ADSL.DTHDT:day} ({ADSL.DTHDT}).", "otherwise": "Alive."},
]


def narrative(*sentences) -> Narrative:
    return Narrative.model_validate({"id": "NARR", "kind": "narrative", "text": "x", "sentences": list(sentences)})


def told(*sentences):
    found = narratives({"ADSL": ADSL, "ADAE": ADAE}, narrative(*sentences))
    return dict(zip(found["USUBJID"], found["TEXT"], strict=True))


def test_each_treated_subject_is_told_by_its_own_values():
    severe = "Anaemia from day 6, not ended; Sepsis, grade 5, days 59 to 64"
    assert told(*SENTENCES) == {
        "A": f"Woman of 41 years. Severe: {severe}. Died on day 64 (2021-05-04).",
        "B": "Man of 50 years. Nothing severe. Alive.",
    }


def test_a_sentence_without_its_value_is_left_out_where_nothing_takes_its_place():
    assert told({"text": "Died on day {ADSL.DTHDT:day}."})["B"] == ""


def test_a_value_of_a_dataset_with_several_records_is_refused():
    with pytest.raises(ValueError, match="ADAE has several records a subject"):
        told({"text": "Had {ADAE.AEDECOD}."})


@each(
    "sentence, said",
    [
        ({"text": "Aged {AGE}."}, "does not say of which dataset"),
        ({"text": "Severe: {records}."}, "belong together"),
        (
            {"text": "Severe: {records}.", "records": {"dataset": "ADAE", "text": "{ADAE.AEDECOD}"}},
            "of its own dataset",
        ),
    ],
)
def test_a_sentence_that_names_no_place_is_refused(sentence, said):
    with pytest.raises(ValidationError, match=said):
        narrative(sentence)


@each(
    "old, new, said",
    [
        ("given {ADSL.DOSE}", "given {ADSL.DOSIS}", "ADSL has no variable 'DOSIS'"),
        ("day {ADSL.DTHDT:day}", "day {ADSL.AGE:day}", "ADSL.AGE is not a date"),
        ("given {ADSL.DOSE}", "given {NARR.TEXT}", "NARR.TEXT is derived after NARR"),
        ("given {ADSL.DOSE}", "given {ADSL.SUBJID}", "names a subject"),
        ("variables: [HSCT.DAY, OS.AVAL, OS.CNSR]", "variables: [NARR.TEXT]", "told and not analysed"),
    ],
)
def test_what_a_plan_cannot_tell_is_named(root, tmp_path, old, new, said):
    text = (root / "sap" / "plan.yml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "plan.yml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanError, match=said):
        read_plan(file)


def test_every_death_of_this_study_is_told_with_its_day_and_cause(study):
    adsl = study.data["ADSL"].set_index("USUBJID")
    texts = study.derived["NARR"].set_index("USUBJID")["TEXT"]
    died = adsl[adsl["DTHFL"] == "Y"]
    assert len(died) == 4
    for subject, row in died.iterrows():
        day = (row["DTHDT"] - row["TRTSDT"]).days
        assert texts[subject].endswith(f"Died on day {day}; cause: {row['DTHCAUS']}.")


def test_where_times_start_on_day_1_the_days_of_a_narrative_do_too():
    """The day of first treatment is day 1 and the day before it day −1, as study days are counted."""
    text = narrative({"text": "Day {ADSL.TRTSDT:day}, died on day {ADSL.DTHDT:day}.", "otherwise": "Alive."})
    found = narratives({"ADSL": ADSL}, text, origin_day=1)
    assert found["TEXT"].iloc[0] == "Day 1, died on day 65."
