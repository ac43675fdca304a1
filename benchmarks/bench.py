"""Measures whole commands as their users start them, all in one sitting, and writes BENCHMARKS.md and figures.json.

Each round runs every command once, so that a machine that slows down slows all of them; a figure is the median of the
rounds, with the lowest and the highest. Ratios are of medians of one sitting: seconds of another machine, or of another
day, say little. Nothing here is a test: how long something takes is never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks import registry

ROOT: Final = Path(__file__).resolve().parents[1]
PEER: Final = ROOT.parent / "shared" / "timing" / "report_gg.Rmd"
"""One R Markdown page with four tables and four figures: what the report is measured against, where it is there."""
SAP: Final = str(Path(sys.executable).with_name("sap"))
LIBRARIES: Final = "import statsmodels.stats.proportion, lifelines, pingouin, pandera.pandas, scipy.stats"
NAMED: Final = ("lifelines", "matplotlib", "numpy", "pandas", "pandera", "pingouin", "pydantic", "scipy", "statsmodels")
SHIFT: Final = (
    "import numpy as np; from analysis.methods.ranks.shift import hodges_lehmann; "
    "r = np.random.default_rng(1); print(hodges_lehmann(r.normal(size=300), r.normal(size=300) + 1))"
)


@dataclass(frozen=True)
class Command:
    """A command, what it is called in the list, and the folders that are put away before each run of it."""

    name: str
    words: Sequence[str]
    away: Sequence[Path] = ()


@dataclass(frozen=True)
class Run:
    """One run of a command as the system accounts for it, children included."""

    seconds: float
    cpu: float
    peak_mb: float


def run(words: Sequence[str], cwd: Path = ROOT) -> Run:
    """Run a command to its end; raise when it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(words, cwd=cwd, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(words)} ended with {process.returncode}:\n{said.read().decode(errors='replace')}")
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def commands(place: Path) -> list[Command]:
    """Return every command that is measured, in the order in which a round runs them."""
    site, results, page, drawn = place / "site", place / "results", place / "page", ROOT / "reports" / "fig"
    sealed = subprocess.run([SAP, "verify"], cwd=ROOT, capture_output=True, check=False).returncode == 0
    held = ["--results", str(results), *([] if sealed else ["--unlocked"])]
    render = [SAP, "render", "--engine", "embedded", *held]
    run_anew = [SAP, "run", "--fresh", "--out", str(results), *held[2:]]
    found = [
        Command("Python's own start", [sys.executable, "-c", "pass"]),
        Command("import of the statistical libraries", [sys.executable, "-c", LIBRARIES]),
        Command("sap --version", [SAP, "--version"]),
        Command("sap plan check", [SAP, "plan", "check"]),
        *([Command("sap verify", [SAP, "verify"])] if sealed else []),
        Command("sap validate", [SAP, "validate"]),
        Command("sap run", run_anew, (results,)),
        Command("sap render, from nothing", [*render, "--out", str(site)], (site, results, drawn)),
        Command("sap render, nothing changed", [*render, "--out", str(site)]),
        Command("sap explain", [SAP, "explain", "AN-DLT", "--results", str(results)]),
        Command("sap render --page index", [*render, "--out", str(page), "--page", "index"], (page, drawn)),
        Command("Hodges–Lehmann estimate and limits, 300 v 300", [sys.executable, "-c", SHIFT]),
    ]
    return [*_peer(place), *found]


def _peer(place: Path) -> list[Command]:
    if not PEER.is_file() or shutil.which("Rscript") is None:
        return []
    page = (
        f"rmarkdown::render('{PEER}', quiet = TRUE, output_dir = '{place / 'r'}', intermediates_dir = '{place / 'r'}')"
    )
    return [Command(PAGE, ["Rscript", "-e", page])]


PAGE: Final = "one R Markdown page"


def sitting(rounds: int, place: Path) -> dict[str, list[Run]]:
    """Run every command once to warm up, then in turn, round by round."""
    listed = commands(place)
    found: dict[str, list[Run]] = {command.name: [] for command in listed}
    for number in range(rounds + 1):
        for command in listed:
            for folder in command.away:
                shutil.rmtree(folder, ignore_errors=True)
            print(f"round {number} of {rounds}: {command.name}", flush=True)
            measured = run(command.words)
            if number:
                found[command.name].append(measured)
    return found


def large_report(place: Path, n: int) -> tuple[Run, int]:
    """Return what a rehearsal of a report of some subjects takes, and the bytes of its largest page."""
    out = place / "rehearsal"
    measured = run([SAP, "dry-run", "--n", str(n), "--out", str(out)])
    return measured, max(page.stat().st_size for page in out.rglob("*.html"))


def _median(runs: Sequence[Run], figure: Callable[[Run], float] = lambda r: r.seconds) -> float:
    return statistics.median(map(figure, runs))


