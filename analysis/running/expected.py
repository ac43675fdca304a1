"""What a plan promises, statistic by statistic, before there are any data."""

from analysis.results.ard import Results
from analysis.results.tasks import tasks
from analysis.running.run import nobody, task_rows
from sap.plan.plan import Plan


def expected(plan: Plan) -> Results:
    """Return the statistics that every run of a plan must give, whatever the data.

    The methods themselves say what they give: each is run on nobody. What depends on who is in the data (the values of
    each subject, the times of a curve) is not among them.
    """
    rows = (task_rows(t, nobody(plan, t.use)) for t in tasks(plan))
    return Results(tuple(r for found in rows for r in found))
