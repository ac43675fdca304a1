"""What analyses are made of: datasets, sets, rules, derived variables, groupings, and what holds for all of them."""

from collections.abc import Sequence
from string import ascii_lowercase

from reports.words.labels import day, related_in_words, window_in_words
from reports.words.markdown import bullets, paragraph_text, pipe_table
from sap.data.rules import RULES, TOLD
from sap.model.conventions import DataCutoff, Decimals
from sap.model.datasets import variables
from sap.model.derivations import (
    RECORDS_SLOT,
    AreaUnderCurve,
    BestResponse,
    Criterion,
    DayOf,
    Derivation,
    DltRule,
    DltStatus,
    EventOccurrence,
    GradeBound,
    LabGrade,
    Narrative,
    Peak,
    Sentence,
    TimeToEvent,
    VisitRecord,
    VisitValues,
)
from sap.model.variables import Parameter, Variable
from sap.model.words import clause_in_words, shown_values
from sap.plan.plan import DataRule, Plan


def datasets(plan: Plan) -> str:
    """Return the datasets, with the variables and parameters this trial has beyond the core of their kind."""
    rows = []
    for name, dataset in plan.datasets.items():
        key = f"; one record for each {', '.join(dataset.key)}" if dataset.key else ""
        missing = f"; missing: {', '.join(dataset.missing_values)}" if dataset.missing_values else ""
        read = f"; records read: {clause_in_words(dataset.records)}" if dataset.records is not None else ""
        rows.append((name, dataset.title, f"{dataset.file}{key}{missing}{read}"))
        known = {v.name: v for v in variables(name, dataset)}
        described = (known[v.name] for v in dataset.variables)
        rows += [(f"{name}.{v.name}", _with_unit(v), _variable(v)) for v in described]
        rows += [
            (f"{name} {code}", _with_unit(p), _joined(_values(p), _mapped(p), _clock(p)))
            for code, p in dataset.parameters.items()
        ]
    return pipe_table(("Dataset, variable or parameter", "Label", "File or values"), rows)


def _with_unit(of: Variable | Parameter) -> str:
    label = of.called if isinstance(of, Variable) else of.label
    return f"{label} ({of.unit})" if of.unit else label


def _variable(v: Variable) -> str:
    kind = "" if v.codelist and v.type in {None, "text"} else v.type or "type as the data have it"
    missing, optional = "may be missing" if v.missing else "", "" if v.required else "the column may be absent"
    imputed = f"imputed: {v.impute.in_words.replace(';', ',')}" if v.impute is not None else ""
    return _joined(kind, _values(v), missing, optional, _mapped(v), imputed)


def _mapped(of: Variable | Parameter) -> str:
    """Return what of a file it is made of, and how."""
    source = f"{of.source} in the file" if of.source is not None else ""
    codes = ", ".join(f"{old or 'missing'} is {new or 'missing'}" for old, new in of.recode.items())
    unit = f"in the file in {of.source_unit}" if of.source_unit is not None else ""
    factor = f"the file's values times {of.factor:.15g}" if of.factor is not None else ""
    return _joined(source, codes, unit, factor)


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _clock(p: Parameter) -> str:
    """Return what starts and what ends a time to event."""
    parts = []
    if p.origin is not None:
        records = f"{p.origin.dataset}.{p.origin.parameter or p.origin.variable}"
        first = f"first {records}" if p.origin.parameter else records
        of = f" of {' or '.join(p.origin.values)}" if p.origin.values else ""
        date = f" (by {p.origin.variable})" if p.origin.parameter else ""
        parts.append(f"starts at {first}{of}{date}")
    if p.events:
        parts.append(f"ends with {' or '.join(p.events)}")
    return "; ".join(parts)


def _values(of: Variable | Parameter) -> str:
    if of.codelist:
        return shown_values(of.codelist)
    limits = [f"{word} {limit:.15g}" for word, limit in (("from", of.min), ("to", of.max)) if limit is not None]
    return " ".join(limits)


def analysis_sets(plan: Plan) -> str:
    """Return the analysis sets, in words and as where-clauses."""
    return pipe_table(
        ("Set", "Definition", "Records"),
        [(f"{s.title} ({s.id})", s.text, clause_in_words(s.where)) for s in plan.analysis_sets],
    )


_EPISODES = (
    "Rows of one term at or above the grade of a criterion that overlap, or follow each other without a day between, "
    "are one episode: a change of grade does not end it. Its onset is the first day of its first row. An episode "
    "without an end lasts until the subject dies or is last known alive. A missing grade is no grade: such an event "
    "meets no criterion that asks for more than grade 1, and a subject without a dose-limiting toxicity is not "
    "evaluable where it would be one if its grade were high enough."
)
"""How rows become episodes, as the derivation does it."""


