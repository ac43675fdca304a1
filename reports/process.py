"""Runs another program: the one place that does, without a shell and with its output captured."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_program(
    command: Sequence[str], cwd: Path, *, text: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    cwd : Path
        Working directory.
    text : str
        Standard input, UTF-8.
    env : mapping, optional
        The whole environment; this process's own when absent.

    Returns
    -------
    CompletedProcess
        With `stdout` and `stderr` as text; the caller judges the return code.
    """
    return subprocess.run(  # noqa: S603 - every caller passes a list it made itself
        command,
        cwd=cwd,
        env=None if env is None else dict(env),
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
