"""Text as RTF shows it: ASCII, with nothing in it that RTF would read as a command."""

from typing import Final

from reports.formats.grid import DIGIT, GridCell, Mark

_PLAIN: Final = range(32, 127)
_SPECIAL: Final = "\\{}"
_DIGIT: Final = r"\~\~"
"""In Arial a blank is half as wide as a digit, and every machine has it; not every Arial has the space of a digit."""


def marked(cell: GridCell) -> str:
    """Return the text of a cell with its superscripts and what is bold."""
    return "".join(map(_marked, cell.marks))


def _marked(mark: Mark) -> str:
    text = escaped(mark.text)
    if mark.bold:
        text = rf"{{\b {text}}}"
    return rf"{{\super {text}}}" if mark.raised else text


def escaped(text: str) -> str:
    r"""Return text as RTF shows it: every character is ASCII, and none has a meaning.

    rtflite writes characters from 128 to 255 as they are, which a reader takes for another alphabet.
    """
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character == "\n":
        return "\\line "
    if character == DIGIT:
        return _DIGIT
    if character in _SPECIAL:
        return f"\\{character}"
    if ord(character) in _PLAIN:
        return character
    units = character.encode("utf-16-le")
    codes = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
    return "".join(rf"\uc1\u{code}?" for code in codes)
