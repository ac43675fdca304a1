"""What stands on every page of a document: which plan, that the rows are no patients', and the stamp of a draft."""

import re
from dataclasses import dataclass

from analysis.results.provenance import Provenance
from sap.plan.plan import Plan

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Running:
    """The head and the foot of every page, as plain text."""

    head: str
    """The plan, its version and the study."""
    foot: str
    """What the rows behind the document are: the first sentence of the plan's notice about its data."""
    stamp: str
    """"DRAFT", "DRY RUN – synthetic data", or empty for a sealed run."""


def running(plan: Plan, provenance: Provenance) -> Running:
    """Return what every page of a document says."""
    notice = " ".join(plan.study.data_notice.split())
    found = _SENTENCE.match(notice)
    # The notice is about the trial's own data, which a dry run has not read.
    foot = provenance.stamp if provenance.state == "dry run" else found[0] if found else notice
    head = f"{plan.plan.id} {plan.plan.version} · {plan.study.short_title or plan.study.title}"
    return Running(head, foot, provenance.stamp)
