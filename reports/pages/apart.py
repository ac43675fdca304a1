"""Pages of their own, beside the pages of the project: for what would make one of those large."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from typing import Final, TypeVar

from reports.run.shown import ShownRun
from reports.words.file_names import RECORDS
from reports.words.markdown import raw_html
from reports.words.stamp import provenance_line, stamp_line

T = TypeVar("T")
STYLE: Final = PurePosixPath(RECORDS, "records.css")
"""How they look, from the folder of the pages."""
MOST: Final = 300_000
"""About how many bytes of rows such a page holds."""
LARGE: Final = 200_000
"""About how many bytes of a table or a listing are too many for the page of all of them, which shows its beginning."""
BEGINNING: Final = 30_000
"""About how many bytes the beginning is."""
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} – {study}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../{style}">
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header class="site"><div class="bar"><a class="site-title" href="../../index.html">{study}</a>
<nav aria-label="Pages"><ul><li><a href="{back}">{words}</a></li></ul></nav></div></header>
<div class="page">
<main id="content" tabindex="-1">
<header class="title-block">
<h1{anchor}>{title}</h1>{parts}
{head}
</header>
{body}
</main>
</div>
<footer class="site"><div class="bar"><div>{foot}</div></div></footer>
</body>
</html>
"""


@dataclass(frozen=True)
class Frame:
    """What every such page of a run says besides its content, in HTML."""

    study: str
    head: str
    """Its stamp, and the notice about the data."""
    foot: str
    """Where it comes from."""

    def page(
        self, title: str, body: str, back: tuple[str, str], parts: tuple[str, Sequence[str]], *, anchor: str = ""
    ) -> str:
        """Return a page, whole without a script: `back` is a link and its words, `parts` its file among all."""
        name, names = parts
        return _PAGE.format(
            study=self.study,
            head=self.head,
            foot=self.foot,
            title=escape(title),
            style=STYLE,
            back=escape(back[0]),
            words=escape(back[1]),
            anchor=f' id="{escape(anchor)}"' if anchor else "",
            parts=f'\n<p class="subtitle">In parts: {_ways(names, here=name)}</p>' if len(names) > 1 else "",
            body=body,
        )


def frame_of(run: ShownRun) -> Frame:
    """Return what such pages of a run say besides their content."""
    head = stamp_line(run.provenance)
    if run.provenance.state != "dry run":  # the notice is about the trial's own data
        head += f"<p><small>{escape(' '.join(run.plan.study.data_notice.split()))}</small></p>"
    return Frame(escape(run.plan.study.title), head, provenance_line(run.provenance))


def _ways(names: Sequence[str], folder: str = "", here: str = "") -> str:
    """Return the links to the parts of something."""
    return ", ".join(
        f"<strong>part {i}</strong>" if name == here else f'<a href="{folder}{escape(name)}">part {i}</a>'
        for i, name in enumerate(names, start=1)
    )


def part_names(name: str, count: int) -> tuple[str, ...]:
    """Return what the pages of something are called."""
    return tuple(f"{name}.html" if part == 1 else f"{name}.{part}.html" for part in range(1, count + 1))


def leading_to(page: str, name: str, parts: int, told: str) -> str:
    """Return a sentence and the ways to all of something on pages of its own, in the folder of a page, as Markdown."""
    names = part_names(name, parts)
    ways = _ways(names, f"{page}/") if parts > 1 else f'<a href="{page}/{escape(names[0])}">a page of its own</a>'
    return raw_html(f'<p class="apart">{escape(told)}: {ways}.</p>')


def packed(items: Iterable[T], size: Callable[[T], int], most: int) -> list[list[T]]:
    """Return items in order, in parts whose sizes are at most a size, or one item."""
    parts: list[list[T]] = [[]]
    filled = 0
    for item in items:
        own = size(item)
        if parts[-1] and filled + own > most:
            parts.append([])
            filled = 0
        parts[-1].append(item)
        filled += own
    return parts
