"""Parts of a plan as lines of YAML in flow style, none longer than a page is wide."""

from collections.abc import Iterable, Iterator, Mapping
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
    first, deeper = " " * indent + begun + " ", " " * (indent + 2 + 2 * begun.startswith("-"))
    lines = [first]
    for piece in _pieces(flow(value)):
        longer = lines[-1] + piece
        if len(longer.rstrip()) > WIDTH and lines[-1].strip() and lines[-1] != first:
            lines.append(deeper + piece)
        else:
            lines[-1] = longer
    lines = [line.rstrip() for line in lines]
    told = f"{lines[-1]}  # {comment}"
    if comment and len(told) <= WIDTH:
        lines[-1] = told
    return lines


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that end with a comma outside quotes, where a line may end."""
    quote, start = "", 0
    for i, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"" and text[i - 1 : i] in {"", " ", "[", "{"}:
            quote = sign
        elif sign == " " and text[i - 1] == ",":
            yield text[start : i + 1]
            start = i + 1
    yield text[start:]


def section(key: str, lines: Iterable[str]) -> list[str]:
    """Return a key of the plan with what stands below it; nothing where nothing does."""
    below = list(lines)
    return [f"{key}:", *below] if below else []
