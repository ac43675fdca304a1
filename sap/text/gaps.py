"""Texts that only hold a place: they look like an answer and are none."""

import re
from typing import Final

_GAP: Final = re.compile(
    r"(t\.?b\.?[acds]\.?|to\s?do|fix\s?me|lorem\s+ipsum|place\s?holder)(?!\w).*"
    r"|to\s+be\s+(decided|defined|determined|done|added|completed|confirmed|specified|written)\b.{0,40}"
    r"|fill\s+(me\s+|this\s+)?in\W*|insert\s.{1,40}\shere\W*"
    r"|(x{2,}|\?+|-+|–+|—+|\.+|…|_+|n\.?/?a|none yet|same|see above|text|unknown|pending|<.*>|\[.*\]|\{.*\})\W*",
    re.IGNORECASE | re.DOTALL,
)
_BEGUN: Final = re.compile(r"Gap( \w+)?: .*|GAP-[A-Z-]+", re.DOTALL)


def is_begun(text: str) -> bool:
    """Return whether a text is one that ``sap new`` wrote where a person has something to say: ``Gap 7: …``."""
    return _BEGUN.fullmatch(text.strip()) is not None


def is_gap(text: str) -> bool:
    """Return whether prose holds a place for an answer and is none: ``Gap 7: …``, ``TBD``, ``to be defined``."""
    return is_begun(text) or _GAP.fullmatch(text.strip()) is not None
