"""A page whose cells were run, before it has a format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from reports.engines.embedded.assemble import Piece
from reports.engines.embedded.options import PageOptions


@dataclass(frozen=True)
class Executed:
    """An executed page."""

    page: PurePosixPath
    """The .qmd, relative to the project."""
    pieces: tuple[Piece, ...]
    """Its Markdown, with what the cells printed."""
    metadata: Mapping[str, Any]
    """Its title block and its neighbours, as the template of pages wants them."""
    options: PageOptions
    """Layout and bibliography."""
    folder: Path
    """Folder its pictures are relative to."""

    @property
    def file(self) -> Path:
        """The .qmd, named in errors."""
        return Path(self.page)
