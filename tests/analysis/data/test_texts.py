"""Texts that look alike, blanks, words for missing, values nobody has: told with what to do, and counted right."""

import pandas as pd
import pytest

from analysis.data.load import validate
from analysis.data.sample import Sample
from analysis.data.sets import records_where
from analysis.recompute import recompute
from analysis.recompute.trial.cells import equals
from analysis.running.run import run
from analysis.steps.distribution import distribution
from sap.methods.distribution import Distribution
from sap.model.clause import Comparator, Condition
from sap.model.part import Reference
from sap.model.sets import AnalysisSet, Grouping, GroupLevel
from sap.model.variables import Variable
from sap.text.cells import same_code
from sap.text.spellings import as_read, difference, nearest, stands_for_missing
from tests.broken_data import BrokenData
from tests.each import each

S6 = "RECON-06"


def with_dataset(plan, name, **changes):
    changed = plan.datasets[name].model_copy(update=changes)
    return plan.model_copy(update={"datasets": {**plan.datasets, name: changed}})


def rows_of(broken: BrokenData, dataset: str, column: str) -> dict[str, list[int]]:
    head, *rows = broken.rows(dataset)
    found: dict[str, list[int]] = {}
    for number, cells in enumerate(rows, start=2):
        found.setdefault(cells[head.index(column)], []).append(number)
    return found


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        (str.upper, "in capitals"),
        (lambda term: term.replace(" ", "  "), "in blanks"),
        (lambda term: term.replace(" ", "\u00a0"), "in a character that is not seen (U+00A0)"),
        (lambda term: term + "\u200b", "in a character that is not seen (U+200B)"),
        (lambda term: term[:4] + "\u00ad" + term[4:], "in a character that is not seen (U+00AD)"),
    ],
    ids=["case", "double blank", "no-break space", "zero width", "soft hyphen"],
)
def test_a_term_written_in_two_ways_is_a_warning_that_names_both(plan, broken, written, differs):
    terms = rows_of(broken, "ADAE", "AEDECOD")
    usual, rows = max(((t, r) for t, r in terms.items() if " " in t), key=lambda found: len(found[1]))
    other = written(usual)
    broken.set("ADAE", rows[1], AEDECOD=other)
    found = validate(plan, broken.folder)
    assert found.study is not None
    (alike,) = (f for f in found.warnings if f.rule == "alike")
    assert (alike.column, alike.row, alike.value) == ("AEDECOD", rows[1], other)
    assert f"'{other}' (1 record: row {rows[1]}) is read as '{usual}' ({len(rows) - 1} records)" in alike.message
    assert alike.message.endswith(f"they differ {differs}.")


def test_spellings_that_are_read_alike_and_how_they_differ():
    same = [
        ("Nausea", "nausea"),
        ("U\u0308bel", "Übel"),
        ("Crohn’s", "Crohn's"),
        ("non–small", "non-small"),
        ("ﬁ", "fi"),
        ("Diarrh\u043eea", "Diarrhoea"),
    ]
    assert [(one, other) for one, other in same if as_read(one) != as_read(other)] == []
    apart = [("Nausea", "Nauseas"), ("Grade 1", "Grade 2"), ("CR", "CRi"), ("\u0440\u0430\u043a", "pak")]
    assert [(one, other) for one, other in apart if as_read(one) == as_read(other)] == []
    assert difference("U\u0308bel", "Übel") == "in how Unicode writes an accent (NFC and NFD)"
    assert difference("Diarrh\u043eea", "Diarrhoea") == "in letters of another alphabet (U+043E)"


def test_the_nearest_known_word_is_found_and_none_where_none_is_near():
    known = ["001", "002", "010", "011"]
    expected = {"01": "001", "1": "001", "0001": "001", "OO1": None, "999": None, "0010": "010", "0O2": "002"}
    assert {word: nearest([word], known).get(word) for word in expected} == expected


def test_of_words_that_are_as_near_none_was_meant_but_the_one_that_ends_in_a_number():
    known = ["SOL-201-001", "SOL-201-002", "SOL-201-010"]
    expected = {"SOL-201-003": None, "002": "SOL-201-002", "01": None, "SOL-2O1-010": "SOL-201-010", "010": known[2]}
    assert {word: nearest([word], known).get(word) for word in expected} == expected


def test_an_identifier_with_a_character_nobody_sees_is_told_where_it_is_known_to_all(plan, broken):
    for dataset in plan.datasets:
        head, *rows = broken.rows(dataset)
        at = head.index("USUBJID")
        changed = [[c + "\u200b" if i == at and c == S6 else c for i, c in enumerate(cells)] for cells in rows]
        broken.write(dataset, [head, *changed])
    found = validate(plan, broken.folder)
    assert found.study is not None
    assert {(f.rule, f.value) for f in found.warnings} == {("unseen", S6 + "\u200b")}
    assert {f.dataset for f in found.warnings} == set(plan.datasets)


