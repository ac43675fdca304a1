"""What a page says of the seal: its entries, the past of each analysis, the amendments, and who signed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.results.provenance import Provenance
from reports.plan_document.guideline import answer_of, mark, why_not
from reports.run.shown import lock_if_sealed, plan_file
from reports.words.markdown import bullets, callout, markdown_table, paragraph_text, pipe_table
from reports.words.numbers import how_many
from reports.words.stamp import SHORT, same_code
from sap.model.words import joined
from sap.plan.plan import Plan, Signatory
from sap.seal.lock import Entry, Lock
from sap.seal.plan_history import AnalysisHistory, amendment_number, plan_history
from sap.seal.signatures import fingerprint, is_valid
from sap.seal.timing import data_known, timing_label, timing_words
from sap.text.files import digest, read_whole
from sap.text.problems import UserError

_ADDED: Final = " is added: "
_KINDS: Final = {" is added": "Added", " is removed": "Removed", " changes from ": "Changed"}
NAMED: Final = 8
"""Analyses that are named; more are counted."""
"""How a change that brings a text is told, before the text."""
UNREAD: Final = "The seal, or a text it keeps, cannot be read"
NO_SEAL = (
    "The plan is not sealed: nothing outside this page shows that it was written before the data were seen, or that it "
    "has not been changed since."
)


@dataclass(frozen=True)
class ShownSeal:
    """The seal as a page sees it."""

    lock: Lock | None = None
    """The seal; None where there is none or it cannot be read."""
    history: tuple[AnalysisHistory, ...] = ()
    """When each analysis was promised; empty where that cannot be told."""
    fault: str = ""
    """Why the seal, or a text it keeps, cannot be read: a draft may have a damaged one."""

    @property
    def warning(self) -> str:
        """The fault as a callout; empty without one."""
        return callout("warning", UNREAD, self.fault) if self.fault else ""

    @property
    def unread(self) -> bool:
        """Whether there is a seal of which nothing can be told."""
        return self.lock is None and bool(self.fault)


def open_seal() -> ShownSeal:
    """Return the seal a page is about; a damaged one does not stop the page, which says so."""
    try:
        lock = lock_if_sealed()
    except UserError as error:
        return ShownSeal(fault=str(error))
    try:
        return ShownSeal(lock, plan_history(lock, plan_file()) if lock is not None else ())
    except UserError as error:
        return ShownSeal(lock, fault=str(error))


def print_amendments() -> None:
    """Print what the plan's document says of its seal and amendments; it needs no results."""
    seal = open_seal()
    told = seal.warning if seal.unread else seal.warning + amendments_section(seal.lock, seal.history)
    print(f"{_not_sealed(seal.lock)}{told}")


def _not_sealed(lock: Lock | None) -> str:
    """Return that the text a page is about is not the one that is sealed; empty where it is, or none is sealed."""
    sealed = lock.plan.plan if lock is not None and lock.plan is not None else None
    if sealed is None or digest(read_whole(plan_file())) == sealed.sha256:
        return ""
    text = (
        f"What is printed here is not the sealed text. Sealed is {sealed.id}, version {sealed.version}, and what "
        "follows is about that."
    )
    return callout("warning", "This text is not sealed", text)


def chain(lock: Lock | None) -> str:
    """Return the events of the seal in their order: plan, amendments, data and code."""
    if lock is None or lock.plan is None:
        return f"\n{NO_SEAL}\n"
    head = ("Entry", "Event", "When (UTC) and by", "What", "Reason", "Digest")
    rows = [
        (
            str(e.number),
            paragraph_text(_event(e, lock)),
            f"{paragraph_text(_date(e))}, {paragraph_text(e.by)}",
            paragraph_text(_what(e)),
            paragraph_text(e.reason or "–"),
            short_digest(e.sha256),
        )
        for e in lock.entries
    ]
    table = markdown_table(head, rows, (6, 14, 16, 18, 34, 12))
    note = "Each entry holds the digest of the one before, so that none can be changed, removed or put in between."
    return f"\n{paragraph_text(order(lock))}\n{table}\n{note}\n"


def order(lock: Lock) -> str:
    """Return whether the plan, and each amendment, came before the data."""
    first = lock.plans[0]
    yet = "; no data are sealed yet" if lock.data is None else ""
    return f"The plan was sealed on {_date(first)}, {timing_words(first, lock)}{yet}.{_amended(lock)}"


