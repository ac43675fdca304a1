"""An executed page as a document without a format: read once by pandoc, then written as Word and as PDF.

It is the text the page is made of, so a number in the document is the number on the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from analysis.results.provenance import Provenance
from reports.engines.embedded.convert import HERE, converted
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import Executed
from reports.engines.process import run_program
from reports.engines.project import pandoc_path
from reports.words.file_names import DOCUMENTS, PLAN_PAGE
from reports.words.markdown import paragraph_text
from sap.plan.plan import Plan

AST: Final = "paper.json"
_HERE = Path(__file__).parent
_FILTERS = (*(HERE / name for name in ("check.lua", "crossref.lua")), _HERE / "paper.lua")


_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Running:
    """The head and the foot of every page, as plain text."""

    head: str
    """The plan, its version and the study."""
    foot: str
    """What the rows behind the document are: the first sentence of the plan's notice about its data."""
    stamp: str
    """"DRAFT", "DRY RUN – synthetic data", or empty for a sealed run."""


def running(plan: Plan, provenance: Provenance) -> Running:
    """Return what every page of a document says."""
    notice = " ".join(plan.study.data_notice.split())
    found = _SENTENCE.match(notice)
    # The notice is about the trial's own data, which a dry run has not read.
    foot = provenance.stamp if provenance.state == "dry run" else found[0] if found else notice
    head = f"{plan.plan.id} {plan.plan.version} · {plan.study.short_title or plan.study.title}"
    return Running(head, foot, provenance.stamp)


@dataclass(frozen=True)
class Block:
    """What a document says of itself beyond the front matter of its page, as plain text."""

    subject: str = ""
    """The plan, its version and its date; a property of the file."""
    subtitle: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    """In place of those of the page; empty where the page's own stand."""
    contents: bool = True
    """Whether a table of contents that the page has stands on paper too: a short paper needs none."""


def blocks(plan: Plan) -> Mapping[PurePosixPath, Block]:
    """Return the title block of each document of a plan, by its page."""
    d = plan.plan
    subject = f"{d.id}, version {d.version}, {d.date}"
    own = Block(subject, subtitle=d.title, date=subject, authors=d.author_names)
    return {page: own if page == PLAN_PAGE else Block(subject, contents=False) for page in DOCUMENTS}


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
    media = (folder / "media").as_posix()
    written = converted(page, metadata, folder, _FILTERS, ["--to=json", f"--extract-media={media}"], doing="read")
    # The name of the folder is another one each time.
    text = written.replace(media, "media")
    (folder / AST).write_text(text, encoding="utf-8", newline="\n")
    return Paper(
        folder=folder,
        title=str(json.loads(text)["meta"]["pagetitle"]["c"]),
        subject=block.subject,
        authors=block.authors or named,
        keywords=keywords,
        toc=options.toc and block.contents,
        toc_title=options.toc_title,
        toc_depth=options.toc_depth,
        numbered=options.number_sections,
        lang=options.lang,
    )


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
