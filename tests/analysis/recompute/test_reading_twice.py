"""A fault of reading is one of the first route alone: the second reads the files itself, and names the cell."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.data import load
from analysis.data.formats.table import TextTable
from analysis.data.load import Study, read_data
from analysis.pipeline.analyse import analyse
from analysis.recompute import READING, Check, Files, reading_in_words, recompute
from analysis.recompute.files import kinds
from analysis.results.seal_state import SealState
from analysis.running.run import run
from reports.words.numbers import shown
from sap.reading.read import read_plan
from tests.other_trial.conftest import HERE

Texts = pd.Series


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Path:
    """The other trial, in which stable disease is coded NA: a value that many readers take for a missing one."""
    folder = tmp_path_factory.mktemp("trial")
    for file in [HERE / "plan.yml", *(HERE / "data").glob("*.csv")]:
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(re.sub(r"\bSD\b", "NA", text), encoding="utf-8")
    return folder


@pytest.fixture
def misread(monkeypatch, trial) -> Callable[..., Study]:
    """The trial as the first route reads it, with a fault in how it reads the texts of a column."""

    def study(dataset: str, column: str, fault: Callable[[Texts], Texts]) -> Study:
        real = load.read_table

        def read_table(name, *args) -> TextTable:
            table = real(name, *args)
            if name == dataset:
                wrong = fault(table.frame[column].astype(object))
                assert not wrong.equals(table.frame[column].astype(object)), "the test planted nothing"
                table.frame[column] = wrong
            return table

        monkeypatch.setattr(load, "read_table", read_table)
        plan = read_plan(trial / "plan.yml")
        return Study(plan, read_data(plan, trial).data, ())

    return study


def differing(checks: tuple[Check, ...]) -> list[Check]:
    return [c for c in checks if c.verdict == "differs" and c.context != READING]


def told(checks: tuple[Check, ...]) -> str:
    return " ".join(reading_in_words(checks))


def a_day_later(texts: Texts) -> Texts:
    """As days since 1960 of which one is counted too much."""
    later = pd.to_datetime(texts) + pd.Timedelta(days=1)
    return later.dt.strftime("%Y-%m-%d").fillna("").astype(object)


def month_for_day(texts: Texts) -> Texts:
    """2024-03-08 as the 3rd of August; what is no date that way as it is."""
    return texts.map(lambda t: f"{t[:4]}-{t[8:]}-{t[5:7]}" if t[8:] and int(t[8:]) <= 12 else t)


def without_na(texts: Texts) -> Texts:
    """A word for missing, as many readers have it, where it is a value."""
    return texts.replace("NA", "")


FAULTS = {
    "a value taken for a missing one": (
        "ADRS",
        "AVALC",
        without_na,
        "'missing' by the first route, 'NA' by the second",
    ),
    "days since another day": (
        "ADRS",
        "ADT",
        a_day_later,
        "ADRS ADT was read in two ways: '2024-02-20' by the first route, '2024-02-19' by the second, in row 2 of adrs.csv (SOL-201-001) and 21 more (rows 3, 4 …).",
    ),
    "month and day": (
        "ADSL",
        "NACTDT",
        month_for_day,
        "'2024-05-07' by the first route, '2024-07-05' by the second, in row 10 of adsl.csv (SOL-201-009).",
    ),
    "the day of origin": (
        "ADTTE",
        "AVAL",
        lambda texts: texts.map(lambda t: str(int(t) - 1)),
        "ADTTE AVAL was read in two ways: 42 by the first route, 43 by the second, in row 2 of adtte.csv (SOL-201-001) and 21 more",
    ),
    "a decimal comma": (
        "ADSL",
        "DOSELVL",
        lambda texts: texts.str.replace("0.3", "3"),
        "ADSL DOSELVL was read in two ways: 3 by the first route, 0.3 by the second",
    ),
    "a missing value read as 0": (
        "ADSL",
        "TUMSZ",
        lambda texts: texts.replace("", "0"),
        "ADSL TUMSZ was read in two ways: 0 by the first route, 'missing' by the second, in row 6 of adsl.csv (SOL-201-005) and 2 more",
    ),
    "a column a row too far": (
        "ADSL",
        "AGE",
        lambda texts: texts.shift(fill_value="61"),
        "ADSL AGE was read in two ways: 61 by the first route, 54 by the second",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_reading_is_seen_by_the_second_reading_and_by_nothing_else(misread, trial, fault):
    dataset, column, wrong, said = FAULTS[fault]
    study = misread(dataset, column, wrong)
    results = run(study)
    from_what_was_read = recompute(study, results, with_r=False)
    assert not differing(from_what_was_read), "the second route took over what the first had read"
    from_files = recompute(study, results, files=Files(study.plan, trial), with_r=False)
    assert differing(from_files)
    assert said in told(from_files)


def test_what_is_read_alike_is_counted(trial, tmp_path):
    said = []
    found = analyse(trial / "plan.yml", trial, tmp_path / "results", SealState("draft"), shown=shown, tell=said.append)
    assert found.differing == 0
    # ADSL 12 records of 17 columns, ADAE 13 of 11, ADRS 22 of 6, ADTTE 22 of 8: those that the plan or the core describe.
    assert [line for line in said if "read twice" in line] == ["4 datasets read twice, 655 cells: all the same."]


def test_a_file_that_the_second_reading_cannot_read_is_said_to_be_read_once(misread, trial, monkeypatch):
    def unread(*_):
        raise ValueError("a kind of its own")

    monkeypatch.setattr(kinds.comma_separated, "read", unread)
    study = Study(read_plan(trial / "plan.yml"), read_data(read_plan(trial / "plan.yml"), trial).data, ())
    checks = recompute(study, run(study), files=Files(study.plan, trial), with_r=False)
    assert not differing(checks)
    assert "ADSL was read once: adsl.csv cannot be read a second time: ValueError: a kind of its own." in told(checks)
