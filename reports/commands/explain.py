"""Where a number comes from, on the terminal."""

from typing import Annotated

import typer

from reports.commands.options import LOCK, PLAN, RESULTS, LockOption, PlanOption, ResultsOption


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap explain PRIMARY estimate")(explain)


def explain(
    what: Annotated[str, typer.Argument(help="An analysis, or the id of a number: what follows # in its link.")],
    statistic: Annotated[str, typer.Argument(help="Name of a statistic of the analysis, as estimate.")] = "",
    plan: PlanOption = PLAN,
    results: ResultsOption = RESULTS,
    *,
    lock: LockOption = LOCK,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print where a number comes from: promise, method, options, row, datasets and subjects."""
    from dataclasses import replace

    from reports.run.shown import read_run
    from reports.trace.explain import as_json as json_text
    from reports.trace.explain import as_text, find
    from reports.trace.record import trace
    from sap.reading.post_hoc import read_whole_plan
    from sap.seal.plan_history import read_late_promises

    # Pages may hide ids; the statistician's terminal does not, and knows a number by either of its links.
    promised = read_whole_plan(plan)
    conventions = promised.conventions.model_copy(update={"show_subject_ids": True})
    run = read_run(promised.model_copy(update={"conventions": conventions}), results)
    run = replace(run, late=read_late_promises(lock, plan))
    if not promised.conventions.show_subject_ids:
        hidden = read_run(promised, results)
        ids = {page.anchor: row.anchor for page, row in zip(hidden.results, run.results, strict=True)}
        what = ids.get(what.rpartition("#")[2], what)
    found = find(trace(run), what, statistic)
    print(json_text(found) if as_json else as_text(found), end="")
