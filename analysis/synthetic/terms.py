"""Adverse events that may be drawn: the terms a plan names, and common ones every trial has."""

from collections.abc import Mapping
from typing import Final

from analysis.synthetic.hints import Hints
from sap.model.datasets import variables
from sap.plan.plan import Plan

GENERAL: Final = "General disorders and administration site conditions"
OTHER: Final = "Other: "
"""Before a body system the plan names and no common term belongs to."""
COMMON: Final[Mapping[str, str]] = {
    "Nausea": "Gastrointestinal disorders",
    "Vomiting": "Gastrointestinal disorders",
    "Diarrhoea": "Gastrointestinal disorders",
    "Constipation": "Gastrointestinal disorders",
    "Fatigue": GENERAL,
    "Pyrexia": GENERAL,
    "Oedema peripheral": GENERAL,
    "Headache": "Nervous system disorders",
    "Dizziness": "Nervous system disorders",
    "Anaemia": "Blood and lymphatic system disorders",
    "Neutropenia": "Blood and lymphatic system disorders",
    "Thrombocytopenia": "Blood and lymphatic system disorders",
    "Febrile neutropenia": "Blood and lymphatic system disorders",
    "Infusion related reaction": "Injury, poisoning and procedural complications",
    "Pneumonia": "Infections and infestations",
    "Upper respiratory tract infection": "Infections and infestations",
    "Rash": "Skin and subcutaneous tissue disorders",
    "Pruritus": "Skin and subcutaneous tissue disorders",
    "Hypotension": "Vascular disorders",
    "Hypertension": "Vascular disorders",
    "Cough": "Respiratory, thoracic and mediastinal disorders",
    "Dyspnoea": "Respiratory, thoracic and mediastinal disorders",
    "Arthralgia": "Musculoskeletal and connective tissue disorders",
    "Decreased appetite": "Metabolism and nutrition disorders",
    "Insomnia": "Psychiatric disorders",
    "Neutrophil count decreased": "Investigations",
    "Platelet count decreased": "Investigations",
    "Alanine aminotransferase increased": "Investigations",
}
"""Dictionary-derived term and body system."""


def terms(plan: Plan, hints: Hints) -> tuple[tuple[str, str], ...]:
    """Return terms with their body systems, those the plan names first."""
    described = {v.name: v.codelist for v in variables("ADAE", plan.datasets["ADAE"])}
    listed, systems = described["AEDECOD"], described["AEBODSYS"]
    named = hints.named.get(("ADAE", "AEDECOD"), ())
    wanted = listed or tuple(dict.fromkeys((*named, *COMMON)))
    pairs = [(term, COMMON.get(term, GENERAL)) for term in wanted]
    if systems:
        pairs = [(term, s if s in systems else systems[i % len(systems)]) for i, (term, s) in enumerate(pairs)]
    known = {s for _, s in pairs}
    own = [s for s in hints.named.get(("ADAE", "AEBODSYS"), ()) if s not in known and (not systems or s in systems)]
    return tuple(dict.fromkeys([*pairs, *((pairs[0][0] if listed else f"{OTHER}{s}", s) for s in own)]))


def named_first(plan: Plan, hints: Hints) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the terms with those the plan names first, and how many these are."""
    own = set(hints.named.get(("ADAE", "AEDECOD"), ()))
    pairs = sorted(terms(plan, hints), key=lambda pair: pair[0] not in own and not pair[0].startswith(OTHER))
    return tuple(pairs), sum(t in own or t.startswith(OTHER) for t, _ in pairs)
