"""Phrases that several pages and commands share."""


def counted(n: int, what: str) -> str:
    """Return a count with its noun: "1 error", "2 errors"."""
    return f"{n} {what}{'' if n == 1 else 's'}"
