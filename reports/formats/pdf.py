"""A document as PDF, and a picture of curves as pixels, both set by Typst.

The compiler is the one that comes with the package `typst`, the fonts are its own and those of matplotlib: the same
document is the same file on every machine, and nothing is loaded from a network.
"""

from functools import cache
from pathlib import Path
from typing import Final, Literal

import matplotlib as mpl
import typst

from reports.engines.embedded.errors import RenderError
from reports.formats.paper import Paper, Running, write

PIXELS_PER_INCH: Final = 200
_PICTURE: Final = '#set page(width: auto, height: auto, margin: 0pt)\n#image("/{name}")\n'
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
    # A heading of Typst ends with its line.
    options = ["--wrap=none", f"--template={_TEMPLATE}", *given, *names, *switched]
    # Citations are words by now: Typst would look for a bibliography of its own.
    write(made, "typst-citations", source, ("typst.lua",), options)
    return _to_pdf(source, made.folder)


def _size(stamp: str) -> float:
    return min(_STAMP_POINTS, _PAGE_POINTS / (_CHARACTER * max(len(stamp), 1)))


def _string(text: str) -> str:
    """Return text as it stands between the quotes of a string of Typst."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _content(text: str) -> str:
    """Return text as content of Typst that shows it as it is."""
    return f'#"{_string(text)}"' if text else ""


def _to_pdf(source: Path, root: Path) -> bytes:
    """Return a document as PDF, tagged for screen readers."""
    try:
        return _compiled(source, root, "pdf", accessible=True)
    except RenderError:
        return _compiled(source, root, "pdf")


def to_png(svg: Path) -> bytes:
    """Return a vector picture as pixels."""
    source = svg.with_suffix(".typ")
    source.write_text(_PICTURE.format(name=svg.name), encoding="utf-8", newline="\n")
    return _compiled(source, svg.parent, "png")


def _compiled(source: Path, root: Path, to: Literal["pdf", "png"], *, accessible: bool = False) -> bytes:
    try:
        made = typst.compile(
            source,
            root=root,
            format=to,
            ppi=PIXELS_PER_INCH,
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"] if accessible else [],
        )
    except typst.TypstError as error:
        detail = str(getattr(error, "diagnostic", "") or error)
        raise RenderError(None, None, f"the {to.upper()} could not be made: {error}", detail) from error
    # A document of one page is bytes, one of several is a list of them.
    return made if isinstance(made, bytes) else b"".join(made or [])


@cache
def _fonts() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
