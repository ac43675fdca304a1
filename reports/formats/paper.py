"""An executed page as a document without a format: read once by pandoc, then written as Word and as PDF.

It is the text the page is made of, so a number in the document is the number on the page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reports.engines.embedded.convert import READER, pandoc_path, raise_problems
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.executed import Executed
from reports.engines.process import run_program
from reports.formats.block import Block
from reports.words.markdown import paragraph_text

AST: Final = "paper.json"
_HERE = Path(__file__).parent
_FILTERS = (
    *(_HERE.parent / "engines" / "embedded" / name for name in ("check.lua", "crossref.lua")),
    _HERE / "paper.lua",
)


@dataclass(frozen=True)
class Paper:
    """A document that has no format yet."""

    folder: Path
    """Where it stands, with its pictures; made for it, and removed by who made it."""
    title: str
    """Its title as plain text."""
    subject: str
    """What it is about, as a property of the file."""
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    """As plain text."""
    toc: bool
    toc_title: str
    toc_depth: int
    """Contents, as the page has them."""
    numbered: bool
    """Whether sections have numbers."""
    lang: str
    """Language of the text."""

    @property
    def ast(self) -> Path:
        """The document in pandoc's own form."""
        return self.folder / AST

    @property
    def pictures(self) -> tuple[Path, ...]:
        """The vector pictures of the document."""
        return tuple(sorted(self.folder.rglob("*.svg")))


def paper(page: Executed, folder: Path, block: Block) -> Paper:
    """Read an executed page."""
    front, options = page.metadata, page.options
    named = tuple(str(author["name"]) for author in front.get("authors", ()))
    keywords = tuple(str(word) for word in front.get("keywords", ()))
    shown = {key: front[key] for key in ("title", "subtitle", "date", "keywords", "abstract") if key in front}
    own = {"subject": block.subject, "subtitle": block.subtitle, "date": block.date}
    metadata = {
        **shown,
        **{key: paragraph_text(text) for key, text in own.items() if text},
        "author": [paragraph_text(name) for name in block.authors] or list(named),
        "lang": options.lang,
        "pagetitle": str(front["pagetitle"]),
        "link-citations": True,
        "embedded": {
            "number-sections": options.number_sections,
            "toc": False,
            # A reader of paper has no other page to go to: what leads there becomes text.
            "pages": dict.fromkeys(front["embedded"]["pages"], ""),
        },
    }
    meta, log = folder / "meta.json", folder / "log.json"
    meta.write_text(json.dumps(metadata), encoding="utf-8")
    ast = folder / AST
    command = [
        pandoc_path(),
        f"--from={READER}",
        "--to=json",
        "--quiet",
        f"--data-dir={folder}",
        f"--metadata-file={meta}",
        *(f"--lua-filter={path}" for path in _FILTERS),
        "--citeproc",
        *(f"--bibliography={path}" for path in options.bibliography),
        *([f"--csl={options.csl}"] if options.csl else []),
        f"--extract-media={_media(folder)}",
        f"--log={log}",
        f"--output={ast}",
    ]
    done = run_program(command, page.folder, text="".join(piece.text for piece in page.pieces))
    notes = json.loads(log.read_text(encoding="utf-8")) if log.is_file() else []
    raise_problems([note for note in notes if note["verbosity"] != "INFO"], page.pieces, page.file)
    if done.returncode:
        raise RenderError(page.file, None, "pandoc could not read this page", done.stderr.strip())
    # The name of the folder is another one each time.
    text = ast.read_text(encoding="utf-8").replace(_media(folder), "media")
    ast.write_text(text, encoding="utf-8", newline="\n")
    return Paper(
        folder=folder,
        title=str(json.loads(text)["meta"]["pagetitle"]["c"]),
        subject=block.subject,
        authors=block.authors or named,
        keywords=keywords,
        toc=options.toc,
        toc_title=options.toc_title,
        toc_depth=options.toc_depth,
        numbered=options.number_sections,
        lang=options.lang,
    )


def _media(folder: Path) -> str:
    return (folder / "media").as_posix()


def write(made: Paper, to: str, target: Path, filters: Sequence[str], options: Sequence[str]) -> None:
    """Write a document in a format of pandoc."""
    command = [
        pandoc_path(),
        "--from=json",
        f"--to={to}",
        "--standalone",
        "--eol=lf",
        "--quiet",
        "--syntax-highlighting=none",
        f"--data-dir={made.folder}",
        *(f"--lua-filter={_HERE / name}" for name in filters),
        *(["--number-sections"] if made.numbered else []),
        *options,
        f"--output={target}",
        str(made.ast),
    ]
    done = run_program(command, made.folder)
    if done.returncode:
        raise RenderError(None, None, f"pandoc could not write {target.name}", done.stderr.strip())
