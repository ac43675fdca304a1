"""The helper that gives one test all its values: it tries every one, and names every one that fails."""

import pytest

from tests.each import each


def failure(test, *args, **fixtures):
    with pytest.raises(BaseException) as caught:
        test(*args, **fixtures)
    return caught.value


def test_all_values_are_tried_and_the_one_that_fails_is_named():
    tried = []

    @each("x", [1, 2, 3])
    def statement(x):
        tried.append(x)
        assert x != 2

    found = failure(statement)
    assert isinstance(found, AssertionError)
    assert found.__notes__ == ["with x=2"]
    assert tried == [1, 2, 3]


def test_every_value_that_fails_is_named():
    @each("x, y", [(n, n % 2) for n in range(60)])
    def statement(x, y):
        assert not y

    found = failure(statement)
    assert found.message.startswith("30 of 60 values fail: x=1, y=1; x=3, y=1; ")
    assert found.message.endswith("; x=59, y=1")
    assert len(found.exceptions) == 30


def test_an_error_that_is_missing_is_a_failure_like_others():
    @each("x", ["1", "a", "2"])
    def statement(x):
        with pytest.raises(ValueError):
            int(x)

    found = failure(statement)
    assert found.message == "2 of 3 values fail: x='1'; x='2'"


def test_a_value_is_called_as_the_test_says():
    @each("case", [{"name": "first"}, {"name": "second"}], ids=lambda c: c["name"])
    def by_function(case):
        assert case["name"] == "first"

    @each(("a", "b"), [(1, 2), (3, 4)], ids=["one", "other"])
    def by_list(a, b):
        assert a < 2

    assert failure(by_function).__notes__ == ["with second"]
    assert failure(by_list).__notes__ == ["with other"]


def test_two_decorators_give_every_combination():
    tried = []

    @each("x", [1, 2])
    @each("y", ["a", "b"])
    def statement(x, y):
        tried.append((x, y))
        assert (x, y) != (2, "a")

    assert failure(statement).__notes__ == ["with x=2, y='a'"]
    assert tried == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]


class TestWithFixtures:
    @each("x", [1, 2])
    def test_a_folder_is_each_values_own(self, x, tmp_path):
        assert list(tmp_path.iterdir()) == []
        (tmp_path / "file").touch()

    @each("x", [1, 2])
    def test_others_are_as_ever(self, root, x):
        assert (root / "tests").is_dir()


def test_no_value_is_passed_over():
    @each("x", [1, 2])
    def statement(x):
        pytest.skip("no")

    assert "2 of 2 values fail" in failure(statement).message


def test_what_cannot_be_given_is_refused():
    with pytest.raises(ValueError, match="no value of x"):
        each("x", [])
    with pytest.raises(ValueError, match="2 names, x, y, and 3 values"):
        each("x, y", [(1, 2, 3)])
    with pytest.raises(TypeError, match="takes no z"):
        each("z", [1])(lambda x: None)
