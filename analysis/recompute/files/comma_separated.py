"""Texts separated by commas, or by what their header is separated by."""

import csv
import io
import re

from analysis.recompute.files.sheet import Asked, Sheet, UnreadError

_QUOTED = re.compile(r'"[^"]*"')
_NAMED = re.compile(r'\s*"?sep=(.)"?\s*\n', re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+")


def read(content: bytes, asked: Asked) -> Sheet:
    """Return the wanted columns of separated texts, each without blanks around it."""
    text = _text(content)
    named = _NAMED.match(text)
    separator = named[1] if named else _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    if named:
        next(lines)
    names = [name.strip() for name in next(lines, [])]
    kept = {name: i for i, name in enumerate(names) if asked.columns(name)}
    columns: dict[str, list[str]] = {name: [] for name in kept}
    rows, ended = [], lines.line_num
    subject = names.index(asked.subject) if asked.subjects and asked.subject in names else None
    for line in lines:
        if line and (subject is None or asked.about("".join(line[subject : subject + 1]).strip())):
            rows.append(ended + 1)
            for name, i in kept.items():
                columns[name].append(line[i].strip() if i < len(line) else "")
        ended = lines.line_num
    return Sheet(columns if separator == "," else {n: _with_points(c) for n, c in columns.items()}, rows)


def _text(content: bytes) -> str:
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    named = next((code for mark, code in marks.items() if content.startswith(mark)), "utf-8")
    for code in (named, "cp1252"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    raise UnreadError("its bytes are no text")


def _with_points(texts: list[str]) -> list[str]:
    """Return numbers with decimal commas as others write them, where no comma can be one between thousands alone.

    A text without a digit may stand for a missing value.
    """
    distinct = {text for text in texts if any(map(str.isdigit, text))}
    broken = {text for text in distinct if "," in text}
    numbers = all(text.lstrip("+-").replace(",", "", 1).isdigit() and not text.endswith(",") for text in distinct)
    if not numbers or all(_THOUSANDS.fullmatch(text) for text in broken):
        return texts
    return [text.replace(",", ".") if text in distinct else text for text in texts]


def _separator(text: str) -> str:
    header = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return max(",;\t|", key=header.count)
