"""Every fact of the letter holds in the reconstructed data, all at once."""

from itertools import combinations

import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from tests.data.facts import CHECK_KEYS, evaluate, exact_rank_p, facts, read, with_derived
from tests.each import each

FACTS = facts()
CHECKS = {f"{fact['id']}-{i}": check for fact in FACTS for i, check in enumerate(fact["checks"], start=1)}


@pytest.fixture(scope="module")
def study():
    return with_derived(read())


@each("check", CHECKS.values(), ids=CHECKS)
def test_published_fact_holds(study, check):
    outcome = evaluate(study, check)
    assert outcome.holds, f"expected {outcome.expected}, the data give {outcome.actual}"


@each("fact", FACTS, ids=lambda f: f["id"])
def test_fact_is_looked_up_or_says_why_not(fact):
    looked_up = bool(fact["checks"] or fact.get("results") or fact.get("links"))
    assert looked_up or fact.get("not_checked")
    assert not (fact["checks"] and fact.get("not_checked"))


@each("fact", FACTS, ids=lambda f: f["id"])
def test_fact_says_where_it_stands_and_what_it_is(fact):
    assert {"id", "statement", "where", "kind", "value", "basis", "checks"} <= fact.keys()
    assert fact["where"]
    assert fact["basis"] in {"published", "read"}
    for check in fact["checks"]:
        assert {"dataset", "statistic"} <= check.keys() <= CHECK_KEYS
        assert ("equals" in check) != bool({"min", "max"} & check.keys())


def test_fact_ids_are_unique():
    assert len({f["id"] for f in FACTS}) == len(FACTS)


@each("fact", [f for f in FACTS if f["kind"] == "proportion"], ids=lambda f: f["id"])
def test_percent_is_numerator_over_denominator_or_is_remarked_upon(fact):
    value = fact["value"]
    agrees = round(100 * value["numerator"] / value["denominator"]) == value["percent"]
    assert agrees or "not 50%" in fact["remark"]


def test_the_letters_fifty_percent_of_six_is_kept_in_its_own_words():
    fact = next(f for f in FACTS if f["id"] == "hsct-still-cr")
    assert "four (50%)" in fact["statement"]
    assert fact["value"] == {"numerator": 4, "denominator": 6, "percent": 50}


def _failing(data):
    derived = with_derived(data)
    return {f["id"] for f in FACTS for check in f["checks"] if not evaluate(derived, check).holds}


ALTERATIONS = [
    ("ADSL", "AGE", "RECON-09", 46.0, "age"),
    ("ADSL", "PRLINES", "RECON-02", 9.0, "prior-lines"),
    ("ADSL", "CLL1PCT", "RECON-01", 51.0, "cll1-expression"),
    ("ADSL", "STERFL", "RECON-09", "N", "corticosteroids"),
    ("ADSL", "HSCTDT", "RECON-08", "2017-10-01", "hsct-time"),
    ("ADSL", "DTHFL", "RECON-02", "", "alive"),
    ("ADTTE", "AVAL", "RECON-05", 16.0, "follow-up"),
    ("ADSL", "RESISTFL", "RECON-04", "N", "resistant-to-last-chemotherapy"),
    ("ADSL", "HSCTDON", "RECON-04", "", "hsct-count"),
    ("ADSL", "LDDAYS", "RECON-04", 2, "lymphodepletion"),
    ("ADEX", "EXDOSE", "RECON-04", 400.0, "lymphodepletion"),
    ("ADTTE", "CNSR", "RECON-09", 1, "engraftment"),
]


@each(("dataset", "column", "usubjid", "value", "fact"), ALTERATIONS, ids=str)
def test_fact_fails_when_a_datum_is_altered(dataset, column, usubjid, value, fact):
    data = read()
    assert not _failing(data)
    data[dataset].loc[data[dataset]["USUBJID"] == usubjid, column] = value
    assert fact in _failing(data)


def test_response_rate_fails_when_a_responder_is_altered():
    data = read()
    data["ADRS"].loc[data["ADRS"]["USUBJID"] == "RECON-09", "AVALC"] = "PR"
    assert {"response-rate", "hsct-still-cr"} <= _failing(data)


def test_peak_comparison_fails_when_a_responder_did_not_expand():
    data = read()
    data["ADCK"].loc[data["ADCK"]["USUBJID"] == "RECON-08", "AVAL"] /= 20
    assert "peak-by-response" in _failing(data)


def test_rank_p_agrees_with_another_exact_implementation(study):
    peak, response = study["ADSL"]["PEAK"], study["ADSL"]["BOR"].isin(["CR", "CRi"])
    expected = mannwhitneyu(peak[response], peak[~response], method="exact").pvalue
    assert exact_rank_p(peak[response], peak[~response]) == pytest.approx(expected, rel=1e-12)
    # One pair out of 21 is discordant: two of 120 splits are as far out on either side, R: wilcox.test(x, y)$p.value
    assert expected == pytest.approx(4 / 120, rel=1e-12)


def test_nonresponse_alone_cannot_be_significant_with_seven_against_two():
    smallest = min(
        exact_rank_p(pd.Series(one), pd.Series(sorted(set(range(9)) - set(one)))) for one in combinations(range(9), 7)
    )
    assert smallest == pytest.approx(2 / 36, rel=1e-12)
