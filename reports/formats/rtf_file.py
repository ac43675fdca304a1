"""One file of RTF of several pages, with what it says of itself."""

import re
from collections.abc import Sequence
from typing import Final

from reports.formats.rtf_text import escaped
from reports.formats.tlf import Filed

_NEXT_PAGE: Final = r"{\pard\fs2\par}\page{\pard\fs2\par}"
_MARGIN: Final = re.compile(r"^\\margl.*\n", re.MULTILINE)


def joined(parts: Sequence[str], heads: int, output: Filed) -> str:
    """Put pages into one file: no row is broken, and a program that breaks a page earlier repeats the heads."""
    first, bodies = "", []
    for part in parts:
        found = _MARGIN.search(part)
        end = found.end() if found else 0
        first = first or part[:end]
        body = part[end:].rstrip().removesuffix("}").rstrip().replace(r"\trowd", r"\trowd\trkeep")
        bodies.append(body.replace(r"\trowd", r"\trowd\trhdr", heads))
    return with_info(first, output) + f"\n{_NEXT_PAGE}\n".join(bodies) + "\n}"


def with_info(content: str, output: Filed) -> str:
    """Say in the properties of the file what it is; they hold no clock."""
    told = {"title": ". ".join(output.titles[:2]), "subject": output.words.head, "doccomm": output.source}
    info = "".join(rf"{{\{name} {escaped(text)}}}" for name, text in told.items())
    return content.replace(r"{\header", rf"{{\info{info}}}" + "\n" + r"{\header", 1)
