"""A word across a picture: who takes it from its page sees that it is no result of a sealed run."""

import re
from html import escape
from pathlib import Path
from typing import Final

from sap.text.files import replace_whole

LAYOUT: Final = "LAYOUT ONLY"
VIEW: Final = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
"""The size of a picture, as matplotlib writes it."""
_SHARE: Final = 0.9
"""Of the width of the picture, that the words may take."""
_CHARACTER: Final = 0.62
"""Width of a character, as a share of its height."""


def mark(path: Path, words: str) -> None:
    """Write words across an SVG picture, pale enough to read it through them."""
    if not words:
        return
    text = path.read_text(encoding="utf-8")
    found = VIEW.search(text)
    if found is None:
        return
    width, height = float(found["width"]), float(found["height"])
    size = min(width * _SHARE / (_CHARACTER * len(words)), height / 4)
    place = f'x="{width / 2:.1f}" y="{height / 2:.1f}" transform="rotate(-14 {width / 2:.1f} {height / 2:.1f})"'
    look = f'font-family="sans-serif" font-size="{size:.1f}" font-weight="700" fill="#9b1c1c" fill-opacity="0.16"'
    across = f'<text class="mark" {place} text-anchor="middle" {look}>{escape(words)}</text>\n'
    head, end, tail = text.rpartition("</svg>")
    replace_whole(path, f"{head}{across}{end}{tail}".encode())
