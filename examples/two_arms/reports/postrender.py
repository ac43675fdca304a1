"""Puts beside the pages that Quarto has rendered what ``sap render`` puts there: records as CSV, and the list of them.

Quarto starts this file with whichever Python it finds; what it does belongs to the project's own environment.
``sap render`` does the same itself and says so with ``SAP_PRERENDER=done``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FINISH = "from reports.formats.csv_files import finish; finish()"
OUTPUT = "QUARTO_PROJECT_OUTPUT_DIR"
"""Environment variable by which Quarto names the folder of the site, from that of the project."""


def main() -> int:
    """Complete the site, unless there is none or it is complete; return the exit code, on which Quarto stops."""
    bundle = "manuscript" in os.environ.get("QUARTO_PROFILE", "").split(",")  # the journal's has one page alone
    if os.environ.get("SAP_PRERENDER") == "done" or bundle or OUTPUT not in os.environ:
        return 0
    own = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    command = [
        str(own) if own.is_file() else sys.executable,
        "-P",  # nothing of the project's folder stands in the place of a library
        "-c",
        _FINISH,
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - a fixed command


if __name__ == "__main__":
    sys.exit(main())