def test_blanks_around_a_code_are_told_and_left_out(plan, broken):
    broken.set("ADRS", 2, AVALC=broken.cell("ADRS", 2, "AVALC") + "  ").set("ADSL", 3, SEX=" M")
    broken.set("ADSL", 4, AGE=" 66")  # a number has no blanks
    found = validate(plan, broken.folder)
    told = {(f.rule, f.dataset, f.column, f.row) for f in found.failures}
    assert told == {("blanks", "ADRS", "AVALC", 2), ("blanks", "ADSL", "SEX", 3)}
    assert found.study.data["ADSL"].loc[3, "SEX"] == "M"


def free_responses(plan):
    """Return the plan with responses in free text, which an analysis counts."""
    responses = plan.datasets["ADRS"].parameters["OVRLRESP"].model_copy(update={"codelist": ()})
    return with_dataset(plan, "ADRS", parameters={"OVRLRESP": responses})


@pytest.mark.parametrize("word", ["NA", "N/A", ".", "NULL", "None", "NaN", "#N/A", "-", "missing", "n/a"])
def test_a_word_for_missing_in_a_text_that_is_analysed_stops_with_the_line_for_the_plan(plan, broken, word):
    assert stands_for_missing(word)
    broken.set("ADSL", broken.row_of("ADSL", DTHCAUS="Disease progression"), DTHCAUS=word)
    found = validate(plan, broken.folder)
    assert found.study is None
    (failure,) = (f for f in found.failures if f.severity == "error")
    assert (failure.rule, failure.column, failure.value) == ("missing_word", "DTHCAUS", word)
    assert f'datasets: ADSL: missing_values: ["{word}"]' in failure.fix


def test_a_word_for_missing_in_a_column_that_nothing_analyses_is_a_warning(plan, broken):
    head, *rows = broken.rows("ADTTE")
    at = head.index("CNSDTDSC")
    broken.write("ADTTE", [head, *([*cells[:at], cells[at] or "NA", *cells[at + 1 :]] for cells in rows)])
    found = validate(plan, broken.folder)
    assert found.study is not None
    assert {(f.rule, f.column) for f in found.warnings} == {("missing_word", "CNSDTDSC")}


@pytest.mark.parametrize(
    ("dataset", "column"), [("ADLB", "AVAL"), ("ADSL", "DTHDT"), ("ADAE", "AENDT"), ("ADAE", "ATOXGR")]
)
def test_a_word_for_missing_among_numbers_and_dates_has_the_same_remedy(plan, broken, dataset, column):
    broken.set(dataset, 5, **{column: "."})
    (failure,) = validate(plan, broken.folder).failures
    assert f'datasets: {dataset}: missing_values: ["."]' in failure.fix
    may_be_missing = column != "ATOXGR"
    assert ("missing: true" in failure.fix) != may_be_missing


def test_what_the_plan_calls_missing_is_missing_in_every_column_of_the_dataset(plan, broken):
    row = broken.row_of("ADSL", USUBJID=S6)
    broken.set("ADSL", row, DTHDT=".", DTHCAUS="NA", HSCTDT="-99.0", HSCTTYP="NA")
    stated = with_dataset(plan, "ADSL", missing_values=("NA", ".", "-99"))
    found = validate(stated, broken.folder)
    # A text -99.0 in a column of dates is no number: it is the code without its decimals all the same.
    assert found.failures == ()
    record = found.study.data["ADSL"].loc[row]
    assert (record["DTHCAUS"], record["HSCTTYP"]) == ("", "")
    assert record[["DTHDT", "HSCTDT"]].isna().all()


def test_a_code_that_the_plan_lists_is_a_value_and_an_empty_list_says_that_all_are(plan, broken):
    broken.set("ADSL", broken.row_of("ADSL", DTHCAUS="Disease progression"), DTHCAUS="NA")
    others = tuple(c for c in rows_of(broken, "ADSL", "DTHCAUS") if c)
    listed = Variable(name="DTHCAUS", label="Cause", codelist=others, missing=True)
    own = plan.datasets["ADSL"].variables
    for stated in (
        with_dataset(plan, "ADSL", variables=(*own, listed)),
        with_dataset(plan, "ADSL", missing_values=()),
    ):
        assert not [f for f in validate(stated, broken.folder).failures if f.rule != "nobody"]


def responded(plan, comparator, value):
    """Return the plan with a set of those whose response compares as said."""
    where = Condition(dataset="ADSL", variable="DTHCAUS", comparator=comparator, value=(value,))
    return plan.model_copy(
        update={"analysis_sets": (*plan.analysis_sets, AnalysisSet(id="X", title="X", text="X", where=where))}
    )


