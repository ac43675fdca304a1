"""What is derived for each subject before anything is analysed, and the rules of dose-limiting toxicity.

A derivation is a dataset of its own with one row a subject; its id is the dataset's name in analyses, groupings
and where-clauses.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from sap.model.clause import WhereClause
from sap.model.part import DatasetName, Identifier, Part, Reference, Text, Value, VariableName, Window
from sap.model.variables import Variable


class Criterion(Part):
    """One sentence of the rule: an adverse event counts when everything stated here holds for it."""

    id: Identifier
    text: Text
    """The sentence, and where it comes from (a protocol section, or the id of an assumption)."""
    source: Text
    """The sentence, and where it comes from (a protocol section, or the id of an assumption)."""
    event: WhereClause
    """Which adverse events, over ADAE."""
    min_grade: int = Field(ge=1, le=5)
    """Lowest CTCAE (or CRS consensus) grade that counts."""
    related_only: bool = True
    """Whether the investigator must have called the event related."""
    window: Window | None = None
    """When the event must start, in days since first treatment; what it leaves out is as the rule's window."""
    min_duration_days: int | None = Field(default=None, ge=1)
    """Shortest duration that counts, first and last day both counted. Rows of one term that meet the criterion but for
    their onset and duration, and overlap or follow each other without a day between, are one episode. One without an
    end lasts until the subject dies or is last known alive."""


class DltRule(Part):
    """A definition of dose-limiting toxicity: a subject has one when any criterion is met in the window."""

    id: Identifier
    title: Text
    window: Window
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    """A subject who meets any of these in the window has a dose-limiting toxicity."""

    @model_validator(mode="after")
    def _closed_window(self) -> "DltRule":
        if self.window.start is None or self.window.end is None:
            msg = "the window of a DLT rule needs both a start and an end, in days since first treatment"
            raise ValueError(msg)
        for criterion in self.criteria:
            self.window_of(criterion)
        return self

    def window_of(self, criterion: Criterion) -> Window:
        """Return when an event must start to meet a criterion: its own window, where that is open the rule's."""
        own = criterion.window or Window()
        return Window(
            start=self.window.start if own.start is None else own.start,
            end=self.window.end if own.end is None else own.end,
        )


def _from(first: int) -> AfterValidator:
    """Give a window without a first day this one: an end alone does not ask for what was before the treatment."""
    return AfterValidator(lambda w: w if w.start is not None else Window(start=first, end=w.end))


FromTreatment = Annotated[Window, _from(0)]
"""A window that opens on the day of first treatment unless it says otherwise."""
AfterTreatment = Annotated[Window, _from(1)]
"""A window that opens on the day after first treatment unless it says otherwise."""


def _named(*variables: Variable) -> dict[str, Variable]:
    return {v.name: v for v in variables}


SINCE_TREATMENT: Final = frozenset({"DAY", "RSPDAY", "DLTDAY", "ONSET", "ENDDAY", "TPEAK"})
"""Variables of derivations that are days since first treatment."""
ENDED: Final = "ENDED"
ENDED_LATER: Final = "ENDED LATER"
ONGOING: Final = "ONGOING"
PROGRESSION: Final = frozenset(
    {
        *("PD", "PMD", "PROGRESSIVE DISEASE", "PROGRESSIVE METABOLIC DISEASE", "PROGRESSION", "DISEASE PROGRESSION"),
        *("RELAPSE", "RELAPSED DISEASE", "RELAPSE FROM CR", "PROGRESSIVE DISEASE OR RELAPSE"),
    }
)
"""What RECIST, Lugano, ELN and CDISC call progression, in capitals; a code that may mean another thing is not here."""
STABLE: Final = frozenset({"SD", "STABLE DISEASE", "NON-CR/NON-PD", "NMR", "NO METABOLIC RESPONSE"})
"""What they call neither response nor progression."""
_NO_GRADE: Final = Variable(name="NOGRADE", label="Events without a grade that could have counted", type="number")
_NO_RELATEDNESS: Final = Variable(name="NOREL", label="Events without relatedness that were judged", type="number")


class _Derivation(Part):
    id: DatasetName
    text: Text

    provides: ClassVar[dict[str, Variable]]
    """Variables the derived dataset has beside ``USUBJID``, by name."""
    columns: ClassVar[tuple[str, ...]] = ()
    """Variables of its records that it reads, beside those the plan names."""


