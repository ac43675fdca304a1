"""Which columns of its files a plan names, and which of its analyses and outputs name them."""

from collections.abc import Iterator, Mapping

from sap.clause import conditions
from sap.model import Reference
from sap.plan import Plan
from sap.plan_uses import uses


def named_columns(plan: Plan) -> Mapping[Reference, str]:
    """Return the variables of source datasets that a plan names.

    Parameters
    ----------
    plan : Plan
        A complete plan.

    Returns
    -------
    mapping of Reference to str
        What names it first: an analysis, an analysis set, a figure that marks its groups, or a listing. It cannot be
        made without the column, although a file may lack it as far as its kind of dataset goes.
    """
    found: dict[Reference, str] = {}
    for reference, by in (*_of_analyses(plan), *_of_outputs(plan)):
        if reference.dataset in plan.datasets:
            found.setdefault(reference, by)
    return found


def _of_analyses(plan: Plan) -> Iterator[tuple[Reference, str]]:
    for analysis, places in uses(plan).items():
        for place in places:
            if place[0] == "datasets" and place[2] == "variables":
                yield Reference(dataset=place[1], variable=place[3]), analysis
    # A set is counted whether an analysis is about it or not.
    for s in plan.analysis_sets:
        for c in conditions(s.where):
            yield Reference(dataset=c.dataset, variable=c.variable), s.id


def _of_outputs(plan: Plan) -> Iterator[tuple[Reference, str]]:
    for output in plan.outputs:
        if output.marks is not None:
            yield plan.grouping(output.marks).variable, output.id
    for listing in plan.listings:
        where = conditions(listing.where) if listing.where is not None else ()
        chosen = (c.variable for c in where)
        own = (Reference(dataset=listing.dataset, variable=name) for name in (*chosen, *listing.sort))
        for reference in (*listing.variables, *own):
            yield reference, listing.id
