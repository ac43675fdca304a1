"""What one text of a plan promises that another does not, in words.

Parts are matched by id, never by position; steps, which have none, by their method and what they are about.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sap.model.clause import AllOf, AnyOf, Condition, Not
from sap.model.part import Part, Reference
from sap.model.words import in_words, key_field, key_of, noun, shown
from sap.plan.plan import Plan
from sap.plan.uses import Keys, uses


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


_LEAVES = (Reference, Condition, AllOf, AnyOf, Not)
_NAMELESS = {"analyses", "sensitivity"}
"""Lists whose ids speak for themselves at the start of a sentence."""


@dataclass(frozen=True)
class Change:
    """One thing that differs between two texts of a plan."""

    path: Keys
    """Where: keys, and ids in place of positions, as ``("analysis_sets", "SAF", "where")``."""
    kind: str
    """``added``, ``removed``, ``renamed``, ``changed`` or ``order``."""
    words: str
    """A sentence a reviewer understands."""


def differences(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Return what differs between two plans, in the order of the plan."""
    return tuple(_parts(old, new, (), ""))


def changes(old: Plan, new: Plan) -> tuple[str, ...]:
    """Return in words what differs between two plans; empty when both promise the same."""
    return tuple(c.words for c in differences(old, new))


def touched(old: Plan, new: Plan) -> Mapping[str, tuple[str, ...]]:
    """Return which analyses the differences touch, and by what."""
    found = differences(old, new)
    before, after = uses(old), uses(new)
    reached = {
        name: tuple(c.words for c in found if _reaches(c, [*before.get(name, ()), *after.get(name, ())]))
        for name in dict.fromkeys([*before, *after])
    }
    return {name: words for name, words in reached.items() if words}


def _reaches(change: Change, used: Sequence[Keys]) -> bool:
    """Return whether a change is of something used or of a part of it, or takes away what holds it."""
    whole = change.kind in {"added", "removed", "renamed"}
    return any(change.path[: len(path)] == path or (whole and path[: len(change.path)] == change.path) for path in used)


def _parts(old: Part, new: Part, path: Keys, where: str, *, key: str | None = None) -> Iterator[Change]:
    """Yield what differs between two parts of the same place, but for the key by which they were matched."""
    fields = dict.fromkeys([*type(old).model_fields, *type(new).model_fields])
    for field in fields:
        if field != key:
            yield from _values(getattr(old, field, None), getattr(new, field, None), (*path, field), where)


def _values(old: object, new: object, path: Keys, where: str) -> Iterator[Change]:
    if old == new and not isinstance(old, Mapping):
        return
    field = path[-1] if len(path) > 1 else path[-1].replace("_", " ")
    match old, new:
        case Mapping(), Mapping():
            yield from _mappings(old, new, path, where)
        case (tuple(), tuple()) if any(isinstance(v, Part) and not isinstance(v, _LEAVES) for v in (*old, *new)):
            yield from _lists(old, new, path, where)
        case tuple(), tuple():
            yield _items(old, new, path, where)
        case Part(), Part() if not isinstance(old, _LEAVES):
            yield from _parts(old, new, path, _at(where, field))
        case None, _:
            yield Change(path, "added", _sentence(where, f"{field} is added: {in_words(new)}"))
        case _, None:
            yield Change(path, "removed", _sentence(where, f"{field} is removed (was {in_words(old)})"))
        case _:
            words = f"{field} changes from {in_words(old)} to {in_words(new)}"
            yield Change(path, "changed", _sentence(where, words))


def _items(old: tuple[object, ...], new: tuple[object, ...], path: Keys, where: str) -> Change:
    """Return how a list of values differs: what it gains and loses, or its order."""
    field = path[-1]
    gained = [in_words(v) for v in new if v not in old]
    lost = [in_words(v) for v in old if v not in new]
    if not gained and not lost:
        words = f"the order of {field} changes from {in_words(old)} to {in_words(new)}"
        return Change(path, "order" if len(old) == len(new) else "changed", _sentence(where, words))
    told = [f"gains {', '.join(gained)}"] if gained else []
    told += [f"loses {', '.join(lost)}"] if lost else []
    return Change(path, "changed", _sentence(where, f"{field} {' and '.join(told)}"))


