"""The ten reconstructed subjects: one profile each, set by hand so that the published summaries hold.

Days are days since infusion (infusion is 0). See README.md for what is published and what is not.
"""

from dataclasses import dataclass
from datetime import date

STUDYID = "CLL1-AML-RECON"

PROGRESSION = "Disease progression"
INFECTION = "Severe infection due to chronic agranulocytosis"
ALIVE = ""


@dataclass(frozen=True)
class Baseline:
    """The subject and the leukaemia before infusion; CLL-1 in % of tumour cells."""

    age: int
    sex: str
    lines: int
    cll1: float
    relapsed: bool
    after_hsct: bool
    mds_to_aml: bool


@dataclass(frozen=True)
class Treatment:
    """Infusion (dose in 10^6 cells/kg, infection efficiency in %) and what followed it; consent in days before."""

    infusion: date
    consent: int
    dose: float
    infection: float
    hsct_day: int | None
    steroids: bool
    tocilizumab: bool


@dataclass(frozen=True)
class Outcome:
    """Days to death or to last contact, and the cause of death."""

    days: int
    cause_of_death: str


@dataclass(frozen=True)
class Peaks:
    """Day and height of the CAR-T peak (% of T cells); peaks of IL-6 (pg/mL), CRP (mg/L), ferritin (ug/L)."""

    day: int
    cart: float
    il6: float
    crp: float
    ferritin: float
    fever_at_infusion: bool


@dataclass(frozen=True)
class Subject:
    """One subject's profile."""

    subjid: str
    baseline: Baseline
    treatment: Treatment
    outcome: Outcome
    peaks: Peaks

    @property
    def usubjid(self) -> str:
        """Identifier that is unique across studies."""
        return f"RECON-{self.subjid}"

    @property
    def died(self) -> bool:
        """Whether follow-up ended with death."""
        return self.outcome.cause_of_death != ALIVE

    @property
    def salvage(self) -> bool:
        """Whether transplantation was for a leukaemia that was not in remission; the letter says so of 01 and 02."""
        return self.subjid in {"01", "02"}


SUBJECTS = (
    Subject(
        "01",
        Baseline(36, "F", lines=8, cll1=50.2, relapsed=True, after_hsct=True, mds_to_aml=False),
        Treatment(date(2017, 2, 6), 21, 1.0, 38.92, hsct_day=34, steroids=False, tocilizumab=False),
        Outcome(488, ALIVE),
        Peaks(day=14, cart=6.4, il6=62.0, crp=31.0, ferritin=1450.0, fever_at_infusion=True),
    ),
    Subject(
        "02",
        Baseline(42, "M", lines=10, cll1=74.5, relapsed=True, after_hsct=True, mds_to_aml=False),
        Treatment(date(2017, 3, 13), 18, 1.5, 49.21, hsct_day=26, steroids=False, tocilizumab=False),
        Outcome(87, PROGRESSION),
        Peaks(day=16, cart=19.6, il6=138.0, crp=54.0, ferritin=2100.0, fever_at_infusion=False),
    ),
    Subject(
        "03",
        Baseline(66, "M", lines=4, cll1=83.6, relapsed=True, after_hsct=False, mds_to_aml=True),
        Treatment(date(2017, 4, 10), 16, 1.0, 44.16, hsct_day=None, steroids=True, tocilizumab=False),
        Outcome(64, INFECTION),
        Peaks(day=12, cart=17.9, il6=890.0, crp=118.0, ferritin=6200.0, fever_at_infusion=True),
    ),
    Subject(
        "04",
        Baseline(25, "F", lines=6, cll1=92.7, relapsed=True, after_hsct=True, mds_to_aml=False),
        Treatment(date(2017, 5, 15), 24, 2.0, 62.44, hsct_day=20, steroids=True, tocilizumab=True),
        Outcome(391, ALIVE),
        Peaks(day=10, cart=46.2, il6=1640.0, crp=149.0, ferritin=8900.0, fever_at_infusion=True),
    ),
    Subject(
        "05",
        Baseline(73, "M", lines=2, cll1=66.8, relapsed=False, after_hsct=False, mds_to_aml=True),
        Treatment(date(2017, 6, 19), 14, 1.0, 23.98, hsct_day=None, steroids=False, tocilizumab=False),
        Outcome(15, PROGRESSION),
        Peaks(day=8, cart=3.1, il6=47.0, crp=42.0, ferritin=1780.0, fever_at_infusion=False),
    ),
    Subject(
        "06",
        Baseline(29, "M", lines=5, cll1=95.1, relapsed=True, after_hsct=True, mds_to_aml=False),
        Treatment(date(2017, 7, 24), 20, 1.5, 57.3, hsct_day=None, steroids=False, tocilizumab=False),
        Outcome(322, ALIVE),
        Peaks(day=18, cart=38.5, il6=265.0, crp=88.0, ferritin=3900.0, fever_at_infusion=True),
    ),
    Subject(
        "07",
        Baseline(58, "F", lines=3, cll1=89.4, relapsed=True, after_hsct=False, mds_to_aml=False),
        Treatment(date(2017, 8, 21), 17, 1.5, 51.85, hsct_day=None, steroids=True, tocilizumab=False),
        Outcome(130, INFECTION),
        Peaks(day=14, cart=55.3, il6=1120.0, crp=132.0, ferritin=7400.0, fever_at_infusion=True),
    ),
    Subject(
        "08",
        Baseline(18, "M", lines=4, cll1=97.6, relapsed=False, after_hsct=False, mds_to_aml=False),
        Treatment(date(2017, 9, 14), 19, 2.0, 73.14, hsct_day=18, steroids=True, tocilizumab=True),
        Outcome(268, ALIVE),
        Peaks(day=6, cart=72.4, il6=5480.0, crp=212.0, ferritin=15200.0, fever_at_infusion=True),
    ),
    Subject(
        "09",
        Baseline(45, "F", lines=7, cll1=79.3, relapsed=True, after_hsct=True, mds_to_aml=False),
        Treatment(date(2017, 11, 6), 22, 1.5, 31.47, hsct_day=20, steroids=True, tocilizumab=False),
        Outcome(216, ALIVE),
        Peaks(day=12, cart=33.7, il6=720.0, crp=104.0, ferritin=5100.0, fever_at_infusion=False),
    ),
    Subject(
        "10",
        Baseline(52, "M", lines=5, cll1=86.8, relapsed=True, after_hsct=False, mds_to_aml=True),
        Treatment(date(2018, 2, 6), 15, 2.0, 68.07, hsct_day=19, steroids=True, tocilizumab=True),
        Outcome(124, ALIVE),
        Peaks(day=10, cart=61.8, il6=3310.0, crp=187.0, ferritin=12600.0, fever_at_infusion=True),
    ),
)
