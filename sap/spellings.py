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
    return " ".join(unicodedata.normalize("NFKC", folded).split())


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
    return "in capitals, blanks or signs"


def stands_for_missing(text: str) -> bool:
    """Return whether a text is a word by which programs mark a missing value."""
    return text.casefold() in MISSING_WORDS


def nearest(words: Collection[str], known: Iterable[str], *, share: float = 0.6) -> dict[str, str]:
    """Return for each word the known one it was perhaps meant to be; none where nothing is near.

    Parameters
    ----------
    words : collection of str
        Words that are not known.
    known : iterable of str
        Those that are; of two that are as near, the first.
    share : float
        How much they must have in common, from 0 to 1.

    Returns
    -------
    dict of str to str
        Words that are read alike, or that differ in leading zeros, come before those that differ in a letter.
    """
    names = list(dict.fromkeys(known))
    folded = {_bare(name): name for name in reversed(names)}
    found = {}
    for word in words:
        near = folded.get(_bare(word))
        if near is None and len(words) * len(names) <= MOST_COMPARED:
            shares = [(_share(word, name), name) for name in names]
            best = max((share for share, _ in shares), default=0.0)
            near = next((n for n in names if (best, n) in shares), None) if best > share else None
        if near is not None:
            found[word] = near
    return found


def _share(one: str, other: str) -> float:
    """Return how much two words have in common, from 0 to 1."""
    pairs = ((as_read(one), as_read(other)), (_bare(one), _bare(other)))
    return max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)


def _bare(text: str) -> str:
    return _ZEROS.sub("", "".join(c for c in as_read(text) if c.isalnum()))
