"""Which item of one list is which of another: by key where items have one, by likeness where not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sap.model.part import Part
from sap.model.words import key_field, key_of


@dataclass(frozen=True)
class Pairs:
    """Positions in two lists."""

    both: tuple[tuple[int, int], ...]
    """Items of the old list with their counterparts in the new one, in the order of the new list."""
    lost: tuple[int, ...]
    gained: tuple[int, ...]
    """Items that only the old or only the new list has."""


def pair(old: Sequence[Part], new: Sequence[Part]) -> Pairs:
    """Return which items of two lists belong together."""
    keyed = all(_unique(items) for items in (old, new))
    alike: tuple[Callable[[Part], object], ...] = (
        (key_of, _rest, _title) if keyed else (lambda p: p, _about, lambda p: getattr(p, "method", None))
    )
    matched: dict[int, int] = {}
    for likeness in alike:
        left = [i for i in range(len(old)) if i not in matched]
        for j in range(len(new)):
            if j in matched.values():
                continue
            token = likeness(new[j])
            found = next((i for i in left if token is not None and likeness(old[i]) == token), None)
            if found is not None:
                matched[found] = j
                left.remove(found)
    return Pairs(
        tuple(sorted(matched.items(), key=lambda p: p[1])),
        tuple(i for i in range(len(old)) if i not in matched),
        tuple(j for j in range(len(new)) if j not in matched.values()),
    )


def _unique(items: Sequence[Part]) -> bool:
    keys = [key_of(p) for p in items]
    return None not in keys and len(set(keys)) == len(keys)


def _rest(part: Part) -> object:
    """Return a part without its key: a part that was only renamed keeps it."""
    return type(part), part.model_dump(exclude={key_field(part) or ""})


def _title(part: Part) -> object:
    title = getattr(part, "title", None)
    return None if title is None else (type(part), title)


def _about(part: Part) -> object:
    """Return the method of a step and what it is about."""
    method = getattr(part, "method", None)
    if method is None:
        return None
    return method, *(getattr(part, name, None) for name in ("variable", "variables", "data", "by"))
