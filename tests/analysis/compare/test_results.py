"""Two sets of results: equal ones differ in nothing, and what differs is found from either side."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare.results import NEAR_ZERO, TOLERANCE, compare, differences
from analysis.compare.sources import compare_sources, read_side
from analysis.results.ard import Results, Row
from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance, provenance_json
from sap.text.files import digest
from sap.text.problems import UserError
from tests.each import each

NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False), st.sampled_from([0.0, -0.0, 1.0, 1 + 1e-10, 1e-17]))


def row(name: str = "AN", stat: float | None = 1.0, **more: str) -> Row:
    error = "" if stat is not None else "not estimable: nobody"
    made = Row(name, "SAF", "", "", "AGE", "", "summary", "mean", "Mean", stat, "", "xx.x", "Description", "", error)
    return replace(made, **more)


@st.composite
def sets(draw) -> Results:
    chosen = draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True))
    warnings = st.sampled_from(["", "few"])
    return Results(tuple(row(f"AN-{c}", draw(NUMBERS), warning=draw(warnings)) for c in chosen))


def one(before: float | None, after: float | None, tolerance: float = TOLERANCE):
    """Return the only change between two results, or None."""
    found = compare(Results((row(stat=before),)), Results((row(stat=after),)), tolerance).changes
    return found[0] if found else None


# --- properties


@given(sets())
def test_results_do_not_differ_from_themselves(a):
    found = compare(a, a, 0)
    assert (found.changes, found.same) == ((), len(a.rows))


@given(sets(), sets())
def test_every_result_of_either_side_is_counted_once(a, b):
    found = compare(a, b)
    assert found.same + found.count("changed") + found.count("removed") == len(a.rows)
    assert found.same + found.count("changed") + found.count("added") == len(b.rows)


@given(sets(), sets(), st.sampled_from([0, 1e-9, 0.1]))
def test_what_one_direction_adds_the_other_removes_and_differences_change_their_sign(a, b, tolerance):
    there, back = compare(a, b, tolerance), compare(b, a, tolerance)
    mirrored = {
        (
            {"added": "removed", "removed": "added"}.get(c.kind, c.kind),
            c.after,
            c.before,
            c.fields,
            None if c.absolute is None else -c.absolute,
            None if c.relative is None else -c.relative,
        )
        for c in back.changes
    }
    assert {(c.kind, c.before, c.after, c.fields, c.absolute, c.relative) for c in there.changes} == mirrored
    assert there.same == back.same


@given(sets(), sets())
def test_a_wider_tolerance_never_finds_more(a, b):
    assert len(compare(a, b, 1e-3).changes) <= len(compare(a, b, 1e-9).changes) <= len(compare(a, b, 0).changes)


@given(sets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_difference(a, shuffler: random.Random):
    rows = list(a.rows)
    shuffler.shuffle(rows)
    assert compare(a, Results(tuple(rows)), 0).changes == ()


@given(sets(), sets())
def test_changes_stand_in_the_order_of_the_first(a, b):
    listed = [c.before.identity for c in compare(a, b).changes if c.before is not None]
    order = [r.identity for r in a]
    assert listed == sorted(listed, key=order.index)


# --- numbers


def test_a_difference_is_given_absolute_and_by_the_larger_number():
    found = one(4.0, 5.0)
    assert (found.kind, found.fields, found.absolute, found.relative) == ("changed", ("value",), 1.0, 0.2)
    assert (one(5.0, 4.0).absolute, one(5.0, 4.0).relative) == (-1.0, -0.2)


@each(("before", "after"), [(1.0, 1 + 5e-10), (1e12, 1e12 + 100), (0.0, 1e-16), (0.0, -0.0)])
def test_numbers_within_the_tolerance_are_the_same(before, after):
    assert one(before, after) is None


@each(("before", "after"), [(1.0, 1 + 5e-9), (1e12, 1e12 + 2000), (0.0, 1e-14), (1e-12, 2e-12)])
def test_numbers_beyond_it_are_not(before, after):
    assert one(before, after) is not None


def test_the_tolerance_near_zero_is_that_of_a_millionth():
    assert one(0.0, NEAR_ZERO * TOLERANCE) is None
    assert one(0.0, NEAR_ZERO * TOLERANCE * 1.01) is not None


def test_no_tolerance_is_equality():
    assert one(0.1 + 0.2, 0.3, 0) is not None
    assert one(0.3, 0.3, 0) is None


@each("number", [0.0, 1e-300, 1.0, math.inf])
@each("tolerance", [0, 1e-9, 1])
def test_a_number_and_no_number_are_never_the_same(number, tolerance):
    gone = one(number, None, tolerance)
    assert gone.fields == ("value", "reason")
    assert (gone.absolute, gone.relative) == (None, None)
    assert one(None, number, tolerance) is not None


def test_an_open_limit_is_the_same_only_as_itself():
    assert one(math.inf, math.inf) is None
    for other in (-math.inf, 1e308):
        assert one(math.inf, other, 1).relative is None


def test_the_largest_doubles_have_a_relative_difference():
    assert differences(-1.7e308, 1.7e308) == (None, 2.0)


@each("tolerance", [-1e-9, math.nan, math.inf])
def test_a_tolerance_that_is_none_is_refused(tolerance):
    with pytest.raises(ValueError, match="tolerance"):
        compare(Results(()), Results(()), tolerance)


# --- everything else a row says


@each(
    ("column", "words"),
    [
        ("stat_text", "text"),
        ("error", "reason"),
        ("warning", "warning"),
        ("method", "method"),
        ("fmt", "format"),
        ("stat_label", "label"),
        ("analysis_set", "analysis set"),
        ("reason", "planned or post hoc"),
    ],
)
def test_a_text_that_changed_is_a_change_without_a_difference(column, words):
    (found,) = compare(Results((row(),)), Results((row(**{column: "another"}),))).changes
    assert (found.kind, found.fields, found.absolute, found.relative) == ("changed", (words,), None, None)


@each("column", ["stamp", "step"])
def test_a_stamp_and_a_position_are_no_results(column):
    assert compare(Results((row(),)), Results((row(**{column: "other"}),))).changes == ()


def test_an_added_result_stands_after_its_neighbour():
    first = Results((row("A"), row("D")))
    second = Results((row("Z"), row("A"), row("B"), row("C"), row("D", 2.0)))
    assert [c.row.analysis_id for c in compare(first, second).changes] == ["Z", "B", "C", "D"]


def test_the_largest_difference_is_the_relative_one():
    first = Results((row("A", 1e6), row("B", 1.0), row("C", None)))
    second = Results((row("A", 1e6 + 10), row("B", 2.0), row("C", 1.0)))
    found = compare(first, second)
    assert found.largest.row.analysis_id == "B"
    assert compare(first, first).largest is None


def test_the_study_differs_from_itself_in_nothing_and_in_one_value_by_one(results):
    assert compare(results, results, 0).same == len(results.rows)
    changed = Results((replace(results.rows[0], stat=11.0), *results.rows[1:]))
    (found,) = compare(results, changed).changes
    assert (found.row.identity, found.absolute) == (results.rows[0].identity, 1.0)


# --- what went in


def told(**more) -> Provenance:
    source = DataSource(dataset="ADSL", file="adsl.csv", sha256="a" * 64, rows=10, columns=5)
    base = {
        "plan": PlanSource(id="SAP", version="1.0", sha256="b" * 64),
        "data": (source,),
        "data_sha256": "c" * 64,
        "code": CodeSource(version="0.1.0", sha256="d" * 64),
        "python": "3.13.0",
        "libraries": {"scipy": "1.17.0"},
        "state": "sealed",
    }
    return Provenance(**base | more)


def test_the_same_sources_differ_in_nothing():
    assert compare_sources(told(), told(engine="quarto 1.11")) == ()


def test_each_source_that_differs_is_named_with_what_it_was():
    grown = DataSource(dataset="ADSL", file="adsl.csv", sha256="e" * 64, rows=11, columns=5)
    new = DataSource(dataset="ADLB", file="adlb.csv", sha256="f" * 64, rows=3, columns=4)
    other = told(
        plan=PlanSource(id="SAP", version="1.1", sha256="9" * 64),
        data=(grown, new),
        code=CodeSource(version="0.2.0", sha256="8" * 64, commit="7" * 40, dirty=True),
        python="3.14.0",
        libraries={"scipy": "1.17.1", "numpy": "2.4.0"},
        state="draft",
    )
    found = compare_sources(told(), other)
    assert [(c.part, c.name) for c in found] == [
        ("state", ""),
        ("plan", "SAP"),
        ("data", "ADLB"),
        ("data", "ADSL"),
        ("code", ""),
        ("Python", ""),
        ("library", "numpy"),
        ("library", "scipy"),
    ]
    said = {c.name: (c.before, c.after) for c in found if c.name}
    assert said["scipy"] == ("1.17.0", "1.17.1")
    assert said["ADLB"][0] == "–"
    assert (said["ADSL"][0].partition(" (")[0], said["ADSL"][1].partition(" (")[0]) == (
        "adsl.csv: 10 rows, 5 columns",
        "adsl.csv: 11 rows, 5 columns",
    )


def test_a_file_that_changed_in_its_last_byte_is_another():
    last = DataSource(dataset="ADSL", file="adsl.csv", sha256="a" * 63 + "b", rows=10, columns=5)
    assert [c.part for c in compare_sources(told(), told(data=(last,)))] == ["data"]


# --- what is read


@pytest.fixture
def folder(tmp_path):
    text = Results((row(),)).to_csv()
    (tmp_path / "ard.csv").write_text(text, encoding="utf-8")
    record = told(files={"ard.csv": digest(text.encode())})
    (tmp_path / "provenance.json").write_text(provenance_json(record), encoding="utf-8")
    return tmp_path


def test_a_folder_and_its_file_are_the_same_side(folder):
    side = read_side(folder)
    assert side == read_side(folder / "ard.csv")
    assert side.results.rows == (row(),)
    assert side.notes == ()


def test_results_that_were_changed_are_noted(folder):
    (folder / "ard.csv").write_text(Results((row(stat=2.0),)).to_csv(), encoding="utf-8")
    assert read_side(folder).notes == (f"{folder / 'ard.csv'} was changed after the run that wrote it.",)


def test_results_without_provenance_are_read_and_noted_with_their_stamp(folder):
    (folder / "provenance.json").unlink()
    (folder / "ard.csv").write_text(Results((row(stamp="DRAFT"),)).to_csv(), encoding="utf-8")
    side = read_side(folder)
    assert side.provenance is None
    assert [n.rpartition("ard.csv ")[2] for n in side.notes] == [
        "has no provenance.json beside it: what went into it is not known.",
        "is stamped DRAFT.",
    ]


def test_a_file_the_provenance_does_not_speak_of_is_noted(folder):
    (folder / "ard.csv").rename(folder / "other.csv")
    (note,) = read_side(folder / "other.csv").notes
    assert "does not speak of other.csv" in note


def test_what_cannot_be_read_is_a_mistake_of_the_user(folder, tmp_path):
    with pytest.raises(UserError, match="nothing at"):
        read_side(tmp_path / "none")
    (folder / "ard.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UserError, match="not an analysis results dataset"):
        read_side(folder)


# --- steps and datasets whose rows have one name


def test_a_flag_taken_out_is_removed_and_its_neighbour_of_the_same_name_is_not_held_against_it():
    flags = tuple(row(stat=n, dataset=flag, step=str(n)) for n, flag in enumerate(("CRS", "NEURO", "ANAEM"), start=1))
    found = compare(Results(flags), Results(tuple(replace(r, step=str(int(r.step) - 1)) for r in flags[1:])))
    assert [(c.kind, c.row.dataset) for c in found.changes] == [("removed", "CRS")]
    assert found.same == 2


def test_of_two_steps_alike_the_first_is_held_against_the_first():
    alike = Results((row(stat=1.0, step="1"), row(stat=2.0, step="2")))
    later = Results((row("OTHER", step="1"), row(stat=1.0, step="2"), row(stat=2.5, step="3")))
    found = compare(alike, later)
    assert [(c.kind, c.row.analysis_id, c.row.stat) for c in found.changes] == [
        ("added", "OTHER", 1.0),
        ("changed", "AN", 2.5),
    ]
