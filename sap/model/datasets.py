"""The analysis datasets: the core every trial has, and what its plan adds.

A trial adds its own variables and parameters in its plan; nothing here belongs to one trial.
Labels follow the CDISC ADaM Implementation Guide.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sap.model.variables import Dataset, Variable, VariableType

YES_NO: Final = ("Y", "N")
SUBJECT: Final = Variable(name="USUBJID", label="Unique Subject Identifier")
STUDY: Final = Variable(name="STUDYID", label="Study Identifier", required=False)


def _optional(name: str, label: str, kind: str = "text", **more: object) -> Variable:
    fields = {"name": name, "label": label, "type": kind, "required": False, "missing": True, **more}
    return Variable.model_validate(fields)


def _bds(*own: Variable) -> tuple[Variable, ...]:
    return (
        STUDY,
        SUBJECT,
        Variable(name="PARAMCD", label="Parameter Code"),
        _optional("PARAM", "Parameter"),
        *own,
        Variable(name="ADT", label="Analysis Date", type="date"),
        _optional("ADY", "Analysis Relative Day", "integer", unit="study day"),
        _optional("VISIT", "Visit Name"),
    )


_AVAL = Variable(name="AVAL", label="Analysis Value", type="number", missing=True)
_AVALU = _optional("AVALU", "Analysis Value Unit")

CORE: Final[Mapping[str, tuple[Variable, ...]]] = {
    "ADSL": (
        STUDY,
        SUBJECT,
        _optional("SUBJID", "Subject Identifier for the Study"),
        Variable(name="AGE", label="Age", type="integer", unit="years", min=0, max=120),
        Variable(name="SEX", label="Sex", codelist=("F", "M", "U")),
        _optional("RFICDT", "Date of Informed Consent", "date"),
        Variable(name="TRTSDT", label="Date of First Exposure to Treatment", type="date", missing=True),
        _optional("TRTEDT", "Date of Last Exposure to Treatment", "date"),
        _optional("TRT01A", "Actual Treatment for Period 01"),
        _optional("ENRLFL", "Enrolled Population Flag", codelist=YES_NO),
        _optional("SAFFL", "Safety Population Flag", codelist=YES_NO),
        Variable(name="DTHFL", label="Subject Death Flag", codelist=YES_NO, missing=True),
        Variable(name="DTHDT", label="Date of Death", type="date", missing=True),
        _optional("DTHCAUS", "Cause of Death"),
        Variable(name="LSTALVDT", label="Date Last Known Alive", type="date"),
    ),
    "ADAE": (
        STUDY,
        SUBJECT,
        _optional("AESEQ", "Sequence Number", "integer", min=1, missing=False),
        Variable(name="AEDECOD", label="Dictionary-Derived Term"),
        Variable(name="AEBODSYS", label="Body System or Organ Class"),
        Variable(name="ATOXGR", label="Analysis Toxicity Grade", type="integer", min=1, max=5),
        _optional("AESER", "Serious Event", codelist=YES_NO),
        Variable(name="AREL", label="Analysis Causality", codelist=("RELATED", "NOT RELATED")),
        Variable(name="ASTDT", label="Analysis Start Date", type="date"),
        Variable(name="AENDT", label="Analysis End Date", type="date", missing=True),
        _optional("ASTDY", "Analysis Start Relative Day", "integer", unit="study day"),
        _optional("AENDY", "Analysis End Relative Day", "integer", unit="study day"),
        Variable(name="TRTEMFL", label="Treatment Emergent Analysis Flag", codelist=YES_NO, missing=True),
    ),
    "ADRS": _bds(Variable(name="AVALC", label="Analysis Value (C)")),
    "ADTTE": _bds(
        Variable(name="AVAL", label="Analysis Value", type="number", min=0),
        _AVALU,
        Variable(name="CNSR", label="Censor", type="integer", codelist=("0", "1")),
        Variable(name="STARTDT", label="Time-to-Event Origin Date", type="date"),
        _optional("EVNTDESC", "Event or Censoring Description"),
        _optional("CNSDTDSC", "Censor Date Description"),
    ),
    "ADCK": _bds(
        _AVAL,
        _AVALU,
        _optional("LLOQ", "Lower Limit of Quantification", "number", min=0),
        _optional("BLQFL", "Below Limit of Quantification Flag", codelist=YES_NO),
    ),
    "ADLB": _bds(_AVAL, _AVALU),
    "ADEX": (
        STUDY,
        SUBJECT,
        _optional("EXSEQ", "Sequence Number", "integer", min=1, missing=False),
        Variable(name="EXTRT", label="Name of Treatment"),
        Variable(name="EXDOSE", label="Dose", type="number", min=0),
        Variable(name="EXDOSU", label="Dose Units"),
        Variable(name="ASTDT", label="Analysis Start Date", type="date"),
        _optional("AENDT", "Analysis End Date", "date"),
        _optional("ASTDY", "Analysis Start Relative Day", "integer", unit="study day"),
        _optional("AENDY", "Analysis End Relative Day", "integer", unit="study day"),
    ),
    "ADDV": (
        STUDY,
        SUBJECT,
        _optional("DVSEQ", "Sequence Number", "integer", min=1, missing=False),
        _optional("DVCAT", "Category for Protocol Deviation"),
        Variable(name="DVTERM", label="Protocol Deviation Term"),
        _optional("DVIMPFL", "Important Protocol Deviation Flag", codelist=YES_NO),
        Variable(name="ADT", label="Analysis Date", type="date"),
        _optional("ADY", "Analysis Relative Day", "integer", unit="study day"),
    ),
}
"""Variables every trial's dataset of that name has (or may have: ``required`` is false)."""

