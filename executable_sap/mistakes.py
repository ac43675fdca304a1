"""What is wrong with a plan, and with its data, as tables."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from analysis.data.load import validate as held_to_rules
from executable_sap.frames import Data, folder_of
from sap.data.failures import Failure
from sap.plan.plan import Plan
from sap.reading.post_hoc import read_whole_plan
from sap.reading.read import advice, read_plan
from sap.text.problems import PlanError, Problem
from sap.text.yaml_file import YamlFile


def check(plan: str | Path = "sap/plan.yml") -> pd.DataFrame:
    """Hold a plan, with the post hoc analyses beside it, to what a plan must be.

    Parameters
    ----------
    plan : str or Path
        The plan.

    Returns
    -------
    DataFrame
        A row a mistake (``severity`` is "error") or a warning: file, line, path, message and fix.
    """
    file = Path(plan)
    try:
        read_whole_plan(file)
    except PlanError as error:
        return _problems("error", error.problems)
    return _problems("warning", advice(YamlFile(file), Plan))


def validate(plan: str | Path = "sap/plan.yml", data: Data = "data") -> pd.DataFrame:
    """Hold data to the schemas and rules of a plan.

    Parameters
    ----------
    plan : str or Path
        The plan.
    data : str, Path or mapping of DataFrame
        Folder of the datasets, or a data frame for each by its name (``{"ADSL": adsl}``).

    Returns
    -------
    DataFrame
        A row a failure: dataset, row of the file (the header is row 1), subject, column, rule, value, message, fix and
        severity. Data without an "error" can be analysed.

    Raises
    ------
    UserError
        When the plan has a mistake.
    """
    promised = read_plan(Path(plan))
    with folder_of(promised, data) as folder:
        found = held_to_rules(promised, folder).failures
    return pd.DataFrame([f.as_record() for f in found], columns=[f.name for f in fields(Failure)])


def _problems(severity: str, problems: Iterable[Problem]) -> pd.DataFrame:
    columns = ["severity", *(f.name for f in fields(Problem))]
    return pd.DataFrame([{"severity": severity, **asdict(p)} for p in problems], columns=columns)
