"""What a person perhaps meant by a word: a name shortened, misspelled, or what the field calls it elsewhere."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final

NEARLY: Final = 0.85
"""Share of letters in common above which a word is a slip of the pen, whatever else it might shorten."""
NEAR: Final = 0.6
"""Share of letters in common below which no word is guessed."""

USUAL: Final[Mapping[str, str]] = {
    "area": "auc area_under_curve",
    "best_response": "bor overall_response",
    "date": "datetime timestamp",
    "EQ": "= == equal equals is",
    "exploratory": "tertiary other",
    "GE": ">= => at_least",
    "GT": "> greater more above",
    "LE": "<= =< at_most",
    "LT": "< less below",
    "NE": "!= <> not_equal not",
    "NOTIN": "not_in",
    "number": "float numeric decimal double real",
    "peak": "cmax max maximum",
    "primary": "main principal",
    "secondary": "key_secondary",
    "text": "str string char character varchar",
    "time_to_event": "survival",
}
"""Words of a plan, and what other programs say for them; methods and figures say their own (``also_called``)."""


def meant(word: str, known: Iterable[str], usual: Mapping[str, str] = USUAL) -> str | None:
    """Return the known name that a word was perhaps meant to be, `usual` by what it is called elsewhere."""
    names = {_folded(name): name for name in sorted(known, reverse=True)}
    said = _folded(word)
    shares = {name: SequenceMatcher(None, said, name, autojunk=False).ratio() for name in names}
    nearest = max(names, key=shares.__getitem__, default="")
    if not nearest or shares[nearest] >= NEARLY:
        return names.get(nearest)
    others = {said, said.removesuffix("_figure")}
    found = next((name for name in names.values() if not others.isdisjoint(usual.get(name, "").split())), None)
    found = found or _only(name for low, name in names.items() if shortens(said, low))
    found = found or _only(name for low, name in names.items() if shortens(said, low, whole=False))
    found = found or (names[nearest] if shares[nearest] >= NEAR else None)
    return found or _only(name for low, name in names.items() if said in low.split("_"))


def shortens(word: str, name: str, *, whole: bool = True) -> bool:
    """Return whether a word is made of how the parts of a name begin, as km_figure of kaplan_meier_figure.

    Of each part in turn, or, unless the whole name is asked for, of the first ones.
    """
    rests = {word.replace("_", "")}
    if len(word) < 2:
        return False
    for part in name.split("_"):
        begun = (part[:n] for n in range(1, len(part) + 1))
        rests = {rest.removeprefix(start) for start in begun for rest in rests if rest.startswith(start)}
        if not whole and "" in rests:
            return True
    return "" in rests


def _folded(word: str) -> str:
    return re.sub(r"[\s-]+", "_", word.strip().casefold())


def _only(names: Iterable[str]) -> str | None:
    found = list(names)
    return found[0] if len(found) == 1 else None
