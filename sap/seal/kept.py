"""What a run or a page was made of, in one digest, and notes by which nothing is made twice of the same.

The notes lie in a folder that only this user can write to; where there is none, everything is made anew. A note never
stands for what was made: whoever uses one holds the files it tells of against their digests.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sap.seal.code import code_digests
from sap.seal.libraries import library_states, platform, private_folder
from sap.text.files import canonical, digest, joint_digest

_FOLDER: Final = "kept"
_MOST: Final = 2000
"""Notes that are kept; the oldest go."""
_OF_THE_TERMINAL: Final = frozenset(
    {"_", "COLORTERM", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "LINES", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    | {"OLDPWD", "PWD", "SAP_PAGE_SECONDS", "SAP_STARTED_FROM", "SHLVL", "SSH_AUTH_SOCK", "SSH_CLIENT", "TERM"}
    | {"SSH_CONNECTION", "SSH_TTY", "TMPDIR", "WINDOWID", "XDG_RUNTIME_DIR", "XDG_SESSION_ID"}
)
"""Variables that say where one sits and not what is made."""
_COARSE: Final = 10**7
"""Nanoseconds by which a file system's clock may be behind."""
_SETTLED: Final = 2.0
"""Seconds after which a file that is changed has another time of change, on any file system."""


@cache
def program_state() -> str:
    """Return a digest of everything that computes: code, installed libraries, interpreter.

    Code is read; of the libraries' files size, place and times are looked at: the time of change (ctime) of a file
    cannot be set back as its time of modification can. It is empty, and nothing is kept, when one of them just changed,
    and on Windows, which keeps no time of change.
    """
    states = library_states()
    if os.name == "nt" or any(not state or newest / 1e9 > time.time() - _SETTLED for state, newest in states.values()):
        return ""
    parts = {
        "code": joint_digest(code_digests()),
        "libraries": {name: state for name, (state, _) in states.items()},
        "python": [platform(), sys.version, *_state(Path(sys.executable).resolve())],
    }
    return digest(canonical(parts))


def _state(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path), found.st_size, found.st_ctime_ns


def changed_since(began: int, files: Iterable[Path]) -> bool:
    """Return whether one of some files was changed after a time, in nanoseconds: what was read of it is not known."""
    for path in files:
        with suppress(OSError):
            if path.stat().st_ctime_ns >= began - _COARSE:
                return True
    return False


def state_of(files: Iterable[Path]) -> dict[str, str]:
    """Return the digest of each file by its path; empty for one that is not there."""
    found = {}
    for path in files:
        try:
            found[str(path.absolute())] = digest(path.read_bytes())
        except OSError:
            found[str(path.absolute())] = ""
    return found


def environment_state(env: Mapping[str, str]) -> str:
    """Return a digest of the variables of an environment that may change what is made."""
    return digest(canonical({name: value for name, value in env.items() if name not in _OF_THE_TERMINAL}))


def noted(place: Path) -> dict[str, Any]:
    """Return the note of what was made in a place; empty where there is none."""
    path = _note(place)
    with suppress(OSError, ValueError):
        found = json.loads(path.read_bytes()) if path else {}
        return found if isinstance(found, dict) else {}
    return {}


def note(place: Path, content: Mapping[str, Any]) -> None:
    """Note what was made in a place, where there is somewhere to note it."""
    path = _note(place)
    if path is None:
        return
    with suppress(OSError):
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_bytes(canonical(content))
        draft.replace(path)
        for old in sorted(path.parent.iterdir(), key=lambda p: p.stat().st_mtime)[:-_MOST]:
            old.unlink(missing_ok=True)


def forget(place: Path) -> None:
    """Forget what was made in a place."""
    path = _note(place)
    if path is not None:
        path.unlink(missing_ok=True)


def _note(place: Path) -> Path | None:
    folder = private_folder(_FOLDER)
    return folder / f"{digest(str(place.resolve()).encode())}.json" if folder else None
