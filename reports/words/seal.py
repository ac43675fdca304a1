"""The seal in words: what an entry seals, who signed, and what came first."""

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.words.numbers import how_many
from sap.seal.lock import CodeSeal, Entry, FileSeal, Lock, PlanSeal, Signature
from sap.seal.signatures import fingerprint
from sap.seal.timing import data_known, present_words, timing_words


def described(entry: Entry) -> list[str]:
    """Return lines that say what an entry seals, with every digest whole."""
    if entry.plan is not None:
        return _plan(entry.event, entry.plan)
    if entry.data is not None:
        return _data(entry.data)
    return _code(entry.code) if entry.code is not None else []


def _plan(event: str, plan: PlanSeal) -> list[str]:
    lines = [
        f"{event}: {plan.id} version {plan.version}, {plan.file}",
        f"  sha256 {plan.sha256}, kept beside the plan as {plan.text}",
    ]
    if plan.former:
        lines.append(f"  former {plan.former}")
    return lines + [f"  - {change}" for change in plan.changes]


def _data(files: tuple[FileSeal, ...]) -> list[str]:
    width = max((len(f.file) for f in files), default=0)
    lines = (f"  {f.file:<{width}} {f.rows:>6} × {f.columns:<3} sha256 {f.sha256}" for f in files)
    return [f"data: {how_many(len(files), 'file')} (rows × columns)", *lines]


def _code(code: CodeSeal) -> list[str]:
    commit = f"commit {code.commit[:12]}" if code.commit else "no commit"
    changed = " and changes that are not committed" if code.dirty else ""
    pins = code.dependencies
    return [
        f"code: version {code.version or 'unknown'}, {how_many(len(code.files), 'file')}, {commit}{changed}",
        f"  sha256 {code.sha256}",
        f"  {pins.file} sha256 {pins.sha256}" if pins else "  no requirements.txt beside the seal",
        f"libraries: {len(code.libraries or {})}, by the digests of their files, for {code.platform}",
        *(
            [f"pages: {how_many(len(code.pages), 'file')}, whose cells run: {', '.join(code.pages)}"]
            if code.pages
            else []
        ),
    ]


def order(lock: Lock) -> str:
    """Return the sentence a reviewer looks for: whether the promise came before the data."""
    plan = next((e for e in lock.entries if e.event == "plan"), None)
    if plan is None:
        return "The plan is NOT sealed." if lock.data is None else "The data are sealed and the plan is NOT."
    if lock.data is None:
        there = present_words(plan)
        told = f"The plan is sealed; the data are not sealed yet{f', but {there} when it was sealed' if there else ''}."
    else:
        told = f"The plan was sealed {_loud(plan, lock)}."
    for amendment in lock.amendments:
        version = amendment.plan.version if amendment.plan else ""
        told += f" The amendment to version {version} was sealed {_loud(amendment, lock)}."
    return told


def said_once(late: Mapping[str, str], ids: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    """Return in a sentence when most analyses were promised, if after data lock; and what is otherwise of others."""
    most, n = Counter(late.get(i, "") for i in ids).most_common(1)[0] if ids else ("", 0)
    if not most or n <= len(ids) / 2:
        return "", late
    others = {i: late.get(i) or "not changed after data lock" for i in ids if late.get(i, "") != most}
    return f"Of every analysis of which nothing else is said: {most}.", others


def _loud(entry: Entry, lock: Lock) -> str:
    words = timing_words(entry, lock)
    return words.replace("after", "AFTER", 1) if data_known(entry, lock) == "sealed" else words


def signed_by(signature: Signature, lock: Lock) -> str:
    """Return who signed how much of the seal."""
    covered = "entry 1" if signature.entries == 1 else f"entries 1 to {signature.entries}"
    key = fingerprint(signature.public_key)
    return f"signed by {signature.by}, {signature.at}, key {key}…: {covered} of {len(lock.entries)}"
