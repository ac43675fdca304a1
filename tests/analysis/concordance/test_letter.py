"""The letter itself: what the checks raise is what is truly wrong or missing in it, and nothing else."""

from pathlib import Path

import pytest

from analysis.concordance.concord import concord
from analysis.concordance.in_data import text
from analysis.concordance.source import beside
from analysis.derive import derive
from tests.data.facts import evaluate, read, with_derived
from tests.data.facts import facts as written

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found(study, results):
    return concord(beside(ROOT / "data"), results, derive(study))


def test_two_statements_contradict_the_letter(found):
    wrong = {s.id: s.why for s in found.statements if s.verdict == "internally inconsistent"}
    assert wrong == {
        "hsct-still-cr": "4 of 6 is 66.7%, not 50%. 50% would be 3 of 6 or 4 of 8.",
        "peak-figure": "CR/CRi (7) against NR (2) here, CR/CRi (7) against non-CR/CRi (3) in 'peak-by-response' "
        "(Biomarker analysis).",
    }


def test_what_the_letter_leaves_open(found):
    missing = {(s.id, f.check) for s in found.statements for f in s.raised if f.weight == "not stated"}
    assert missing == {
        ("primary-endpoint", "endpoint with a result"),
        ("severe-pancytopenia", "no more than each of its conditions"),
        ("follow-up", "median follow-up with its method"),
        ("peak-within-two-weeks", "limit and range"),
        ("hsct-all", "parts add up"),
        ("peak-by-response", "p-value of a named test"),
        ("peak-figure", "p-value of a named test"),
        ("peak-figure", "p-value within reach"),
    }


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
            shown = text(tuple(value) if isinstance(value, list) else value if isinstance(value, str) else float(value))
            assert shown == compared.value, fact["id"]
