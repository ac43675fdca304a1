"""Texts separated by commas, or by what their header is separated by."""

import csv
import io
import re
from collections.abc import Sequence
from itertools import zip_longest

from analysis.recompute.files.sheet import Sheet, UnreadError, Wanted

_QUOTED = re.compile(r'"[^"]*"')


def read(content: bytes, wanted: Wanted, _names: Sequence[str]) -> Sheet:
    """Return the wanted columns of separated texts, each without blanks around it."""
    text = _text(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    names = [name.strip() for name in next(lines, [])]
    rows, cells, ended = [], [], lines.line_num
    for line in lines:
        if line:
            rows.append(ended + 1)
            cells.append(line)
        ended = lines.line_num
    columns = dict(zip(names, zip_longest(*cells, fillvalue=""), strict=False))
    return Sheet({n: [c.strip() for c in column] for n, column in columns.items() if wanted(n)}, rows)


def _text(content: bytes) -> str:
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    named = next((code for mark, code in marks.items() if content.startswith(mark)), "utf-8")
    for code in (named, "cp1252"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    raise UnreadError("its bytes are no text")


def _separator(text: str) -> str:
    header = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return max(",;\t|", key=header.count)
