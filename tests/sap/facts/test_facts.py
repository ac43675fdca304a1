"""Facts files: what is read, and what a person is told of each mistake."""

from decimal import Decimal
from pathlib import Path

import pytest

from sap.facts.facts import read_facts
from sap.text.problems import PlanError
from tests.each import each

ROOT = Path(__file__).parents[3]
HEAD = "paper: {title: A paper, sections: [Abstract, Results]}\nfacts:\n"


def write(folder, *facts, head=HEAD):
    file = folder / "facts.yml"
    file.write_text(head + "".join(f"  - {{{f}}}\n" for f in facts), encoding="utf-8")
    return file


def count(rest="", name="a", where="Results", value="numerator: 1"):
    return f"id: {name}, kind: count, where: {where}, statement: One, value: {{{value}}}{rest}"


@each("file", ["data/published.yml", "examples/facts.yml"])
def test_the_repository_s_facts_are_read(file):
    assert read_facts(ROOT / file).facts


def test_a_number_keeps_the_digits_it_was_printed_with(tmp_path):
    found = read_facts(write(tmp_path, count(value='percent: "66.70"'), count(name="b", value="percent: 70.0")))
    assert [f.value.percent for f in found.facts] == [Decimal("66.70"), Decimal("70.0")]
    assert [str(f.value.percent) for f in found.facts] == ["66.70", "70.0"]


@each(
    ("fact", "told"),
    [
        (count(", links: {part_of: b}"), "at facts[1].links.part_of: there is no fact 'b'."),
        (count(", links: {parts: [a]}"), "at facts[1].links.parts[1]: a names itself."),
        (count(", links: {under: a reading}"), "at facts[1].links.under: nothing hangs on this reading."),
        (count(", consort: [19, 2a]"), "at facts[1].consort[2]: there is no item '2a' in the reporting checklist."),
        (count(where="Result"), "'Result' is not one of the paper's sections. Did you mean 'Results'?"),
        (count(value="denominator: 3"), "a count or a percentage is missing."),
        (count(value="numerator: -1"), "a number of at least 0 should stand here (found: -1)."),
        (count(value="percent: many"), "a number should stand here as it is printed (found: 'many')"),
        (count(value="percent: yes"), "a number should stand here as it is printed (found: True)"),
        (count(value="numerator: 1, mean: 2"), "there is no key 'mean' here."),
        (
            count(value="numerator: 1, interval: {low: 1, high: 9, level: 0.95}"),
            "a number of at least 50 should stand here",
        ),
        (count(value="numerator: 1, interval: {low: 1}"), "'high' is missing"),
        (count(", links: {repeats: b, under: a reading}"), "at facts[1].links.repeats: there is no fact 'b'."),
        (count().replace("count", "counts"), "'counts' is not a known kind. Did you mean 'count'?"),
        (count(", checks: [{dataset: ADSL, statistic: n}]"), "say what it must be: equals, or min and max"),
        (count(", checks: [{dataset: ADSL, statistic: median, min: 1}]"), "median needs a variable."),
        (
            count(", checks: [{dataset: ADSL, statistic: exact_rank_p, variable: AGE, min: 1}]"),
            "versus belongs to exact_rank_p and median_difference, and only to them.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_place(tmp_path, fact, told):
    with pytest.raises(PlanError) as error:
        read_facts(write(tmp_path, fact))
    assert told in str(error.value)
    assert f"{tmp_path / 'facts.yml'}:3" in str(error.value)


def test_an_id_is_given_once(tmp_path):
    with pytest.raises(PlanError, match="the id 'a' is taken"):
        read_facts(write(tmp_path, count(), count()))


@each(
    ("derived", "told"),
    [
        ("{variable: X, datasets: [ADSL], label: x}", "say how it is made: one of days, ratio and taken."),
        (
            "{variable: X, datasets: [ADSL], label: x, taken: {dataset: ADLB, variable: AVAL, which: first}}",
            "by is missing",
        ),
        (
            "{variable: X, datasets: [ADSL], label: x, taken: {dataset: ADLB, variable: AVAL, which: best}}",
            "order belongs to which: best",
        ),
    ],
)
def test_a_derived_variable_says_how_it_is_made(tmp_path, derived, told):
    with pytest.raises(PlanError) as error:
        read_facts(write(tmp_path, count(), head=f"derived: [{derived}]\n{HEAD}"))
    assert told in str(error.value)


def test_a_file_that_there_is_not_is_named(tmp_path):
    with pytest.raises(PlanError, match=r"no\.yml: there is no such file\. Name a facts file\."):
        read_facts(tmp_path / "no.yml")
