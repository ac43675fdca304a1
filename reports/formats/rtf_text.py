"""Text as RTF shows it: ASCII, with nothing in it that RTF would read as a command."""

from typing import Final

from reports.formats.grid import GridCell

_PLAIN: Final = range(32, 127)
_SPECIAL: Final = "\\{}"


def marked(cell: GridCell) -> str:
    """Return the text of a cell with its superscripts."""
    return "".join(rf"{{\super {escaped(m.text)}}}" if m.raised else escaped(m.text) for m in cell.marks)


def escaped(text: str) -> str:
    r"""Return text as RTF shows it: every character is ASCII, and none has a meaning.

    rtflite writes characters from 128 to 255 as they are, which a reader takes for another alphabet.
    """
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character == "\n":
        return "\\line "
    if character in _SPECIAL:
        return f"\\{character}"
    if ord(character) in _PLAIN:
        return character
    units = character.encode("utf-16-le")
    codes = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
    return "".join(rf"\uc1\u{code}?" for code in codes)
