"""Pieces of Pandoc Markdown that both engines understand."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import PurePath

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^$@&!\"'])")
_LINE = 120
"""Characters of a line of a table on paper."""
_BEGINS = re.compile(r"^(?P<before>(?:\(?(?:\d+|\w|[ivxlcdm]+|[IVXLCDM]+)|[Tt]able)?)(?P<sign>[-+:.)%])(?=[\s:]|$)")
"""What makes a list, a definition, a block or a caption of a line that begins with it."""


def paragraph_text(text: str) -> str:
    r"""Return text that Markdown shows as it stands, in both engines: every character with a meaning is escaped.

    Whatever a page prints of plan, data or facts as Markdown goes through here; as HTML, through ``html.escape``.
    """
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    escaped = escaped.replace("--", r"\-\-").replace("...", r"\...")  # no dash, no ellipsis is made of them
    escaped = escaped.replace(r"\{\{\<", r"\{\{[\<]{}")  # a shortcode is looked for in what Markdown has read, too
    return _BEGINS.sub(r"\g<before>\\\g<sign>", escaped)


def attribute(text: str) -> str:
    """Return text for an attribute's value in double quotes."""
    return re.sub(r'([\\"&])', r"\\\1", " ".join(text.split()))


def raw_html(html: str) -> str:
    """Return HTML as a block of its own, whose fence is longer than any in its text."""
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", html)), 0)
    return f"\n{ticks}{{=html}}\n{html.strip()}\n{ticks}\n"


def scrolling(label: str, html: str) -> str:
    """Return HTML in a region that scrolls in itself where the page is narrow."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">\n{html}\n</div>'


def html_table_of(label: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    """Return a long table of plain text as HTML, as pandoc would set it; `widths` are percent of the whole."""
    columns = "".join(f'<col style="width: {w}%">' for w in widths)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>" for cells in rows)
    table = f"<colgroup>{columns}</colgroup>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody>"
    return scrolling(label, f'<table class="table">\n{table}\n</table>')


def column_heads(names: Iterable[str]) -> str:
    """Return the cells of the head of a table, whose texts are HTML already."""
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def image(path: PurePath, caption: str, alt: str, attributes: str = "") -> str:
    """Return a picture whose caption is Markdown already, with an alternative text and the beginning of attributes."""
    return f'![{caption}]({path.as_posix()}){{{attributes}fig-alt="{attribute(alt)}"}}'


def figure_markdown(identifier: str, path: PurePath, caption: str, alt: str, more: str = "") -> str:
    """Return a figure with an identifier, a caption and an alternative text; `more` of the caption is Markdown."""
    return f"\n{image(path, paragraph_text(caption) + more, alt, f'#{identifier} ')}\n"


def table_div(identifier: str, html: str, caption: str, more: str = "") -> str:
    """Return an HTML table as a table that can be referred to; `more` of the caption is Markdown."""
    return f"\n::: {{#{identifier}}}\n{raw_html(html)}\n{paragraph_text(caption)}{more}\n\n:::\n"


def callout(kind: str, title: str, text: str) -> str:
    """Return a callout of Quarto."""
    return f'\n::: {{.callout-{kind} title="{_heading(title)}"}}\n{paragraph_text(text)}\n:::\n'


def _heading(title: str) -> str:
    # Both engines read the title of a callout as Markdown.
    return attribute(paragraph_text(title))


def details(title: str, content: str) -> str:
    """Return Markdown that is folded away until a reader opens it."""
    return f'\n::: {{.callout-note collapse="true" title="{_heading(title)}"}}\n{content}\n:::\n'


def bullets(items: list[str]) -> str:
    """Return a list of items that are Markdown already."""
    return "\n" + "\n".join(f"- {item}" for item in items) + "\n"


def pipe_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[int, ...] = ()) -> str:
    """Return a Markdown table; cells are plain text, `widths` the relative widths of the columns."""
    return markdown_table(
        head, [tuple(map(paragraph_text, cells)) for cells in rows], widths or column_widths(head, rows)
    )


def column_widths(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """Return widths after what the columns hold: none less than its longest word, none more than its longest cell."""
    columns = [[name, *cells] for name, cells in zip(head, zip(*rows, strict=True), strict=True)]
    least = [max(_width(word) for cell in column for word in [*cell.split(), ""]) for column in columns]
    most = [max(map(_width, column)) for column in columns]
    # After the mean of lengths weighted by length, for few long cells among empty ones want room too; and less than in
    # proportion, for a label of five lines beside a long text is hard to read.
    weights = [(sum(len(c) ** 2 for c in column) / sum(map(len, column))) ** 0.5 for column in columns]
    found = least
    for share in range(1, _LINE):
        found = [min(max(low, share * w / 6), high) for low, w, high in zip(least, weights, most, strict=True)]
        if sum(found) >= _LINE:
            break
    return tuple(max(3, round(width)) for width in found)


def _width(text: str) -> float:
    """Return about how wide a text is, in small letters, with the space about it."""
    return len(text) + 0.5 * sum(map(str.isupper, text)) + 3


def markdown_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]) -> str:
    """Return a Markdown table whose cells are Markdown already; its head is plain text."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (tuple(map(paragraph_text, head)), *rows)]
    rule = "|" + "|".join("-" * w for w in widths) + "|"
    return "\n" + "\n".join([lines[0], rule, *lines[1:]]) + "\n"
