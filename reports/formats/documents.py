"""What stands beside the pages of a run: documents, and a file for each table, figure and listing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from reports.engines.embedded.execute import Executed
from reports.formats.docx import docx
from reports.formats.paper import Block, Paper, Running, blocks, paper, running
from reports.formats.pdf import pdf
from reports.formats.rtf import rtf
from reports.formats.tlf import filed_outputs
from reports.run.shown import ShownRun
from reports.words.file_names import DOCUMENTS, DOCUMENTS_FOLDER, PAPER, RTF, TLF_FOLDER

WRITERS: Final[Mapping[str, Callable[[Paper, Running], bytes]]] = {"docx": docx, "pdf": pdf}
"""Formats of documents, by the ending of their files."""


def files_beside(
    run: ShownRun, pages: Sequence[Executed], formats: Collection[str], tell: Callable[[str], None]
) -> dict[str, bytes]:
    """Return the files beside the pages of a run."""
    made: dict[str, bytes] = {}
    paper = [name for name in PAPER if name in formats]
    if paper:
        tell(f"setting the documents ({', '.join(paper)})")
        made |= documents(pages, paper, running(run.plan, run.provenance), blocks(run.plan))
    if RTF in formats:
        tell("setting tables, figures and listings (rtf)")
        made |= rtf_files(run)
    return made


def documents(
    pages: Sequence[Executed],
    formats: Collection[str],
    words: Running,
    blocks: Mapping[PurePosixPath, Block] = MappingProxyType({}),
) -> dict[str, bytes]:
    """Return the documents of a run."""
    made: dict[str, bytes] = {}
    for page in (p for p in pages if p.page in DOCUMENTS):
        with tempfile.TemporaryDirectory(prefix="paper-") as scratch:
            read = paper(page, Path(scratch), blocks.get(page.page, Block()))
            for ending in (e for e in WRITERS if e in formats):
                made[f"{DOCUMENTS_FOLDER}/{DOCUMENTS[page.page]}.{ending}"] = WRITERS[ending](read, words)
    return made


def rtf_files(run: ShownRun) -> dict[str, bytes]:
    """Return a file for each table, figure and listing of a run."""
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="tlf-") as scratch:
        for output in filed_outputs(run, Path(scratch)):
            made[f"{TLF_FOLDER}/{output.id}.rtf"] = rtf(output).encode("ascii")
    return made
