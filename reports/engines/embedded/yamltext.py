"""YAML that remembers the line of every key, so that a refusal can point at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reports.engines.embedded.errors import RenderError

KeyPath = tuple[str, ...]
_NOT_ITS_KIND = (ValueError, OverflowError, AttributeError, TypeError)
"""What PyYAML raises for a word that is not what it looks like, as 2021-02-30."""


def names(text: str) -> frozenset[str]:
    """Set of the words of `text`: the keys one place of the configuration may have."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Yaml:
    """A mapping read from YAML, its file, and the one-based line of each key."""

    file: Path
    first_line: int
    values: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, *path: str) -> int:
        """Line of the key at `path`, or of the nearest parent that has one."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.first_line

    def section(self, *path: str) -> Mapping[str, Any]:
        """Return the mapping at `path`; empty when the key is absent or null."""
        found: Any = self.values
        for depth, key in enumerate(path, start=1):
            found = found.get(key)
            if found is None:
                return {}
            if not isinstance(found, dict):
                self.refuse(path[:depth], f"“{key}” must hold named options, not {found!r}")
        return dict(found)

    def refuse(self, path: KeyPath, message: str) -> None:
        """Raise a RenderError at the line of `path`."""
        raise RenderError(self.file, self.line(*path), message)


def read_yaml(text: str, file: Path, first_line: int = 1) -> Yaml:
    """Read one YAML mapping."""
    try:
        return _read(text, file, first_line)
    except RecursionError as error:
        raise RenderError(file, first_line, "this YAML holds itself, or is nested too deeply") from error


def _read(text: str, file: Path, first_line: int) -> Yaml:
    node = None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        # A bracket left open is noticed below the last line: stay within the text.
        line = first_line + min(mark.line if mark else 0, text.rstrip().count("\n"))
        raise RenderError(file, line, f"this is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise RenderError(file, first_line, f"this is not valid YAML: {error}") from error
    except _NOT_ITS_KIND as error:  # a word that looks like a date or a number and is none
        raise RenderError(file, first_line + max(0, _unlike(node)), f"this is not valid YAML: {error}") from error
    if node is None:
        return Yaml(file, first_line, {}, {})
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise RenderError(file, first_line, "expected “name: value” lines here")
    lines: dict[KeyPath, int] = {}
    _collect(node, (), lines, file, first_line)
    return Yaml(file, first_line, values, lines)


def _unlike(node: yaml.Node | None) -> int:
    """Return on which line, from 0, the first word stands that is not what it looks like."""
    if isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except (yaml.YAMLError, *_NOT_ITS_KIND):
            return int(node.start_mark.line)
        return -1
    entries = node.value if isinstance(node, yaml.CollectionNode) else ()
    parts = (part for entry in entries for part in (entry if isinstance(entry, tuple) else (entry,)))
    return next((line for line in map(_unlike, parts) if line >= 0), -1)


def _collect(node: yaml.MappingNode, parents: KeyPath, lines: dict[KeyPath, int], file: Path, first_line: int) -> None:
    """Fill `lines` with every key below `node`."""
    for key, value in node.value:
        path = (*parents, str(key.value))
        line = first_line + key.start_mark.line
        if path in lines:
            raise RenderError(file, line, f"“{path[-1]}” is given twice; keep one")
        lines[path] = line
        if isinstance(value, yaml.MappingNode):
            _collect(value, path, lines, file, first_line)
