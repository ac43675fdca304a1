"""The R template of each method computes its operations: filled for every analysis, and run on the data by R."""

import csv
import json
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from analysis.ars.code import template
from analysis.ars.methods import methods
from analysis.ars.units import units
from analysis.data.derived_files import FOLDER, derived_files
from analysis.data.load import Study
from analysis.results.ard import Results, Row
from analysis.running.run import run
from sap.methods import METHODS
from sap.text.files import as_bytes
from tests.analysis.ars.test_ars import event_of
from tests.each import each

READ = """
read <- function(file) {
  found <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)
  as_number <- function(x) { y <- type.convert(x, as.is = TRUE, na.strings = ""); if (is.numeric(y)) y else x }
  as.data.frame(lapply(found, as_number))
}
"""
ECHOED = ("conf.type", "median.rule", "p.type", "recorded")
"""Operations that say what was chosen, in words: a program of a method is told them."""

_WITHIN = "groups within groups of records, of clauses about several datasets, are not put into R yet"
WITHOUT = dict.fromkeys(("frequency", "description", "risk_difference"), _WITHIN)
"""Methods that have no template, and why; every other has one."""


@dataclass(frozen=True)
class Compared:
    """What R gave for the numbers of the results, by method: how many agree, what it did not give, what differs."""

    agree: Counter
    absent: Counter
    differ: list


def filled(event: dict, analysis: dict) -> str:
    """Return the program of an analysis as whoever reads the event makes it."""
    method = next(m for m in event["methods"] if m["id"] == analysis["methodId"])
    code = method["codeTemplate"]["code"]
    values = {p["name"]: p["value"][0] for p in analysis["programmingCode"]["parameters"]}
    for parameter in method["codeTemplate"]["parameters"]:
        code = code.replace(parameter["name"], values[parameter["name"]])
    return code.replace("analysisidhere", analysis["id"]).replace("methodidhere", method["id"])


def script(event: dict, datasets: list[tuple[str, Path]]) -> str:
    lines = [READ, *(f"{name} <- read({json.dumps(str(path))})" for name, path in datasets)]
    lines.append('writeLines("analysis,operation,group,level,stat,text", "answers.csv")')
    for a in event["analyses"]:
        name = a["id"]
        lines.append(f"# {name}")
        lines.append(f"local({{\n{filled(event, a)}\n")
        lines.append(
            f"if (!is.null(df3_{name})) write.table(cbind({json.dumps(name)}, df3_{name}), 'answers.csv', append = TRUE,"
        )
        lines.append("sep = ',', row.names = FALSE, col.names = FALSE, qmethod = 'double', fileEncoding = 'UTF-8') })")
    return "\n".join(lines)


def agrees(row: Row, answer: dict[str, str]) -> bool:
    if row.stat is None:
        return answer["text"] == row.stat_text
    return float(answer["stat"]) == pytest.approx(row.stat, rel=1e-9, abs=1e-9)


@pytest.fixture(scope="module")
def compared(study, results, compared_arms, tmp_path_factory) -> Compared:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not on this machine")
    one = computed_by_r(study, results, tmp_path_factory.mktemp("r"))
    two = computed_by_r(compared_arms, run(compared_arms), tmp_path_factory.mktemp("arms"))
    adsl = compared_arms.data["ADSL"]
    few = replace(compared_arms, data={**compared_arms.data, "ADSL": adsl[adsl.groupby("DOSELVL").cumcount() < 3]})
    three = computed_by_r(few, run(few), tmp_path_factory.mktemp("few"))
    found = (one, two, three)
    return Compared(
        sum((f.agree for f in found), Counter()),
        sum((f.absent for f in found), Counter()),
        [d for f in found for d in f.differ],
    )


def computed_by_r(study: Study, results: Results, folder: Path) -> Compared:
    for name, content in derived_files(study, "").items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(as_bytes(content))
    datasets = [(name, folder / f"{name}.csv") for name in study.plan.datasets]
    for name, file in datasets:
        study.data[name].to_csv(file, index=False)
    datasets += [(d.id, folder / FOLDER / f"{d.id}.csv") for d in study.plan.derivations]
    (folder / "all.R").write_text(script(json.loads(event_of(study, results)), datasets), encoding="utf-8")
    done = subprocess.run(["Rscript", "--vanilla", "all.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        given = {(r["analysis"], r["operation"], r["group"], r["level"]): r for r in csv.DictReader(file)}
    agree, absent, differ = Counter(), Counter(), []
    found = units(study.plan, results)
    used = methods(found)
    for unit in found:
        for row in unit.rows:
            method = used[unit.id]
            operation = method.operation_id(unit, row)
            if row.error or operation.endswith(ECHOED):
                continue
            named = unit.statistic_level(row) or row.context in {"analysis_set", "analysis"}
            answer = given.get((unit.id, operation, row.group1_level, "" if named else row.variable_level))
            what = f"{method.kind}.{row.context}.{row.stat_name}"
            if answer is None:
                absent[what] += 1
            elif agrees(row, answer):
                agree[method.kind] += 1
            else:
                differ.append(
                    (unit.id, operation, row.group1_level, row.variable_level, row.stat, row.stat_text, answer)
                )
    return Compared(agree, absent, differ)


NOT_GIVEN = {
    "correlation": {"p.value", "p.value.min"},
    "criteria": {"criteria_within_reach"},
    "time_dependent": {
        *("landmark_at", "landmark_groups", "simon_makuch", "simon_makuch_risk"),
        *("n.risk", "n.censor", "n.leave", "time", "first", "observed", "expected", "n.compared"),
    },
}
"""What a template says it does not give: contexts, or statistics."""


def test_r_gives_the_numbers_of_the_results(compared):
    assert compared.differ == []


def test_what_a_template_does_not_give_is_known(compared):
    for what in compared.absent:
        method, context, name = what.split(".", 2)
        assert {context, name} & NOT_GIVEN.get(method, set()), what


def test_every_method_is_tried(compared):
    assert set(compared.agree) == {"subjects", *METHODS} - WITHOUT.keys()


@each("method", sorted({"subjects", *METHODS} - WITHOUT.keys()))
def test_every_method_has_a_template(method):
    assert "df3_analysisidhere" in template(method)
