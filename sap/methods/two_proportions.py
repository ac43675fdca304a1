"""Two groups compared by their proportions of subjects with an event."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from sap.model.comparison import Stratified, TwoGroups
from sap.model.names import Names
from sap.model.part import Level, Reference, Value, VariableRef
from sap.text.problems import Fault, Place

_LIMITS: Mapping[str, tuple[str, ...]] = {
    "difference": ("miettinen_nurminen", "newcombe", "wald", "mantel_haenszel"),
    "ratio": ("miettinen_nurminen", "wald"),
    "odds_ratio": ("miettinen_nurminen", "wald", "mantel_haenszel"),
}
"""The limits that there are of each measure."""
_STRATIFIED: frozenset[tuple[str, str]] = frozenset(
    {("difference", "miettinen_nurminen"), ("difference", "mantel_haenszel"), ("odds_ratio", "mantel_haenszel")}
)
"""Those that hold within strata."""


class TwoProportions(TwoGroups, Stratified):
    """Two groups compared by the difference or ratio of their proportions with an event."""

    sentence: ClassVar[str] = (
        "Two groups are compared by their proportions of subjects with an event. Limits of Miettinen and Nurminen "
        "invert the score test, with Mantel–Haenszel weights over strata; those of Newcombe combine the Wilson limits "
        "of both proportions; those of Mantel and Haenszel have the variance of Sato (difference) or of Robins, "
        "Breslow and Greenland (odds ratio). The score test within strata is that of Cochran, Mantel and Haenszel, "
        "without continuity correction. A stratum with one group alone counts for nothing."
    )
    if_missing: ClassVar[str] = (
        "A subject without a value counts as one without the event; one in no stratum is left out."
    )
    applied_to: ClassVar[frozenset[str]] = TwoGroups.applied_to | Stratified.applied_to | {"event", "variable"}
    said_by_lines: ClassVar[frozenset[str]] = frozenset({"conf_level", "measure", "limits", "test"})
    option_words: ClassVar[Mapping[str, str]] = {"measure": "compared by", "limits": "limits by", "test": "test"}
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "measure": {"difference": "difference", "ratio": "ratio", "odds_ratio": "odds ratio"},
        "limits": {
            "miettinen_nurminen": "Miettinen and Nurminen",
            "newcombe": "Newcombe",
            "wald": "Wald",
            "mantel_haenszel": "Mantel and Haenszel",
        },
        "test": {"score": "score", "fisher": "Fisher's exact"},
    }
    also_called: ClassVar[str] = "risk_ratio relative_risk odds_ratio fisher chi_square cmh cochran_mantel_haenszel"

    method: Literal["two_proportions"]
    variable: VariableRef
    event: tuple[Value, ...] = Field(min_length=1)
    """The values that count as the event."""
    measure: Literal["difference", "ratio", "odds_ratio"] = "difference"
    """What is compared: the first minus, or over, the second; or their odds."""
    limits: Literal["miettinen_nurminen", "newcombe", "wald", "mantel_haenszel"] = "miettinen_nurminen"
    """How the interval is made."""
    test: Literal["score", "fisher"] = "score"
    """Which p-value is given."""
    conf_level: Level = 0.95

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values that count as the event."""
        return ((("event",), self.variable, self.event),)

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield limits that there are not of this measure, and what does not hold within strata."""
        yield from super().wrong_uses(names, path)
        words = {name: of[str(getattr(self, name))] for name, of in self.value_words.items()}
        if self.limits not in _LIMITS[self.measure]:
            what = f"limits of {words['limits']} are not those of {self._article} {words['measure']}."
            yield Fault((*path, "limits"), what, f"Use one of {', '.join(_LIMITS[self.measure])}.")
        elif self.strata and (self.measure, self.limits) not in _STRATIFIED:
            there = sorted(limits for measure, limits in _STRATIFIED if measure == self.measure)
            what = f"limits of {words['limits']} of {self._article} {words['measure']} do not hold within strata."
            fix = (
                f"Use {' or '.join(there)}."
                if there
                else "Compare by the difference or the odds ratio, or leave strata out."
            )
            yield Fault((*path, "limits"), what, fix)
        if self.strata and self.test == "fisher":
            yield Fault((*path, "test"), "Fisher's exact test is one of one table, without strata.", "Use test: score.")

    @property
    def _article(self) -> str:
        return "an" if self.measure == "odds_ratio" else "a"