class DltStatus(_Derivation):
    """Whether a subject had a dose-limiting toxicity under a rule, and by which criteria.

    ``EVALFL`` is Y when one occurred, or when the whole window was observed and no ongoing event of a subject alive
    could still become one by lasting longer, and no event without a grade would be one if its grade were high enough.
    """

    kind: Literal["dlt"]
    rule: Identifier
    """Id of the DLT rule."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="DLTFL", label="Dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="CRITERIA", label="Criteria met"),
        Variable(
            name="DLTDAY", label="Onset of first dose-limiting toxicity (days since first treatment)", type="number"
        ),
        Variable(name="EVALFL", label="Evaluable for dose-limiting toxicity", codelist=("Y", "N")),
        Variable(name="OBSDAYS", label="Days observed since first treatment", type="number"),
        _NO_GRADE,
        _NO_RELATEDNESS,
    )


class BestResponse(_Derivation):
    """The best response assessed in a window up to and including the first progression.

    Before another therapy where the plan says so. Where it asks for confirmation, a response counts when an assessment
    as good or better follows at least so many days later with no worse one between, and as stable disease otherwise;
    stable disease counts from a day on, where the plan names one. These are the rules of RECIST 1.1, table 3.
    """

    kind: Literal["best_response"]
    dataset: DatasetName = "ADRS"
    parameter: Identifier
    order: tuple[str, ...] = Field(min_length=1)
    """Responses from best to worst."""
    window: AfterTreatment = Window(start=1)
    """When an assessment counts: the day of first treatment and what was before it do not, unless it says so."""
    before: VariableName | None = None
    """A date of ADSL: only what was assessed before it counts."""
    progression: tuple[Value, ...] | None = None
    """The values that are progression, after the first of which no assessment counts; none, ``[]``. Left out: those
    called PD, progressive disease or relapse in the usual words."""
    stable: tuple[Value, ...] | None = None
    """The values of ``order`` that are neither response nor progression. Left out: those called SD or stable disease in
    the usual words."""
    min_days: int | None = Field(default=None, ge=0)
    """Days since first treatment from which stable disease counts; from the first day when left out."""
    confirmation: int | None = Field(default=None, ge=1)
    """Days after which a response must have been seen again to count; no confirmation is asked when left out."""

    columns: ClassVar[tuple[str, ...]] = ("AVALC", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="BOR", label="Best overall response"),
        Variable(name="RSPDAY", label="Day of best response (days since first treatment)", type="number"),
        Variable(name="NAFTER", label="Assessments after the first progression (not counted)", type="number"),
        Variable(name="NODATE", label="Assessments without a date (not counted)", type="number"),
    )

    def is_progression(self, value: str) -> bool:
        """Return whether an assessment with this value is progression."""
        return value.upper() in PROGRESSION if self.progression is None else value in self.progression

    @property
    def first_looked(self) -> int:
        """First day on which progression is looked for: after first treatment even where the window opens later."""
        return min(1, self.window.start or 0)

    @property
    def stable_values(self) -> tuple[str, ...]:
        """The values that are neither response nor progression, in the order of the plan."""
        return tuple(v for v in self.order if (v.upper() in STABLE if self.stable is None else v in self.stable))

    @property
    def responses(self) -> tuple[str, ...]:
        """The values that are a response: those before the first that is stable."""
        before = self.order[: self.order.index(self.stable_values[0])] if self.stable_values else ()
        return tuple(v for v in before if not self.is_progression(v))

    @model_validator(mode="after")
    def _values_of_the_order(self) -> "BestResponse":
        unknown = [v for v in self.stable or () if v not in self.order]
        if unknown:
            msg = f"stable names {', '.join(unknown)}, which the order has not: name values of the order"
            raise ValueError(msg)
        if not self.stable_values and not (self.min_days is None and self.confirmation is None):
            msg = "min_days and confirmation are about stable disease, and the order has none: name it, as stable: [SD]"
            raise ValueError(msg)
        return self


class TimeToEvent(_Derivation):
    """Time from start to event or censoring, in days; censored earlier where the plan says so."""

    kind: Literal["time_to_event"]
    dataset: DatasetName = "ADTTE"
    parameter: Identifier
    censor_at: VariableName | None = None
    """A date of ADSL at which a subject is censored when it comes first."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "CNSR", "STARTDT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="AVAL", label="Time to event or censoring (days)", type="number"),
        Variable(name="CNSR", label="Censored (1) or event (0)", type="number", codelist=("0", "1")),
        Variable(name="STARTDT", label="Start of the time", type="date"),
        Variable(name="EVNTDESC", label="What the event was"),
    )


class Peak(_Derivation):
    """The highest value of a parameter in a window and its first day; before another therapy where the plan says so."""

    kind: Literal["peak"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: FromTreatment = Window(start=0)
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="PEAK", label="Peak value", type="number"),
        Variable(name="TPEAK", label="Time to peak (days since first treatment)", type="number"),
    )


