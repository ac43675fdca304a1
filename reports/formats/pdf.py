"""A document as PDF, set by Typst."""

from pathlib import Path

from reports.formats.paper import Paper, write
from reports.formats.running import Running
from reports.formats.typst_compiler import to_pdf

_TEMPLATE = Path(__file__).with_name("page.typ")
_STAMP_POINTS = 110
_PAGE_POINTS = 640
_CHARACTER = 0.62
"""Width of a character, as a share of its height."""


def pdf(made: Paper, words: Running) -> bytes:
    """Return a document as PDF."""
    source = made.folder / "paper.typ"
    variables = {
        "plain-title": _string(made.title),
        "plain-subject": _string(made.subject),
        "running-head": _content(words.head),
        "running-foot": _content(words.foot),
        "stamp": _content(words.stamp),
        "stamp-size": f"{_size(words.stamp):.0f}",
        "toc-title": _content(made.toc_title),
        "toc-depth": str(made.toc_depth),
    }
    names = [f"--variable=author-name:{_string(name)}" for name in made.authors]
    names += [f"--variable=keyword:{_string(word)}" for word in made.keywords]
    given = [f"--variable={name}:{value}" for name, value in variables.items() if value]
    flags = {"toc": made.toc, "numbered": made.numbered}
    switched = [f"--variable={name}" for name, on in flags.items() if on]
    options = [f"--template={_TEMPLATE}", *given, *names, *switched]
    # Citations are words by now: Typst would look for a bibliography of its own.
    write(made, "typst-citations", source, ("typst.lua",), options)
    return to_pdf(source, made.folder)


def _size(stamp: str) -> float:
    return min(_STAMP_POINTS, _PAGE_POINTS / (_CHARACTER * max(len(stamp), 1)))


def _string(text: str) -> str:
    """Return text as it stands between the quotes of a string of Typst."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _content(text: str) -> str:
    """Return text as content of Typst that shows it as it is."""
    return f'#"{_string(text)}"' if text else ""