def _amended(lock: Lock) -> str:
    late = [e for e in lock.amendments if lock.data_locked_before(e)]
    if not lock.amendments:
        return " It has not been amended."
    counted = {"before": len(lock.amendments) - len(late), "after": len(late)}
    told = f" It was amended {joined(f'{_times(n)} {when}' for when, n in counted.items() if n)} the data were sealed."
    seen = [str(amendment_number(e, lock)) for e in lock.amendments if data_known(e, lock) == "present"]
    if seen:
        several = len(seen) > 1
        told += (
            f" When amendment{'s' * several} {', '.join(seen)} {'were' if several else 'was'} sealed, data files were "
            "already in the folder."
        )
    return told


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _event(entry: Entry, lock: Lock) -> str:
    if entry.event == "amendment":
        return f"amendment {amendment_number(entry, lock)}, {timing_label(entry, lock)}"
    return f"plan, {timing_label(entry, lock)}" if entry.event == "plan" else entry.event


def _what(entry: Entry) -> str:
    if entry.plan is not None:
        return f"{entry.plan.id} {entry.plan.version}"
    if entry.data is not None:
        return f"{how_many(len(entry.data), 'file')}, {sum(f.rows for f in entry.data):,} rows"
    if entry.code is None:
        return "–"
    commit = f", commit {entry.code.commit[:SHORT]}" if entry.code.commit else ""
    pages = f"; pages: {how_many(len(entry.code.pages), 'file')}" if entry.code.pages else ""
    return f"version {entry.code.version or 'unknown'}{commit}{' with changes' if entry.code.dirty else ''}{pages}"


def _date(entry: Entry) -> str:
    return entry.at[:10]


def short_digest(sha256: str) -> str:
    """Return a digest as Markdown: its first characters, the whole in a title."""
    return f'[`{sha256[:SHORT]}`]{{title="{sha256}"}}'


def amendments(lock: Lock | None, history: Sequence[AnalysisHistory] = (), *, brief: bool = False) -> str:
    """Return each amendment: version, date, author, reason, digests, the change in words, and what it touches.

    In brief a change is named; the exact words are on the page of the reconciliation.
    """
    if lock is None or not lock.amendments:
        return "\nNone.\n"
    parts = []
    for k, entry in enumerate(lock.amendments, start=1):
        plan = entry.plan
        if plan is None:
            continue
        by = f"{_date(entry)}, {entry.by}, {timing_label(entry, lock)}"
        parts += [
            f"\n**Amendment {k}: version {paragraph_text(plan.version)}** ({paragraph_text(by)}). "
            f"Reason: {paragraph_text(entry.reason.rstrip('.'))}. Text {short_digest(plan.sha256)} in place of "
            f"{short_digest(plan.former)}. What it changed:\n",
            bullets(list(map(paragraph_text, _named(plan.changes) if brief else _exact(plan.changes)))),
            *_reach(entry, history),
        ]
    return "\n".join(parts)


def _exact(changes: Sequence[str]) -> list[str]:
    """Return changes word by word, but for what is added: the document has that where it belongs."""
    added = [c.partition(_ADDED)[0] for c in changes if _ADDED in c]
    others = [c for c in changes if _ADDED not in c]
    return [*([f"Added: {'; '.join(added)}."] if added else []), *others]


def _named(changes: Sequence[str]) -> list[str]:
    """Return the parts of the plan that changes are about, by what became of them."""
    found: dict[str, list[str]] = {}
    for change in changes:
        about = min((k for k in _KINDS if k in change), key=change.index, default="")
        part = change.partition(about)[0] if about else ""
        whole = part and ":" not in part and "," not in part
        found.setdefault(_KINDS[about] if whole else "Changed", []).append(re.split("[:,]", part or change)[0])
    return [f"{words}: {'; '.join(dict.fromkeys(parts))}." for words, parts in found.items()]


def _reach(entry: Entry, history: Sequence[AnalysisHistory]) -> list[str]:
    """Return which analyses an amendment brought, took out, or touched through anything they use."""
    found = {
        "Analyses it brought": [h.id for h in history if h.entered == entry],
        "Analyses it took out": [h.id for h in history if h.removed == entry],
        "Analyses it touched": [h.id for h in history if any(a.entry == entry for a in h.amended)],
    }
    told = [f"{words}: {', '.join(ids) if len(ids) <= NAMED else len(ids)}." for words, ids in found.items() if ids]
    return [f"\n{paragraph_text(' '.join(told))}\n"] if told else []


def amendments_section(lock: Lock | None, history: Sequence[AnalysisHistory] = ()) -> str:
    """Return what the plan's document says of its seal and amendments."""
    if lock is None or lock.plan is None:
        return f"\n{NO_SEAL}\n"
    if not lock.amendments:
        return f"\n{paragraph_text(order(lock))}\n"
    ways = "The exact words of each change are on [the page of the reconciliation](reconciliation.qmd#sec-amendments)."
    return f"\n{paragraph_text(order(lock))} {ways}\n{amendments(lock, history, brief=True)}"