def _mappings(old: Mapping[str, object], new: Mapping[str, object], path: Keys, where: str) -> Iterator[Change]:
    for key in dict.fromkeys([*old, *new]):
        here = (*path, key)
        name = f"{noun(path[-1])} {shown(key)}"
        if key not in new:
            yield Change(here, "removed", _sentence(where, f"{name} is removed{_was(old[key])}"))
        elif key not in old:
            yield Change(here, "added", _sentence(where, f"{name} is added{_as(new[key])}"))
        else:
            before, after = old[key], new[key]
            if isinstance(before, Part) and isinstance(after, Part):
                yield from _parts(before, after, here, _at(where, name))
            elif before != after:
                words = f"{name} changes from {in_words(before)} to {in_words(after)}"
                yield Change(here, "changed", _sentence(where, words))
    yield from _order([k for k in old if k in new], [k for k in new if k in old], path, where)


def _lists(old: tuple[Part, ...], new: tuple[Part, ...], path: Keys, where: str) -> Iterator[Change]:
    pairs = pair(old, new)
    for before, after in pairs.both:
        name = _name(old, new, before, after, path[-1])
        here = (*path, key_of(new[after]) or str(after + 1))
        was = key_of(old[before])
        if was != key_of(new[after]):
            told = f"{_name(old, old, before, before, path[-1])} is renamed {shown(key_of(new[after]) or '')}"
            yield Change((*path, was or str(before + 1)), "renamed", _sentence(where, told))
        bare = path[-1] in _NAMELESS
        yield from _parts(old[before], new[after], here, name if bare else _at(where, name), key=key_field(new[after]))
    for i in pairs.lost:
        told = f"{_name(old, old, i, i, path[-1], full=True)} is removed{_was(old[i])}"
        yield Change((*path, key_of(old[i]) or str(i + 1)), "removed", _sentence(where, told))
    for i in pairs.gained:
        told = f"{_name(new, new, i, i, path[-1], full=True)} is added{_as(new[i])}"
        yield Change((*path, key_of(new[i]) or str(i + 1)), "added", _sentence(where, told))
    yield from _list_order(old, new, pairs, path, where)


def _list_order(old: tuple[Part, ...], new: tuple[Part, ...], pairs: Pairs, path: Keys, where: str) -> Iterator[Change]:
    after = [j for _, j in sorted(pairs.both)]
    before = [_name(old, new, i, j, path[-1], bare=True) for i, j in sorted(pairs.both)]
    if after != sorted(after):
        ranked = [_name(old, new, i, j, path[-1], bare=True) for i, j in sorted(pairs.both, key=lambda p: p[1])]
        yield from _order(before, ranked, path, where)


def _order(old: Sequence[str], new: Sequence[str], path: Keys, where: str) -> Iterator[Change]:
    if list(old) != list(new):
        words = f"the order of {path[-1]} changes from {', '.join(map(shown, old))} to {', '.join(map(shown, new))}"
        yield Change(path, "order", _sentence(where, words))


def _name(
    old: tuple[Part, ...],
    new: tuple[Part, ...],
    before: int,
    after: int,
    field: str,
    *,
    bare: bool = False,
    full: bool = False,
) -> str:
    """Return how an item of a list is called: ``analysis set SAF``, ``step 1 (kaplan_meier)``, ``SURVIVAL``."""
    key = key_of(new[after])
    if key is not None:
        return shown(key) if bare or (field in _NAMELESS and not full) else f"{noun(field)} {shown(key)}"
    method = getattr(new[after], "method", "")
    moved = f", formerly step {before + 1}" if before != after and method == getattr(old[before], "method", "") else ""
    return f"{noun(field)} {after + 1}" + (f" ({method}{'' if bare else moved})" if method else "")


def _at(where: str, name: str) -> str:
    return f"{where}, {name}" if where else name


def _sentence(where: str, words: str) -> str:
    told = f"{where}: {words}" if where else words
    return told[:1].upper() + told[1:]


def _as(value: object) -> str:
    """Return what an added item is: its title or text, or all it states where it has neither."""
    title = next((t for t in (getattr(value, n, "") for n in ("title", "text")) if isinstance(t, str) and t), "")
    return f": {shown(str(title))}" if title else f": {in_words(value)}"


def _was(value: object) -> str:
    return f" (was {_as(value).removeprefix(': ')})"
