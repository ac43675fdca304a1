"""Texts that a reader takes for the same and a program for two, and words that stand for a missing value."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Final

MISSING_WORDS: Final = frozenset(
    {"na", "n/a", "n.a.", "#n/a", ".", "null", "none", "nan", "<na>", "nat", "-", "--", "missing", "unk"}
)
"""What other programs write into an empty cell, in small letters."""
MOST_COMPARED: Final = 10_000
"""Most pairs of words that are compared letter by letter; a file of strangers is told without a guess."""

_ALIKE: Final = str.maketrans(dict.fromkeys("‘’ʼ′", "'") | dict.fromkeys("“”″", '"') | dict.fromkeys("‐‑‒–—−", "-"))
_LATIN: Final = str.maketrans("авекмнорстухіјѕһοανικρτυχ", "abekmhopctyxijshoavikptux")
"""Small letters of Cyrillic and Greek that are drawn as Latin ones, which a keyboard or a copy brings in."""
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def unseen(text: str) -> tuple[str, ...]:
    """Return the characters of a text that a reader does not see, or takes for a blank, as ``U+200B``."""
    return tuple(dict.fromkeys(f"U+{ord(c):04X}" for c in text if _is_unseen(c)))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or (character.isspace() and character not in " \t\r\n")


def as_read(text: str) -> str:
    """Return a text as a reader takes it: without case, kinds of dash and blank, forms of Unicode, unseen signs."""
    if text.isascii():
        return " ".join(text.casefold().split())
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_ALIKE)
    # A word in another alphabet is one of its own; among Latin letters a foreign one is taken for its likeness.
    folded = " ".join(w.translate(_LATIN) if re.search("[a-z]", w) else w for w in folded.split())
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def foreign(text: str) -> tuple[str, ...]:
    """Return the letters of a text that are drawn as Latin ones and are none, as ``U+043E``."""
    return tuple(dict.fromkeys(f"U+{ord(c):04X}" for c in text if ord(c.casefold()[:1]) in _LATIN))


def difference(one: str, other: str) -> str:
    """Return in what two texts differ that are read alike: ``in capitals``."""
    if hidden := sorted(set(unseen(one)) ^ set(unseen(other))):
        return f"in a character that is not seen ({', '.join(hidden)})"
    if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other):
        return "in how Unicode writes an accent (NFC and NFD)"
    if one.casefold() == other.casefold():
        return "in capitals"
    if " ".join(one.split()) == " ".join(other.split()):
        return "in blanks"
    if one.casefold().translate(_LATIN) == other.casefold().translate(_LATIN):
        return f"in letters of another alphabet ({', '.join(foreign(one) or foreign(other))})"
    return "in capitals, blanks or signs"


def stands_for_missing(text: str) -> bool:
    """Return whether a text is a word by which programs mark a missing value."""
    return text.casefold() in MISSING_WORDS


def nearest(words: Collection[str], known: Iterable[str], *, share: float = 0.6) -> dict[str, str]:
    """Return for each word the known one it was perhaps meant to be; none where nothing is near."""
    if not words:
        return {}
    names = list(dict.fromkeys(known))
    folded = {_bare(name): name for name in reversed(names)}
    found = {}
    for word in words:
        near = folded.get(_bare(word))
        if near is None and len(words) * len(names) <= MOST_COMPARED:
            shares = [(_share(word, name), name) for name in names]
            best = max((found for found, _ in shares), default=0.0)
            nearest_ones = [name for found, name in shares if found == best > share]
            # Of subjects who differ in one digit each is as near as the next: that is no guess.
            near = nearest_ones[0] if len(nearest_ones) == 1 else _of_number(word, names)
        if near is not None:
            found[word] = near
    return found


def _of_number(word: str, names: Iterable[str]) -> str | None:
    ending = [n for n in names if word.isdecimal() and re.search(rf"\D{word}\Z", n)]
    return ending[0] if len(ending) == 1 else None


def _share(one: str, other: str) -> float:
    """Return how much two words have in common, from 0 to 1."""
    pairs = ((as_read(one), as_read(other)), (_bare(one), _bare(other)))
    return max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)


def _bare(text: str) -> str:
    return _ZEROS.sub("", "".join(c for c in as_read(text) if c.isalnum()))
