"""Holding a folder of results, and the site rendered from them, against the seal."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sap.seal.difference import Difference
from sap.seal.lock import Entry, Lock
from sap.text.files import canonical, digest, file_digest, read_whole, replace_whole, within
from sap.text.problems import UserError

MANIFEST: Final = "MANIFEST.sha256"
"""In the form that ``sha256sum --check`` reads."""
RECORD: Final = "provenance.json"
"""The record of the run the pages were rendered from: in the results, and a copy of it in the site."""


def manifest(digests: Mapping[str, str]) -> bytes:
    """Return a list of files by name, as ``sha256sum`` writes it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def write_manifest(site: Path, results: Path | None = None) -> None:
    """List every file of a site in it, and keep the record of its run beside the list."""
    if results is not None:
        replace_whole(site / RECORD, read_whole(results / RECORD))
    replace_whole(site / MANIFEST, manifest({n: file_digest(path) for n, path in _files(site).items()}))


def site_differences(site: Path, results: Path | None) -> Iterator[Difference]:
    """Yield what of a site is not as it was rendered, or is of another run than the results."""
    try:
        lines = read_whole(site / MANIFEST).decode(errors="replace").splitlines()
    except UserError:
        yield _of_site(site, f"no {MANIFEST} says what was rendered.")
        return
    listed = {name: value for value, _, name in (line.partition("  ") for line in lines)}
    found = _files(site)
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield _of_site(site / name, "the file is gone since it was rendered.")
        elif name not in listed:
            yield _of_site(site / name, "the file was added since the site was rendered.")
        elif file_digest(found[name]) != listed[name]:
            yield _of_site(site / name, "the file was changed since it was rendered.")
    if results is None:
        yield _of_site(site, "there are no results to hold its pages against.")
    elif RECORD in found and file_digest(found[RECORD]) != file_digest(results / RECORD):
        yield _of_site(site, f"its pages were rendered from another run than that in {results}.")
    elif RECORD not in listed:
        yield _of_site(site, "nothing says which run its pages were rendered from.")


def _files(site: Path) -> dict[str, Path]:
    """Return every file of a site but the list itself, by path from its folder."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if name != MANIFEST}


def _of_site(where: Path, message: str) -> Difference:
    return Difference("site", str(where), message, "`sap render` makes the pages again.")


def _of_results(where: Path, message: str) -> Difference:
    return Difference("results", str(where), message, "`sap run` makes the results again.")


class _Record(BaseModel):
    """What is read of provenance.json; the whole of it is `analysis.results.provenance`'s."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Digested(_Record):
    sha256: str


class _DataFile(_Digested):
    dataset: str


class _Origin(_Record):
    plan: _Digested
    data: tuple[_DataFile, ...]
    code: _Digested
    state: str
    seal: str = ""
    files: dict[str, str]
    sha256: str


def results_differences(lock: Lock, folder: Path) -> tuple[Difference, ...]:
    """Return what of a folder of results is not as the run left it, or not of what is sealed now."""
    path = folder / RECORD
    try:
        content = json.loads(path.read_bytes())
        origin = _Origin.model_validate(content)
    except FileNotFoundError:
        message = "the record of where the results come from is missing."
        return (_of_results(path, message),)
    except OSError as error:
        return (_of_results(path, f"it cannot be read: {error.strerror}."),)
    except (ValueError, ValidationError, RecursionError):
        return (_of_results(path, "it is damaged."),)
    if digest(canonical({k: v for k, v in content.items() if k != "sha256"})) != origin.sha256:
        return (_of_results(path, "the file was changed after the run."),)
    return (*_changed_files(origin, folder), *_sources(lock, origin, folder))


def _changed_files(origin: _Origin, folder: Path) -> Iterator[Difference]:
    for name, sha256 in sorted(origin.files.items()):
        try:
            changed = file_digest(within(folder, name)) != sha256
        except UserError as error:
            yield _of_results(folder / name, str(error))
            continue
        if changed:
            yield _of_results(folder / name, "the file was changed after the run.")


def _sources(lock: Lock, origin: _Origin, folder: Path) -> Iterator[Difference]:
    if origin.state == "dry run":
        yield _of_results(folder, "they come from a dry run, on synthetic data.")
        return
    if origin.state != "sealed":
        message = "they are a draft: something differed from the seal, or nothing was sealed, when they were made."
        yield _of_results(folder, message)
    elif origin.seal not in {entry.sha256 for entry in lock.entries}:
        yield _of_results(folder, "they were made under another seal.")
    plans = {e.plan.sha256: e for e in lock.plans if e.plan}
    if lock.plan and lock.plan.plan and origin.plan.sha256 != lock.plan.plan.sha256:
        former = plans.get(origin.plan.sha256)
        which = (
            f"version {former.plan.version}, since amended" if former and former.plan else "a text that is not sealed"
        )
        yield _of_results(folder, f"they are of another plan: {which}.")
    yield from _data(lock, {d.dataset: d.sha256 for d in origin.data}, folder)
    if lock.code and lock.code.code and origin.code.sha256 != lock.code.code.sha256:
        yield _of_results(folder, "they were made by other code than the code that is sealed.")


def _data(lock: Lock, found: Mapping[str, str], folder: Path) -> Iterator[Difference]:
    if lock.data is None or _digests(lock.data) == found:
        return
    older = next((e for e in reversed(lock.entries) if e.event == "data" and _digests(e) == found), None)
    if older:
        message = (
            f"they are of an older data cut (entry {older.number}, {older.at}); the newest is entry {lock.data.number}."
        )
    else:
        sealed = _digests(lock.data)
        names = sorted(name for name in sealed.keys() | found.keys() if sealed.get(name) != found.get(name))
        message = f"they are of data that are not sealed ({', '.join(names)})."
    yield _of_results(folder, message)


def _digests(entry: Entry) -> dict[str, str]:
    return {f.dataset: f.sha256 for f in entry.data or ()}