class AreaUnderCurve(_Derivation):
    """The area under the course of a parameter over a window, in the unit of the parameter times days.

    A subject whose measurements do not reach from the first to the last day of the window has none, and ``AUCREAS``
    says so: nothing is extrapolated. Of several values on one day the highest counts, as for the peak.
    """

    kind: Literal["area"]
    dataset: DatasetName = "ADCK"
    parameter: Identifier
    window: Window
    """First and last day of the area, in days since first treatment; where no value was measured on an end of it, the
    value there is interpolated by the rule."""
    rule: Literal["linear-up/log-down", "linear"] = "linear-up/log-down"
    """How a value becomes the next: always on a straight line, or falling ones on a logarithmic scale."""
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""
    below_quantification: Literal["zero", "half", "lloq", "missing"] = "zero"
    """What a value below the lower limit of quantification counts as."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="AUC", label="Area under the curve (unit of the parameter × days)", type="number"),
        Variable(name="AUCREAS", label="Why there is no area"),
    )

    @property
    def first(self) -> int:
        """First day of the window."""
        return self.window.start or 0

    @property
    def last(self) -> int:
        """Last day of the window."""
        return self.window.end or 0

    @model_validator(mode="after")
    def _closed(self) -> "AreaUnderCurve":
        if self.window.start is None or self.window.end is None or self.window.start == self.window.end:
            msg = "an area needs a window with a first and a later last day, as {start: 0, end: 28}"
            raise ValueError(msg)
        return self


class EventOccurrence(_Derivation):
    """Whether adverse events of a kind occurred, their worst grade, first onset, duration and end.

    An event without a grade is one of any grade, and is below each that a plan names. Rows of one term that overlap or
    follow each other without a day between are one episode; episodes count by their onset. An event without an end goes
    on; its duration is counted up to death or the day last known alive, and not only up to another therapy.
    """

    kind: Literal["adverse_event"]
    event: WhereClause
    """Which adverse events, over ADAE."""
    min_grade: int = Field(default=1, ge=1, le=5)
    """Lowest grade that counts."""
    related_only: bool = False
    """Whether the event must have been called related."""
    window: FromTreatment = Window(start=0)
    """When the episode must start, in days since first treatment."""
    before: VariableName | None = None
    """A date of ADSL that tells an end before it (``ENDED``) from one on that day or after it (``ENDED LATER``), as
    transplantation does when it ends a cytopenia; without a date every end is ``ENDED``."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="OCCURFL", label="Occurred", codelist=("Y", "N")),
        Variable(name="MAXGR", label="Worst grade (0, none)", codelist=("0", "1", "2", "3", "4", "5")),
        Variable(name="ONSET", label="First onset (days since first treatment)", type="number"),
        Variable(name="DUR", label="Duration of the first episode (days)", type="number"),
        Variable(name="ENDDAY", label="End of the last episode (days since first treatment)", type="number"),
        Variable(name="ONGOFL", label="Ongoing at the end of observation", codelist=("Y", "N")),
        Variable(name="COURSE", label="How it ended", codelist=(ENDED, ENDED_LATER, ONGOING)),
        _NO_GRADE,
        _NO_RELATEDNESS,
    )


class DayOf(_Derivation):
    """The day of something that happens at most once, in days since first treatment."""

    kind: Literal["day"]
    dataset: DatasetName = "ADSL"
    parameter: Identifier | None = None
    """Which parameter, where the dataset has several; of ADTTE only its events (``CNSR`` 0) have a day."""
    variable: VariableName
    """A date of the dataset."""

    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="DAY", label="Days since first treatment", type="number")
    )


GRADES: Final = ("0", "1", "2", "3", "4", "5")


class GradeBound(Part):
    """Beyond which value a laboratory value has a grade."""

    grade: int = Field(ge=1, le=5)
    """The grade beyond the bound."""
    below: float | None = None
    """A value under it has the grade, or a worse one."""
    above: float | None = None
    """A value over it has the grade, or a worse one."""

    @model_validator(mode="after")
    def _one_bound(self) -> "GradeBound":
        if (self.below is None) == (self.above is None):
            msg = "a grade has one bound: give below, where low values are worse, or above, where high ones are"
            raise ValueError(msg)
        return self

    def holds(self, value: float) -> bool:
        """Return whether a value is beyond the bound."""
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


class LabGrade(_Derivation):
    """The grade of a laboratory value before first treatment, and the worst one after it, by bounds of the values.

    A value has the highest grade beyond whose bound it lies, and 0 beyond none: a grade that the bounds leave out, as
    one that asks for a laboratory's own limit, is not told from 0. The last day before first treatment with a value is
    the baseline; of several values on it the worst counts. A subject without a value has no grade.
    """

    kind: Literal["lab_grade"]
    dataset: DatasetName = "ADLB"
    parameter: Identifier
    grades: tuple[GradeBound, ...] = Field(min_length=1)
    """The bounds, in the unit of the parameter."""
    window: AfterTreatment = Window(start=1)
    """When a value after first treatment counts."""
    before: VariableName | None = None
    """A date of ADSL: only what was measured before it counts."""

    columns: ClassVar[tuple[str, ...]] = ("AVAL", "ADT")
    provides: ClassVar[dict[str, Variable]] = _named(
        Variable(name="BASEGR", label="Grade before first treatment", codelist=GRADES),
        Variable(name="WORSTGR", label="Worst grade after first treatment", codelist=GRADES),
    )

    @model_validator(mode="after")
    def _each_grade_once(self) -> "LabGrade":
        for (grade, low), n in Counter((b.grade, b.below is None) for b in self.grades).items():
            if n > 1:
                msg = f"grade {grade} has two bounds {'above' if low else 'below'}: keep one"
                raise ValueError(msg)
        return self


