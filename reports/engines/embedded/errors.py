"""The one error a reader of the command line sees when a page cannot be rendered."""

from __future__ import annotations

from pathlib import Path

from sap.text.problems import UserError


class RenderError(UserError):
    """A page or its configuration cannot be rendered, and the user can mend it."""

    exit_code = 3

    def __init__(self, file: Path | None, line: int | None, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.file = file
        self.line = line
        self.message = message
        self.detail = detail

    def __reduce__(self) -> tuple[type[RenderError], tuple[Path | None, int | None, str, str]]:
        """Return how it is made again in another process."""
        return type(self), (self.file, self.line, self.message, self.detail)

    @property
    def head(self) -> str:
        """``file:line: message``, the form editors turn into a link."""
        where = "" if self.file is None else self.file.as_posix()
        if where and self.line is not None:
            where = f"{where}:{self.line}"
        return f"{where}: {self.message}" if where else self.message

    def __str__(self) -> str:
        """Return the head, and the detail below it."""
        return f"{self.head}\n{self.detail}" if self.detail else self.head
