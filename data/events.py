"""Adverse events and responses of the reconstructed subjects, set by hand. Days are days since infusion."""

from dataclasses import dataclass

BLOOD = "Blood and lymphatic system disorders"
INVESTIGATIONS = "Investigations"
INFECTIONS = "Infections and infestations"

CRS = "Cytokine release syndrome"
PANCYTOPENIA = "Pancytopenia"
ANAEMIA = "Anaemia"
NEUTROPHILS = "Neutrophil count decreased"
PLATELETS = "Platelet count decreased"
FEBRILE_NEUTROPENIA = "Febrile neutropenia"
ALT = "Alanine aminotransferase increased"
HYPOKALAEMIA = "Hypokalaemia"
INFUSION_REACTION = "Infusion related reaction"
NAUSEA = "Nausea"
PNEUMONIA = "Pneumonia"
SEPSIS = "Sepsis"

BODY_SYSTEM = {
    CRS: "Immune system disorders",
    PANCYTOPENIA: BLOOD,
    ANAEMIA: BLOOD,
    FEBRILE_NEUTROPENIA: BLOOD,
    NEUTROPHILS: INVESTIGATIONS,
    PLATELETS: INVESTIGATIONS,
    ALT: INVESTIGATIONS,
    HYPOKALAEMIA: "Metabolism and nutrition disorders",
    INFUSION_REACTION: "Injury, poisoning and procedural complications",
    NAUSEA: "Gastrointestinal disorders",
    PNEUMONIA: INFECTIONS,
    SEPSIS: INFECTIONS,
}


@dataclass(frozen=True)
class Event:
    """One adverse event; `end` is None while it is ongoing."""

    subjid: str
    term: str
    grade: int
    start: int
    end: int | None
    related: bool = True


def _course(term: str, *rows: tuple[str, int, int, int | None]) -> tuple[Event, ...]:
    """Return events of one term from (subject, grade, first day, last day)."""
    return tuple(Event(subjid, term, grade, start, end) for subjid, grade, start, end in rows)


# A change of grade begins a new row, so the days of a row are the days at its grade.
EVENTS = (
    *_course(
        CRS,
        *(("01", 1, 6, 9), ("02", 2, 5, 9), ("03", 2, 4, 5), ("03", 3, 6, 10), ("04", 3, 4, 10)),
        *(("05", 1, 5, 8), ("06", 2, 8, 13), ("07", 3, 5, 9), ("08", 2, 3, 3), ("08", 4, 4, 9)),
        *(("09", 3, 6, 9), ("10", 2, 3, 3), ("10", 3, 4, 14)),
    ),
    *_course(
        PANCYTOPENIA,
        *(("01", 3, 4, 46), ("02", 4, 6, 41), ("03", 4, 5, None), ("04", 4, 5, 35), ("05", 4, 6, None)),
        *(("06", 3, 7, 24), ("07", 4, 4, None), ("08", 4, 4, 33), ("09", 4, 6, 34), ("10", 4, 5, 36)),
    ),
    *_course(
        NEUTROPHILS,
        *(("01", 3, 4, 44), ("02", 4, 6, 39), ("03", 4, 5, None), ("04", 4, 5, 32), ("05", 4, 6, None)),
        *(("06", 2, 7, 21), ("07", 4, 4, None), ("08", 4, 4, 30), ("09", 4, 6, 32), ("10", 4, 5, 35)),
    ),
    *_course(
        ANAEMIA,
        *(("01", 2, 5, 46), ("02", 3, 7, 40), ("03", 3, 6, None), ("04", 3, 6, 34), ("05", 2, 6, None)),
        *(("06", 3, 8, 24), ("07", 3, 5, None), ("08", 3, 6, 31), ("09", 2, 7, 34), ("10", 3, 6, 36)),
    ),
    *_course(
        PLATELETS,
        *(("01", 2, 4, 45), ("02", 2, 8, 41), ("03", 4, 6, None), ("04", 3, 6, 35), ("05", 4, 7, None)),
        *(("06", 3, 7, 23), ("07", 4, 5, None), ("08", 2, 5, 33), ("09", 3, 7, 33), ("10", 4, 6, 36)),
    ),
    *_course(
        FEBRILE_NEUTROPENIA,
        *(("02", 3, 10, 12), ("03", 3, 11, 14), ("04", 3, 11, 13), ("07", 3, 10, 13), ("09", 3, 10, 12)),
    ),
    *_course(
        INFUSION_REACTION,
        *(("01", 1, 0, 0), ("03", 1, 0, 0), ("04", 1, 0, 0), ("06", 1, 0, 0)),
        *(("07", 1, 0, 0), ("08", 2, 0, 0), ("10", 1, 0, 0)),
    ),
    *_course(ALT, ("08", 3, 5, 10), ("10", 3, 6, 15)),
    *_course(HYPOKALAEMIA, ("04", 3, 7, 9), ("09", 2, 8, 11)),
    *_course(SEPSIS, ("03", 5, 59, 64), ("07", 5, 124, 130)),
    Event("06", PNEUMONIA, 3, 9, 20, related=False),
    Event("02", NAUSEA, 1, -4, -2, related=False),
    Event("09", NAUSEA, 2, -3, -1, related=False),
)

# (subject, day, response, minimal residual disease when it was measured). CR needs neutrophils of at least 1.0 and
# platelets of at least 100 x 10^9/L, so none while a cytopenia above lasts: 04, 08, 09, 10 are CRi until engraftment.
RESPONSES = (
    *(("01", 14, "NR", ""), ("01", 28, "NR", ""), ("01", 62, "CR", "NEGATIVE"), ("01", 180, "CR", "NEGATIVE")),
    *(("01", 336, "CR", "POSITIVE"), ("01", 400, "CR", "NEGATIVE"), ("01", 480, "CR", "NEGATIVE")),
    *(("02", 15, "PR", ""), ("02", 56, "PR", ""), ("02", 80, "NR", "")),
    *(("03", 14, "CRi", "NEGATIVE"), ("03", 28, "CRi", "NEGATIVE"), ("03", 57, "CRi", "NEGATIVE")),
    *(("04", 14, "CRi", "NEGATIVE"), ("04", 48, "CR", "NEGATIVE"), ("04", 110, "CR", "NEGATIVE")),
    *(("04", 203, "CR", "NEGATIVE"), ("04", 290, "CR", "NEGATIVE"), ("04", 384, "CR", "NEGATIVE")),
    ("05", 14, "NR", ""),
    *(("06", 28, "CR", "NEGATIVE"), ("06", 61, "CR", "NEGATIVE"), ("06", 120, "CR", "NEGATIVE")),
    *(("06", 212, "CR", "NEGATIVE"), ("06", 310, "CR", "NEGATIVE")),
    *(("07", 15, "CRi", "POSITIVE"), ("07", 28, "CRi", "NEGATIVE"), ("07", 60, "CRi", "NEGATIVE")),
    ("07", 105, "CRi", "NEGATIVE"),
    *(("08", 14, "CRi", "NEGATIVE"), ("08", 46, "CR", "NEGATIVE"), ("08", 110, "CR", "NEGATIVE")),
    *(("08", 190, "CR", "NEGATIVE"), ("08", 258, "CR", "NEGATIVE")),
    *(("09", 15, "CRi", "NEGATIVE"), ("09", 48, "CR", "NEGATIVE"), ("09", 112, "CR", "NEGATIVE")),
    ("09", 208, "CR", "NEGATIVE"),
    *(("10", 14, "CRi", "POSITIVE"), ("10", 47, "CR", "NEGATIVE"), ("10", 115, "CR", "NEGATIVE")),
)
