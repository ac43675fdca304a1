"""The checks every method makes on its input."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.methods.common import Interval, check_counts, check_level, check_sample, check_vector
from tests.each import each


def test_an_interval_cannot_be_changed():
    interval = Interval(0.1, 0.2, 0.95, "wilson")
    with pytest.raises(AttributeError):
        interval.conf_low = 0


def test_numbers_of_numpy_and_pandas_are_numbers():
    assert check_counts(np.int64(3), np.int32(10)) == (3, 10)
    assert check_counts(3.0, 10) == (3, 10)
    assert check_level(np.float64(0.9)) == 0.9
    assert check_sample(pd.Series([1, 2]), "x").tolist() == [1, 2]
    assert np.isnan(check_vector(pd.Series([1, None]), "x")).tolist() == [False, True]
    assert np.isnan(check_vector([1, None], "x")).tolist() == [False, True]


@each(
    "values",
    [
        ["1.5", "2"],
        ["1.5", None],
        np.array(["2022-01-01"], dtype="datetime64[D]"),
        [dt.date(2022, 1, 1)],
        [1 + 2j],
    ],
)
def test_text_and_dates_are_not_numbers(values):
    with pytest.raises(ValueError, match="x must be numbers"):
        check_vector(values, "x")


def test_a_percent_is_not_a_level():
    with pytest.raises(ValueError, match=r"0.95 for 95%"):
        check_level(95)


def test_the_caller_keeps_its_own_array():
    mine = np.array([1.0, 2.0])
    check_vector(mine, "x")[0] = 9
    assert mine[0] == 1