def code_compared(lock: Lock | None, provenance: Provenance) -> str:
    """Return how the code of a run stands to the sealed code: its content is compared, whatever commit holds it."""
    sealed = lock.code.code if lock is not None and lock.code is not None else None
    if sealed is None or provenance.state == "dry run":
        return ""
    same = same_code(sealed, provenance)
    if not same:
        return "\nThe code of this run is not the code that is sealed.\n"
    why = "The content of each file is compared: a commit that only adds the seal has another name, not other code."
    return f"\n{paragraph_text(f'The code of this run is the {same}. {why}')}\n"


def signatures(lock: Lock | None) -> str:
    """Return who signed which entries; whether a signature is that person's, `sap verify --pubkey` tells."""
    if lock is None or not lock.signatures:
        return "\nNobody has signed the seal.\n"
    rows = [
        (
            s.by,
            s.at[:10],
            f"1 to {s.entries} of {len(lock.entries)}" if s.entries > 1 else f"1 of {len(lock.entries)}",
            fingerprint(s.public_key),
        )
        for s in lock.signatures
    ]
    table = pipe_table(("Name", "Date (UTC)", "Entries signed", "Key"), rows, (34, 18, 22, 26))
    return f"{table}\nThe command `sap verify` with the public key of a person tells whether a signature is theirs.\n"


ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "author": ("Author", "6a"),
    "senior_statistician": ("Senior statistician", "6b"),
    "chief_investigator": ("Chief investigator", "6c"),
}
"""Who signs a plan, by the plan's key of the role, with the item of the guideline that asks for it."""


def print_signatures(plan: Plan) -> None:
    """Print the signature page of the plan's document; it needs no results."""
    lock = open_seal().lock
    print(signature_page(plan, None if _not_sealed(lock) else lock))


def signature_page(plan: Plan, lock: Lock | None) -> str:
    """Return the three roles that answer for a plan: who fills each, and what that person's key really signed."""
    rows = []
    for role, (title, item) in ROLES.items():
        person: Signatory | None = getattr(plan.plan.signatories, role, None)
        answer = answer_of(plan, item)
        name = paragraph_text(person.name) if person is not None else why_not(answer)
        rows.append(
            (f"{mark(item)}{title}", name, paragraph_text(_signed(person, lock)) if person is not None else "–")
        )
    table = markdown_table(("Role", "Name", "Signature under the seal"), rows, (24, 48, 48))
    named = {s.key for role in ROLES if (s := getattr(plan.plan.signatories, role, None)) is not None}
    others = [s for s in (lock.signatures if lock is not None else ()) if s.public_key not in named]
    told = "; ".join(f"{s.by}, {s.at[:10]}, key {fingerprint(s.public_key)}…" for s in others)
    return f"{table}\n{paragraph_text(f'Signed too, with keys the plan does not name: {told}.') if told else ''}\n"


def _signed(person: Signatory, lock: Lock | None) -> str:
    """Return what the key of a person signed: the newest text of the plan, an older one, or nothing."""
    if person.key is None:
        return "The plan names no key. Signed on paper: ____________________  Date: ____________"
    key = f"key {fingerprint(person.key)}…"
    theirs = [s for s in (lock.signatures if lock is not None else ()) if s.public_key == person.key]
    if lock is None or not theirs:
        return f"Not signed ({key})."
    valid = [s for s in theirs if is_valid(lock, s)]
    if not valid:
        return f"A signature with this key does not hold ({key})."
    last = max(valid, key=lambda s: s.entries)
    covered = [e for e in lock.plans if e.number <= last.entries]
    if covered and covered[-1] == lock.plan and covered[-1].plan is not None:
        return f"Signed on {last.at[:10]}: version {covered[-1].plan.version} ({key})."
    versions = ", ".join(e.plan.version for e in covered if e.plan is not None)
    return (
        f"Signed on {last.at[:10]}: version {versions}, not the newest ({key})." if versions else f"Not signed ({key})."
    )


def entered_words(history: AnalysisHistory, lock: Lock) -> str:
    """Return when an analysis was promised, and what amended it since."""
    entry = history.entered
    how = "with the plan" if entry.event == "plan" else f"by amendment {amendment_number(entry, lock)}"
    touched = [f"{amendment_number(a.entry, lock)} ({timing_label(a.entry, lock)})" for a in history.amended]
    since = f"; touched by amendment {', '.join(touched)}" if touched else ""
    return f"{how}, {timing_label(entry, lock)}{since}"
