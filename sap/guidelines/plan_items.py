"""What a statistical analysis plan must contain, item by item.

The 55 items of Gamble et al. (JAMA 2017;318:2337, doi 10.1001/jama.2017.18556) under their own numbers, in our own
words. The extension for early phase trials (Homer et al., BMJ 2022;376:e068177, doi 10.1136/bmj-2021-068177) has 11 new
and 25 changed items. Of its table only the rows up to the trial design could be read (1a to 8 keep their numbers, 9
becomes 9a); its other numbers could not be checked and are not used. Its topics stand here as E1 to E11: ids and cut
are ours, not the extension's.
"""

from dataclasses import dataclass
from typing import Final

SECTIONS: Final = (
    "Administrative information",
    "Introduction",
    "Study methods",
    "Statistical principles",
    "Trial population",
    "Analysis",
)
"""The six sections of a plan, in their order."""


@dataclass(frozen=True)
class Item:
    """One thing that a plan must say."""

    number: str
    """The guideline's number, as ``13c``; ``E3`` for a topic of early phase trials, numbered by us."""
    section: int
    """The section it belongs to, from 1."""
    topic: str
    """What it asks for."""
    key: str
    """Where in a plan its answer is written, as keys with points between them."""


_A, _I, _M, _P, _T, _S = range(1, 7)
ITEMS: Final = (
    Item("1a", _A, "title that says it is the analysis plan", "plan.title"),
    Item("1b", _A, "trial registration", "study.registration"),
    Item("2", _A, "version and date", "plan.version, plan.date"),
    Item("3", _A, "protocol version it belongs to", "plan.protocol"),
    Item("4a", _A, "revision history", "sap.lock, which sap amend writes"),
    Item("4b", _A, "reason of each revision", "sap.lock, which sap amend writes"),
    Item("4c", _A, "when each revision was made, before or after the data", "sap.lock, which sap amend writes"),
    Item("5", _A, "names, affiliations and roles of contributors", "plan.authors"),
    Item("6a", _A, "signature of the author", "plan.signatories.author"),
    Item("6b", _A, "signature of the senior statistician", "plan.signatories.senior_statistician"),
    Item("6c", _A, "signature of the chief investigator", "plan.signatories.chief_investigator"),
    Item("7", _I, "background, rationale and research question", "study.background"),
    Item("8", _I, "objectives and hypotheses", "objectives"),
    Item("9", _M, "design, with phase and method", "study.phase, design.overview"),
    Item("10", _M, "randomisation", "design.randomisation"),
    Item("11", _M, "sample size", "sample_size.text"),
    Item("12", _M, "framework: superiority, non-inferiority, equivalence or estimation", "design.framework"),
    Item("13a", _M, "interim analyses and their times", "design.interim.text"),
    Item("13b", _M, "adjustment for interim analyses", "design.interim.adjustment"),
    Item("13c", _M, "stopping guidance with its operating characteristics", "sample_size.proportion.stopping"),
    Item("14", _M, "when the final analysis is done", "design.final_analysis"),
    Item("15", _M, "when outcomes are measured, with windows", "conventions.visit_windows or design.assessments"),
    Item("E1", _M, "dose levels, starting dose and steps", "dose_finding.levels"),
    Item("E2", _M, "who decides on the dose, on which data and when", "dose_finding.decisions"),
    Item("E3", _M, "dose-limiting toxicity: definition, window, tolerated rate", "dlt_rules, dose_finding.target_rate"),
    Item("E4", _M, "who is evaluable for toxicity, and replacement", "analysis_sets, dose_finding.replacement"),
    Item("E5", _M, "what makes a dose recommended", "dose_finding.recommendation"),
    Item("E6", _M, "operating characteristics of the design, with scenarios", "sample_size.proportion.true_rates"),
    Item("E7", _M, "Bayesian models: prior, its reason and weight, computation", "dose_finding.bayes"),
    Item("E8", _M, "toxicity, activity, kinetics and dynamics told apart", "dose_finding.outcomes"),
    Item("E9", _M, "dose intensity and changes of dose", "dose_finding.exposure"),
    Item("E10", _M, "data cut-off of each decision", "design.interim.data"),
    Item("E11", _M, "expansion cohorts", "dose_finding.expansion"),
    Item("16", _P, "level of significance", "principles.significance"),
    Item("17", _P, "multiplicity", "conventions.multiplicity"),
    Item("18", _P, "confidence intervals and their levels", "analyses[].steps[].conf_level"),
    Item("19a", _P, "adherence: definition", "principles.adherence.definition"),
    Item("19b", _P, "adherence: how it is shown", "principles.adherence.shown_in"),
    Item("19c", _P, "protocol deviations: definition", "principles.deviations.definition"),
    Item("19d", _P, "protocol deviations: which are shown", "principles.deviations.shown_in"),
    Item("20", _P, "analysis sets", "analysis_sets"),
    Item("21", _T, "screening", "trial_population.screening"),
    Item("22", _T, "eligibility", "trial_population.eligibility"),
    Item("23", _T, "flow diagram", "outputs of kind flow_figure"),
    Item("24a", _T, "withdrawal: from treatment, from follow-up", "trial_population.withdrawal.levels"),
    Item("24b", _T, "withdrawal: when it is recorded", "trial_population.withdrawal.timing"),
    Item("24c", _T, "withdrawal: reasons and how they are shown", "trial_population.withdrawal.reasons"),
    Item("25a", _T, "baseline characteristics", "trial_population.baseline"),
    Item("25b", _T, "how baseline characteristics are summarised", "trial_population.baseline"),
    Item("26a", _S, "outcomes: definition, timing, order of importance", "analyses[].endpoint, objective, purpose"),
    Item("26b", _S, "outcomes: units", "datasets: unit of each quantity"),
    Item("26c", _S, "outcomes: calculation", "derivations"),
    Item("27a", _S, "methods, and how their results are shown", "analyses[].steps, outputs"),
    Item("27b", _S, "adjustment for covariates", "principles.covariates"),
    Item("27c", _S, "assumptions of the methods, and how they are checked", "principles.method_assumptions"),
    Item("27d", _S, "what is done if assumptions fail", "principles.alternatives"),
    Item("27e", _S, "sensitivity analyses", "analyses[].sensitivity"),
    Item("27f", _S, "subgroups", "principles.subgroups"),
    Item("28", _S, "missing data", "conventions.missing"),
    Item("29", _S, "additional and exploratory analyses, marked as such", "analyses[].purpose"),
    Item("30", _S, "harms", "analyses by adverse_events"),
    Item("31", _S, "software", "software"),
    Item("32a", _S, "references: methods", "documents.methods"),
    Item("32b", _S, "references: data management plan", "documents.data_management_plan"),
    Item("32c", _S, "references: trial master file", "documents.trial_master_file"),
    Item("32d", _S, "references: procedures", "documents.procedures"),
)
NUMBERS: Final = tuple(item.number for item in ITEMS)
EARLY_PHASE: Final = "E"
"""What the numbers of early phase topics begin with; alone it stands for all of them."""
