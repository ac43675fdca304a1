"""One statement over many values is one test: it tries every value and names each one that fails."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import product
from typing import Any

import pytest


@dataclass(frozen=True)
class Value:
    """What a test is given once: the arguments by their names, and how a failure calls them."""

    arguments: dict[str, Any]
    name: str

    def __add__(self, other: "Value") -> "Value":
        return Value(self.arguments | other.arguments, f"{self.name}, {other.name}")


def each(
    names: str | Sequence[str],
    values: Iterable[Any],
    ids: Callable[[Any], object] | Iterable[str] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test once for every value, all of them though some fail; written as `pytest.mark.parametrize`.

    A test of several decorators is given every combination. Fixtures are made once for all values; `tmp_path` alone
    is a folder of its own each time.
    """
    wanted = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)
    called = ids if ids is None or callable(ids) else list(ids)
    given = [_value(wanted, value, called[i] if isinstance(called, list) else called) for i, value in enumerate(values)]
    if not given:
        raise ValueError(f"no value of {', '.join(wanted)}: the test would look at nothing")

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        statement, inner = getattr(test, "of_each", (test, [Value({}, "")]))
        together = [a + b if b.name else a for a, b in product(given, inner)]

        @wraps(statement)
        def looped(*args: Any, **fixtures: Any) -> None:
            __tracebackhide__ = True
            _try_all(statement, together, args, fixtures)

        parameters = inspect.signature(test).parameters.values()
        missing = set(wanted) - {p.name for p in parameters}
        if missing:
            raise TypeError(f"{statement.__qualname__} takes no {', '.join(sorted(missing))}")
        looped.__signature__ = inspect.Signature([p for p in parameters if p.name not in wanted])
        looped.of_each = (statement, together)
        return looped

    return decorate


def _value(names: list[str], value: Any, called: Callable[[Any], object] | str | None) -> Value:
    parts = (value,) if len(names) == 1 else tuple(value)
    if len(parts) != len(names):
        raise ValueError(f"{len(names)} names, {', '.join(names)}, and {len(parts)} values: {value!r}")
    if isinstance(called, str):
        return Value(dict(zip(names, parts, strict=True)), called)
    said = [(called(part) if called else None, part) for part in parts]
    texts = [f"{n}={p!r}"[:200] if s is None else str(s) for n, (s, p) in zip(names, said, strict=True)]
    return Value(dict(zip(names, parts, strict=True)), ", ".join(texts))


class Failures:
    """What went wrong, value by value: `with` each of them, then `tell`."""

    def __init__(self) -> None:
        self.tried = 0
        self.found: list[tuple[str, BaseException]] = []
        self.name = ""

    def of(self, name: str) -> "Failures":
        self.name = name
        return self

    def __enter__(self) -> None:
        self.tried += 1

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> bool:
        if isinstance(failure, pytest.skip.Exception):
            failure = AssertionError("one value cannot be passed over where others are looked at")
        if not isinstance(failure, Exception | pytest.fail.Exception):
            return False
        failure.add_note(f"with {self.name}")
        self.found.append((self.name, failure))
        return True

    def tell(self) -> None:
        __tracebackhide__ = True
        if len(self.found) == 1:
            raise self.found[0][1]
        if self.found:
            names = "; ".join(name for name, _ in self.found)
            said = f"{len(self.found)} of {self.tried} values fail: {names}"
            raise BaseExceptionGroup(said, [failure for _, failure in self.found])


def _try_all(test: Callable[..., None], values: list[Value], args: Sequence[Any], fixtures: dict[str, Any]) -> None:
    __tracebackhide__ = True
    failures = Failures()
    for place, value in enumerate(values):
        own = {}
        if "tmp_path" in fixtures:
            own["tmp_path"] = fixtures["tmp_path"] / str(place)
            own["tmp_path"].mkdir()
        with failures.of(value.name):
            test(*args, **(fixtures | own), **value.arguments)
    failures.tell()
