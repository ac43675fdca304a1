"""A statement as it is named: the paper's words in quotation marks, what is concluded from them without."""

from analysis.concordance.statements import Statement

LONGEST = 110
"""Characters of a statement in a list."""
READ = "concluded from the paper"


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