def dlt_rules(plan: Plan) -> str:
    """Return each definition of dose-limiting toxicity, criterion by criterion."""
    if not plan.dlt_rules:
        return "\nThe plan defines no dose-limiting toxicity.\n"
    parts = [f"\n{_EPISODES} {related_in_words(plan)}\n"]
    for n, rule in enumerate(plan.dlt_rules):
        onset = window_in_words(rule.window)
        before = plan.dlt_rules[:n]
        title = f"\n**{paragraph_text(rule.title)}** ({paragraph_text(rule.id)}), onset in {onset}."
        parts.append(f"{title} {paragraph_text(_as_before(rule, before))}\n")
        known = [c for r in before for c in r.criteria]
        rows = [(c.id, c.text, _criterion(c), c.source) for c in rule.criteria if c not in known]
        if rows:
            parts.append(pipe_table(("Id", "Criterion", "Adverse events that meet it", "Source"), rows))
    return "\n".join(parts)


def _as_before(rule: DltRule, before: Sequence[DltRule]) -> str:
    """Return which criteria a definition takes from one before it, and which it leaves out."""
    if not before:
        return ""
    from_each: dict[str, list[str]] = {}
    for c in rule.criteria:
        for first in (r.id for r in before if c in r.criteria):
            from_each.setdefault(first, []).append(c.id)
            break
    kept = [f"criteria {', '.join(ids)} as in {other}" for other, ids in from_each.items()]
    left = [c.id for c in before[0].criteria if c not in rule.criteria]
    without = [f"without {', '.join(left)} of {before[0].id}"] if left else []
    said = "; ".join((*kept, *without))
    return f"{said[:1].upper()}{said[1:]}."


def _criterion(criterion: Criterion) -> str:
    parts = [clause_in_words(criterion.event), f"grade {criterion.min_grade} or higher"]
    if criterion.related_only:
        parts.append("called related")
    if criterion.min_duration_days is not None:
        parts.append(f"lasting at least {criterion.min_duration_days} days, first and last day counted")
    if criterion.window is not None:
        parts.append(window_in_words(criterion.window))
    return "; ".join(parts)


def derivations(plan: Plan) -> str:
    """Return what is derived for each subject."""
    if not plan.derivations:
        return "\nNone.\n"
    provided = {_kind(d): d.provides for d in plan.derivations}
    kinds = [", ".join(f"{n}: {v.label}" for n, v in variables.items()) for variables in provided.values()]
    letters = dict(zip(provided, [*ascii_lowercase, *map(str, range(len(provided)))], strict=False))
    rows = [(d.id, d.text, _derivation_rule(plan, d), letters[_kind(d)]) for d in plan.derivations]
    said = "".join(
        f"\n- **{letter}.** {paragraph_text(variables)}."
        for letter, variables in zip(letters.values(), kinds, strict=True)
    )
    return pipe_table(("Id", "Derivation", "Rule", "Variables"), rows) + f"\nVariables:\n{said}\n"


def _kind(d: Derivation) -> str:
    """Return what gives the same variables: a kind, but of values at visits each derivation."""
    return d.id if isinstance(d, VisitValues) else d.kind


def _visits_rule(d: VisitValues) -> str:
    """Return which records are a subject's values at visits, and which is the baseline."""
    which = f"; records where {clause_in_words(d.where)}" if d.where is not None else ""
    stop = f"; before ADSL.{d.before}" if d.before else ""
    visits = "; ".join(f"{d.title(name)}: {_record_rule(d, record)}" for name, record in d.visits.items())
    base = "no baseline" if d.base is None else f"baseline: {_record_rule(d, d.base)}"
    return f"{d.dataset}.{d.value} of {d.parameter}{which}{stop}; {visits}; {base}"


def _record_rule(d: VisitValues, record: VisitRecord) -> str:
    several = f"the {record.several} of several" if record.several else ""
    if record.target is not None:
        several = f"the nearest to day {record.target} since first treatment, of two as near the {record.ties}"
    return ", ".join(
        filter(
            None,
            (
                f"{d.by} is {record.visit}" if record.visit is not None else "",
                window_in_words(record.window) if record.window is not None else "",
                f"up to ADSL.{record.until}" if record.until else "",
                clause_in_words(record.where) if record.where is not None else "",
                several,
            ),
        )
    )


