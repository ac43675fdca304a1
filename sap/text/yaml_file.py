"""A YAML file read safely, with the line of every key."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import yaml

from sap.text.problems import PlanError, Problem
from sap.text.yaml_loader import Refused, read_yaml

Path_ = Sequence[str | int]

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


def _unreadable(name: str, error: yaml.MarkedYAMLError) -> Problem:
    said = str(error.problem or error.context)
    # What was never closed is noticed at the end of the file, and mended where it was opened.
    unclosed = any(words in said for words in _UNCLOSED)
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    if isinstance(error, Refused):
        return Problem(name, line, "", f"{said}.", "Mend the line.")
    plainer = next(((told, fix) for words, told, fix in _PLAINER if words in said), None)
    told, fix = plainer or (said, "Mend the line (or the one before it).")
    return Problem(name, line, "", f"this is not readable YAML: {told}.", fix)


_QUOTES: Final = "Put the text in quotes; write a comment on a line of its own."
_WORD: Final = re.compile(r"[A-Z0-9_.-]+|[a-z0-9_.-]+")
"""A name of the plan rather than a text: a comment behind it, with a blank after the #, is meant as one."""


class YamlFile:
    """A YAML file, its content and its lines."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        text = self._read(path)
        self._lines = text.splitlines()
        try:
            loader = read_yaml(text)
        except yaml.MarkedYAMLError as error:
            raise PlanError([_unreadable(self.name, error)]) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            what = f"the character U+{error.character:04X} has no place in a text file."
            raise PlanError([Problem(self.name, line, "", what, "Remove it, or save the file as UTF-8.")]) from error
        except yaml.YAMLError as error:
            raise PlanError([Problem(self.name, 0, "", f"this is not readable YAML: {error}.", "")]) from error
        self._root, self._unused, self.content = loader.root, loader.unused, loader.content
        if not isinstance(self.content, dict):
            raise PlanError(
                [Problem(self.name, 1, "", "the file is empty or not a mapping.", "Write keys and values.")]
            )

    def _read(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise PlanError(
                    [
                        Problem(
                            self.name, 0, "", f"the file is larger than {MAX_BYTES} bytes.", "A plan is text: check it."
                        )
                    ]
                )
            return content.decode("utf-8-sig")
        except FileNotFoundError:
            raise PlanError(
                [Problem(self.name, 0, "", "there is no such file.", "Check its name and the folder you are in.")]
            ) from None
        except IsADirectoryError:
            raise PlanError([Problem(self.name, 0, "", "this is a folder.", "Name the file in it.")]) from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise PlanError(
                [Problem(self.name, line, "", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")]
            ) from None
        except OSError as error:
            raise PlanError([Problem(self.name, 0, "", f"the file cannot be read: {error.strerror}.", "")]) from None

    def texts(self) -> Iterator[tuple[Path_, str, str, bool]]:
        """Yield every word of the file that is no key."""
        yield from self._texts(self._root, ())

    def _texts(self, node: yaml.Node | None, path: tuple[str | int, ...]) -> Iterator[tuple[Path_, str, str, bool]]:
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
            self._surprise(path, f"'{comment}' after this text is a comment of YAML, and not part of it.")
            for path, text, comment, _ in self.texts()
            if comment and not (comment.startswith("# ") and _WORD.fullmatch(text))
        ]
        for name, mark in self._unused.items():
            what = f"'&{name}' is a name that YAML takes out of the text, and nothing asks for it."
            found.append(Problem(self.name, mark.line + 1, "", what, _QUOTES))
        return found

    def _surprise(self, path: Path_, what: str) -> Problem:
        return Problem(self.name, self.line(path), show_path(path), what, _QUOTES)

    def line(self, path: Path_) -> int:
        """Return the line (from 1) of the deepest part of a path that is in the file."""
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
