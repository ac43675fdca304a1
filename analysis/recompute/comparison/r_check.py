"""The third column: the same samples given to R, in one run, where R and its package survival are found."""

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from analysis.recompute.comparison.check import NOT_RUN
from analysis.recompute.trial.sample import RJob, Sample

SCRIPT = Path(__file__).with_name("recompute.R")
SECONDS = 120
NO_ROUTE = f"{NOT_RUN}: no R call for this statistic as planned"

JOB = tuple(f.name for f in fields(RJob) if f.name != "values")
VALUE = ("value", "event", "group")


@dataclass(frozen=True)
class RValue:
    """A value by R, or why there is none."""

    value: float | None
    route: str


@dataclass(frozen=True)
class RAnswers:
    """What R answered."""

    values: Mapping[tuple[str, ...], RValue]
    """By the place of a row of the results."""
    otherwise: str
    """What is said of every other row."""

    def of(self, place: tuple[str, ...]) -> RValue:
        """Return R's value of a row, or why there is none."""
        return self.values.get(place, RValue(None, self.otherwise))


@contextmanager
def ask_r(samples: Iterable[Sample]) -> Iterator[Callable[[], RAnswers]]:
    """Start R on samples, and give a function that waits for its values of their statistics."""
    program = shutil.which("Rscript")
    if program is None:
        yield lambda: RAnswers({}, f"{NOT_RUN}: R is not on this machine")
        return
    jobs = [(s, job) for s in samples if (job := s.for_r()) is not None]
    with tempfile.TemporaryDirectory(prefix="sap-r-") as name:
        folder = Path(name)
        _write(folder / "jobs.csv", JOB, ((i, *(getattr(j, n) for n in JOB)) for i, (_, j) in enumerate(jobs)))
        rows = ((i, repr(float(v)), *of) for i, (_, job) in enumerate(jobs) for v, *of in job.values)
        _write(folder / "values.csv", VALUE, rows)
        with _running(program, folder) as ended:
            yield lambda: _read(ended(), folder, [s for s, _ in jobs])


def _read(problem: str, folder: Path, asked: Sequence[Sample]) -> RAnswers:
    if problem:
        return RAnswers({}, f"{NOT_RUN}: {problem}")
    try:
        return RAnswers(_answers(folder / "answers.csv", asked), NO_ROUTE)
    except (OSError, ValueError, KeyError, IndexError) as error:
        return RAnswers({}, f"{NOT_RUN}: R's answer cannot be read ({type(error).__name__})")


@contextmanager
def _running(program: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Start the script, and give a function that waits for its end and returns what went wrong, or nothing."""
    command = [program, "--vanilla", str(SCRIPT)]
    try:
        process = subprocess.Popen(  # noqa: S603 - the program found on the path, and a script of this package
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        why = f"R cannot be started ({error.strerror})"
        yield lambda: why
        return
    with process:
        try:
            yield partial(_ended, process)
        finally:
            process.kill()  # whatever stops this process meanwhile stops R too


def _ended(process: "subprocess.Popen[bytes]") -> str:
    try:
        _, error = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"R took longer than {SECONDS} seconds"
    if process.returncode == 0:
        return ""
    said = error.decode("utf-8", errors="replace").split("Execution halted", maxsplit=1)[0]
    return " ".join(["R failed:", *said.split()]).removesuffix(":")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("job", *header))
        writer.writerows(rows)


def _answers(path: Path, asked: Sequence[Sample]) -> dict[tuple[str, ...], RValue]:
    found: dict[tuple[str, ...], RValue] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sample = asked[int(row["job"])]
            place = sample.place
            # Text of the plan does not pass through R, whose locale may not know its letters.
            level = sample.level_by_r(row["variable_level"]) if row["variable_level"] else place.variable_level
            where = place.row(row["context"], level, row["stat_name"])
            missing = row["value"] in {"NA", "NaN"}
            value = None if missing else float(row["value"])
            found[where] = RValue(value, f"NA by {row['route']}" if missing else row["route"])
    return found
