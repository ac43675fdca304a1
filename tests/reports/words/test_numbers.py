"""Numbers are rounded once, half away from zero on the decimal value, as SAS prints them."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from analysis.results.ard import Row
from reports.words.numbers import MINUS, formatted, p_equals, p_value, percent, rounded, shown, stated
from tests.each import each


# SAS ROUND() and R's janitor::round_half_up() give these; Python's format() and R's round() give others for most.
@each(
    ("value", "places", "printed"),
    [
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "−1"),
        (-2.5, 0, "−3"),
        (-0.125, 2, "−0.13"),
        (0.1 + 0.2, 1, "0.3"),
        (43.5, 1, "43.5"),
        (173, 1, "173.0"),
        (0.05, 1, "0.1"),
        (1e-20, 3, "0.000"),
        (1e22, 1, "10000000000000000000000.0"),
        (1e300, 0, "1" + "0" * 300),
    ],
)
def test_a_half_goes_away_from_zero_on_the_decimal_value(value, places, printed):
    assert rounded(value, places) == printed


@each(("value", "places"), [(-0.04, 1), (-0.0, 0), (-0.4, 0), (-1e-300, 3)])
def test_zero_has_no_sign(value, places):
    assert MINUS not in rounded(value, places)


@each(
    ("p", "printed"),
    [
        (0.05, "0.050"),
        (0.0495, "0.050"),
        (0.04949, "0.049"),
        (0.001, "0.001"),
        (0.0009999, "<0.001"),
        (0.0005, "<0.001"),
        (0.0, "<0.001"),
        (1.0, "1.000"),
    ],
)
def test_a_p_value_has_three_decimals_and_none_is_zero(p, printed):
    assert p_value(p) == printed


def test_a_plan_may_ask_for_more_decimals_of_p():
    assert p_value(0.00005, 4) == "<0.0001"
    assert p_value(0.03333, 4) == "0.0333"


@each(
    ("value", "fmt", "printed"),
    [
        (7.0, "xx", "7"),
        (43.5, "xx.x", "43.5"),
        (43.5, "xx[.x]", "43.5"),
        (173.0, "xx[.x]", "173"),
        (100.0, "xx[.x]", "100"),
        (0.7, "xx.x%", "70.0%"),
        (0.34754715, "xx.x%", "34.8%"),
        (0.145, "xx%", "15%"),
        (0.95, "xx%", "95%"),
        (0.95, "%", "95%"),
        (0.975, "%", "97.5%"),
        (0.999, "%", "99.9%"),
        (1 / 3, "%", "33.3333333333333%"),
        (0.03333, "p", "0.033"),
        (-0.25, "xx.x", "−0.3"),
        (1 / 3, "", "0.333333333333333"),
        (-1.5, "", "−1.5"),
        (None, "xx.x", "NE"),
        (None, "p", "NE"),
        (float("inf"), "xx.x", "∞"),
        (float("-inf"), "xx.x%", "−∞"),
    ],
)
def test_a_format_says_how_a_statistic_is_printed(value, fmt, printed):
    assert formatted(value, fmt) == printed


def row(**changed) -> Row:
    fields = dict.fromkeys(Row.__dataclass_fields__, "") | {"stat": None} | changed
    return Row(**fields)


def test_a_row_is_shown_as_its_number_its_text_or_as_not_estimable():
    assert shown(row(stat=0.7, fmt="xx.x%")) == "70.0%"
    assert shown(row(stat_text="log-log")) == "log-log"
    assert shown(row(error="not estimable: nobody", fmt="xx")) == "NE"


def test_a_limit_of_one_half_percent_is_not_lost_by_way_of_percent():
    """0.285 x 100 is 28.499999999999996 in binary; on paper it is 28.5."""
    assert formatted(0.285, "xx%") == "29%"


@each(
    ("share", "places", "printed"),
    [
        (2000 / 2001, 1, ">99.9%"),
        (1 / 2001, 1, "<0.1%"),
        (0.999987, 1, ">99.9%"),
        (1999 / 2001, 1, "99.9%"),
        (1 / 2000, 1, "0.1%"),  # 0.05 is a half
        (0.9995, 1, ">99.9%"),
        (0.99949, 1, "99.9%"),
        (0.996, 0, ">99%"),
        (0.004, 0, "<1%"),
        (0.005, 0, "1%"),
        (0.99996, 2, ">99.99%"),
        (1e-300, 1, "<0.1%"),
        (0.999999999999999, 1, ">99.9%"),
        (0.9999999999999999, 1, "100.0%"),  # 1 in the digits that a result is written with
        (1.0, 1, "100.0%"),
        (0.0, 1, "0.0%"),
        (-0.0, 1, "0.0%"),
        (1.0, 0, "100%"),
        (-0.0004, 1, "0.0%"),
        (-1.0, 1, "−100.0%"),
    ],
)
def test_nearly_all_is_not_printed_as_all_and_nearly_none_not_as_none(share, places, printed):
    assert percent(share, places) == printed
    assert formatted(share, f"xx{'.' if places else ''}{'x' * places}%") == printed


@given(st.integers(1, 10_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 3))
def test_zero_and_a_hundred_percent_are_exact(count, places):
    n, total = count
    none, everyone = (f"{rounded(end, places)}%" for end in (0, 100))
    assert (percent(n / total, places) == none) == (n == 0)
    assert (percent(n / total, places) == everyone) == (n == total)


def test_a_level_has_the_digits_that_the_plan_gives_it():
    assert [stated(level) for level in (0.95, 0.975, 0.999, 0.9999, 0.55, 0.07, 0.9833)] == [
        "95%", "97.5%", "99.9%", "99.99%", "55%", "7%", "98.33%",
    ]  # fmt: skip


FINITE = st.floats(-1e12, 1e12)


@given(FINITE, st.integers(0, 6))
def test_what_is_printed_is_within_half_a_unit_of_the_value(value, places):
    printed = Decimal(rounded(value, places).replace(MINUS, "-"))
    half = Decimal(5).scaleb(-places - 1)
    exact = Decimal(f"{value:.15g}")
    assert abs(printed - exact) <= half
    assert len(str(printed).partition(".")[2]) == places or places == 0


@given(FINITE, st.integers(0, 6))
def test_the_opposite_number_is_printed_with_the_opposite_sign(value, places):
    assert rounded(-value, places).removeprefix(MINUS) == rounded(value, places).removeprefix(MINUS)


@given(st.lists(FINITE, min_size=2, max_size=2).map(sorted), st.integers(0, 4))
def test_rounding_keeps_the_order(pair, places):
    low, high = (Decimal(rounded(v, places).replace(MINUS, "-")) for v in pair)
    assert low <= high


@given(st.floats(0, 1))
def test_a_printed_p_value_is_a_number_or_a_bound_and_never_zero(p):
    printed = p_value(p)
    assert printed == "<0.001" or 0.001 <= float(printed) <= 1


@each(
    ("p", "digits", "said"),
    [(0.1734, 3, "= 0.173"), (0.1734, 2, "= 0.17"), (0.0004, 3, "< 0.001"), (0.004, 2, "< 0.01")],
)
def test_a_p_value_in_a_sentence_has_its_sign_apart(p, digits, said):
    row = Row(
        analysis_id="A",
        analysis_set="S",
        group1="",
        group1_level="",
        variable="V",
        variable_level="",
        context="c",
        stat_name="p.value",
        stat_label="p",
        stat=p,
        stat_text="",
        fmt="p",
        method="",
        warning="",
        error="",
    )
    assert p_equals(row, digits) == said
