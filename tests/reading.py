"""What a reader sees of Markdown that a page prints, and where its links lead."""

import re

from IPython.display import Markdown

LINK = re.compile(r'\[((?:[^\]\\]|\\.)*)\]\(trace/[\w.-]+\.html#([^)]+)\)\{\.traced data-trace="((?:[^"\\]|\\.)*)"\}')
"""A number of the prose: what is shown, the id of its record, its short form."""


def read(markdown: Markdown) -> str:
    """Return the words, without links and escapes."""
    return re.sub(r"\\(.)", r"\1", LINK.sub(r"\1", str(markdown.data)))
