"""Runs the analysis before Quarto renders the pages, so that no page shows an older result.

Quarto starts this file with whichever Python it finds; the analysis belongs to the project's own
environment. ``sap render`` has just run the analysis and says so with ``SAP_PRERENDER=done``. The seal is checked by
the run; with ``SAP_UNLOCKED=1`` it runs all the same and the pages say DRAFT.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def interpreter(root: Path) -> str:
    """Python of the environment beside ``_quarto.yml``, or the one running this file."""
    own = root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return str(own) if own.is_file() else sys.executable


def engine() -> str:
    """Return the engine that renders, with its version, for the provenance of the results."""
    if told := os.environ.get("SAP_ENGINE"):
        return told
    beside = os.environ.get("QUARTO_BIN_PATH")  # Quarto says where it is; it need not be on the PATH
    quarto = shutil.which("quarto", path=beside) or shutil.which("quarto")
    if quarto is None:
        return "Quarto"
    done = subprocess.run([quarto, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    return f"Quarto {done.stdout.strip()}".strip()


def main() -> int:
    """Run ``sap run`` unless it has just been run; return its exit code, on which Quarto stops."""
    if os.environ.get("SAP_PRERENDER") == "done":
        return 0
    command = [interpreter(ROOT), "-m", "reports.commands.cli", "run"]
    environment = {**os.environ, "SAP_ENGINE": engine()}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - a fixed command
    elsewhere = Path(sys.prefix) != Path(command[0]).parent.parent and command[0] != sys.executable
    if code == 0 and elsewhere and "QUARTO_PYTHON" not in os.environ:
        # Quarto looks for a Python of its own to run the cells, and says only that Jupyter is missing there.
        print(f"Quarto runs the cells with the Python it finds. Should Jupyter be missing: QUARTO_PYTHON={command[0]}")
    return code


if __name__ == "__main__":
    sys.exit(main())