_SLOT: Final = re.compile(r"\{(?:(?P<dataset>[A-Z][A-Z0-9_]*)\.)?(?P<variable>[A-Z][A-Z0-9_]*)(?P<day>:day)?\}")
RECORDS_SLOT: Final = "{records}"


class Slot(Part):
    """A place in a sentence where a value stands."""

    dataset: DatasetName | None = None
    variable: VariableName
    day: bool = False
    """Whether a date is told in days since first treatment."""


def slots(text: str) -> tuple[tuple[str, Slot], ...]:
    """Return the places in a text where values stand, each with how it is written."""
    return tuple(
        (m[0], Slot(dataset=m["dataset"], variable=m["variable"], day=m["day"] is not None))
        for m in _SLOT.finditer(text)
    )


class ToldRecords(Part):
    """Records that a sentence lists, each in the same words."""

    dataset: DatasetName
    where: WhereClause | None = None
    """Which records, where not all."""
    sort: tuple[VariableName, ...] = ()
    """Variables by which they are sorted; as in the file when left out."""
    text: Text
    """How one is told, as ``{AEDECOD}, grade {ATOXGR}, day {ASTDT:day} to {AENDT:day}``."""
    otherwise: Text | None = None
    """How one is told that lacks a value named in ``text``, as an event that goes on; left out of the list if none."""


class Sentence(Part):
    """One sentence of a narrative."""

    text: Text
    """The sentence, with values as ``{ADSL.AGE}``, or ``{ADSL.DTHDT:day}`` for days since first treatment, and
    ``{records}`` where its records stand."""
    otherwise: Text | None = None
    """The sentence of a subject who lacks one of the values, or has none of the records; none when left out."""
    records: ToldRecords | None = None
    words: dict[Value, Text] = Field(default_factory=dict)
    """What a value is called in the sentence: ``{F: woman}``."""

    @model_validator(mode="after")
    def _slots_named(self) -> "Sentence":
        if (RECORDS_SLOT in self.text) != (self.records is not None):
            msg = f"{RECORDS_SLOT} in the text and records belong together: give both, or neither"
            raise ValueError(msg)
        for text in filter(None, (self.text, self.otherwise)):
            for written, slot in slots(text):
                if slot.dataset is None:
                    msg = f"{written} does not say of which dataset: write {{DATASET.VARIABLE}}, as {{ADSL.AGE}}"
                    raise ValueError(msg)
        for text in filter(None, (self.records.text, self.records.otherwise)) if self.records else ():
            for written, slot in slots(text):
                if slot.dataset is not None:
                    msg = f"{written} stands in the text of a record: write {{VARIABLE}}, of its own dataset"
                    raise ValueError(msg)
        return self


class Narrative(_Derivation):
    """What happened to a subject, told in sentences that the plan states and the data fill."""

    kind: Literal["narrative"]
    sentences: tuple[Sentence, ...] = Field(min_length=1)
    """The sentences, in the order in which they are told."""

    provides: ClassVar[dict[str, Variable]] = _named(Variable(name="TEXT", label="Narrative"))

    @property
    def references(self) -> tuple[tuple[int, Reference, bool], ...]:
        """What each sentence reads: its position, the variable, and whether it must be a date."""
        return tuple((i, ref, day) for i, s in enumerate(self.sentences) for ref, day in _read(s))


def _read(sentence: Sentence) -> Iterator[tuple[Reference, bool]]:
    for text in filter(None, (sentence.text, sentence.otherwise)):
        for _, slot in slots(text):
            yield Reference(dataset=slot.dataset or "", variable=slot.variable), slot.day
    told = sentence.records
    if told is not None:
        for text in filter(None, (told.text, told.otherwise)):
            for _, slot in slots(text):
                yield Reference(dataset=told.dataset, variable=slot.variable), slot.day
        for name in told.sort:
            yield Reference(dataset=told.dataset, variable=name), False


Derivation = Annotated[
    DltStatus | BestResponse | TimeToEvent | Peak | AreaUnderCurve | EventOccurrence | DayOf | LabGrade | Narrative,
    Field(discriminator="kind"),
]
