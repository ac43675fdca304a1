"""The concordance of a paper in words: verdicts, what a referee would raise, how a statement was looked up."""

from collections.abc import Iterator, Mapping
from typing import Final

from analysis.concordance.statements import (
    AGREES,
    BY_CONSTRUCTION,
    DIFFERS,
    IN_QUESTION,
    INCONSISTENT,
    NOTHING,
    POSSIBLE,
    UNCHECKED,
    VERDICTS,
    Compared,
    Concordance,
    Statement,
    Verdict,
)
from analysis.results.entered_file import SETS
from reports.words.numbers import MINUS
from sap.facts.checks import InData, InResults
from sap.model.words import clause_in_words

LONGEST = 110
"""Characters of a statement in a list."""
READ = "concluded from the paper"
MEANINGS: Final[Mapping[Verdict, str]] = {
    INCONSISTENT: "The paper contradicts itself: a check of its own numbers fails.",
    DIFFERS: "The value found in the results or the data is not the published one.",
    AGREES: "The value was made again, from the data or from other numbers of the paper, and is the same.",
    BY_CONSTRUCTION: "The data give the value because they were made to give it: this is no evidence for the paper.",
    UNCHECKED: "Paper, results and data do not give the value again. It is possible as printed where checks of the "
    "paper's own numbers held; where none applied, there is nothing to hold it against.",
}
SLUGS: Final[Mapping[Verdict, str]] = {
    INCONSISTENT: "inconsistent",
    DIFFERS: "differs",
    AGREES: "agrees",
    BY_CONSTRUCTION: "construction",
    UNCHECKED: "unchecked",
}
SHORT: Final[Mapping[str, str]] = {BY_CONSTRUCTION: "agrees by construction"}
"""Verdicts as they stand beside a statement, where they are shorter."""
WEIGHTS: Final[Mapping[str, str]] = {
    "inconsistent": "Cannot be true together",
    "under a reading": "Cannot be true under one reading of the words",
    "not stated": "Not stated",
    "too precise": "More digits than the numbers have",
}
_PARTS: Final[Mapping[str, str]] = {
    "numerator": "count",
    "denominator": "out of",
    "low": "lower limit",
    "high": "upper limit",
}
_STATISTICS: Final[Mapping[str, str]] = {
    "count_subjects": "number of subjects",
    "subjects": "subjects",
    "n": "number of records",
    "value": "value",
    "median": "median",
    "min": "smallest",
    "max": "largest",
    "median_difference": "difference of medians",
    "exact_rank_p": "p of the exact two-sided rank test",
}


def headline(found: Concordance) -> str:
    """Return how many statements have which verdict, as a sentence."""
    told = [f"{found.count(v)} {_plural(v, found.count(v))}" for v in VERDICTS if found.count(v)]
    n = len(found.statements)
    return f"{n} statement{'s' * (n != 1)}: {', '.join(told)}."


def meaning(found: Concordance, verdict: Verdict) -> str:
    """Return what a verdict means; of what cannot be checked, also how many statements are possible as printed."""
    if verdict != UNCHECKED or not found.count(UNCHECKED):
        return MEANINGS[verdict]
    kinds = [s.possibility for s in found.statements if s.verdict == UNCHECKED]
    told = "; ".join(f"{k}: {kinds.count(k)}" for k in (POSSIBLE, IN_QUESTION, NOTHING) if k in kinds)
    return f"{MEANINGS[verdict]} {told[0].upper()}{told[1:]}."


def possibility(statement: Statement) -> str:
    """Return how a statement stands with the checks of the paper's own numbers, and how many held."""
    if statement.possibility != POSSIBLE:
        return statement.possibility
    n = sum(f.of_value for f in statement.findings)
    return f"{POSSIBLE} ({n} check{'s' * (n != 1)} held)"


def _plural(verdict: Verdict, n: int) -> str:
    if n == 1 or verdict in {INCONSISTENT, UNCHECKED}:
        return verdict
    first, _, rest = verdict.partition(" ")
    return f"{first.removesuffix('s')} {rest}".strip()


