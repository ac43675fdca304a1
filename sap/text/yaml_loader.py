"""YAML without surprises: no tags, no repeated keys, numbers that read one way, bounded in depth and size."""

import math
import re
from collections.abc import Callable, Hashable
from typing import Any, Final, Self

import yaml

from sap.text.cells import TURNING, UNSEEN, named

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
