"""What the operations of a reporting event ask for: a statistic of one of the plan's methods."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

COUNT: Final = "frequency"
DESCRIBE: Final = "description"
DIFFERENCE: Final = "risk_difference"
LIMIT: Final = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*%\s*)?(?:ci|cl|confidence (?:interval|limit)s?)?\s*[(,:-]?\s*"
    r"(low|lower|lcl|high|upper|ucl)(?: (?:ci|cl|limit|bound|confidence limit))?\)?"
)
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    COUNT: {
        **dict.fromkeys(("n", "count", "big n", "number of subjects", "subjects", "number of participants"), "n"),
        **dict.fromkeys(("%", "pct", "percent", "percentage", "n %", "p"), "p"),
        **dict.fromkeys(("events", "number of events", "event count", "records", "e", "m", "n events"), "records"),
    },
    DESCRIBE: {
        "n": "n",
        "count": "n",
        **dict.fromkeys(("missing", "n missing", "nmiss"), "n.missing"),
        **dict.fromkeys(("mean", "average", "arithmetic mean"), "mean"),
        **dict.fromkeys(("sd", "std", "stddev", "std dev", "standard deviation"), "sd"),
        "median": "median",
        **dict.fromkeys(("q1", "p25", "25th percentile", "first quartile", "lower quartile"), "p25"),
        **dict.fromkeys(("q3", "p75", "75th percentile", "third quartile", "upper quartile"), "p75"),
        **dict.fromkeys(("min", "minimum"), "min"),
        **dict.fromkeys(("max", "maximum"), "max"),
    },
    DIFFERENCE: dict.fromkeys(
        ("risk difference", "risk difference %", "risk difference (%)", "difference", "difference %", "rd",
         "difference in proportions", "difference in percentages", "rate difference"), "estimate"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a method of a reporting event asks for."""

    method: str
    """The plan's method; empty where none of its operations is known."""
    statistics: tuple[str, ...]
    """The statistic of each operation; empty for one that is not known."""
    conf_level: float = 0.95


def asked(names: Sequence[tuple[str, ...]], words: str) -> Asked:
    """Return what operations ask for, each by what it is called; `words` are those of the method.

    The method is the one that knows most of them; one that only counts is asked what it counts.
    """
    called = [tuple(_plain(name) for name in several if name) for several in names]
    found = {method: [_statistic(method, several) for several in called] for method in _WORDS}
    best = max(found, key=lambda method: sum(bool(s) for s, _ in found[method]))
    if not any(s for s, _ in found[best]):
        return Asked("", tuple("" for _ in called))
    levels = [level for _, level in found[best] if level]
    statistics = tuple(s for s, _ in found[best])
    if best == COUNT and _of_events(words):
        statistics = tuple("records" if s == "n" else s for s in statistics)
    return Asked(best, statistics, levels[0] if levels else 0.95)


def _of_events(words: str) -> bool:
    text = words.casefold()
    of_subjects = any(w in text for w in ("subject", "participant", "patient"))
    return not of_subjects and any(w in text for w in ("event", "record", "occurrence"))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_/]", " ", name.casefold()).split()).strip(" .:")


def _statistic(method: str, called: Sequence[str]) -> tuple[str, float]:
    for name in called:
        if name in _WORDS[method]:
            return _WORDS[method][name], 0.0
        limit = LIMIT.fullmatch(name) if method == DIFFERENCE else None
        if limit:
            level = float(limit[1]) / 100 if limit[1] else 0.0
            return ("conf.low" if limit[2] in {"low", "lower", "lcl"} else "conf.high"), level
    return "", 0.0
