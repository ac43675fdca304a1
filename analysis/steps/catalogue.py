"""How each method of the plan is computed, and what goes with it: the one list of `analysis` that a new method joins.

Functions are named as ``module:function`` and imported when an analysis needs them, so that a plan pays for the
libraries of its own methods, and a page that only says which these are pays for none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Final, Literal

from analysis.data.sample import Sample
from analysis.results.ard import Statistic
from sap.methods import Step

LevelKind = Literal["category", "criterion", "event", "level", "record", "subject", "time"]
_ALWAYS: Final = ("numpy", "pandas")


@dataclass(frozen=True)
class Method:
    """How a method is computed, and what must be known of its results."""

    step: str
    """The function of a step and a sample that gives the statistics."""
    libraries: tuple[str, ...] = _ALWAYS
    """What its modules import, closest to the statistic first; a test holds the list to them."""
    levels: LevelKind = "level"
    """What the ``variable_level`` of its results is; "level" where it is none of the others, or is empty."""
    data_contexts: tuple[str, ...] = ()
    """The contexts in which it gives rows that depend on who is in the data; every other row is there for nobody too.
    """
    used: str = "analysis.data.sample:with_values"
    """The function of a step and a sample that gives the subjects the method uses, where they are not those with a
    value of all that the step needs."""

    def statistics(self, step: Step, sample: Sample) -> list[Statistic]:
        """Return the statistics of a step of this method in a sample."""
        found: list[Statistic] = resolve_name(self.step)(step, sample)
        return found

    def subjects(self, step: Step, sample: Sample) -> tuple[str, ...]:
        """Return the subjects of a sample whom a step of this method uses."""
        found: tuple[str, ...] = resolve_name(self.used)(step, sample)
        return found


METHODS: Final[Mapping[str, Method]] = {
    "adverse_events": Method(
        "analysis.steps.adverse_events:adverse_events", levels="event", data_contexts=("adverse_events",)
    ),
    "binomial": Method("analysis.steps.binomial:binomial", ("statsmodels", *_ALWAYS), levels="event"),
    "by_subject": Method("analysis.steps.by_subject:by_subject", levels="subject", data_contexts=("subject",)),
    "competing_risks": Method(
        "analysis.steps.competing_risks:competing_risks",
        ("scipy", "lifelines", *_ALWAYS),
        levels="time",
        data_contexts=("incidence_curve",),
    ),
    "correlation": Method("analysis.steps.correlation:correlation", ("scipy", *_ALWAYS)),
    "criteria": Method("analysis.steps.counts:criteria", levels="criterion"),
    "disposition": Method(
        "analysis.steps.disposition:disposition",
        data_contexts=("lost", "lost_by_reason", "outcome", "left_out", "left_out_by_reason"),
    ),
    "distribution": Method(
        "analysis.steps.counts:distribution",
        levels="category",
        data_contexts=("distribution", "not_recorded"),
        used="analysis.steps.counts:recorded",
    ),
    "kaplan_meier": Method(
        "analysis.steps.kaplan_meier:kaplan_meier",
        ("lifelines", "scipy", *_ALWAYS),
        levels="time",
        data_contexts=("curve", "at_risk"),
    ),
    "posterior": Method(
        "analysis.steps.posterior:posterior",
        ("scipy", *_ALWAYS),
        levels="event",
        data_contexts=("posterior_sequence",),
    ),
    "profile": Method(
        "analysis.steps.profile:profile",
        levels="subject",
        data_contexts=("profile", "profile_subject"),
        used="analysis.steps.profile:measured_subjects",
    ),
    "rank_comparison": Method("analysis.steps.rank_comparison:rank_comparison", ("pingouin", "scipy", *_ALWAYS)),
    "records": Method("analysis.steps.records:records", levels="record", data_contexts=("record",)),
    "summary": Method("analysis.steps.summary:summary"),
    "time_dependent": Method(
        "analysis.steps.time_dependent:time_dependent",
        ("lifelines", "scipy", *_ALWAYS),
        levels="time",
        data_contexts=("simon_makuch", "simon_makuch_risk"),
    ),
}
"""By the plan's name of the method; a test holds this list to the plan's."""