def markdown(figures: Mapping[str, object]) -> str:
    """Return BENCHMARKS.md."""
    runs = {name: [Run(**r) for r in listed] for name, listed in figures["runs"].items()}  # type: ignore[attr-defined]
    peer = _median(runs[PAGE]) if PAGE in runs else None
    start, libraries = _median(runs["Python's own start"]), _median(runs["import of the statistical libraries"])
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench`. {figures['machine']}.",
        f"{figures['versions']}.",
        "",
        f"Seconds from start to end as a user waits for them: the median of {figures['rounds']} rounds of one sitting "
        "(lowest to highest), in which each round runs every command once; CPU seconds and the memory of the largest "
        "process beside them. Only ratios within the sitting say something of another machine.",
        "",
        "| Command | Seconds | CPU | MB | Ratio |",
        "|---|---|---|---|---|",
    ]
    for name, listed in runs.items():
        seconds = [r.seconds for r in listed]
        of = _ratio(name, statistics.median(seconds), peer, start, libraries)
        spread = f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"
        cpu, peak = _median(listed, lambda r: r.cpu), _median(listed, lambda r: r.peak_mb)
        lines.append(f"| {name} | {spread} | {cpu:.2f} | {peak:.0f} | {of} |")
    if peer is None:
        lines += ["", "The R Markdown page was not run: R or the page is not on this machine."]
    return "\n".join([*lines, "", *_large(figures), *_registry(figures)]) + "\n"


def _ratio(name: str, seconds: float, peer: float | None, start: float, libraries: float) -> str:
    if name.startswith("sap render"):
        return f"{seconds / peer:.2f} × the R Markdown page" if peer else ""
    if name == "sap run":
        return f"{seconds / libraries:.2f} × the import"
    return f"{seconds - start:.2f} s above Python's start" if name.startswith("sap ") else ""


def _large(figures: Mapping[str, object]) -> list[str]:
    found = figures.get("rehearsal")
    if not isinstance(found, dict):
        return []
    told = f"A rehearsal of the whole report with {found['n']} synthetic subjects took {found['seconds']:.0f} s"
    return ["## A larger trial", "", f"{told}; its largest page has {found['largest'] / 1e6:.2f} MB.", ""]


def _registry(figures: Mapping[str, object]) -> list[str]:
    found = figures.get("registry")
    if not isinstance(found, list) or not found:
        return []
    head = [
        "## A registry",
        "",
        "`sap run` of a plan on synthetic subjects with ten adverse events each, from Parquet: validation to results.",
        "",
        "| Subjects | Events | Seconds | Microseconds a subject | GB | Statistics |",
        "|---|---|---|---|---|---|",
    ]
    rows = [
        f"| {r['n']:,} | {10 * r['n']:,} | {r['seconds']:.1f} | {1e6 * r['seconds'] / r['n']:.0f} "
        f"| {r['peak_mb'] / 1000:.2f} | {r['statistics']:,} |"
        for r in found
    ]
    return [*head, *rows, ""]


def machine() -> str:
    """Return what the figures were measured on."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        model = next((x.partition(":")[2].strip() for x in text.splitlines() if x.startswith("model name")), model)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return f"{platform.system()}, {cores} cores, {model}, Python {platform.python_version()}"


def versions() -> str:
    """Return the versions of what was measured and of what it was measured against."""
    found = [f"executable-sap {version('executable-sap')}", *(f"{name} {version(name)}" for name in NAMED)]
    if shutil.which("Rscript"):
        said = subprocess.run(["Rscript", "--version"], capture_output=True, text=True, check=False)
        found.append((said.stdout + said.stderr).strip().removesuffix("."))
    return ", ".join(found)


def main() -> None:
    """Measure, and write what was found."""
    asked = argparse.ArgumentParser(description="Measures whole commands in one sitting.")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--subjects", type=int, default=250, help="Of the rehearsal; 0 leaves it out.")
    asked.add_argument("--registry", default="10000,100000,1000000", help="Sizes, or nothing to leave it out.")
    asked.add_argument("--out", type=Path, default=ROOT)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        runs = sitting(told.rounds, place)
        figures: dict[str, object] = {
            "machine": machine(),
            "versions": versions(),
            "rounds": told.rounds,
            "runs": {name: [asdict(r) for r in listed] for name, listed in runs.items()},
        }
        if told.subjects:
            measured, largest = large_report(place, told.subjects)
            figures["rehearsal"] = {"n": told.subjects, "seconds": measured.seconds, "largest": largest}
        sizes = [int(n) for n in told.registry.split(",") if n]
        if sizes:
            figures["registry"] = [point._asdict() for point in registry.curve(sizes)]
    (told.out / "benchmarks").mkdir(parents=True, exist_ok=True)
    (told.out / "benchmarks" / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (told.out / "BENCHMARKS.md").write_text(markdown(figures), encoding="utf-8")
    print((told.out / "BENCHMARKS.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
