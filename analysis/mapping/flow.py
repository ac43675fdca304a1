"""Parts of a plan as lines of YAML in flow style, none longer than a page is wide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import yaml

WIDTH: Final = 120
"""Most characters of a line."""


@dataclass(frozen=True)
class Named:
    """A part that others repeat by its name: the first time it is written out."""

    name: str
    part: object


@dataclass(frozen=True)
class Again:
    """A part that was written out before."""

    name: str


def flow(value: object) -> str:
    """Return a part in flow style, on one line."""
    match value:
        case Named():
            return f"&{value.name} {flow(value.part)}"
        case Again():
            return f"*{value.name}"
        case Mapping():
            return "{" + ", ".join(f"{_scalar(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case _:
            return _scalar(value)


@lru_cache(maxsize=4096)
def _scalar(value: object) -> str:
    written: str = yaml.safe_dump([value], default_flow_style=True, width=1_000_000, allow_unicode=True)
    return written.strip()[1:-1]


def item(begun: str, value: object, comment: str = "", *, indent: int = 0) -> list[str]:
    """Return a part below a key (``id:``) or in a list (``-``), with a comment at its end where one fits."""
    first = " " * indent + (f"{begun} " if begun else "")
    lines = laid(value, first, len(first) if begun in {"", "-"} else indent + 2)
    return told_at_end(lines, comment)


def told_at_end(lines: list[str], comment: str) -> list[str]:
    """Return lines with a comment behind the last one that has room for it; where none has, without."""
    at = next((i for i in reversed(range(len(lines))) if len(f"{lines[i]}  # {comment}") <= WIDTH), None)
    return lines if not comment or at is None else [*lines[:at], f"{lines[at]}  # {comment}", *lines[at + 1 :]]


def laid(value: object, before: str, indent: int, after: str = "") -> list[str]:
    """Return a part on as few lines as hold it after what stands before it; what fits a line is not broken."""
    whole = f"{before}{flow(value)}{after}"
    below = _below(value)
    if len(whole) <= WIDTH or not below:
        return [whole]
    name = f"&{value.name} " if isinstance(value, Named) else ""
    held = value.part if isinstance(value, Named) else value
    opening, closing = "{}" if isinstance(held, Mapping) else "[]"
    lines = [f"{before}{name}{opening}"]
    for i, (key, part) in enumerate(below):
        end = "," if i < len(below) - 1 else f"{closing}{after}"
        blank = "" if i == 0 else " "
        if len(f"{lines[-1]}{blank}{key}{flow(part)}{end}") <= WIDTH:
            lines[-1] = f"{lines[-1]}{blank}{key}{flow(part)}{end}"
            continue
        fits = len(" " * (indent + 1) + f"{key}{flow(part)}{end}") <= WIDTH
        start = f"{lines.pop()}{key}" if i == 0 and not fits else " " * (indent + 1) + key
        lines += laid(part, start, indent + 1 + 2 * bool(key), end)
    return lines


def _below(value: object) -> list[tuple[str, object]]:
    match value:
        case Named():
            return _below(value.part)
        case Mapping():
            return [(f"{_scalar(str(k))}: ", v) for k, v in value.items()]
        case list() | tuple():
            return [("", v) for v in value]
        case _:
            return []


def section(key: str, lines: Iterable[str]) -> list[str]:
    """Return a key of the plan with what stands below it; nothing where nothing does."""
    below = list(lines)
    return [f"{key}:", *below] if below else []
