"""Whatever the files hold, the data are told with their rows or analysed; nothing ends in a fault of the program."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from analysis.data.load import validate
from analysis.recompute import recompute
from analysis.running.run import run
from sap.model.variables import Dataset
from sap.plan.plan import Plan
from sap.reading.read import read_plan

TRIAL = Path(__file__).resolve().parents[2] / "other_trial"
CELLS = (
    "",
    "NA",
    ".",
    "x",
    "0",
    "-1",
    "1e300",
    "2021-13-01",
    "09MAR2021",
    "1900-01-01",
    "Y",
    "5",
    "3.5",
    " ",
    "\u200b",
)
NAMES = ("ADT", "ASTDT", "AENDT", "STARTDT", "ADY", "LLOQ", "BLQFL", "VISIT", "AVAL", "PARAMCD", "CNSR", "AVALC", "ZZZ")
Rows = list[list[str]]
Mutation = Callable[[Rows, Random], Rows]


def cells(rows: Rows, random: Random) -> Rows:
    row = random.randrange(1, len(rows))
    column = random.randrange(len(rows[0]))
    return [
        [random.choice(CELLS) if (i, j) == (row, column) else c for j, c in enumerate(r)] for i, r in enumerate(rows)
    ]


def column_of_one(rows: Rows, random: Random) -> Rows:
    column, cell = random.randrange(len(rows[0])), random.choice(CELLS)
    return [[cell if i and j == column else c for j, c in enumerate(r)] for i, r in enumerate(rows)]


def columns_swapped(rows: Rows, random: Random) -> Rows:
    a, b = random.sample(range(len(rows[0])), 2)
    order = [b if j == a else a if j == b else j for j in range(len(rows[0]))]
    return [rows[0], *([r[j] for j in order] for r in rows[1:])]


def column_dropped(rows: Rows, random: Random) -> Rows:
    column = random.randrange(len(rows[0]))
    return [r[:column] + r[column + 1 :] for r in rows]


def column_added(rows: Rows, random: Random) -> Rows:
    name = random.choice([n for n in NAMES if n not in rows[0]])
    return [[*r, random.choice(CELLS) if i else name] for i, r in enumerate(rows)]


MUTATIONS: tuple[Mutation, ...] = (
    cells,
    column_of_one,
    columns_swapped,
    column_dropped,
    column_added,
    lambda rows, random: [*rows, random.choice(rows[1:])],
    lambda rows, random: [rows[0], random.choice(rows[1:])],
    lambda rows, random: rows[:1],
    lambda rows, random: [],
)


@pytest.fixture(scope="module")
def lenient() -> Plan:
    """The plan of the other trial, with cells that may be missing, a dataset it does not describe and fewer analyses."""
    plan = read_plan(TRIAL / "plan.yml")
    datasets = {
        name: d.model_copy(update={"variables": tuple(v.model_copy(update={"missing": True}) for v in d.variables)})
        for name, d in plan.datasets.items()
    }
    datasets["ADQS"] = Dataset(file="adqs.csv", title="Questionnaires")
    return plan.model_copy(update={"datasets": datasets, "analyses": plan.analyses[:2]})


def files_of(plan: Plan) -> dict[str, Rows]:
    found = {"ADQS": [["USUBJID", "ADT", "ASTDT", "ADY", "AVAL"], ["SOL-201-001", "2021-03", "09MAR2021", "1", "<5"]]}
    for name, dataset in plan.datasets.items():
        if name not in found:
            text = (TRIAL / "data" / dataset.file).read_text(encoding="utf-8-sig")
            found[name] = list(csv.reader(io.StringIO(text, newline="")))
    return found


def write(files: dict[str, Rows], plan: Plan, folder: Path) -> None:
    for name, rows in files.items():
        with (folder / plan.datasets[name].file).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def test_columns_that_a_plan_does_not_describe_are_let_through_whatever_they_hold(lenient, tmp_path):
    write(files_of(lenient), lenient, tmp_path)
    checked = validate(lenient, tmp_path)
    assert checked.study is not None
    assert {f.dataset for f in checked.failures} == {"ADSL"}


@pytest.mark.parametrize("seed", range(24))
def test_mutated_data_are_told_or_analysed_by_both_routes(lenient, tmp_path, seed):
    random = Random(seed)
    files = files_of(lenient)
    name = random.choice(list(files))
    files[name] = MUTATIONS[seed % len(MUTATIONS)](files[name], random)
    write(files, lenient, tmp_path)
    checked = validate(lenient, tmp_path)
    assert all(f.message for f in checked.failures)
    if checked.study is not None:
        checks = recompute(checked.study, run(checked.study), with_r=False)
        assert [c for c in checks if c.verdict == "differs"] == []