def raised(found: Concordance) -> Iterator[tuple[str, tuple[Statement, ...], str]]:
    """Yield what a referee would raise: its kind, the statements of which it is said, and the sentence."""
    for finding, statements in found.raised():
        yield WEIGHTS[finding.weight], statements, finding.message
    for statement in found.statements:
        if statement.verdict == DIFFERS:
            wrong = [c for c in statement.compared if c.holds is False and c.value]
            told = "; ".join(f"{looked_up(c)} is {c.value}" for c in wrong)
            yield "Not what was found", (statement,), f"Published is {statement.published or 'this'}; {told}."


def looked_up(compared: Compared) -> str:
    """Return what a statement was compared with, in short."""
    if compared.result is not None:
        return _result(compared.result)
    return _statistic(compared.data) if compared.data is not None else ""


def _result(spec: InResults) -> str:
    named = spec.stat if spec.of is None else _PARTS.get(spec.of, spec.of)
    return f"{spec.level or spec.analysis if spec.analysis == SETS else spec.analysis} {named}"


def _statistic(check: InData) -> str:
    words = _STATISTICS[check.statistic]
    if check.variable is None:
        return f"{words} ({check.dataset})"
    return f"number of values of {check.variable}" if check.statistic == "n" else f"{words} of {check.variable}"


def data_check(check: InData) -> str:
    """Return a check on the data in full: statistic, dataset and the records meant."""
    where = f" where {clause_in_words(check.where)}" if check.where is not None else ""
    versus = f", against those where {clause_in_words(check.versus)}" if check.versus is not None else ""
    about = check.dataset if check.variable is None else f"{check.dataset}.{check.variable}"
    return f"{_STATISTICS[check.statistic]}, {about}{where}{versus}"


def expected(check: InData) -> str:
    """Return what a check on the data asks for."""
    match check.equals:
        case None:
            low, high = check.min, check.max
            if low is None:
                return f"at most {_number(high)}"
            return f"at least {_number(low)}" if high is None else f"{_number(low)} to {_number(high)}"
        case float() as number:
            return _number(number)
        case str() as text:
            return text
        case names:
            return ", ".join(names) or "none"


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.15g}".replace("-", MINUS)


def value(compared: Compared, *, hide_subjects: bool = False) -> str:
    """Return what was found; who they are only where a page may name subjects."""
    if hide_subjects and compared.data is not None and compared.data.statistic == "subjects":
        return f"{len(compared.value.split(', '))} subjects"
    try:
        number = float(compared.value)
    except ValueError:
        return compared.value
    # Text that looks like a number is a number, but for the names of subjects.
    named = compared.data is not None and compared.data.statistic in {"subjects", "value"}
    return compared.value if named else f"{number:.4g}".replace("-", MINUS) if abs(number) < 1e4 else compared.value


def difference(compared: Compared) -> str:
    """Return found less published, with its sign."""
    if not compared.difference:
        return ""
    number = float(compared.difference)
    return "0" if number == 0 else f"{number:+.3g}".replace("-", MINUS)


def short(text: str, longest: int = LONGEST) -> str:
    """Return a text that ends with a whole word, with an ellipsis where it was cut.

    A word here is what stands between two spaces, so that "(CR)/CR" is never cut in two; a first word that is longer
    than the room is.
    """
    if len(text) <= longest:
        return text
    cut = text[:longest]
    if text[longest] != " ":
        cut = cut.rpartition(" ")[0] or text[: longest - 1]
    return f"{cut.rstrip(' ,;:(–-')} …"


def quoted(statement: Statement, words: str) -> str:
    """Return words of a statement in quotation marks where the paper prints it."""
    return words if statement.basis == "read" else f"“{words}”"


def tag(statement: Statement) -> str:
    """Return that a statement is concluded from the paper; empty where it is printed."""
    return READ if statement.basis == "read" else ""


def named(statement: Statement) -> str:
    """Return a statement in short, as it is named in a list."""
    note = tag(statement)
    return f"{quoted(statement, short(statement.words))}{f' [{note}]' if note else ''}"
