"""The options of a method in words, as the plan sets them."""

from collections.abc import Iterable, Mapping
from typing import Final

from reports.plan_document.disposition import STATED
from reports.words.markdown import paragraph_text
from reports.words.numbers import stated
from reports.words.plan_words import in_words, shown_values, window_in_words
from sap.methods import Step
from sap.model.clause import AllOf, AnyOf, Condition, Not
from sap.model.part import Part, Window

_ABOUT: Final = frozenset({"method", "variable", "with_variable", "variables", "label", *STATED})
"""What a step says beside its options."""
_SHARES: Final = frozenset({"conf_level", "threshold"})
"""Options that are given as a share of one, and printed in percent."""
NAMES: Final[Mapping[str, str]] = {
    "at_risk": "subjects at risk counted on days",
    "below_quantification": "a value below quantification counts as",
    "by": "by groups of",
    "causes": "causes",
    "conf_level": "confidence level",
    "conf_type": "intervals made on the scale",
    "data": "derived data",
    "dataset": "dataset",
    "digits": "decimals of the data",
    "event": "event",
    "exposed": "after it subjects are called",
    "exposure": "the state is entered on day",
    "follow_up": "follow-up described",
    "labels": "shown as",
    "landmark": "day of the landmark analysis",
    "landmarks": "estimates given on days",
    "levels": "categories",
    "median_rule": "median where the curve is flat at one half",
    "parameter": "parameter",
    "percentages": "percentages of",
    "scale": "axis",
    "severe": "lowest grade called severe",
    "treatment_emergent": "treatment-emergent events alone",
    "start": "curves run from day",
    "threshold": "unacceptable rate",
    "two_sided": "as extreme as the observed result is",
    "unexposed": "until it subjects are called",
    "upper_bound": "one-sided upper bound",
    "where": "records where",
    "window": "days described",
}
"""What an option is called; one that is not here is called by its own name, with blanks."""
APPLIED_TO: Final[Mapping[str, str]] = {
    "end": "last day from",
    "name": "called by",
    "start": "first day from",
    "value": "grade or value from",
}
"""What options are called that say what a method is applied to, where another method has an option of that name."""
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "coefficient": {"kendall": "Kendall's tau-b", "spearman": "Spearman's rho"},
    "below_quantification": {"half": "half the limit", "lloq": "the limit itself"},
    "percentages": {"all": "all subjects in the analysis set", "recorded": "the subjects with a value"},
    "two_sided": {
        "absolute_deviation": "any that lies as far from what is expected (absolute deviation)",
        "twice_smaller_tail": "any in its tail, counted twice (twice the smaller tail)",
    },
    "upper_bound": {"yes": "yes, at the same level"},
}
"""What a value is called that is a name of the plan's own."""


def options(step: Step) -> str:
    """Return the options of a step as a sentence, with what is not stated filled in; empty where there is none."""
    found = ((name, getattr(step, name)) for name in type(step).model_fields if name not in _ABOUT)
    told = [
        f"{APPLIED_TO.get(name, option_name(name)) if name in step.applied_to else option_name(name)}: "
        f"{_value(name, value)}"
        for name, value in found
        if value not in (None, (), {}, "")
    ]
    return paragraph_text(f"Options: {'; '.join(told)}.") if told else ""


def option_name(name: str) -> str:
    """Return what an option is called, as "confidence level" for ``conf_level``."""
    return NAMES.get(name, name.replace("_", " "))


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        said = "yes" if value else "no"
        return VALUES.get(name, {}).get(said, said)
    if isinstance(value, Part):
        return _part(value)
    if isinstance(value, float) and name in _SHARES:
        return stated(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return VALUES.get(name, {}).get(value, value.replace("_", " ") if value.islower() else value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key or 'missing'} is {shown}" for key, shown in value.items())
    if isinstance(value, Iterable):
        return shown_values(map(str, value))
    return str(value)


def _part(value: Part) -> str:
    """Return a part of the plan as a phrase; some could be gone through field by field, and are not."""
    if isinstance(value, Condition | AllOf | AnyOf | Not):
        return in_words(value)
    return window_in_words(value) if isinstance(value, Window) else str(value)