def test_not_equal_to_missing_counts_those_with_a_value_once_the_plan_says_what_is_missing(plan, broken):
    """Four of ten died of a cause; with NA in the place of nothing, all ten had a cause that differs from nothing."""
    head, *rows = broken.rows("ADSL")
    at = head.index("DTHCAUS")
    broken.write("ADSL", [head, *([*cells[:at], cells[at] or "NA", *cells[at + 1 :]] for cells in rows)])
    assert validate(plan, broken.folder).study is None
    study = validate(
        with_dataset(responded(plan, Comparator.NE, ""), "ADSL", missing_values=("NA",)), broken.folder
    ).study
    found = run(study)
    (size,) = (r.stat for r in found.of("SETS") if r.variable_level == "X")
    assert size == 4
    assert {c.verdict for c in recompute(study, found, with_r=False)} == {"agrees"}


def test_codes_that_are_numbers_are_compared_as_numbers(plan, broken):
    head, *rows = broken.rows("ADTTE")
    at = head.index("CNSR")
    broken.write("ADTTE", [head, *([*cells[:at], f"{cells[at]}.0", *cells[at + 1 :]] for cells in rows)])
    broken.set("ADAE", 9, ATOXGR=f"{broken.cell('ADAE', 9, 'ATOXGR')}.0")
    assert validate(plan, broken.folder).failures == ()
    pairs = {
        ("0.0", "0"): True,
        ("1", "1.0"): True,
        ("01", "1"): False,
        ("1.5", "1"): False,
        ("", "0"): False,
        ("A.0", "A"): False,
    }
    assert {p: same_code(*p, number=False) for p in pairs} == pairs
    assert {p: equals(p[0] or None, p[1]) for p in pairs} == pairs
    assert same_code("2.50", "2.5", number=True)


@each("cells", [["1", "1.0", "2", ""], [1.0, 1.0, 2.0, None]], ids=["text", "number"])
def test_a_code_of_the_plan_finds_a_number_however_it_is_written(plan, cells):
    """Two of four have code 1, whether plan and data write 1 or 1.0: in a set, a distribution and a group."""
    subjects = ("A", "B", "C", "D")
    data = {"ADSL": pd.DataFrame({"USUBJID": subjects, "TRTPN": cells})}
    treatment = Reference(dataset="ADSL", variable="TRTPN")
    sample = Sample(subjects, data, plan, "all")
    for code in ("1", "1.0"):
        where = Condition(dataset="ADSL", variable="TRTPN", comparator=Comparator.EQ, value=(code,))
        assert records_where(data["ADSL"], where).sum() == 2
        step = Distribution(method="distribution", variable=treatment, levels=(code, "2"))
        counts = {s.variable_level: s.stat for s in distribution(step, sample) if s.stat_name == "n"}
        assert (counts[code], counts["2"]) == (2, 1)
        groups = Grouping(id="G", title="G", variable=treatment, levels=(GroupLevel(label="one", values=(code,)),))
        assert sample.group(groups)["one"].subjects == ("A", "B")


def test_a_level_that_nobody_has_is_told_with_the_one_that_was_meant(plan, broken):
    """The plan counts deaths by cause; the data write one of the two in another way, and the other not at all."""
    for row in rows_of(broken, "ADSL", "DTHCAUS")["Disease progression"]:
        broken.set("ADSL", row, DTHCAUS="disease progression")
    told = {f.value: f for f in validate(plan, broken.folder).failures}
    assert set(told) == {"Disease progression"}
    failure = told["Disease progression"]
    assert (failure.rule, failure.row, failure.severity) == ("nobody", 0, "warning")
    assert failure.message == "No record has DTHCAUS 'Disease progression', which AN-DEATH names."
    assert failure.fix.startswith("Did you mean 'disease progression' (they differ in capitals)?")


def test_a_misspelt_term_in_a_clause_is_told_and_a_term_that_occurred_in_nobody_is_not(plan, broken):
    rows = rows_of(broken, "ADAE", "AEDECOD")["Cytokine release syndrome"]
    for row in rows:
        broken.set("ADAE", row, AEDECOD="Cytokine release syndrom")
    told = [f for f in validate(plan, broken.folder).failures if f.rule == "nobody"]
    assert [f.value for f in told] == ["Cytokine release syndrome"]


def test_a_parameter_in_other_letters_is_told_with_its_spelling(plan, broken):
    head, *rows = broken.rows("ADLB")
    at = head.index("PARAMCD")
    changed = [[*c[:at], "crp" if c[at] == "CRP" else c[at], *c[at + 1 :]] for c in rows]
    broken.write("ADLB", [head, *changed])
    (failure,) = validate(plan, broken.folder).failures
    assert failure.fix.startswith("Did you mean 'crp' (they differ in capitals)?")


def test_a_word_that_is_missing_and_a_value_at_once_is_refused_in_the_plan(planned):
    from sap.text.problems import PlanError

    with pytest.raises(PlanError) as caught:
        planned(lambda content: content["datasets"]["ADSL"].update(missing_values=["Y"]))
    assert "'Y' stands for a missing value in ADSL, and ADSL." in caught.value.problems[0].message
