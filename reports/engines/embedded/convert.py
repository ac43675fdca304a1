"""Hands one page's Markdown to pandoc and turns pandoc's complaints into errors with a file and a line."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import Executed, Piece, line_at, line_of
from reports.engines.embedded.links import EXTERNAL, read_links
from reports.engines.kept import PageLinks
from reports.engines.process import run_program
from reports.engines.project import pandoc_path

HERE = Path(__file__).parent
READER = "markdown-yaml_metadata_block+autolink_bare_uris"
_NO_ICON = "data:,"
"""By which the template keeps browsers from asking for an icon."""


def to_html(page: Executed) -> tuple[str, PageLinks]:
    """Convert one page to HTML, and return what it names and leads to.

    Style sheets and scripts are inside it, pictures that are files stay beside it.
    """
    html = _html(page)
    links = read_links(html)
    styles = {str(path): _style(path) for path in _sheets(page)}
    if all(styles.values()) and not links.inside and not set(links.loads) - styles.keys() - {_NO_ICON}:
        for path, style in styles.items():
            html = html.replace(f'<link rel="stylesheet" href="{escape(path)}">', style)
        links.loads = [load for load in links.loads if load not in styles]
    else:  # whatever else it loads pandoc brings inside, which means reading all of it once more
        html = _html(page, "--embed-resources")
        links = read_links(html)
        links.inside = True
    return html.replace(EXTERNAL, ""), links


def _sheets(page: Executed) -> tuple[Path, ...]:
    return (HERE / "page.css", *page.options.css)


def _style(path: Path) -> str:
    """Return a style sheet as it stands in a page; nothing for one that loads something else, or is not there."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    loads = any(word in text.lower() for word in ("url(", "@import", "image-set(", "</style"))
    return "" if loads or not text else f'<style type="text/css">\n{text.strip()}\n</style>'


def _html(page: Executed, *more: str) -> str:
    options = page.options
    arguments = [
        "--to=html5",
        "--standalone",
        "--mathml",
        "--section-divs",
        "--syntax-highlighting=none",
        "--wrap=preserve",
        "--eol=lf",
        f"--template={HERE / 'template.html'}",
        *(f"--css={path}" for path in _sheets(page)),
        *(f"--include-after-body={path}" for path in options.include_after_body),
        *(["--number-sections"] if options.number_sections else []),
        *more,
    ]
    filters = [HERE / name for name in ("check.lua", "callouts.lua", "crossref.lua")]
    with tempfile.TemporaryDirectory(prefix="pandoc-") as scratch:
        return converted(page, page.metadata, Path(scratch), filters, arguments, doing="convert")


def converted(
    page: Executed,
    metadata: Mapping[str, Any],
    scratch: Path,
    filters: Sequence[Path],
    arguments: Sequence[str],
    *,
    doing: str,
) -> str:
    """Return what pandoc makes of a page; what it complains of is one error, with the line of the page."""
    meta, log, made = (scratch / name for name in ("meta.json", "log.json", "made"))
    meta.write_text(json.dumps(metadata), encoding="utf-8")
    options = page.options
    text = "".join(piece.text for piece in page.pieces)
    command = [
        pandoc_path(),
        f"--from={READER}",
        "--quiet",
        # A reader's own pandoc defaults and templates must not change the page.
        f"--data-dir={scratch}",
        f"--metadata-file={meta}",
        *(f"--lua-filter={path}" for path in filters),
        *(["--citeproc"] if "@" in text else []),  # it has no other use, and looks at the whole page
        *(f"--bibliography={path}" for path in options.bibliography),
        *([f"--csl={options.csl}"] if options.csl else []),
        *arguments,
        f"--log={log}",
        f"--output={made}",
    ]
    done = run_program(command, page.folder, text=text)
    notes = json.loads(log.read_text(encoding="utf-8")) if log.is_file() else []
    _raise_problems([note for note in notes if note["verbosity"] != "INFO"], page)
    if done.returncode:
        raise RenderError(page.file, None, f"pandoc could not {doing} this page", done.stderr.strip())
    return made.read_text(encoding="utf-8")


def _raise_problems(notes: Sequence[Mapping[str, Any]], page: Executed) -> None:
    """Raise one error for all of pandoc's warnings; those of the filter come first."""
    in_order = sorted(notes, key=lambda note: bool(note["type"] != "ScriptingWarning"))
    found = list(dict.fromkeys(_problem(note, page.pieces) for note in in_order))
    if found:
        line, message = found[0]
        rest = [f"{page.page}:{at or '?'}: {text}" for at, text in found[1:]]
        raise RenderError(page.file, line, message, "\n".join(rest))


def _problem(note: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[int | None, str]:
    kind = note["type"]
    if kind == "ScriptingWarning":
        needle, _, sentence = str(note["message"]).partition("\t")
        return line_of(pieces, needle), sentence or needle
    if kind == "CouldNotFetchResource":
        path = str(note["path"])
        return line_of(pieces, path), f"there is no file {path} to show; its path is relative to this page"
    if kind == "CiteprocWarning":
        words = str(note["message"]).split()
        key = words[1] if words[:1] == ["citation"] else ""
        line = line_of(pieces, f"@{key}") if key else None
        sentence = f"@{key} is neither in the bibliography nor a cross-reference" if key else note["message"]
        return line, str(sentence)
    row = note.get("line")
    return (line_at(pieces, row) if isinstance(row, int) else None), f"pandoc: {note['pretty']}"
