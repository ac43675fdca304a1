"""The helper every comparison with a reference value goes through."""

import json
import math

import pytest

from tests.each import each
from tests.reference_check import RECORD_VARIABLE, agrees, relative_difference


@pytest.fixture(autouse=True)
def keep_these_out_of_the_evidence(monkeypatch):
    monkeypatch.delenv(RECORD_VARIABLE, raising=False)


@each(
    ("actual", "expected"),
    [(1.000001, 1), (None, 1), (1, "NA"), (math.inf, 1), (1, "Inf"), (1e-12, 0), (math.nan, 1), (-1, 1)],
)
def test_a_difference_fails(actual, expected):
    with pytest.raises(AssertionError, match="relative difference"):
        agrees(actual, expected, method="m", source="s")


def test_returns_the_largest_relative_difference():
    assert agrees([1, 2.0000000002], [1, 2], method="m", source="s") == pytest.approx(1e-10, rel=1e-6)


def test_each_element_that_differs_is_named():
    with pytest.raises(AssertionError, match=r"2 is not 1 #1 .*; 4 is not 3 #3 "):
        agrees([2, 2, 4], [1, 2, 3], method="m", source="s")


def test_a_missing_element_fails():
    with pytest.raises(AssertionError, match="1 values, 2 expected"):
        agrees([1], [1, 2], method="m", source="s")


def test_the_words_of_r_are_understood():
    assert relative_difference(math.inf, "Inf") == 0
    assert relative_difference(-math.inf, "-Inf") == 0
    assert relative_difference(None, "NA") == 0
    assert relative_difference(math.nan, "NaN") == 0


def test_comparisons_are_recorded_when_asked(tmp_path, monkeypatch):
    monkeypatch.setenv(RECORD_VARIABLE, str(tmp_path / "evidence.jsonl"))
    agrees([1, None], [1, "NA"], method="median", source="R", case="a", requirement="survival")
    (file,) = tmp_path.iterdir()
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["case"] for row in rows] == ["a #1", "a #2"]
    assert rows[0] == {
        "actual": 1.0,
        "case": "a #1",
        "expected": 1.0,
        "method": "median",
        "relative_difference": 0.0,
        "requirement": "survival",
        "source": "R",
        "tolerance": 1e-9,
    }
