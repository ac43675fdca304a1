"""What stands beside the pages of a run: documents, and a file for each table, figure and listing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from reports.engines.embedded.executed import Executed
from reports.formats.block import blocks
from reports.formats.documents import documents
from reports.formats.rtf import rtf
from reports.formats.running import running
from reports.formats.tlf import filed
from reports.run.shown import ShownRun
from reports.words.file_names import PAPER, RTF, TLF_FOLDER


def beside(
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
        made |= outputs(run)
    return made


def outputs(run: ShownRun) -> dict[str, bytes]:
    """Return a file for each table, figure and listing of a run."""
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="tlf-") as scratch:
        for output in filed(run, Path(scratch)):
            made[f"{TLF_FOLDER}/{output.id}.rtf"] = rtf(output).encode("ascii")
    return made
