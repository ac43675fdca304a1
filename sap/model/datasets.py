"""The analysis datasets: the core that rules and methods know, and what a plan adds.

A trial adds its own variables and parameters in its plan; nothing here belongs to one trial. But for the subject no
column of the core is demanded of a file: a plan needs those it uses (`sap.plan.uses`).
Labels follow the CDISC ADaM Implementation Guide.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sap.model.variables import Dataset, Variable, VariableType

YES_NO: Final = ("Y", "N")
SUBJECT: Final = Variable(name="USUBJID", label="Unique Subject Identifier", type="text")


def _known(name: str, label: str, kind: str = "text", **more: object) -> Variable:
    """Return a column that a file may lack and whose cells are all filled."""
    return Variable.model_validate({"name": name, "label": label, "type": kind, "required": False, **more})


def _optional(name: str, label: str, kind: str = "text", **more: object) -> Variable:
    """Return a column that a file may lack and whose cells may be empty."""
    return _known(name, label, kind, **{"missing": True, **more})


STUDY: Final = _known("STUDYID", "Study Identifier")


def _bds(*own: Variable) -> tuple[Variable, ...]:
    return (
        STUDY,
        SUBJECT,
        _known("PARAMCD", "Parameter Code"),
        _optional("PARAM", "Parameter"),
        *own,
        _known("ADT", "Analysis Date", "date"),
        _optional("ADY", "Analysis Relative Day", "integer", unit="study day"),
        _optional("VISIT", "Visit Name"),
    )


_AVAL = _optional("AVAL", "Analysis Value", "number")
_AVALU = _optional("AVALU", "Analysis Value Unit")

CORE: Final[Mapping[str, tuple[Variable, ...]]] = {
    "ADSL": (
        STUDY,
        SUBJECT,
        _optional("SUBJID", "Subject Identifier for the Study"),
        _known("AGE", "Age", "number", unit="years", min=0, max=120),
        _known("SEX", "Sex", codelist=("F", "M", "U", "UNDIFFERENTIATED")),
        _optional("RFICDT", "Date of Informed Consent", "date"),
        _optional("TRTSDT", "Date of First Exposure to Treatment", "date"),
        _optional("TRTEDT", "Date of Last Exposure to Treatment", "date"),
        _optional("TRT01A", "Actual Treatment for Period 01"),
        _optional("ENRLFL", "Enrolled Population Flag", codelist=YES_NO),
        _optional("SAFFL", "Safety Population Flag", codelist=YES_NO),
        _optional("DTHFL", "Subject Death Flag", codelist=YES_NO),
        _optional("DTHDT", "Date of Death", "date"),
        _optional("DTHCAUS", "Cause of Death"),
        _known("LSTALVDT", "Date Last Known Alive", "date"),
    ),
    "ADAE": (
        STUDY,
        SUBJECT,
        _optional("AESEQ", "Sequence Number", "integer", min=1, missing=False),
        _known("AEDECOD", "Dictionary-Derived Term"),
        _known("AEBODSYS", "Body System or Organ Class"),
        _known("ATOXGR", "Analysis Toxicity Grade", "integer", min=1, max=5),
        _optional("AESER", "Serious Event", codelist=YES_NO),
        _known("AREL", "Analysis Causality", codelist=("RELATED", "NOT RELATED")),
        _known("ASTDT", "Analysis Start Date", "date"),
        _optional("AENDT", "Analysis End Date", "date"),
        _optional("ASTDY", "Analysis Start Relative Day", "integer", unit="study day"),
        _optional("AENDY", "Analysis End Relative Day", "integer", unit="study day"),
        _optional("TRTEMFL", "Treatment Emergent Analysis Flag", codelist=YES_NO),
    ),
    "ADRS": _bds(_known("AVALC", "Analysis Value (C)")),
    "ADTTE": _bds(
        _known("AVAL", "Analysis Value", "number", min=0),
        _AVALU,
        _known("CNSR", "Censor", "integer", min=0),
        _known("STARTDT", "Time-to-Event Origin Date", "date"),
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
        _known("EXTRT", "Name of Treatment"),
        _known("EXDOSE", "Dose", "number", min=0),
        _known("EXDOSU", "Dose Units"),
        _known("ASTDT", "Analysis Start Date", "date"),
        _optional("AENDT", "Analysis End Date", "date"),
        _optional("ASTDY", "Analysis Start Relative Day", "integer", unit="study day"),
        _optional("AENDY", "Analysis End Relative Day", "integer", unit="study day"),
    ),
    "ADDV": (
        STUDY,
        SUBJECT,
        _optional("DVSEQ", "Sequence Number", "integer", min=1, missing=False),
        _optional("DVCAT", "Category for Protocol Deviation"),
        _known("DVTERM", "Protocol Deviation Term"),
        _optional("DVIMPFL", "Important Protocol Deviation Flag", codelist=YES_NO),
        _known("ADT", "Analysis Date", "date"),
        _optional("ADY", "Analysis Relative Day", "integer", unit="study day"),
    ),
}
"""Variables that a dataset of that name may have, as rules and methods read them."""

READ: Final[Mapping[str, VariableType]] = {
    v.name: v.type or "text"
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
    core = {v.name: v for v in CORE.get(name, (STUDY, SUBJECT))}
    added = {v.name: _settled(v, core.get(v.name)) for v in dataset.variables}
    described = (*(added.pop(n, v) for n, v in core.items()), *added.values())
    return (*described, *_flags(described))


def _flags(described: tuple[Variable, ...]) -> Iterator[Variable]:
    """Yield the variables that say which part of a date was imputed, where the plan describes none itself."""
    names = {v.name for v in described}
    for v in described:
        if v.impute is not None and v.flag not in names:
            yield _optional(v.flag, f"{v.called} Imputation Flag", codelist=("D", "M", "Y"))


def _settled(stated: Variable, core: Variable | None) -> Variable:
    """Return a variable with what the core says of it where the plan says nothing: label, type, empty cells."""
    label = stated.label or (core.label if core is not None else None)
    kind = stated.type or (core.type if core is not None else READ.get(stated.name))
    if kind is None and stated.impute is not None:
        kind = "date"
    if kind is None and (stated.codelist or stated.min is not None or stated.max is not None):
        kind = "text" if stated.codelist else "number"
    missing = stated.missing if core is None or "missing" in stated.model_fields_set else core.missing
    if (label, kind, missing) == (stated.label, stated.type, stated.missing):
        return stated
    return stated.model_copy(update={"label": label, "type": kind, "missing": missing})


def key(name: str, dataset: Dataset) -> tuple[str, ...]:
    """Return the variables that identify a row of a dataset."""
    return dataset.key or KEYS.get(name, ())


def wanted(name: str, dataset: Dataset) -> frozenset[str]:
    """Return the columns that a plan, a rule or a method may ask of a dataset: a format may leave the others unread."""
    core = {v.name for of in CORE.values() for v in of}
    described = {n.upper() for v in variables(name, dataset) for n in (v.name, v.source) if n is not None}
    return frozenset(described | core | _TELLING_APART | {"AETERM"})


_TELLING_APART: Final = frozenset(
    {"AVISIT", "AVISITN", "VISITNUM", "ATPT", "ATPTN", "DTYPE", "ADTM", "ASEQ", "LBSEQ", "VSSEQ", "EGSEQ", "QSSEQ"}
    | {"RSSEQ", "CMSEQ", "MHSEQ", "PCSEQ", "SRCSEQ"}
)
"""Columns by which a key may be completed that does not tell records apart."""
