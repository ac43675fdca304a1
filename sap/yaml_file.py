"""YAML read safely, without repeated keys, and with the line of every key."""

import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml

from sap.problems import PlanError, Problem

Path_ = Sequence[str | int]


class _Loader(yaml.SafeLoader):
    """Plain YAML: no tags, no repeated keys, dates stay text."""


# A date in a plan is a word of the document, not a moment; 2021-03-09 must come back as it was written.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key}' is written twice", key_node.start_mark
            )
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


# YAML reads 017 as 15 and 12:30 as 750: only numbers that read one way are numbers here.
_PLAIN = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+([eE][-+]?\d+)?", re.ASCII)


def _number(loader: _Loader, node: yaml.ScalarNode) -> int | float:
    if not _PLAIN.fullmatch(node.value):
        what = f"'{node.value}' is not a plain decimal number (put it in quotes when it is a text)"
        raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)
    whole = node.tag == "tag:yaml.org,2002:int"
    return loader.construct_yaml_int(node) if whole else loader.construct_yaml_float(node)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


class YamlFile:
    """A YAML file, its content and its lines.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    PlanError
        When the file is missing, is not UTF-8, is not YAML, repeats a key or is not a mapping.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        text = self._read(path)
        try:
            self.content = yaml.load(text, Loader=_Loader)  # noqa: S506 (the loader is a SafeLoader)
            self._root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            what = f"this is not readable YAML: {error.problem or error.context}."
            raise PlanError([Problem(self.name, line, "", what, "Mend the line (or the one before it).")]) from error
        except yaml.YAMLError as error:
            raise PlanError([Problem(self.name, 0, "", f"this is not readable YAML: {error}.", "")]) from error
        if not isinstance(self.content, dict):
            raise PlanError(
                [Problem(self.name, 1, "", "the file is empty or not a mapping.", "Write keys and values.")]
            )

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise PlanError(
                [Problem(self.name, 0, "", "there is no such file.", "Name the plan with --plan FILE.")]
            ) from None
        except IsADirectoryError:
            raise PlanError([Problem(self.name, 0, "", "this is a folder.", "Name the file in it.")]) from None
        except UnicodeDecodeError as error:
            raise PlanError(
                [Problem(self.name, 0, "", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")]
            ) from None
        except OSError as error:
            raise PlanError([Problem(self.name, 0, "", f"the file cannot be read: {error.strerror}.", "")]) from None

    def line(self, path: Path_) -> int:
        """Return the line (from 1) of the deepest part of a path that is in the file.

        Parameters
        ----------
        path : sequence of str or int
            Keys and positions from the root.

        Returns
        -------
        int
            The line of the last key found.
        """
        node = self._root
        line = 1
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if pair is None:
                    break
                line = pair[0].start_mark.line + 1
                node = pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line


def show_path(path: Path_) -> str:
    """Return a path as a person writes it: ``analyses[2].analysis_set``."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step + 1}]"
        else:
            shown += f".{step}" if shown else step
    return shown
