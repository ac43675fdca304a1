"""Runs the analysis before Quarto renders the pages, so that no page shows an older result.

Quarto starts this file with whichever Python it finds; the analysis belongs to the project's own
environment. ``sap render`` has just run the analysis and says so with ``SAP_PRERENDER=done``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def interpreter(root: Path) -> str:
    """Python of the environment beside ``_quarto.yml``, or the one running this file."""
    own = root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return str(own) if own.is_file() else sys.executable


def main() -> int:
    """Run ``sap run`` unless it has just been run; return its exit code, on which Quarto stops."""
    if os.environ.get("SAP_PRERENDER") == "done":
        return 0
    command = [interpreter(ROOT), "-m", "reports.cli", "run"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - a fixed command


if __name__ == "__main__":
    sys.exit(main())
