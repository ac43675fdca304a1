"""Texts that only hold a place: they look like an answer and are none."""

import re
from typing import Final

_LATER: Final = (
    "added|agreed|announced|completed|confirmed|decided|defined|determined|discussed|done"
    "|finali[sz]ed|specified|written"
)
_GAP: Final = re.compile(
    r"[\W_]*(t[.\s]?b[.\s]?[acd]\b|to\s?do\b|fix\s?me\b|lorem\s+ipsum|place\s?holder|gap(\s\w+)?:).*"
    rf"|(to|will)\s+be\s+({_LATER})\b.{{0,40}}"
    rf"|(not|yet to be)\s+(yet\s+)?(been\s+)?({_LATER})\b.{{0,20}}"
    r"|under discussion\W*|to follow\W*|fill\s+(me\s+|this\s+)?in\W*|insert\s.{1,40}\shere\W*"
    r"|(x{2,}|n\s?[./]?\s?[ak]|none yet|not (applicable|known|available|stated)|same( as above)?"
    r"|see (above|below)|ok|text|unknown|pending|draft|blank|<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\})\W*"
    r"|n/a\b.{0,40}|[\W_]+|(?-i:[^\WIVX\d])",
    re.IGNORECASE | re.DOTALL,
)
_IN_TEXT: Final = re.compile(rf"\bT\.?B\.?[DC]\b|\b(?i:to be ({_LATER}))\W*$")
_BEGUN: Final = re.compile(r"Gap( \w+)?: .*|GAP-[A-Z-]+", re.DOTALL)


def is_begun(text: str) -> bool:
    """Return whether a text is one that ``sap new`` wrote where a person has something to say: ``Gap 7: …``."""
    return _BEGUN.fullmatch(text.strip()) is not None


def is_gap(text: str) -> bool:
    """Return whether prose holds a place for an answer and is none: ``Gap 7: …``, ``TBD``, ``to be defined``."""
    return is_begun(text) or _GAP.fullmatch(text.strip()) is not None or _IN_TEXT.search(text) is not None
