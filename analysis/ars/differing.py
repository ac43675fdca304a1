"""Where the sets and subsets of a reporting event are not those of the plan that it carries."""

from collections.abc import Iterator

from analysis.ars.populations import EVERYBODY, analysis_sets, data_subsets
from analysis.ars.units import units
from analysis.results.ard import Results
from sap.event.clauses import Clauses, UnknownClauseError
from sap.event.told import Json, Teller, parts, text_of
from sap.plan.plan import Plan

CHANGED = "it differs from the plan that the event carries, and the plan is taken."
ADDED = "the plan that the event carries has it not, and the plan is taken."
REMOVED = "the event has it not, but the plan that it carries, and the plan is taken."


def differing(event: Json, plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield the analysis sets and data subsets that an event has otherwise than the plan it carries.

    Each with its place, its id and what is the matter: somebody has changed the one and not the other.
    """
    made = units(plan, Results(()))
    for key, named, own in (
        ("analysisSets", "analysisSetId", analysis_sets(plan, made)),
        ("dataSubsets", "dataSubsetId", data_subsets(made)),
    ):
        known = {str(part["id"]): _said(part, key) for part in own if part["id"] != EVERYBODY}
        there = {text_of(part, "id"): (place, part) for place, part in parts(event, key, "", Teller())}
        post_hoc = _only_post_hoc(event, named)
        for name, (place, part) in there.items():
            if name in known and _said(part, place) != known[name]:
                yield place, name, CHANGED
            if name not in known and name not in {EVERYBODY, *post_hoc}:
                yield place, name, ADDED
        yield from ((key, name, REMOVED) for name in known if name not in there)


def _only_post_hoc(event: Json, named: str) -> set[str]:
    """Return the sets or subsets of post hoc analyses alone: the plan that an event carries has these not."""
    users: dict[str, set[str]] = {}
    for _, part in parts(event, "analyses", "", Teller()):
        reason = part.get("reason")
        users.setdefault(text_of(part, named), set()).add(str(reason))
    return {name for name, reasons in users.items() if reasons == {str({"controlledTerm": "DATA DRIVEN"})}}


def _said(part: Json, place: str) -> object:
    """Return what the clause of a part says; as it stands where a plan has no words for it."""
    try:
        return Clauses({}, Teller()).of(part, place)
    except UnknownClauseError:
        return {key: part[key] for key in ("condition", "compoundExpression", "subClauseId") if key in part}
