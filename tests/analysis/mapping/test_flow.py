"""Parts of a plan as lines of YAML that read back as they were."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.mapping.flow import WIDTH, Again, Named, item

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=30)
)
PARTS = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=4), below, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), PARTS, min_size=1, max_size=5))
def test_what_is_laid_out_on_lines_is_read_back(part):
    text = "\n".join(["parts:", *item("-", part, "a comment", indent=2)])
    assert yaml.safe_load(text) == {"parts": [part]}


def test_lines_are_no_wider_than_a_page_and_what_fits_one_is_not_broken():
    steps = [{"method": "summary", "variable": f"ADSL.VARIABLE{i}", "by": "ARM"} for i in range(9)]
    lines = item("-", {"id": "A", "title": "x" * 60, "steps": steps}, indent=2)
    assert max(map(len, lines)) <= WIDTH
    assert all(line.count("{method") == line.count("by: ARM}") for line in lines)


def test_a_comment_stands_where_it_has_room_and_else_nowhere():
    assert item("a:", {"b": 1}, "why") == ["a: {b: 1}  # why"]
    assert item("a:", {"b": 1}, "why " * 40) == ["a: {b: 1}"]


def test_a_part_that_is_repeated_is_named_once():
    text = "\n".join([*item("a:", {"x": Named("same", {"y": 1})}), *item("b:", {"x": Again("same")})])
    assert yaml.safe_load(text) == {"a": {"x": {"y": 1}}, "b": {"x": {"y": 1}}}
