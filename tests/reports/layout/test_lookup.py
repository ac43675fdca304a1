"""A page asks for one statistic and gets it, or a sentence that says exactly why not."""

import pytest

from reports.layout.lookup import Lookup
from sap.text.problems import UserError


@pytest.fixture(scope="session")
def lookup(results) -> Lookup:
    return Lookup(results)


def test_a_statistic_named_in_full_is_found(lookup):
    row = lookup.row("AN-RESP", "estimate", context="proportion", variable="BOR", level="CR / CRi", group="")
    assert row.stat == 0.7


def test_a_statistic_that_is_named_once_needs_no_more_than_its_name(lookup):
    assert lookup.row("AN-PEAK", "p.value").context == "rank_test"


def test_an_unknown_analysis_is_told_with_the_nearest_one(lookup):
    with pytest.raises(UserError, match=r"no analysis 'AN-RES'. Did you mean 'AN-RESP'\?"):
        lookup.row("AN-RES", "estimate")


def test_an_unknown_statistic_is_told_with_those_there_are(lookup):
    with pytest.raises(
        UserError, match=r"AN-RESP has no statistic 'estimat'. Did you mean 'estimate'\? Known: .*conf\.low"
    ):
        lookup.row("AN-RESP", "estimat")


def test_a_narrowing_that_leads_nowhere_is_repeated(lookup):
    with pytest.raises(UserError, match=r"AN-OS has no statistic 'estimate' with context=survival_at, level=91"):
        lookup.row("AN-OS", "estimate", context="survival_at", level="91")


def test_an_ambiguous_name_is_told_with_the_places_to_choose_from(lookup):
    with pytest.raises(UserError, match=r"AN-PEAK has 3 statistics 'median'; say which: .*group=CR/CRi") as caught:
        lookup.row("AN-PEAK", "median")
    assert "group=Not CR/CRi" in str(caught.value)
    assert "variable=TPEAK" in str(caught.value)


def test_of_many_places_a_few_are_listed(lookup):
    with pytest.raises(UserError) as caught:
        lookup.row("AN-OS", "n.risk")
    assert str(caught.value).count("context=") == 8


def test_rows_come_in_the_order_of_the_results(lookup, results):
    found = lookup.rows("AN-RESP", context="distribution", stat="n")
    assert [r.variable_level for r in found][:4] == ["CR", "CRi", "PR", "NR"]


def test_no_statistic_is_found_in_results_that_are_empty():
    from analysis.results.ard import Results

    with pytest.raises(UserError, match="no analysis 'AN-OS'"):
        Lookup(Results(())).row("AN-OS", "estimate")
