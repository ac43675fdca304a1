"""The third column: the same samples given to R, in one run, where R and its package survival are found."""

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.recompute.comparison.check import NOT_RUN
from analysis.recompute.samples import (
    AssociationSample,
    BinomialSample,
    PairSample,
    Sample,
    StatesSample,
    TimesSample,
    ValuesSample,
    standing,
)

SCRIPT = Path(__file__).with_name("recompute.R")
SECONDS = 120
NO_ROUTE = f"{NOT_RUN}: no R call for this statistic as planned"

JOB = (
    *("job", "kind", "count", "size", "conf_level", "option", "upper_bound"),
    *("median_rule", "landmarks", "start"),
)
VALUE = ("job", "value", "event", "group")


_ASKED = (BinomialSample, TimesSample, StatesSample, ValuesSample, PairSample, AssociationSample)


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


def ask_r(samples: Iterable[Sample]) -> RAnswers:
    """Return R's values of the statistics of samples."""
    program = shutil.which("Rscript")
    if program is None:
        return RAnswers({}, f"{NOT_RUN}: R is not on this machine")
    jobs = [s for s in samples if isinstance(s, _ASKED)]
    with tempfile.TemporaryDirectory(prefix="sap-r-") as name:
        folder = Path(name)
        _write(folder / "jobs.csv", JOB, (_job(i, s) for i, s in enumerate(jobs)))
        _write(folder / "values.csv", VALUE, (row for i, s in enumerate(jobs) for row in _values(i, s)))
        problem = _run(program, folder)
        if problem:
            return RAnswers({}, f"{NOT_RUN}: {problem}")
        try:
            return RAnswers(_answers(folder / "answers.csv", jobs), NO_ROUTE)
        except (OSError, ValueError, KeyError, IndexError) as error:
            return RAnswers({}, f"{NOT_RUN}: R's answer cannot be read ({type(error).__name__})")


def _run(program: str, folder: Path) -> str:
    """Run the script; return what went wrong, or nothing."""
    command = [program, "--vanilla", str(SCRIPT)]
    try:
        done = subprocess.run(  # noqa: S603 - the program found on the path, and a script of this package
            command, cwd=folder, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"R took longer than {SECONDS} seconds"
    except OSError as error:
        return f"R cannot be started ({error.strerror})"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode("utf-8", errors="replace").split("Execution halted", maxsplit=1)[0]
    return " ".join(["R failed:", *said.split()]).removesuffix(":")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _job(number: int, sample: Sample) -> tuple[object, ...]:
    if isinstance(sample, BinomialSample):
        step = sample.step
        return (number, "binomial", sample.count, sample.size, step.conf_level, "", int(step.upper_bound), "", "", "")
    if isinstance(sample, TimesSample):
        plan = sample.step
        landmarks = " ".join(str(t) for t in plan.landmarks)
        size = len(sample.times)
        return (number, "times", "", size, plan.conf_level, plan.conf_type, 0, plan.median_rule, landmarks, "")
    if isinstance(sample, StatesSample):
        state = sample.step
        landmarks = " ".join(str(t) for t in state.landmarks)
        size = len(sample.times)
        return (number, "states", "", size, state.conf_level, state.conf_type, 0, "", landmarks, state.start)
    if isinstance(sample, PairSample):
        test = sample.step
        size = len(sample.first) + len(sample.second)
        return (number, "pair", len(sample.first), size, test.conf_level, test.two_sided, 0, "", "", "")
    if isinstance(sample, AssociationSample):
        asked = sample.step
        return (number, "association", "", len(sample.x), asked.conf_level, asked.coefficient, 0, "", "", "")
    return (number, "values", "", len(sample.values) if isinstance(sample, ValuesSample) else 0, "", "", 0, "", "", "")


def _values(number: int, sample: Sample) -> Iterator[tuple[object, ...]]:
    if isinstance(sample, TimesSample):
        for time, event in zip(sample.times, sample.events, strict=True):
            yield number, repr(float(time)), int(event), ""
    elif isinstance(sample, StatesSample):
        for time, event, entered in zip(sample.times, sample.events, sample.entered, strict=True):
            yield number, repr(float(time)), int(event), "" if entered is None else repr(float(entered))
    elif isinstance(sample, ValuesSample):
        for value in sample.values:
            yield number, repr(float(value)), "", ""
    elif isinstance(sample, PairSample | AssociationSample):
        both = (sample.first, sample.second) if isinstance(sample, PairSample) else (sample.x, sample.y)
        for group, values in enumerate(both, start=1):
            for value in values:
                yield number, repr(float(value)), "", group


def _answers(path: Path, jobs: Sequence[Sample]) -> dict[tuple[str, ...], RValue]:
    found: dict[tuple[str, ...], RValue] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sample = jobs[int(row["job"])]
            place = sample.place
            # Text of the plan does not pass through R, whose locale may not know its letters.
            level = _level(sample, row["variable_level"]) or place.variable_level
            where = standing(place, level, row["context"], row["stat_name"])
            missing = row["value"] in {"NA", "NaN"}
            value = None if missing else float(row["value"])
            found[where] = RValue(value, f"NA by {row['route']}" if missing else row["route"])
    return found


def _level(sample: Sample, level: str) -> str:
    """Return the level of an answer: R says 0 and 1 for the states, with the day after them."""
    if not isinstance(sample, StatesSample) or not level:
        return level
    state, _, day = level.partition(" ")
    label = sample.step.exposed if state == "1" else sample.step.unexposed
    return f"{label}, day {day}" if day else label
