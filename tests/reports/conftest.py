"""The `sap` command, run in this process at the root of the repository."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reports.commands import cli

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@pytest.fixture
def sap(monkeypatch, capsys) -> Callable[..., Done]:
    """Return a function that runs the command and gives what it said; a traceback fails the test."""
    for name in ("SAP_PLAN", "SAP_DATA", "SAP_RESULTS", "SAP_LOCK", "SAP_UNLOCKED", "SAP_ENGINE", "SAP_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)

    def run(*arguments: object, debug: bool = False) -> Done:
        words = ["--debug"] if debug else []
        monkeypatch.setattr(sys, "argv", ["sap", *words, *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        streams = capsys.readouterr()
        done = Done(code, streams.out, streams.err)
        assert debug or "Traceback" not in done.said
        return done

    return run
