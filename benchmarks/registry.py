"""A registry of any size, and how long the program takes from its files to its results.

Every draw is made for one chunk of subjects by a generator of its own, so that the first subjects of a larger registry
are those of a smaller one, and the data of a million subjects need the memory of one chunk.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

PLAN: Final = Path(__file__).with_suffix(".yml")
SIZES: Final = (10_000, 100_000, 1_000_000)
CHUNK: Final = 50_000
EVENTS: Final = 10
"""Adverse events a subject, on average."""
CLASSES, TERMS = 20, 10
"""System organ classes, and terms of each."""
EPOCH: Final = np.datetime64("2015-01-01")
END: Final = np.datetime64("2024-12-31")


class Point(NamedTuple):
    """One run of the program."""

    n: int
    """Subjects; there are ten times as many adverse events."""
    seconds: float
    """From the start of the process to its end."""
    cpu: float
    """Seconds of all cores."""
    peak_mb: float
    """Largest resident memory of the process, in MB of 2**20 bytes."""
    statistics: int
    """Rows of the analysis results dataset."""


def write_registry(folder: Path, n: int, seed: int = 20240115) -> None:
    """Write ``adsl.parquet``, ``adae.parquet`` and ``adtte.parquet`` of n subjects."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        for first in range(0, n, CHUNK):
            rng = np.random.default_rng([seed, first])
            for dataset, frame in _chunk(rng, first, min(CHUNK, n - first)).items():
                frame.write_parquet(Path(name) / f"{dataset}-{first:09}.parquet")
        for dataset in ("adsl", "adae", "adtte"):
            pl.scan_parquet(Path(name) / f"{dataset}-*.parquet").sink_parquet(folder / f"{dataset}.parquet")


def _chunk(rng: np.random.Generator, first: int, n: int) -> dict[str, pl.DataFrame]:
    subjects = np.char.add("R", np.char.zfill(np.arange(first, first + n).astype(str), 7))
    arm = rng.integers(0, 3, n)
    start = EPOCH + rng.integers(0, 365 * 8, n)
    time_to_death = np.ceil(rng.exponential(np.array([4000, 3000, 2500])[arm])).astype(int)
    followed = np.minimum((END - start).astype(int), rng.integers(1, 365 * 9, n))
    died = time_to_death <= followed
    last = start + np.where(died, time_to_death, followed)
    weight = np.round(np.clip(rng.normal(75, 15, n), 30, 200), 1)
    adsl = pl.DataFrame(
        {
            "STUDYID": pl.repeat("REGISTRY", n, eager=True),
            "USUBJID": subjects,
            "AGE": rng.integers(18, 95, n),
            "SEX": np.array(["F", "M"])[rng.integers(0, 2, n)],
            "REGION": np.array(["AFRICA", "AMERICA", "ASIA", "EUROPE"])[rng.integers(0, 4, n)],
            "TRT01A": np.array(["A", "B", "C"])[arm],
            "TRTSDT": start,
            "RESPFL": np.where(rng.random(n) < np.array([0.30, 0.35, 0.40])[arm], "Y", "N"),
            "WEIGHT": np.where(rng.random(n) < 0.02, np.nan, weight),
            "DTHFL": np.where(died, "Y", "N"),
            "DTHDT": np.where(died, last, np.datetime64("NaT")),
            "LSTALVDT": last,
            "PHYSICIAN": np.char.add("Physician ", rng.integers(0, 5000, n).astype(str)),
        }
    ).with_columns(pl.col("WEIGHT").fill_nan(None))
    adtte = pl.DataFrame(
        {
            "USUBJID": subjects,
            "PARAMCD": pl.repeat("OS", n, eager=True),
            "AVAL": (last - start).astype(int),
            "CNSR": np.where(died, 0, 1),
            "STARTDT": start,
            "ADT": last,
            "EVNTDESC": np.where(died, "Death", ""),
        }
    )
    return {"adsl": adsl, "adtte": adtte, "adae": _events(rng, subjects, start, last)}


def _events(rng: np.random.Generator, subjects: np.ndarray, start: np.ndarray, last: np.ndarray) -> pl.DataFrame:
    n = EVENTS * subjects.size
    of = np.sort(rng.integers(0, subjects.size, n))
    counts = np.bincount(of, minlength=subjects.size)
    soc = np.minimum(rng.geometric(0.15, n), CLASSES)
    term = np.minimum(rng.geometric(0.3, n), TERMS)
    onset = np.floor(rng.random(n) * ((last - start).astype(int)[of] + 1)).astype(int)
    begins = start[of] + onset
    ends = np.minimum(begins + rng.integers(0, 60, n), last[of])
    names = np.array([[f"Term {s:02}-{t:02}" for t in range(TERMS + 1)] for s in range(CLASSES + 1)])
    return pl.DataFrame(
        {
            "USUBJID": subjects[of],
            "AESEQ": np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts) + 1,
            "AEBODSYS": np.array([f"Class {s:02}" for s in range(CLASSES + 1)])[soc],
            "AEDECOD": names[soc, term],
            "ATOXGR": rng.choice(4, n, p=[0.5, 0.3, 0.15, 0.05]) + 1,
            "AREL": np.where(rng.random(n) < 0.4, "RELATED", "NOT RELATED"),
            "ASTDT": begins,
            "AENDT": np.where(rng.random(n) < 0.1, np.datetime64("NaT"), ends),
            "TRTEMFL": pl.repeat("Y", n, eager=True),
        }
    )


def measure(n: int) -> Point:
    """Return what one ``sap run`` on a registry of n subjects takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (data := folder / "data").mkdir()
        write_registry(data, n)
        out = folder / "results"
        command = [sys.executable, "-m", "reports.commands.cli", "run", "--unlocked", "--plan", str(PLAN)]
        began = time.perf_counter()
        whole = [*command, "--data", str(data), "--out", str(out)]
        # In a folder without a seal: what is measured is the run.
        process = subprocess.Popen(whole, cwd=folder, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"`sap run` on {n} subjects ended with {process.returncode}.")
        with (out / "ard.csv").open(encoding="utf-8") as file:
            statistics = sum(1 for _ in file) - 1
    return Point(n, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, statistics)


def curve(sizes: Iterable[int] = SIZES) -> list[Point]:
    """Return what a run takes by number of subjects."""
    return [measure(n) for n in sizes]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of subjects")
    parser.add_argument("--write", type=Path, help="write the data of the first size to this folder, and run nothing")
    asked = parser.parse_args()
    if asked.write:
        asked.write.mkdir(parents=True, exist_ok=True)
        write_registry(asked.write, asked.sizes[0])
    else:
        for point in map(measure, asked.sizes):
            print(json.dumps(point._asdict()))