READ: Final[Mapping[str, VariableType]] = {
    v.name: v.type
    for name in ("ADTTE", "ADCK", "ADAE", "ADRS")
    for v in CORE[name]
    if v.name in {"USUBJID", "PARAMCD", "AVALC", "VISIT"} or v.type != "text"
}
"""What rules and methods take a column for in every dataset that has it, whether the plan describes it or not."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ADSL": ("USUBJID",),
    "ADAE": ("USUBJID", "AESEQ"),
    "ADRS": ("USUBJID", "PARAMCD", "ADT"),
    "ADTTE": ("USUBJID", "PARAMCD"),
    "ADCK": ("USUBJID", "PARAMCD", "ADT"),
    "ADLB": ("USUBJID", "PARAMCD", "ADT"),
    "ADEX": ("USUBJID", "EXTRT", "ASTDT"),
    "ADDV": ("USUBJID", "DVSEQ"),
}
"""What makes a row of a dataset unique, unless the plan says otherwise."""


def variables(name: str, dataset: Dataset) -> tuple[Variable, ...]:
    """Return the variables of a trial's dataset: the core, and what the plan adds or overrides."""
    added = {v.name: v for v in dataset.variables}
    core = CORE.get(name, (STUDY, SUBJECT))
    kept = tuple(added.pop(v.name, v) for v in core)
    described = (*kept, *added.values())
    return (*described, *_flags(described))


def _flags(described: tuple[Variable, ...]) -> Iterator[Variable]:
    """Yield the variables that say which part of a date was imputed, where the plan describes none itself."""
    names = {v.name for v in described}
    for v in described:
        if v.impute is not None and v.flag not in names:
            yield _optional(v.flag, f"{v.label} Imputation Flag", codelist=("D", "M", "Y"))


def key(name: str, dataset: Dataset) -> tuple[str, ...]:
    """Return the variables that identify a row of a dataset."""
    return dataset.key or KEYS.get(name, ())


def wanted(name: str, dataset: Dataset) -> frozenset[str]:
    """Return the columns that a plan, a rule or a method may ask of a dataset: a format may leave the others unread."""
    core = {v.name for of in CORE.values() for v in of}
    return frozenset({v.name for v in variables(name, dataset)} | core | {"AETERM"})
