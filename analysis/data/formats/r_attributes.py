"""What R wrote beside the values of a data frame: the label, class and kind of each column.

The layout is R's serialisation in its binary form (R Internals, "Serialization Formats"): for each object a word of
flags, its length, its content, and its attributes as pairs. Values are stepped over: only attributes are asked for.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_ATTRIBUTES, _TAG = 0x200, 0x400
_SYMBOL, _PAIRS, _CHARACTERS, _INTEGERS, _STRINGS, _LIST, _EXPRESSIONS = 1, 2, 9, 13, 16, 19, 20
_WIDTHS: Final = {10: 4, _INTEGERS: 4, 14: 8, 15: 16, 24: 1}
"""Bytes an element of logical values, integers, numbers, complex numbers and raw bytes."""
_SINGLE: Final = frozenset({241, 242, 247, 250, 251, 252, 253, 254})
"""Objects of which there is one, such as nothing."""
_REFERENCE, _ALTERNATIVE = 255, 238
_MOST_KEPT: Final = 10_000
"""Strings of a vector that is longer are stepped over: it is no name, label or class."""


@dataclass(frozen=True)
class Item:
    """An object as it lies in the file."""

    kind: int
    strings: tuple[str, ...] = ()
    items: tuple["Item", ...] = ()
    attributes: Mapping[str, "Item"] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Return whether it holds other objects."""
        return self.kind == _LIST

    @property
    def is_integers(self) -> bool:
        """Return whether it holds whole numbers, which the levels of a factor are not."""
        return self.kind == _INTEGERS and "levels" not in self.attributes

    def said(self, name: str) -> tuple[str, ...]:
        """Return an attribute that is a text, or several."""
        return self.attributes[name].strings if name in self.attributes else ()


def columns_of(content: bytes, frame: str = "") -> dict[str, Item]:
    """Return the columns of a data frame by name; none where the file holds what is not understood here."""
    start = 5 if content.startswith(b"RD") else 0
    try:
        stream = _Stream(content, start + 14)
        if struct.unpack_from(">i", content, start + 2) >= (3,):
            stream.at += 4 + struct.unpack_from(">i", content, stream.at)[0]
        top = stream.item()
    except (struct.error, IndexError, ValueError, RecursionError):
        return {}
    found = top.attributes.get(frame, top) if start else top
    return dict(zip(found.said("names"), found.items, strict=False))


@dataclass
class _Stream:
    content: bytes
    at: int
    symbols: list[str] = field(default_factory=list)

    def word(self) -> int:
        (found,) = struct.unpack_from(">i", self.content, self.at)
        self.at += 4
        return int(found)

    def item(self) -> Item:
        """Return the object that begins here, and go behind it."""
        flags = self.word()
        kind = flags & 0xFF
        if kind == _REFERENCE:
            return Item(kind, (self.symbols[(flags >> 8) - 1],))
        if kind in _SINGLE:
            return Item(kind)
        if kind == _SYMBOL:
            self.symbols.append("".join(self.item().strings))
            return Item(kind, (self.symbols[-1],))
        if kind == _PAIRS:
            return Item(kind, attributes=dict(self.pairs(flags)))
        if kind == _CHARACTERS:
            return Item(kind, tuple(self.characters()))
        if kind == _ALTERNATIVE:
            _, state, attributes = self.item(), self.item(), self.item()
            return Item(state.kind, state.strings, attributes=attributes.attributes)
        return self.vector(kind, flags)

    def vector(self, kind: int, flags: int) -> Item:
        length, strings, items = self.word(), list[str](), tuple[Item, ...]()
        if kind in _WIDTHS:
            self.at += length * _WIDTHS[kind]
        elif kind == _STRINGS and length > _MOST_KEPT:
            for _ in range(length):
                self.at += 8 + max(struct.unpack_from(">i", self.content, self.at + 4)[0], 0)
        elif kind == _STRINGS:
            strings = [text for _ in range(length) for text in self.item().strings or ("",)]
        elif kind in {_LIST, _EXPRESSIONS}:
            items = tuple(self.item() for _ in range(length))
        else:
            raise ValueError(kind)
        attributes = self.item().attributes if flags & _ATTRIBUTES else {}
        return Item(kind, tuple(strings), items, attributes)

    def characters(self) -> Iterator[str]:
        length = self.word()
        if length >= 0:
            yield self.content[self.at : self.at + length].decode("utf-8", errors="replace")
            self.at += length

    def pairs(self, flags: int) -> Iterator[tuple[str, Item]]:
        """Yield the objects of a chain of pairs by their tags."""
        while flags & 0xFF == _PAIRS:
            if flags & _ATTRIBUTES:
                self.item()
            tag = self.item().strings if flags & _TAG else ()
            yield "".join(tag), self.item()
            flags = self.word()
