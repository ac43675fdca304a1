"""The plan that a reporting event of this program carries: the standard has no words for much of it.

It is the code that computed the results, and stands where the standard has code: with the first analysis.
"""

from typing import Any, Final

import yaml

from sap.event.told import Json, Teller, parts, text_of
from sap.plan.plan import Plan
from sap.plan.uses import uses
from sap.reading.post_hoc import POST_HOC

CONTEXT: Final = "executable-sap plan"
"""The context of the code that is a plan."""


def carried(plan: Plan) -> str:
    """Return the text of a plan as its event carries it: what it promises, and no post hoc analysis."""
    written = _promised(plan).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=120)


def _promised(plan: Plan) -> Plan:
    added = {a.id for a in plan.analyses if a.reason == POST_HOC}
    if not added:
        return plan
    kept: dict[str, Any] = {
        name: tuple(p for p in getattr(plan, name) if p.reason != POST_HOC)
        for name in ("analyses", "outputs", "listings", "analysis_sets")
    }
    found = uses(plan)
    planned = {place for a, places in found.items() if a not in added for place in places}
    only_added = {place for a in added for place in found[a]} - planned
    for name in ("derivations", "groupings"):
        kept[name] = tuple(p for p in getattr(plan, name) if (name, p.id) not in only_added)
    return plan.model_copy(update=kept)


def embedded_plan(event: Json) -> str | None:
    """Return the text of the plan that an event carries; None where it carries none."""
    for _, part in parts(event, "analyses", "", Teller()):
        code = part.get("programmingCode")
        if isinstance(code, dict) and text_of(code, "context").startswith(CONTEXT):
            text = code.get("code")
            if isinstance(text, str) and text.strip():
                return text
    return None
