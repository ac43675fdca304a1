"""Whether the entries of a seal hold together."""

from sap.seal.lock import Entry, Lock


def chain_faults(lock: Lock) -> tuple[str, ...]:
    """Return a sentence for each entry that was changed, removed, added or moved since it was sealed."""
    faults = []
    previous = ""
    text = ""
    for number, entry in enumerate(lock.entries, start=1):
        name = f"entry {number} ({entry.event}, {entry.at})"
        if entry.sha256 != entry.digest():
            faults.append(f"{name} was changed after it was sealed.")
        elif entry.previous != previous:
            faults.append(f"{name} does not follow the entry before it: one was changed, removed, added or moved.")
        elif entry.number != number:
            faults.append(f"{name} carries the number {entry.number}.")
        elif not _is_whole(entry, text):
            faults.append(f"{name} does not hold what such an entry holds.")
        previous = entry.sha256
        text = entry.plan.sha256 if entry.plan else text
    return tuple(faults)


def _is_whole(entry: Entry, text: str) -> bool:
    """Return whether an entry holds its own part alone, and a plan follows the text (a digest) it should."""
    kind = "plan" if entry.event == "amendment" else entry.event
    held = [part for part in ("plan", "data", "code") if getattr(entry, part) is not None]
    if held != [kind]:
        return False
    if entry.plan is None:
        return True
    return (entry.event == "plan") == (text == "") and entry.plan.former == text
