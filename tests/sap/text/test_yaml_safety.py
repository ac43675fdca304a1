"""A plan is a file from somebody else: nothing in it is run, and nothing in it exhausts the machine."""

import unicodedata
from time import perf_counter

import pytest

from sap.text.problems import PlanError, Problem
from sap.text.yaml_file import MAX_BYTES, MAX_DEPTH, MAX_NODES, YamlFile
from tests.each import each


@pytest.fixture
def refused(tmp_path):
    """Return what is said of a file that is refused, within a second."""

    def find(content: str | bytes) -> Problem:
        file = tmp_path / "plan.yml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        start = perf_counter()
        with pytest.raises(PlanError) as caught:
            YamlFile(file)
        assert perf_counter() - start < 2
        (problem,) = caught.value.problems
        assert problem.fix
        return problem

    return find


def test_a_tag_that_would_make_an_object_is_refused_and_nothing_is_made(refused, tmp_path):
    seen = tmp_path / "seen"
    problem = refused(f"a: 1\nb: !!python/object/apply:os.mkdir ['{seen}']\n")
    assert "the tag !!python/object/apply:os.mkdir has no place here" in problem.message
    assert problem.line == 2
    assert not seen.exists()


@each("tag", ["!!str", "!!int", "!!set", "!own", "!", "!!binary", "!!timestamp"])
def test_every_other_tag_is_refused_too(refused, tag):
    assert "has no place here" in refused(f"a: 1\nb: {tag} 5\n").message


def bomb(levels: int) -> str:
    """Each line repeats the one before nine times: nine to the power of the levels, written out."""
    rest = (f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, levels))
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(rest)


def test_aliases_that_multiply_are_refused_where_they_pass_the_limit(refused):
    problem = refused(bomb(12))
    assert f"more than {MAX_NODES} values" in problem.message
    assert problem.line == 6


def test_an_ordinary_alias_is_read(tmp_path):
    file = tmp_path / "plan.yml"
    file.write_text("a: &crs {grade: 3}\nb: *crs\n", encoding="utf-8")
    assert YamlFile(file).content == {"a": {"grade": 3}, "b": {"grade": 3}}


def test_an_alias_that_holds_itself_is_refused(refused):
    assert "'x' would hold itself" in refused("a: &x [1, *x]\n").message


@each("nested", ["a: " + "[" * 10_000 + "]" * 10_000, "a: " + "[" * 10_000, "a: " + "{a: " * 10_000, "- " * 10_000])
def test_lists_nested_ten_thousand_deep_are_refused(refused, nested):
    problem = refused(nested)
    assert f"nested more than {MAX_DEPTH} deep" in problem.message
    assert problem.line == 1


def test_a_nul_byte_is_refused_with_its_line(refused):
    problem = refused(b"a: 1\nb: x\0y\n")
    assert "U+0000" in problem.message
    assert problem.line == 2


@each("escape", [r"\0", r"\e", r"\ud800", r"\x7f", r"\r"])
def test_an_escape_cannot_bring_in_what_no_page_can_show(refused, escape):
    assert "cannot be shown" in refused(f'a: 1\nb: "x{escape}y"\n').message


@each("character", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_character_that_turns_the_text_around_it_is_refused_by_name(refused, character):
    problem = refused(f"a: 1\nb: x{character}y\n")
    assert f"U+{ord(character):04X} {unicodedata.name(character)} turns the text" in problem.message
    assert problem.line == 2


def test_keys_are_not_merged(refused):
    assert "cannot be merged" in refused("a: &x {b: 1}\nc: {<<: *x, d: 2}\n").message


@each("number", ["9" * 5000, "1.0e+999", "-1.0e+999", "0." + "1" * 100])
def test_a_number_no_machine_holds_is_refused(refused, number):
    assert "not a plain decimal number" in refused(f"a: {number}\n").message


def test_a_file_as_large_as_no_plan_is_refused(refused):
    assert f"larger than {MAX_BYTES} bytes" in refused("a: " + "x" * MAX_BYTES).message


def test_a_file_that_is_not_utf8_is_named_with_its_line(refused):
    problem = refused(b"a: 1\nb: \xff\n")
    assert (problem.line, problem.message) == (2, "byte 8 is not UTF-8.")


@each(
    ("content", "line", "words"),
    [
        ("a: 1\nb: 'x\nc: 2\n", 2, "a quotation mark is not closed"),
        ("a: 1\nb: [x,\n  c\n", 2, "a bracket is not closed"),
        ("a: 1\nb: {c: 1\nd: 2}\n", 3, "a comma or a closing bracket is missing"),
        ("a: 1\nb: x: y\n", 2, "a second ': ' stands in one value"),
        ("a:\n\tb: 1\n", 2, "a tab stands where spaces belong"),
        ("a: 1\nb: @x\n", 2, "a sign that means something in YAML"),
        ("a: 1\nb: *nobody\n", 2, "has no anchor"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a:\n  b: 1\n c: 2\n", 3, "the indentation does not fit"),
    ],
)
def test_what_is_not_yaml_is_told_in_words_with_the_line_to_mend(refused, content, line, words):
    problem = refused(content)
    assert words in problem.message
    assert problem.line == line
