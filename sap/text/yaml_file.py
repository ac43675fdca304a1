"""A YAML file read safely, with the line of every key: no tags, no repeated keys, bounded in depth and size."""

import hashlib
import math
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Self

import yaml

from sap.text.cells import TURNING, UNSEEN, named
from sap.text.problems import Fault, Place, PlanError, Problem

MAX_DEPTH: Final = 60
"""Deepest nesting of lists and keys."""
MAX_NODES: Final = 100_000
"""Most words, lists and mappings a file may come to when everything it repeats by an alias is written out."""

_MERGE = "tag:yaml.org,2002:merge"


class Refused(yaml.constructor.ConstructorError):
    """YAML that can be read and that a plan has no need of."""


def _refusal(what: str, mark: Any) -> Refused:
    return Refused(None, None, what, mark)


class Loader(yaml.composer.Composer, yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
    """Plain YAML: no tags, no repeated keys, dates stay text; bounded in depth and in what aliases expand to.

    What splits the text into words is added below: a parser in Python, or libyaml, which is faster.
    """

    peek_event: Callable[[], yaml.Event]

    def __init__(self) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.constructor.SafeConstructor.__init__(self)
        yaml.resolver.Resolver.__init__(self)
        self.root: yaml.Node | None = None
        self.content: Any = None
        self.unused: dict[str, Any] = {}
        self._open: list[str | None] = []
        self._sizes: dict[int, int] = {}

    def load(self) -> Self:
        """Read the whole text, or refuse it."""
        self.root = self.get_single_node()
        self.content = None if self.root is None else self.construct_document(self.root)
        return self

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, or refuse what a file of a person has no need of."""
        event = self.peek_event()
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            self.unused.pop(str(anchor), None)
        elif anchor is not None:
            self.unused[anchor] = event.start_mark
        if isinstance(event, yaml.AliasEvent) and anchor in self._open:
            raise _refusal(f"'{anchor}' would hold itself", event.start_mark)
        tag = getattr(event, "tag", None)
        if tag is not None:
            written = tag.replace("tag:yaml.org,2002:", "!!")
            raise _refusal(f"the tag {written} has no place here; write the value alone", event.start_mark)
        if len(self._open) == MAX_DEPTH:
            raise _refusal(f"lists and keys are nested more than {MAX_DEPTH} deep", event.start_mark)
        self._open.append(anchor)
        node = super().compose_node(parent, index)
        self._open.pop()
        if node is not None and self._size(node) > MAX_NODES:
            what = (
                f"with its repetitions (*{anchor or 'name'}) written out, the file holds more than {MAX_NODES} values"
            )
            raise _refusal(what, event.start_mark)
        return node

    def _size(self, node: yaml.Node) -> int:
        """Return how many values a node holds; what it holds was counted before, whoever names it again."""
        found = self._sizes.get(id(node))
        if found is None:
            below = node.value if isinstance(node, yaml.CollectionNode) else ()
            parts = (n for entry in below for n in (entry if isinstance(entry, tuple) else (entry,)))
            found = self._sizes[id(node)] = 1 + sum(self._sizes[id(n)] for n in parts)
        return found

    def compose_scalar_node(self, anchor: dict[Any, yaml.Node]) -> yaml.ScalarNode:
        """Compose one word, or refuse it for a character that no page can show as it is; an escape can bring one in."""
        node = super().compose_scalar_node(anchor)
        found = UNSEEN.search(node.value)
        if found:
            turned = "turns the text around it" if TURNING.match(found[0]) else "cannot be shown"
            what = f"the character {named(found[0])} {turned}; remove it"
            raise _refusal(what, node.start_mark)
        return node


# A date in a plan is a word of the document, not a moment; 2021-03-09 must come back as it was written.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.resolver.Resolver.yaml_implicit_resolvers.items()
}


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if key_node.tag == _MERGE:
            raise _refusal("keys cannot be merged with <<; write them out", key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise _refusal("a key must be a word", key_node.start_mark)
        if key in seen:
            raise _refusal(f"the key '{key}' is written twice", key_node.start_mark)
        seen.add(key)
    return yaml.constructor.SafeConstructor.construct_mapping(loader, node, deep=True)


# YAML reads 017 as 15 and 12:30 as 750: only numbers that read one way are numbers here.
_PLAIN = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+([eE][-+]?\d+)?", re.ASCII)


_MAX_DIGITS: Final = 40


def _number(loader: Loader, node: yaml.ScalarNode) -> int | float:
    whole = node.tag == "tag:yaml.org,2002:int"
    if _PLAIN.fullmatch(node.value) and len(node.value) <= _MAX_DIGITS:
        number = loader.construct_yaml_int(node) if whole else loader.construct_yaml_float(node)
        if math.isfinite(number):
            return number
    what = f"'{node.value[:_MAX_DIGITS]}' is not a plain decimal number (put it in quotes when it is a text)"
    raise _refusal(what, node.start_mark)


Loader.yaml_constructors = {
    **yaml.constructor.SafeConstructor.yaml_constructors,
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG: _mapping,
    "tag:yaml.org,2002:int": _number,
    "tag:yaml.org,2002:float": _number,
}


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _QuickLoader(Loader, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            super().__init__()


class _PythonLoader(Loader, yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        super().__init__()


_READ_OTHERWISE = re.compile("[\t\ufeff]")


def read_yaml(text: str) -> Loader:
    """Return what a text holds; what libyaml refuses or reads otherwise is left to the parser whose words are told."""
    if yaml.__with_libyaml__ and not _READ_OTHERWISE.search(text):
        try:
            return _QuickLoader(text).load()
        except yaml.YAMLError:
            pass
    return _PythonLoader(text).load()


MAX_BYTES: Final = 1_000_000
"""Largest file; the plan of a large trial is a tenth of it."""
_PLAINER: Final = (
    ("found another document", "a second document begins here", "Remove the --- ."),
    ("mapping values are not allowed", "a second ': ' stands in one value", "Put the text in quotes."),
    ("found character '\\t'", "a tab stands where spaces belong", "Indent with spaces."),
    ("that cannot start any token", "a value begins with a sign that means something in YAML", "Put it in quotes."),
    ("unexpected end of stream", "a quotation mark is not closed", "Close it."),
    ("'<stream end>'", "a bracket is not closed", "Close it."),
    ("expected ',' or ", "a comma or a closing bracket is missing", "Add it here or on the line before."),
    ("could not find expected ':'", "a key has no ': ' after it", "Write key: value."),
    (
        "found undefined alias",
        "an alias (*name) has no anchor (&name) before it",
        "Define it, or put the text in quotes.",
    ),
    ("expected <block end>", "the indentation does not fit the lines before", "Align it with its neighbours."),
)
"""What the parser says, what it means, and the mend."""
_UNCLOSED: Final = ("unexpected end of stream", "'<stream end>'")


def _unreadable(error: yaml.MarkedYAMLError) -> tuple[str, str, int]:
    """Return what is wrong with a text that is no YAML, the mend, and the line."""
    said = str(error.problem or error.context)
    # What was never closed is noticed at the end of the file, and mended where it was opened.
    unclosed = any(words in said for words in _UNCLOSED)
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    if isinstance(error, Refused):
        return f"{said}.", "Mend the line.", line
    plainer = next(((told, fix) for words, told, fix in _PLAINER if words in said), None)
    told, fix = plainer or (said, "Mend the line (or the one before it).")
    return f"this is not readable YAML: {told}.", fix, line


_QUOTES: Final = "Put the text in quotes; write a comment on a line of its own."
_WORD: Final = re.compile(r"[A-Z0-9_.-]+|[a-z0-9_.-]+")
"""A name of the plan rather than a text: a comment behind it, with a blank after the #, is meant as one."""


class YamlFile:
    """A YAML file, its content and its lines."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        content = self._read(path)
        self.sha256 = hashlib.sha256(content).hexdigest()
        text = self._decoded(content)
        self._lines = text.splitlines()
        try:
            loader = read_yaml(text)
        except yaml.MarkedYAMLError as error:
            raise self._refused(*_unreadable(error)) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            what = f"the character U+{error.character:04X} has no place in a text file."
            raise self._refused(what, "Remove it, or save the file as UTF-8.", line) from error
        except yaml.YAMLError as error:
            raise self._refused(f"this is not readable YAML: {error}.", "") from error
        self._root, self._unused, self.content = loader.root, loader.unused, loader.content
        if not isinstance(self.content, dict):
            raise self._refused("the file is empty or not a mapping.", "Write keys and values.", 1)

    def _refused(self, what: str, fix: str, line: int = 0) -> PlanError:
        return PlanError([Problem(self.name, line, "", what, fix)])

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise self._refused("there is no such file.", "Check its name and the folder you are in.") from None
        except IsADirectoryError:
            raise self._refused("this is a folder.", "Name the file in it.") from None
        except OSError as error:
            raise self._refused(f"the file cannot be read: {error.strerror}.", "") from None
        if len(content) > MAX_BYTES:
            raise self._refused(f"the file is larger than {MAX_BYTES} bytes.", "A plan is text: check it.")
        return content

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise self._refused(f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.", line) from None

    def texts(self) -> Iterator[tuple[Place, str, str, bool]]:
        """Yield every word of the file that is no key."""
        yield from self._texts(self._root, ())

    def _texts(self, node: yaml.Node | None, path: Place) -> Iterator[tuple[Place, str, str, bool]]:
        if isinstance(node, yaml.MappingNode):
            for key, below in node.value:
                yield from self._texts(below, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for i, below in enumerate(node.value):
                yield from self._texts(below, (*path, i))
        elif isinstance(node, yaml.ScalarNode):
            mark = node.end_mark
            rest = self._lines[mark.line][mark.column :] if mark.line < len(self._lines) else ""
            plain = not node.style and node.tag == "tag:yaml.org,2002:str"
            comment = rest.strip() if plain and rest.lstrip().startswith("#") else ""
            yield path, node.value, comment, node.style == "'"

    def surprises(self) -> list[Problem]:
        """Return what YAML took away from the texts of the file without a word."""
        found = [
            self.problem(path, f"'{comment}' after this text is a comment of YAML, and not part of it.", _QUOTES)
            for path, text, comment, _ in self.texts()
            if comment and not (comment.startswith("# ") and _WORD.fullmatch(text))
        ]
        for name, mark in self._unused.items():
            what = f"'&{name}' is a name that YAML takes out of the text, and nothing asks for it."
            found.append(Problem(self.name, mark.line + 1, "", what, _QUOTES))
        return found

    def problem(self, path: Place, what: str, fix: str) -> Problem:
        """Return a mistake with its line in the file."""
        return Problem(self.name, self.line(path), show_path(path), what, fix)

    def problems(self, faults: Iterable[Fault]) -> list[Problem]:
        """Return mistakes with their lines; one that aliases repeat is told where it is first met."""
        found = {(self._place(f.path), f.message, f.fix): f for f in reversed(list(faults))}
        return [self.problem(f.path, f.message, f.fix) for f in found.values()]

    def line(self, path: Place) -> int:
        """Return the line (from 1) of the deepest part of a path that is in the file."""
        return self._place(path)[0]

    def _place(self, path: Place) -> tuple[int, int]:
        """Return line (from 1) and column (from 0) of the deepest part of a path that is in the file."""
        node = self._root
        mark = None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if pair is None:
                    break
                mark = pair[0].start_mark
                node = pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                mark = node.start_mark
            else:
                break
        return (mark.line + 1, mark.column) if mark else (1, 0)


def show_path(path: Place) -> str:
    """Return a path as a person writes it: ``analyses[2].analysis_set``."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step + 1}]"
        else:
            shown += f".{step}" if shown else step
    return shown
