"""Holding the program, its pages and its libraries against the seal, file by file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sap.code import DEPENDENCIES, code_digests, page_digests, unlike_pinned
from sap.difference import Difference
from sap.digest import digest
from sap.files import read_whole, within
from sap.lock import Lock
from sap.problems import UserError
from sap.seals import CodeSeal, DependencySeal

RESEAL: Final = 'seal this: sap lock code --reason "…".'


def code_differences(lock: Lock, folder: Path) -> Iterator[Difference]:
    """Yield what of the program and its libraries is not as sealed; `folder` is where the libraries are pinned."""
    code: CodeSeal | None = lock.code.code if lock.code else None
    if code is None:
        yield Difference("code", "sap, analysis, reports", "the code is not sealed.", "`sap lock code` seals it.")
        return
    commit = f" (commit {code.commit[:12]}{', with changes that were not committed' if code.dirty else ''})"
    changed = _changed(code.files, code_digests())
    fix = f"Bring back the code that was sealed{commit if code.commit else ''}, or {RESEAL}"
    for n, (name, what) in enumerate(changed.items(), start=1):
        message = f"this file {what} since the code was sealed."
        yield Difference("code", name, message, fix if n == len(changed) else "")  # said once, at the end
    yield from _dependencies(code.dependencies, folder)


def page_differences(lock: Lock, project: Path) -> Iterator[Difference]:
    """Yield each page, or file that renders pages, that is not as sealed; nothing while no code is sealed at all."""
    code = lock.code.code if lock.code else None
    if code is None:
        return
    found = page_digests(project)
    if code.pages is None and found:
        message = f"its pages are not sealed ({', '.join(found)}), and their cells run."
        yield Difference("pages", str(project), message, RESEAL[0].upper() + RESEAL[1:])
        return
    changed = _changed(code.pages or {}, found)
    fix = f"Bring back what was sealed, or, as after any change of wording, {RESEAL}"
    for n, (name, what) in enumerate(changed.items(), start=1):
        runs = "the cells of a page run when it is rendered" if name.endswith(".qmd") else "it takes part in rendering"
        message = f"this file {what} since the code was sealed; {runs}."
        yield Difference("pages", name, message, fix if n == len(changed) else "")


def _changed(sealed: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Return what became of each file that is not as it was sealed, by name, sorted."""
    names = [name for name in sorted(sealed.keys() | found.keys()) if sealed.get(name) != found.get(name)]
    return {n: "is gone" if n not in found else "was added" if n not in sealed else "was changed" for n in names}


def _dependencies(sealed: DependencySeal | None, folder: Path) -> Iterator[Difference]:
    path = folder / (sealed.file if sealed else DEPENDENCIES)
    reseal = 'Bring it back, or seal it: sap lock code --reason "…".'
    if sealed is None:
        if path.is_file():
            yield Difference("dependencies", str(path), "the file was not there when the code was sealed.", reseal)
        return
    try:
        content = read_whole(within(folder, sealed.file))
    except UserError as error:
        yield Difference("dependencies", str(path), str(error), reseal)
        return
    if digest(content) != sealed.sha256:
        yield Difference("dependencies", str(path), "the pinned versions of the libraries were changed.", reseal)
    for name, sentence in unlike_pinned(content.decode(errors="replace")).items():
        fix = f"Install what is pinned: python -m pip install --require-hashes -r {path}"
        yield Difference("dependencies", name, sentence, fix)