def _derivation_rule(plan: Plan, d: Derivation) -> str:
    match d:
        case DltStatus():
            return f"rule {d.rule}"
        case BestResponse():
            return _best_rule(plan, d)
        case TimeToEvent():
            stop = f"; censored at ADSL.{d.censor_at} when it comes first" if d.censor_at else ""
            return f"{d.dataset} {d.parameter}{stop}"
        case Peak() | AreaUnderCurve() | LabGrade():
            return _values_rule(d)
        case VisitValues():
            return _visits_rule(d)
        case EventOccurrence():
            related = "; called related" if d.related_only else ""
            grade = f"grade {d.min_grade} or higher{related}; onset {window_in_words(d.window)}"
            told = f"; an end on or after ADSL.{d.before} is told apart" if d.before else ""
            return f"{clause_in_words(d.event)}; {grade}{told}"
        case Narrative():
            return " ".join(_told(s) for s in d.sentences)
        case DayOf():
            of = f" of {d.parameter}" if d.parameter else ""
            return f"{d.dataset}.{d.variable}{of}, in days since first treatment"


def _bound(bound: GradeBound) -> str:
    low = bound.above is None
    return f"grade {bound.grade} {'below' if low else 'above'} {(bound.below if low else bound.above):.15g}"


def _told(sentence: Sentence) -> str:
    """Return a sentence of a narrative as the plan states it, with the records it lists, and what is told without."""
    told, notes = sentence.records, []
    if told is not None:
        which = f" where {clause_in_words(told.where)}" if told.where is not None else ""
        without = f", or {told.otherwise}" if told.otherwise else ""
        notes.append(f"{RECORDS_SLOT}: each of {told.dataset}{which}, as {told.text}{without}")
    notes += [f"without it: {sentence.otherwise}"] if sentence.otherwise else []
    words = ", ".join(f"{value} is told as {word}" for value, word in sentence.words.items())
    said = "; ".join(filter(None, (*notes, words)))
    return f"{sentence.text} [{said}]" if said else sentence.text


def _best_rule(plan: Plan, d: BestResponse) -> str:
    stop = f"; before ADSL.{d.before}" if d.before else ""
    known = dict.fromkeys((*plan.datasets[d.dataset].parameters[d.parameter].codelist, *d.order))
    ends = ", ".join(v for v in known if d.is_progression(v))
    until = f"up to and including the first {ends} after first treatment" if ends else "no value is progression"
    parts = [f"{d.dataset} {d.parameter}, best of {', '.join(d.order)}, {window_in_words(d.window)}{stop}; {until}"]
    stable = ", ".join(d.stable_values)
    if d.confirmation is not None:
        parts.append(
            f"{', '.join(d.responses)} when seen again, as good or better, at least {d.confirmation} days later with "
            f"no worse assessment between, else counted as {d.stable_values[0]}"
        )
    if d.min_days is not None:
        parts.append(f"{stable} from day {d.min_days} since first treatment on, and not counted before")
    return "; ".join((*parts, "NE without one"))


def _values_rule(d: Peak | AreaUnderCurve | LabGrade) -> str:
    stop = f"; before ADSL.{d.before}" if d.before else ""
    where = f"{d.dataset} {d.parameter}, {window_in_words(d.window)}{stop}"
    if isinstance(d, LabGrade):
        bounds = ", ".join(_bound(b) for b in d.grades)
        return f"{where}; {bounds}, else 0; baseline on the last day before first treatment; the worst of several"
    below = f"below quantification counts as {d.below_quantification}"
    if isinstance(d, Peak):
        return f"{where}; {below}; first day where several are highest"
    between = "falling values logarithmically" if d.rule == "linear-up/log-down" else "all values in straight lines"
    rule = f"trapezoidal rule ({d.rule}), {between}; {below}; the highest of several values on one day"
    return f"{where}; {rule}; none unless the window is spanned"


def groupings(plan: Plan) -> str:
    """Return the groupings, group by group."""
    if not plan.groupings:
        return "\nNone.\n"
    rows = [
        (g.id, g.title, str(g.variable), "; ".join(f"{v.label}: {shown_values(v.values)}" for v in g.levels))
        for g in plan.groupings
    ]
    return pipe_table(("Id", "Grouping", "Variable", "Groups"), rows)


def _since(plan: Plan) -> str:
    """Return that days since first treatment are another count than that of times, where they are."""
    if plan.conventions.origin_day == 0:
        return ""
    return " Days since first treatment, those of windows and of what is derived in them, are 0 on its own day."


