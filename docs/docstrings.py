"""Docstrings as MkDocs reads them: formulas and references of numpydoc as Markdown."""

import re
from typing import Any

import griffe

FORMULA = "formula:"
"""What a formula begins with until the site sets it."""


def as_markdown(text: str) -> str:
    """Return a numpydoc docstring with its formulas as code and its references as a list."""
    block = re.compile(r"^( *)\.\. math::(.*(?:\n(?:\1 +\S.*| *(?=\n\1 +\S)))*)", re.MULTILINE)
    text = block.sub(lambda m: f"{m[1]}\n{m[1]}`{FORMULA}{_aligned(' '.join(m[2].split()))}`\n", text)
    text = re.sub(r":math:`([^`]*)`", lambda m: f"`{FORMULA}{' '.join(m[1].split())}`", text)
    text = re.sub(r"\[(\d+)\]_", r"\\[\1\\]", text)
    reference = re.compile(r"^( *)\.\. \[(\d+)\] (.*(?:\n\1 +\S.*)*)", re.MULTILINE)
    return reference.sub(lambda m: rf"{m[1]}\[{m[2]}\] {' '.join(m[3].split())}" + "\n", text)


def _aligned(formula: str) -> str:
    """Return a formula of several lines in the environment that its marks belong to."""
    return rf"\begin{{aligned}}{formula}\end{{aligned}}" if "&" in formula and r"\begin" not in formula else formula


class Docstrings(griffe.Extension):
    """Rewrites each docstring before it is parsed."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of an object."""
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)
