"""Both routes impute alike, and no date leaves the days that its known parts allow."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.recompute.trial.imputed import imputed
from sap.model.imputation import Imputation
from sap.model.variables import Dataset, Variable
from sap.text.dates import collected, possible

RULES = st.sampled_from(["first", "mid", "last"])
DAYS = st.dates(date(2013, 6, 1), date(2015, 6, 30))
FORMS = ("%Y", "%Y-%m", "%Y---%d", "%Y-%m-UN", "UNK-%b-%Y", "UN/UNK/%Y", "--%m-%d", "%d%b%Y", "UNK")


class PlanOf:
    """A plan of one dataset with one imputed date."""

    def __init__(self, rule: Imputation) -> None:
        self.datasets = {"ADSL": Dataset(file="a.csv", title="A", variables=(_variable(rule),))}


def _variable(rule: Imputation) -> Variable:
    return Variable(name="ASTDT", label="Start", type="date", impute=rule)


def second(rule: Imputation, cell: str, low: date | None, high: date | None):
    columns = {"USUBJID": ["S"], "ASTDT": [cell], "LOW": [low], "HIGH": [high]}
    found = imputed(PlanOf(rule), {"ADSL": columns})["ADSL"]
    return found["ASTDT"][0], found["ASTDTF"][0]


@given(
    day=DAYS,
    form=st.sampled_from(FORMS),
    rules=st.tuples(RULES, st.none() | RULES),
    low=st.none() | DAYS,
    high=st.none() | DAYS,
    year=st.sampled_from([None, "first", "last"]),
)
def test_both_routes_impute_alike_and_within_the_days_that_are_possible(day, form, rules, low, high, year):
    assume(year is None or rules[1] is not None)
    rule = Imputation(day=rules[0], month=rules[1], year=year, not_before=("LOW",), not_after=("HIGH",))
    cell = day.strftime(form)
    partial = collected(cell)
    assert partial is not None
    first = rule.whole(partial, tuple(filter(None, [low])), tuple(filter(None, [high])))
    told, flag = second(rule, cell, low, high)
    assert told == first
    assert first is None or flag == partial.lacks
    if first is not None and partial.year is not None:
        earliest, latest = possible(partial)
        assert earliest <= first <= latest
