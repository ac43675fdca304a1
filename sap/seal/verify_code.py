"""Holding the program, its pages and its libraries against the seal, file by file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sap.seal.code import code_digests, page_digests, unlike_pinned
from sap.seal.difference import Difference
from sap.seal.libraries import DEPENDENCIES, Library, library_differences, needed_libraries, platform
from sap.seal.lock import CodeSeal, DependencySeal, LibrarySeal, Lock
from sap.text.files import digest, read_whole, within
from sap.text.problems import UserError

RESEAL: Final = 'seal this: sap lock code --reason "…".'


def code_differences(lock: Lock, folder: Path, project: Path) -> Iterator[Difference]:
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
    yield from _libraries(code, folder)
    yield from library_differences(folder, project)


def page_differences(lock: Lock, project: Path, data: Path | None = None) -> Iterator[Difference]:
    """Yield each page, or file that renders pages, that is not as sealed; nothing while no code is sealed at all."""
    code = lock.code.code if lock.code else None
    if code is None:
        return
    found = page_digests(project, data)
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


def _libraries(code: CodeSeal, folder: Path) -> Iterator[Difference]:
    """Yield each library that is not the one that was sealed; another version than is pinned was told before."""
    if code.libraries is None:
        message = "no library is sealed: their files can be other than those that were sealed with."
        yield Difference("dependencies", "libraries", message, RESEAL[0].upper() + RESEAL[1:])
        return
    found = needed_libraries(folder)
    same, content = code.platform == platform(), _pins(folder)
    as_pinned = digest(content) == (code.dependencies.sha256 if code.dependencies else digest(b""))
    # Of other pins, which were told, it follows that other libraries are held.
    names = code.libraries.keys() | found.keys() if as_pinned else code.libraries.keys() & found.keys()
    unlike = {n: _unlike_sealed(code.libraries.get(n), found.get(n), same_platform=same) for n in sorted(names)}
    told = unlike_pinned(content.decode(errors="replace")) if any(unlike.values()) else {}
    for name, what in unlike.items():
        if what and name not in told:
            fix = f"Install what was sealed{_version(code.libraries.get(name))}, or {RESEAL}"
            yield Difference("dependencies", name, what, fix)


def _unlike_sealed(sealed: LibrarySeal | None, found: Library | None, *, same_platform: bool) -> str:
    """Return how a library differs from its seal; empty when it does not.

    A library of compiled code has other files on another platform: there it is held by its version and its own RECORD.
    """
    if found is None:
        return "it was sealed and is not installed." if same_platform else ""
    if sealed is None:
        return f"{found.version} is installed and was not there when the code was sealed." if same_platform else ""
    if found.version != sealed.version:
        return f"{sealed.version} was sealed and {found.version} is installed."
    pure = sealed.build.endswith("-none-any")
    if found.build != sealed.build and (same_platform or pure):
        return f"it is the build {found.build or 'of nobody'}, and {sealed.build or 'another'} was sealed."
    if found.build == sealed.build and found.sha256 != sealed.sha256:
        return "its files, and the RECORD of them, are other than those that were sealed."
    return ""


def _version(sealed: LibrarySeal | None) -> str:
    return f" ({sealed.version})" if sealed else ""


def _pins(folder: Path) -> bytes:
    try:
        return read_whole(folder / DEPENDENCIES)
    except UserError:
        return b""
