"""What a plan promises, statistic by statistic, before there are any data."""

import pandas as pd

from analysis.results import Results
from analysis.run import task_rows
from analysis.steps.sample import Sample
from analysis.tasks import tasks
from sap.plan import Plan
from sap.values import types
from sap.variables import VariableType

_DTYPES: dict[VariableType, str] = {
    "text": "object",
    "integer": "float64",
    "number": "float64",
    "date": "datetime64[ns]",
}


def expected(plan: Plan) -> Results:
    """Return the statistics that every run of a plan must give, whatever the data.

    The methods themselves say what they give: each is run on nobody. What depends on who is in the data (the values of
    each subject, the times of a curve) is not among them.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    Results
        One row a statistic, in the order of the plan, without sizes of sets; no value means anything.
    """
    nobody = {
        name: pd.DataFrame({v: pd.Series(dtype=_DTYPES[kind]) for v, kind in known.items()})
        for name, known in types(plan).items()
    }
    rows = (task_rows(t, Sample((), nobody, plan, "nobody", t.use)) for t in tasks(plan))
    return Results(tuple(r for found in rows for r in found))
