"""What the operations of a reporting event ask for: a statistic of one of the plan's methods."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

COUNT: Final = "frequency"
DESCRIBE: Final = "description"
DIFFERENCE: Final = "risk_difference"
_LEVEL: Final = r"(?:(\d+(?:\.\d+)?)\s*%\s*)?"
_KIND: Final = r"(?:ci|cl|confidence (?:interval|limit)s?)?"
LIMIT: Final = re.compile(
    rf"{_LEVEL}{_KIND}\s*[(,:-]?\s*(low|lower|lcl|high|upper|ucl)\s*{_LEVEL}"
    r"(?:ci|cl|limit|bound|confidence (?:limit|interval))?\)?"
)
_OTHER: Final = re.compile(
    r"odds|hazard|kaplan|\ban?cova\b|\banova\b|regression|logistic|chi.?square|fisher|mantel|\bcox\b|log.?rank|"
    r"\bls.?means?|least.squares|bayes|surviv|time.to|wilcoxon|\bt.test|mmrm|\bmixed|geometric|\bstratified|"
    r"\badjusted|miettinen|newcombe|farrington|agresti|wilson|clopper|\bexact|\bhazards?\b|relative risk|risk ratio|"
    r"incidence rate|(?<!without )continuity|imput|cumulative"
)
"""What a method is called whose numbers are none of those below, however its operations are called."""
_OF_RISKS: Final = re.compile(
    r"(?:risk|proportion|percentage|rate)s? differences?|differences? (?:in|of|between) (?:the )?"
    r"(?:risk|proportion|percentage|rate)s?"
)
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    COUNT: {
        **dict.fromkeys(("n", "count", "big n", "number of subjects", "subjects", "number of participants"), "n"),
        **dict.fromkeys(("%", "pct", "percent", "percentage"), "p"),
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
        ("risk difference", "risk difference %", "risk difference (%)", "difference in proportions",
         "difference in percentages"), "estimate"
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

    The method is the one that knows most of them, limits apart; one that only counts is asked what it counts. A method
    that is called as another one, or a difference that is not said to be one of proportions, is not known at all.
    """
    nothing = Asked("", tuple("" for _ in names))
    if _OTHER.search(words.casefold()):
        return nothing
    called = [tuple(_plain(name) for name in several if name) for several in names]
    found = {method: [_statistic(method, several) for several in called] for method in (COUNT, DESCRIBE)}
    found[DIFFERENCE] = _difference(called, words)
    best = max(found, key=lambda method: sum(bool(s) and not s.startswith("conf") for s in found[method]))
    if not any(found[best]):
        return nothing
    statistics = tuple(found[best])
    if {"N", "n"} <= {name.strip() for several in names for name in several}:
        whole = "N" if best == COUNT else ""
        statistics = tuple(whole if "N" in of else s for of, s in zip(names, statistics, strict=True))
    if best == COUNT and _of_events(words):
        statistics = tuple("records" if s == "n" else s for s in statistics)
    return Asked(best, statistics, _level(called, words) or 0.95)


def _difference(called: Sequence[Sequence[str]], words: str) -> list[str]:
    """Return the statistics of a difference of proportions; none where its estimate is not known."""
    said = _OF_RISKS.search(words.casefold()) is not None
    own = [
        "estimate" if said and {"difference", "difference %"} & set(names) else _statistic(DIFFERENCE, names)
        for names in called
    ]
    if "estimate" not in own:
        return ["" for _ in called]
    known = _level(called, words) is not None
    return [s or (_limit(names) if known else "") for s, names in zip(own, called, strict=True)]


def _limit(called: Sequence[str]) -> str:
    found = next((m for name in called if (m := LIMIT.fullmatch(name))), None)
    if found is None:
        return ""
    return "conf.low" if found[2] in {"low", "lower", "lcl"} else "conf.high"


def _level(called: Sequence[Sequence[str]], words: str) -> float | None:
    """Return the one level that limits, or else the method, are of; None where nothing or several are named."""
    limits = [m for names in called for name in names if (m := LIMIT.fullmatch(name))]
    levels = {float(level) for m in limits for level in (m[1], m[3]) if level}
    levels = levels or {float(x) for x in re.findall(r"(\d+(?:\.\d+)?)\s*%", words)}
    (level,) = levels if len(levels) == 1 else (0.0,)
    return level / 100 if 0 < level < 100 else None


def _of_events(words: str) -> bool:
    text = words.casefold()
    of_subjects = any(w in text for w in ("subject", "participant", "patient"))
    return not of_subjects and any(w in text for w in ("event", "record", "occurrence"))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_/]", " ", name.casefold()).split()).strip(" .:")


def _statistic(method: str, called: Sequence[str]) -> str:
    return next((_WORDS[method][name] for name in called if name in _WORDS[method]), "")
