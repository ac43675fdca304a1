"""The documents of a run: which pages they are made of, and in which formats."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from reports.engines.embedded.executed import Executed
from reports.formats.block import Block
from reports.formats.docx import docx
from reports.formats.paper import Paper, paper
from reports.formats.pdf import pdf
from reports.formats.running import Running
from reports.words import file_names as names

WRITERS: Final[Mapping[str, Callable[[Paper, Running], bytes]]] = {"docx": docx, "pdf": pdf}
"""Formats of documents, by the ending of their files."""


def documents(
    pages: Sequence[Executed],
    formats: Collection[str],
    words: Running,
    blocks: Mapping[PurePosixPath, Block] = MappingProxyType({}),
) -> dict[str, bytes]:
    """Return the documents of a run."""
    made: dict[str, bytes] = {}
    for page in pages:
        if page.page not in names.DOCUMENTS:
            continue
        with tempfile.TemporaryDirectory(prefix="paper-") as scratch:
            read = paper(page, Path(scratch), blocks.get(page.page, Block()))
            for ending, writer in WRITERS.items():
                if ending in formats:
                    made[f"{names.DOCUMENTS_FOLDER}/{names.DOCUMENTS[page.page]}.{ending}"] = writer(read, words)
    return made
