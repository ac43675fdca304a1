"""The concordance of a paper: each statement, what it was held against, and the verdict; and its file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from analysis.results.ard import read_result
from sap.facts.checks import InData, InResults
from sap.facts.facts import Paper
from sap.model.part import Identifier, Part, Text
from sap.text.files import Sha256
from sap.text.problems import UserError

FILE: Final = "concordance.json"

Verdict = Literal[
    "internally inconsistent", "differs", "agrees", "agrees by construction of the reconstruction", "cannot be checked"
]
INCONSISTENT: Final = "internally inconsistent"
DIFFERS: Final = "differs"
AGREES: Final = "agrees"
BY_CONSTRUCTION: Final = "agrees by construction of the reconstruction"
UNCHECKED: Final = "cannot be checked"
VERDICTS: Final[tuple[Verdict, ...]] = (INCONSISTENT, DIFFERS, AGREES, BY_CONSTRUCTION, UNCHECKED)
"""In the order in which a referee reads them."""
POSSIBLE: Final = "possible as printed"
IN_QUESTION: Final = "impossible under one reading"
NOTHING: Final = "nothing to hold it against"


class Compared(Part):
    """One comparison of a statement with the results or the data."""

    result: InResults | None = None
    """The number of the results, where it is one."""
    data: InData | None = None
    """The check on the data, where it is one."""
    row: tuple[str, ...] = ()
    """Identity of the row of the results."""
    value: str
    """What was found; empty where nothing could be."""
    holds: bool | None = None
    """Whether it is what the statement says; None where the statement gives nothing to hold it against."""
    difference: str = ""
    """Found less published, where both are one number."""
    why: str = ""
    """Why nothing could be found."""


class Finding(Part):
    """What a check of the paper's own numbers found in a statement."""

    check: Text
    holds: bool
    message: Text
    weight: Literal["inconsistent", "under a reading", "not stated", "too precise"]
    recomputes: bool

    @property
    def of_value(self) -> bool:
        """Whether it asks if what is printed can be, and not only for what is missing beside it."""
        return self.weight in {"inconsistent", "under a reading"}


class Statement(Part):
    """A statement of the paper, and what became of it."""

    id: Identifier
    words: Text
    where: Text
    section: Text
    kind: Text
    basis: Text
    published: str
    compared: tuple[Compared, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    why: str
    """What the verdict rests on."""
    remark: str
    consort: tuple[str, ...] = ()
    """Items of the reporting checklist that it answers, at least in part."""

    @property
    def possibility(self) -> str:
        """How it stands with the checks of the paper's own numbers, where the verdict does not say so already."""
        asked = [f.holds for f in self.findings if f.of_value]
        if not all(asked):
            return "" if self.verdict in {INCONSISTENT, DIFFERS} else IN_QUESTION
        if self.verdict != UNCHECKED:
            return ""
        return POSSIBLE if asked else NOTHING

    @property
    def raised(self) -> tuple[Finding, ...]:
        """Findings that a referee would raise."""
        return tuple(f for f in self.findings if not f.holds)


class Concordance(Part):
    """A paper held against itself, and against results and data where they were given."""

    stamp: str = ""
    """Empty for a sealed run, and for a paper held against itself alone."""
    paper: Paper
    data: Literal["own", "reconstruction"]
    facts_sha256: Sha256
    with_results: bool
    with_data: bool
    statements: tuple[Statement, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many statements have a verdict."""
        return sum(s.verdict == verdict for s in self.statements)

    @property
    def consistent(self) -> bool:
        """Whether no statement contradicts the paper, the results or the data."""
        return not self.count(INCONSISTENT) and not self.count(DIFFERS)

    def raised(self) -> Iterator[tuple[Finding, tuple[Statement, ...]]]:
        """Yield what a referee would raise, the gravest first, each with every statement of which it is said."""
        order = ("inconsistent", "under a reading", "not stated", "too precise")
        found: dict[tuple[str, str], list[Statement]] = {}
        finding: dict[tuple[str, str], Finding] = {}
        for statement in self.statements:
            for f in statement.raised:
                found.setdefault((f.weight, f.message), []).append(statement)
                finding.setdefault((f.weight, f.message), f)
        for key in sorted(found, key=lambda k: order.index(k[0])):
            yield finding[key], tuple(found[key])

    def to_json(self) -> str:
        """Return the content of ``concordance.json``."""
        return self.model_dump_json(indent=1, by_alias=True, exclude_none=True) + "\n"


def read_concordance(path: Path) -> Concordance:
    """Return the concordance that a run wrote."""
    try:
        return Concordance.model_validate_json(read_result(path))
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise UserError(f"{path} is damaged at {place}. Run `sap run` again.") from None
