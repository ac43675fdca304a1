"""The letter itself: what the checks raise is what is truly wrong or missing in it, and nothing else."""

from pathlib import Path

import pytest

from analysis.concordance.comparison import value_text
from analysis.concordance.concord import concord, facts_beside
from tests.data.facts import evaluate, read, with_derived
from tests.data.facts import facts as written

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found(study, results):
    return concord(facts_beside(ROOT / "data"), results, study.derived)


def raised(found, weight):
    return {(s.id, f.check) for s in found.statements for f in s.raised if f.weight == weight}


def test_one_statement_contradicts_itself_whichever_way_the_letter_is_read(found):
    wrong = {s.id: s.why for s in found.statements if s.verdict == "internally inconsistent"}
    assert wrong == {"hsct-still-cr": "4 of 6 is 66.7%, not 50%. 50% would be 3 of 6 or 4 of 8."}


def test_what_contradicts_the_letter_under_one_reading(found):
    assert raised(found, "under a reading") == {
        ("severe-pancytopenia", "no more than each of its conditions"),  # if severe in each of the three lines
        ("peak-within-two-weeks", "limit and range"),  # if said of everyone
        ("hsct-all", "parts add up"),  # if bridging is not salvage
        ("peak-figure", "said twice"),  # if NR leaves out the partial response
        ("peak-figure", "p-value within reach"),  # and the test is an exact one of ranks
    }
    figure = next(s for s in found.statements if s.id == "peak-figure")
    assert (figure.verdict, figure.possibility) == ("cannot be checked", "impossible under one reading")
    assert "if NR means patients 1 and 5 alone" in next(f.message for f in figure.raised if f.check == "said twice")


def test_what_the_letter_leaves_open(found):
    in_abstract_alone = {s for s, check in raised(found, "not stated") if check == "result outside the abstract"}
    assert in_abstract_alone == {"lymphodepletion", "primary-endpoint", "crs-low", "crs-high"}
    assert raised(found, "not stated") - {(s, "result outside the abstract") for s in in_abstract_alone} == {
        ("primary-endpoint", "endpoint with a result"),
        ("response-rate", "proportion with its confidence interval"),
        ("follow-up", "median follow-up with its method"),
        ("peak-by-response", "p-value of a named test"),
        ("peak-figure", "p-value of a named test"),
    }
    assert raised(found, "too precise") == set()


def test_statements_in_words_that_are_not_the_letter_s_are_marked_as_read(found):
    own_words = {"deaths-named", "hsct-who", "supplement"}
    assert {s.id for s in found.statements if s.id in own_words and s.basis != "read"} == set()


def test_no_statement_differs_from_the_reconstruction_that_was_made_to_hold_it(found):
    assert [s.id for s in found.statements if s.verdict == "differs"] == []


def test_every_comparison_that_is_asked_for_could_be_made(found):
    assert [(s.id, c.why) for s in found.statements for c in s.compared if not c.value] == []


def test_every_statement_has_a_verdict_and_what_cannot_be_checked_says_why(found):
    assert len(found.statements) == len(written())
    assert all(s.why for s in found.statements)


def test_the_primary_endpoint_stands_beside_what_was_computed_here(found):
    endpoint = next(s for s in found.statements if s.id == "primary-endpoint")
    assert endpoint.verdict == "cannot be checked"
    assert all(c.value and c.holds is None for c in endpoint.compared)


def test_both_ways_of_looking_facts_up_find_the_same(found):
    """The checks on the data are also evaluated by tests/data/facts.py, which shares no code with the package."""
    data = with_derived(read())
    looked = {s.id: [c for c in s.compared if c.data is not None] for s in found.statements}
    for fact in written():
        for check, compared in zip(fact["checks"], looked[fact["id"]], strict=True):
            outcome = evaluate(data, check)
            assert outcome.holds == compared.holds, fact["id"]
            value = outcome.actual
            shown = value_text(
                tuple(value) if isinstance(value, list) else value if isinstance(value, str) else float(value)
            )
            assert shown == compared.value, fact["id"]
