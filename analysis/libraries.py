"""Which libraries compute each method of the plan."""

from collections.abc import Mapping
from typing import Final

_ALWAYS: Final = ("numpy", "pandas")

LIBRARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "adverse_events": _ALWAYS,
    "binomial": ("statsmodels", *_ALWAYS),
    "by_subject": _ALWAYS,
    "competing_risks": ("scipy", "lifelines", *_ALWAYS),
    "correlation": ("scipy", *_ALWAYS),
    "criteria": _ALWAYS,
    "disposition": _ALWAYS,
    "distribution": _ALWAYS,
    "kaplan_meier": ("lifelines", "scipy", *_ALWAYS),
    "posterior": ("scipy", *_ALWAYS),
    "profile": _ALWAYS,
    "rank_comparison": ("pingouin", "scipy", *_ALWAYS),
    "records": _ALWAYS,
    "summary": _ALWAYS,
    "time_dependent": ("lifelines", "scipy", *_ALWAYS),
}
"""What the modules of each method import, closest to the statistic first; a test holds the list to them."""