def _counted(plan: Plan) -> list[str]:
    c = plan.conventions
    return [
        f"**Days.** {paragraph_text(c.days)}",
        f"**Rounding.** Results are kept in full precision and rounded {c.rounding} when they are shown; p-values "
        f"show {c.p_value_digits} decimals.{_decimals(c.decimals)}",
    ]


def _decimals(rule: Decimals | None) -> str:
    """Return the rule of decimals, where there is one."""
    if rule is None:
        return ""
    more = f"{rule.mean} for the mean, {rule.median} for the median and {rule.sd} for the standard deviation"
    return f" Quantities are described with the decimals they are recorded with, and more of them: {more}."


def conventions(plan: Plan) -> str:
    """Return what holds for the numbers of a manuscript: days, rounding, missing values, multiplicity."""
    c = plan.conventions
    more = [f"**Missing data.** {paragraph_text(c.missing)}", f"**Multiplicity.** {paragraph_text(c.multiplicity)}"]
    return bullets([*_counted(plan), *more])


COMPARED = (
    "A missing value equals nothing but a missing value: NE and NOT IN hold for it, and no order does. Numbers are "
    "compared as numbers."
)
"""How where-clauses compare."""


def data_handling(plan: Plan) -> str:
    """Return what holds for numbers and data: days, rounding, baseline, visits, partial dates, names of subjects."""
    c = plan.conventions
    named = "Pages name subjects by their identifiers." if c.show_subject_ids else "Pages do not name subjects."
    items = [
        *_counted(plan),
        f"**Baseline.** {paragraph_text(c.baseline)}",
        f"**Visits.** {paragraph_text(c.visits)}",
        f"**Partial dates.** {paragraph_text(c.partial_dates)}",
        f"**Comparisons.** {COMPARED}",
        f"**Times to event.** AVAL of ADTTE is {c.origin_day} on the start date itself, and times, landmarks and axes "
        f"are in the same count.{_since(plan)}{_survival(plan)}",
        *([] if plan.data_cutoff is None else [f"**Data cut-off.** {_cutoff(plan.data_cutoff)}"]),
        *([] if c.emergent_days is None else [f"**Treatment-emergent events.** {_emergent(c.emergent_days)}"]),
        *([f"**Related events.** {related_in_words(plan)}"] if "ADAE" in plan.datasets else []),
        f"**Subjects.** {named}",
    ]
    return bullets(items) + _exceptions(plan)


def _exceptions(plan: Plan) -> str:
    """Return the exceptions from the rules that the data are held to."""
    if not plan.data_rules:
        return ""
    sentences = {r.id: r.sentence for r in RULES} | dict(TOLD)
    rows = [
        (e.rule, sentences[e.rule], e.severity, _whose(e, named=plan.conventions.show_subject_ids), e.reason)
        for e in plan.data_rules
    ]
    head = ("Rule", "What breaks it", "Severity here", "Records", "Why it is excepted")
    return "\nThe data are held to rules, of which this plan makes exceptions:\n" + pipe_table(head, rows)


def _whose(exception: DataRule, *, named: bool) -> str:
    """Return whose records may break a rule."""
    subjects = len(exception.subjects)
    who = ", ".join(exception.subjects) if named else f"{subjects} subject{'s' * (subjects > 1)}"
    return f"{exception.dataset or 'all datasets'}{f', {who}' if subjects else ''}"


def _emergent(days: int) -> str:
    return f"They start on or after the first treatment and within {days} days after the last."


def _cutoff(cutoff: DataCutoff) -> str:
    day = cutoff.date or f"the day in ADSL.{cutoff.variable}, subject by subject"
    by = [f"{name} by {v}" if v else f"{name} not at all" for name, v in cutoff.dated_by.items()]
    dated = f" Records are dated by ADT, else ASTDT; {', '.join(by)}." if by else ""
    return (
        f"What happened after {day} is not analysed. Records dated later are left out; what began before and ended "
        f"later is ongoing; who died later is alive; times to event that end later are censored on that day.{dated}"
    )


def _survival(plan: Plan) -> str:
    parameter = plan.conventions.survival_parameter
    if parameter is None:
        return ""
    return f" {paragraph_text(f'Parameter {parameter} is overall survival: its events are the deaths of ADSL.')}"


def visit_windows(plan: Plan) -> str:
    """Return the windows of the visits; nothing where there is none."""
    windows = plan.conventions.visit_windows
    if not windows:
        return ""
    said = "; ".join(f"{w.name}, day {day(w.day)}: {day(w.start)} to {day(w.end)}" for w in windows)
    return (
        f"Visits with their planned day and the days since first treatment that belong to them: {paragraph_text(said)}."
    )
