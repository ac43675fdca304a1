"""Whatever is wrong with a plan, a person is told in words, with a line, and never by a traceback."""

from collections.abc import Iterator
from copy import copy, deepcopy
from pathlib import Path
from random import Random

import pytest
import yaml

from sap.reading import read
from sap.text.problems import PlanError, Problem
from sap.text.yaml_file import YamlFile

ROOT = Path(__file__).resolve().parents[3]
PLANS = ("sap/plan.yml", "tests/other_trial/plan.yml")
SOURCES = {name: YamlFile(ROOT / name) for name in PLANS}
OTHERS = [None, True, 3, -1, 2.5, "", "words of it", "X", "AD.X", "../x", [], ["a"], [[1]], [None], {}, {"a": 1}]
"""Values of another type or sense than what a plan holds."""

Path_ = tuple[str | int, ...]


def places(node: object, path: Path_ = ()) -> Iterator[Path_]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, below in pairs:
        yield (*path, key)
        yield from places(below, (*path, key))


def misspelt(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    return word[:at] + random.choice("Xq_9") + word[at + 1 :]


def edited(content: object, random: Random) -> tuple[object, str]:
    """Return the content with one random mistake, and what was done."""
    content = deepcopy(content)
    *above, last = random.choice(list(places(content)))
    parent = content
    for step in above:
        parent = parent[step]
    value = parent[last]
    kind = random.choice(["key", "type", "delete", "word"])
    if kind == "delete":
        del parent[last]
    elif kind == "key" and isinstance(parent, dict):
        parent[misspelt(str(last), random)] = parent.pop(last)
    elif kind == "word" and isinstance(value, str) and value:
        parent[last] = misspelt(value, random)
    else:
        parent[last] = random.choice(OTHERS)
    return content, f"{kind} at {'.'.join(map(str, (*above, last)))}"


def told(file: Path, done: str) -> tuple[Problem, ...]:
    """Return what is said of a plan, once it is seen to be words with a line; anything else raised fails the test."""
    try:
        read.read_plan(file)
    except PlanError as error:
        problems = error.problems
    else:
        problems = ()
    for problem in problems:
        said = f"{done}: {problem}"
        assert problem.line > 0, said
        assert problem.message.endswith("."), said
        assert problem.fix, said
        assert not any(word in str(problem) for word in ("pydantic", "Input should", "None,", "<class")), said
    return problems


@pytest.mark.parametrize("name", PLANS)
def test_two_hundred_random_mistakes_are_each_told_with_a_line(monkeypatch, name):
    """The file is parsed once; each edit is made in what it holds."""
    source = copy(SOURCES[name])
    monkeypatch.setattr(read, "YamlFile", lambda _: source)
    refused = 0
    for seed in range(200):
        source.content, done = edited(SOURCES[name].content, Random(seed))
        refused += bool(told(ROOT / name, done))
    assert refused > 100, "the edits are mistakes, most of them"


def test_random_mistakes_in_the_file_itself_are_told_with_a_line_of_that_file(tmp_path):
    file = tmp_path / "plan.yml"
    for seed in range(12):
        content, done = edited(SOURCES[PLANS[1]].content, Random(seed))
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert all(p.line <= lines for p in told(file, done))


def test_random_damage_to_the_text_never_ends_in_a_traceback(tmp_path):
    """Bytes changed, cut or doubled: what is no longer YAML has a line as well."""
    file = tmp_path / "plan.yml"
    text = (ROOT / PLANS[1]).read_bytes()
    for seed in range(40):
        random = Random(seed)
        at = random.randrange(len(text))
        damage = random.choice([b"", b"\0", b"\xff", b":", b"\t", b"'", b"[", b"&a ", b"*a ", b"!!x ", b"- ", b"\n"])
        file.write_bytes(text[:at] + damage + text[at + random.randrange(3) :])
        told(file, f"{damage!r} at byte {at}")
