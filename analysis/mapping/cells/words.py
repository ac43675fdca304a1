"""Words that trials write for one thing, and the code that CDISC, CTCAE or RECIST has for it."""

from collections.abc import Iterable, Mapping
from typing import Final

from sap.text.spellings import as_read

_YES: Final = frozenset({"y", "yes", "1", "true", "t"})
_NO: Final = frozenset({"n", "no", "0", "false", "f"})
_SEX: Final = {"female": "F", "woman": "F", "f": "F", "male": "M", "man": "M", "m": "M"} | dict.fromkeys(
    ("unknown", "undifferentiated", "u", "not known"), "U"
)
_GRADES: Final = (
    {
        "mild": "1",
        "moderate": "2",
        "severe": "3",
        "life threatening": "4",
        "life-threatening": "4",
        "potentially life-threatening": "4",
        "fatal": "5",
        "death": "5",
        "death related to ae": "5",
    }
    | {f"grade {n}": str(n) for n in range(1, 6)}
    | {f"g{n}": str(n) for n in range(1, 6)}
    | {str(n): str(n) for n in range(1, 6)}
)
"""Severities as CTCAE numbers them: mild is grade 1, moderate 2, severe 3."""
_RELATED: Final = dict.fromkeys(
    (
        *_YES,
        "related",
        "possible",
        "possibly",
        "possibly related",
        "probable",
        "probably",
        "probably related",
        "definite",
        "definitely",
        "definitely related",
        "certain",
        "likely",
        "likely related",
        "suspected",
    ),
    "RELATED",
)
_NOT_RELATED: Final = dict.fromkeys(
    (*_NO, "not related", "unrelated", "none", "not suspected", "definitely not related", "not applicable"),
    "NOT RELATED",
)
JUDGED: Final = ("unlikely", "unlikely related", "remote", "remotely related", "doubtful", "conditional")
"""Causalities that some trials call related and some not; here they are not, and a person must decide."""
_RESPONSES: Final = {
    "CR": ("complete response", "complete remission", "cmr", "complete metabolic response"),
    "CRH": ("cr with partial hematologic recovery", "complete remission with partial hematologic recovery"),
    "CRI": ("complete remission with incomplete hematologic recovery", "complete response with incomplete recovery"),
    "MLFS": ("morphologic leukemia-free state",),
    "SCR": ("stringent complete response",),
    "VGPR": ("very good partial response",),
    "PR": ("partial response", "partial remission", "pmr", "partial metabolic response"),
    "MR": ("minor response", "minimal response"),
    "SD": ("stable disease", "nmr", "no metabolic response", "no change", "non-cr/non-pd"),
    "NR": ("no response", "nonresponse", "non-response", "treatment failure"),
    "PD": ("progressive disease", "progression", "disease progression", "pmd", "progressive metabolic disease"),
    "RD": ("relapsed disease", "relapse", "disease relapse"),
    "NE": ("not evaluable", "inevaluable", "unevaluable", "not estimable", "not assessable", "unknown"),
}
"""Responses from best to worst by RECIST, Lugano, ELN and IMWG, and the words for each."""
_CODE_OF: Final = {word: code for code, words in _RESPONSES.items() for word in (code.lower(), *words)}
RANK: Final = ("SCR", "CR", "CRH", "CRI", "MLFS", "VGPR", "PR", "MR", "SD", "NR", "PD", "RD")
"""Responses from best to worst."""
RESPONSES: Final = frozenset({"SCR", "CR", "CRH", "CRI", "MLFS", "VGPR", "PR"})
"""Those that are a response; a minor response is none."""
NOT_TREATED: Final = (
    "screen",
    "not treated",
    "not assigned",
    "notassgn",
    "scrnfail",
    "nottrt",
    "no treatment",
    "unassigned",
)
"""How an arm begins that is none."""

Recode = Mapping[str, str]
"""From a cell as it stands in the file to the cell that is meant; others pass."""


def flag(texts: Iterable[str]) -> Recode | None:
    """Return how a flag becomes Y and N; None where its cells are no yes and no."""
    return _coded(texts, dict.fromkeys(_YES, "Y") | dict.fromkeys(_NO, "N"))


def sex(texts: Iterable[str]) -> Recode | None:
    """Return how a sex becomes F, M or U; None where a word is not known."""
    return _coded(texts, _SEX)


def grade(texts: Iterable[str]) -> Recode | None:
    """Return how a severity becomes a grade; None where a word is not known."""
    return _coded(texts, _GRADES)


def causality(texts: Iterable[str]) -> Recode | None:
    """Return how a causality becomes RELATED or NOT RELATED; None where a word is not known."""
    return _coded(texts, _RELATED | _NOT_RELATED | dict.fromkeys(JUDGED, "NOT RELATED"))


def response(texts: Iterable[str]) -> Recode | None:
    """Return how the words for responses become codes; None where hardly any is a response at all."""
    listed = list(texts)
    known = {t: _CODE_OF[as_read(t)] for t in listed if as_read(t) in _CODE_OF}
    codes = set(known.values()) & set(RANK)
    if len(codes) < 2 or 2 * len(known) <= len(listed):
        return None
    return {text: _as_spelt(text, code) for text, code in known.items() if text != _as_spelt(text, code)}


def _as_spelt(text: str, code: str) -> str:
    """Return a code, in the file's own letters where the file has the code itself: CRi stays CRi."""
    return text if text.upper() == code else code


def rank(code: str) -> int:
    """Return the place of a response from best to worst; what is none stands after all."""
    found = _CODE_OF.get(as_read(code), "")
    return RANK.index(found) if found in RANK else len(RANK)


def is_response(code: str) -> bool:
    """Return whether a code is a response."""
    return _CODE_OF.get(as_read(code), "") in RESPONSES


def is_arm(text: str) -> bool:
    """Return whether an arm is one, and no word for who was in none."""
    return not as_read(text).startswith(NOT_TREATED)


def _coded(texts: Iterable[str], codes: Mapping[str, str]) -> Recode | None:
    found: dict[str, str] = {}
    for text in texts:
        code = codes.get(as_read(text).replace("_", " "))
        if code is None:
            return None
        if code != text:
            found[text] = code
    return found
