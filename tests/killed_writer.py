"""Kills a process that replaces a results folder, at random moments, and looks at what is left each time.

    python killed_writer.py FOLDER KILLS

Prints how often a kill left something behind that had to be mended. Ends with an error when a folder was not whole.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from analysis.results.folder import mend, one_run_in, results_folder, write_results
from analysis.results.provenance import FILE, check_files, provenance_json
from sap.text.files import digest
from tests.provenances import PROVENANCE

NAMES = [f"{n}.csv" for n in range(12)]


def silent(_: str) -> None:
    """Say nothing."""


def write_for_ever(folder: Path) -> None:
    """Replace the folder over and over; all files of one turn hold the same number."""
    for turn in range(1_000_000):
        with one_run_in(folder, silent), results_folder(folder) as fresh:
            texts = dict.fromkeys(NAMES, f"{turn}\n" * 2000)
            files = {name: digest(text.encode()) for name, text in texts.items()}
            write_results(texts | {FILE: provenance_json(PROVENANCE.model_copy(update={"files": files}))}, fresh)


def main(folder: Path, kills: int) -> int:
    """Kill, mend as the next start does, and look."""
    chance, mended = random.Random(20260131), 0
    for _ in range(kills):
        child = os.fork()
        if not child:
            write_for_ever(folder)
        while not folder.is_dir():
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left = {p.name for p in folder.parent.iterdir()} - {f"_{folder.name}.lock"}
        mended += left != {folder.name}
        with one_run_in(folder, silent):
            mend(folder)
        found = check_files(folder)
        turns = {(folder / name).read_text(encoding="utf-8")[:8].split()[0] for name in NAMES}
        if len(turns) != 1 or len(found.files) != len(NAMES):
            print(f"a mixture of turns: {turns}")
            return 1
        left = sorted(p.name for p in folder.parent.iterdir())
        if left != [folder.name]:
            print(f"left behind: {left}")
            return 1
    print(mended)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
