"""Holding a folder of results against the seal, through the record that the run left with them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sap.seal.difference import Difference
from sap.seal.lock import Entry, Lock
from sap.seal.manifest import RECORD
from sap.text.digest import canonical, digest, file_digest
from sap.text.files import within
from sap.text.problems import UserError

AGAIN: Final = "`sap run` makes the results again."


class _Record(BaseModel):
    """What is read of provenance.json; the whole of it is `analysis.provenance`'s."""

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
        return (Difference("results", str(path), message, AGAIN),)
    except OSError as error:
        return (Difference("results", str(path), f"it cannot be read: {error.strerror}.", AGAIN),)
    except (ValueError, ValidationError, RecursionError):
        return (Difference("results", str(path), "it is damaged.", AGAIN),)
    if digest(canonical({k: v for k, v in content.items() if k != "sha256"})) != origin.sha256:
        return (Difference("results", str(path), "the file was changed after the run.", AGAIN),)
    return (*_files(origin, folder), *_sources(lock, origin, folder))


def _files(origin: _Origin, folder: Path) -> Iterator[Difference]:
    for name, sha256 in sorted(origin.files.items()):
        try:
            changed = file_digest(within(folder, name)) != sha256
        except UserError as error:
            yield Difference("results", str(folder / name), str(error), AGAIN)
            continue
        if changed:
            yield Difference("results", str(folder / name), "the file was changed after the run.", AGAIN)


def _sources(lock: Lock, origin: _Origin, folder: Path) -> Iterator[Difference]:
    where = str(folder)
    if origin.state == "dry run":
        yield Difference("results", where, "they come from a dry run, on synthetic data.", AGAIN)
        return
    if origin.state != "sealed":
        message = "they are a draft: something differed from the seal, or nothing was sealed, when they were made."
        yield Difference("results", where, message, AGAIN)
    elif origin.seal not in {entry.sha256 for entry in lock.entries}:
        yield Difference("results", where, "they were made under another seal.", AGAIN)
    plans = {e.plan.sha256: e for e in lock.plans if e.plan}
    if lock.plan and lock.plan.plan and origin.plan.sha256 != lock.plan.plan.sha256:
        former = plans.get(origin.plan.sha256)
        which = (
            f"version {former.plan.version}, since amended" if former and former.plan else "a text that is not sealed"
        )
        yield Difference("results", where, f"they are of another plan: {which}.", AGAIN)
    yield from _data(lock, {d.dataset: d.sha256 for d in origin.data}, where)
    if lock.code and lock.code.code and origin.code.sha256 != lock.code.code.sha256:
        yield Difference("results", where, "they were made by other code than the code that is sealed.", AGAIN)


def _data(lock: Lock, found: Mapping[str, str], where: str) -> Iterator[Difference]:
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
    yield Difference("results", where, message, AGAIN)


def _digests(entry: Entry) -> dict[str, str]:
    return {f.dataset: f.sha256 for f in entry.data or ()}
