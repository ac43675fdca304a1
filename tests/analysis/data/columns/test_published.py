"""A published trial, read as it is: a plan names the columns it uses, and nothing else is asked of the files."""

from pathlib import Path

import pytest

from analysis.data.load import validate
from analysis.running.run import run
from reports.layout.lookup import Lookup
from sap.reading.read import read_plan

HERE = Path(__file__).parent
DATA = HERE.parents[4] / "shared" / "adam" / "parquet"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the published data lie beside the checkout: shared/adam")


@pytest.fixture(scope="module")
def found():
    return validate(read_plan(HERE / "published.yml"), DATA)


@pytest.fixture(scope="module")
def value(found):
    lookup = Lookup(run(found.study))

    def of(analysis, name, group, **where):
        return lookup.row(analysis, name, group=group, **where).stat

    return of


def test_columns_that_the_plan_does_not_use_are_not_asked_for(found):
    assert {f.rule for f in found.failures if f.severity == "error"} == set()


def test_the_rules_that_were_not_held_are_told_with_the_column_that_lacks(found):
    told = {(n.dataset, n.column) for n in found.notes if n.rule == "not_run"}
    assert told == {("ADSL", "RFICDT"), ("ADSL", "DTHDT"), ("ADSL", "LSTALVDT")}


def test_the_types_that_only_the_cells_say_are_told(found):
    assert {n.value for n in found.notes if n.rule == "type"} == {"number", "text"}


# By R 4, survival: survfit(Surv(AVAL, CNSR == 0) ~ TRTA, conf.type = "log-log"), safety population.
@pytest.mark.parametrize(
    ("group", "size", "median", "low", "high"),
    [("Low", 84, 33, 27, 48), ("High", 84, 36, 23, 46), ("Placebo", 86, None, None, None)],
)
def test_the_time_to_the_first_dermatologic_event_is_that_of_r(value, group, size, median, low, high):
    assert value("AN-TTE", "N", group, context="survival") == size
    shown = [
        value("AN-TTE", name, group, context="survival", level="median")
        for name in ("estimate", "conf.low", "conf.high")
    ]
    assert shown == [median, low, high]


def test_survival_on_day_30_is_that_of_r(value):
    assert round(value("AN-TTE", "estimate", "Low", context="survival_at", level="30"), 3) == 0.534
