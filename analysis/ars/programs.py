"""Programs in R with which a second programmer begins: one an analysis, made of the templates of its methods.

A program reads the data, finds the subjects by the clauses of the plan, computes, and compares with the results.
"""

import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.ars.code import filled, has_template
from analysis.ars.methods import Method, methods
from analysis.ars.units import Unit, units
from analysis.data.derived_files import csv_file
from analysis.data.load import Study
from analysis.results.ard import Results
from analysis.steps import method as implementation

COMMON: Final = "qc.R"
"""What all programs share: how a file is read, and how numbers are compared."""
ALL: Final = "run_all.R"
SETS: Final = "SETS"
_OWN: Final = Path(__file__).with_name("qc")


@dataclass(frozen=True)
class Programs:
    """The files of a folder of programs, and what is theirs alone."""

    files: dict[str, str]
    """The text of each file, by its name in the folder."""
    analyses: int
    """How many programs there are, but for those that are shared."""
    shared: tuple[str, ...]
    """Datasets that are read as this program read them: their files are no plain CSV, or the plan maps them."""
    without: tuple[str, ...]
    """Methods of the plan of which there is no template."""


def programs(study: Study, results: Results, folder: Path, data: Path, at: Path) -> Programs:
    """Return the programs of a study: `data` and `at` (its results) are seen from the folder they will stand in."""
    plan, (frames, _) = study.plan, study.cut
    files = {name: (_OWN / name).read_text(encoding="utf-8") for name in (COMMON, ALL)}
    where = {name: data / dataset.file for name, dataset in plan.datasets.items()}
    shared = tuple(name for name, file in where.items() if not _is_plain(file, frames[name]))
    for name in shared:
        files[f"data/{name}.csv"] = frames[name].to_csv(index=False)
    paths = {n: f"data/{n}.csv" if n in shared else _seen(file, folder) for n, file in where.items()}
    paths |= {d.id: _seen(at / csv_file(d.id), folder) for d in plan.derivations}
    found = units(plan, results)
    used = methods(found)
    by_analysis: dict[str, list[Unit]] = {}
    for unit in found:
        by_analysis.setdefault(unit.task.id if unit.task is not None else SETS, []).append(unit)
    for name, own in by_analysis.items():
        ard = f"ard <- results_of({json.dumps(_seen(at / 'ard.csv', folder))})"
        parts = ["\n".join(_part(study, unit, used[unit.id])) for unit in own]
        named = set(re.findall(r"\w+", "\n".join(parts)))
        read = [f"{n} <- read({json.dumps(path)})" for n, path in paths.items() if n in named]
        lines = [
            *_head(name, own, [n for n in shared if n in named]),
            f'source("{COMMON}")',
            ard,
            *read,
            *parts,
            "finish()",
        ]
        files[f"{name}.R"] = "\n".join(lines) + "\n"
    missing = {m.kind for m in used.values() if not has_template(m)}
    return Programs(files, len(by_analysis), shared, tuple(sorted(missing)))


def _head(name: str, own: list[Unit], shared: Sequence[str]) -> Iterator[str]:
    analysis = own[0].analysis
    yield f"# {name}: {_line(analysis.title if analysis is not None else 'how many subjects each analysis set has')}"
    yield "# A program to begin with, for whoever checks this analysis: read it, change it, write it anew."
    yield "# Subjects and groups are found below by the clauses of the plan. Derived datasets are those of `sap run`:"
    yield "# what derives them is not checked here, nor is what the cut-off leaves out."
    if shared:
        yield f"# Read by `sap`, and so not checked here: {', '.join(shared)} (the files are no plain CSV, or mapped)."


def _part(study: Study, unit: Unit, method: Method) -> Iterator[str]:
    """Yield the program of one step, and what it is compared with."""
    said = method.step.in_words if method.step is not None else "How many subjects there are."
    yield f"\n# ---- {unit.id}: {_line(said)}"
    program = filled(study.plan, unit, method)
    if program:
        yield "answers <- local({"
        yield program
        yield "})"
    else:
        yield f"# There is no template of {method.kind} with these options: write it here."
        yield "answers <- NULL"
    at = {column: json.dumps(value, ensure_ascii=False) for column, value in _place(unit).items()}
    contexts = implementation(unit.step.method).statistic_contexts if unit.step is not None else ()
    named = ", ".join(json.dumps(c) for c in contexts)
    rows = f"rows_of(ard, {', '.join(f'{column} = {value}' for column, value in at.items())})"
    yield f"compare({rows}, answers, {json.dumps(method.id)}, level_in_name = c({named}))"


def _place(unit: Unit) -> dict[str, str]:
    """Return which rows of the results are those of a step."""
    if unit.step is None:
        of_set = unit.task is None
        level = unit.analysis_set if unit.task is None else unit.task.id
        return {"analysis_id": "SETS", "context": "analysis_set" if of_set else "analysis", "variable_level": level}
    found = {"analysis_id": unit.rows[0].analysis_id, "step": unit.rows[0].step} if unit.rows else {"analysis_id": ""}
    if unit.step.listed:
        found |= {"dataset": unit.reference.dataset, "variable": unit.reference.variable}
    return found


def _seen(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _line(text: str) -> str:
    return " ".join(text.split())


def _is_plain(file: Path, frame: pd.DataFrame) -> bool:
    """Return whether a file, read as a plain CSV, has just the cells that are analysed."""
    if file.suffix.lower() != ".csv":
        return False
    try:
        found = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    except ValueError:
        return False
    meant = pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype=str, keep_default_na=False)
    if len(found) != len(meant) or not set(meant.columns) <= set(found.columns):
        return False
    return all(_same(found[column], meant[column]) for column in meant.columns)


def _same(one: "pd.Series[str]", other: "pd.Series[str]") -> bool:
    alike = one == other
    numbers = pd.to_numeric(one, errors="coerce") == pd.to_numeric(other, errors="coerce")
    return bool((alike | numbers).all())
