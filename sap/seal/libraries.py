"""The installed libraries, held by the digests that the record (RECORD) of each gives its files.

Only the standard library and this package are imported here: it looks at the others before any of them runs.
"""

import csv
import hashlib
import os
import re
import sys
import sysconfig
import time
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

from sap.seal.difference import Difference

DISTRIBUTION: Final = "executable-sap"
PACKAGES: Final = ("analysis", "executable_sap", "reports", "sap")
DEPENDENCIES: Final = "requirements.txt"
HOME: Final = Path(__file__).resolve().parents[2]
"""Folder of the program's packages."""
PLACES: Final = "SAP_STARTED_FROM"
"""Environment variable with the folders an ordinary start of Python would have looked in first."""
IMPORTED: Final = (".py", ".pyc", ".pyd", ".so")
CUSTOM: Final = ("sitecustomize", "usercustomize")
"""Modules that Python runs at each start, where they are found."""
_NEVER_READ: Final = (".c", ".h", ".pxd", ".pyc", ".pyi", ".pyx")
_KERNEL_SETTINGS: Final = ("ipython_config", "ipython_kernel_config")
_NAMED: Final = 5
"""Files of one library that are named; the others are counted."""
_KEPT: Final = 4000
"""Notes that are kept, of several environments."""
_SETTLED: Final = 2 * 10**9
"""Nanoseconds after which a file that is changed has another time of change, on any file system."""
_PIN: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)[ \t]*(;?)", re.MULTILINE)
_FIELD: Final = re.compile(r"^(Name|Version|Requires-Dist|Tag): (.*)$", re.MULTILINE)
_NEED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA: Final = re.compile(r"""extra\s*==\s*['"]([^'"]+)""")


@dataclass(frozen=True)
class Library:
    """An installed distribution."""

    name: str
    version: str
    """The name normalised: lower case, hyphens."""
    build: str
    """The tags of the wheel it came in: what it was built for."""
    folder: str
    """What the names of its files are relative to."""
    files: Mapping[str, str]
    """Digest of each file as RECORD gives it; files without one (compiled code, RECORD itself) are not among them."""
    needs: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    """What it asks for: a name, the extras wanted of it, and the extras of this library that ask for it."""

    @cached_property
    def own(self) -> dict[str, str]:
        """The files a wheel brings: the same wherever it is installed, unlike scripts and what the installer writes."""
        return {n: d for n, d in self.files.items() if not n.startswith((".", "/")) and ".dist-info/" not in n}

    @cached_property
    def sha256(self) -> str:
        """One digest of the files a wheel brings."""
        lines = "".join(f"{name} {value}\n" for name, value in sorted(self.own.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def read(self) -> dict[str, str]:
        """Digest of each file that Python or a page may read, by path."""
        return {f"{self.folder}/{n}": d for n, d in self.own.items() if not n.endswith(_NEVER_READ)}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it is imported by."""
        return frozenset(filter(None, (_module(name.split("/")[0], folder="/" in name) for name in self.own)))


def platform() -> str:
    """Return the interpreter and the machine, for which another build of a library is another library."""
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"


def pins(text: str) -> list[tuple[str, str, str]]:
    """Return name, version and condition (";" or nothing) of each pin of a requirements file."""
    return _PIN.findall(text)


def needed_libraries(folder: Path) -> dict[str, Library]:
    """Return what the program needs, and what a requirements file in a folder pins besides, by name, sorted.

    The program itself is not among them: it is sealed file by file.
    """
    return _needed(_sites(), _wanted(folder))


def _wanted(folder: Path) -> frozenset[str]:
    return frozenset({DISTRIBUTION, *(_normal(name) for name, *_ in pins(_text(folder / DEPENDENCIES)))})


def _sites() -> tuple[str, ...]:
    """Return the folders this process imports installed libraries from."""
    return _with_libraries(tuple(sys.path))


@cache
def _with_libraries(places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(place for place in dict.fromkeys(places) if place and next(Path(place).glob("*.dist-info"), None))


@cache
def _needed(sites: tuple[str, ...], wanted: frozenset[str]) -> dict[str, Library]:
    there = _installed(sites)
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, frozenset[str]()) for name in wanted]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or name not in there:
            continue
        seen.add((name, extras))
        waiting += [(n, more) for n, more, only in there[name].needs if not only or only & extras]
    return {name: there[name] for name in sorted({name for name, _ in seen} - {DISTRIBUTION})}


@cache
def _installed(sites: tuple[str, ...]) -> dict[str, Library]:
    """Return every distribution in some folders, by name; the first of two is the one that is imported."""
    found: dict[str, Library] = {}
    for place in sites:
        for folder in sorted(Path(place).glob("*.dist-info")):
            library = _library(place, folder)
            found.setdefault(library.name, library)
    return found


def installed_version(name: str) -> str | None:
    """Return the version of an installed distribution as its wheel says; None where no wheel brought it."""
    found = _installed(_sites()).get(_normal(name))
    return found.version if found else None


def _library(place: str, folder: Path) -> Library:
    about = defaultdict(list)
    for key, value in _FIELD.findall(_text(folder / "METADATA") + _text(folder / "WHEEL")):
        about[key].append(value.strip())
    name, version = (about[key][0] if about[key] else "" for key in ("Name", "Version"))
    files = {row[0]: row[1].removeprefix("sha256=") for row in csv.reader(_text(folder / "RECORD").splitlines()) if row}
    needs = []
    for line in about["Requires-Dist"]:
        if need := _NEED.match(line):
            wanted = frozenset(filter(None, map(str.strip, (need[2] or "").split(","))))
            needs.append((_normal(need[1]), wanted, frozenset(_EXTRA.findall(line))))
    build = ", ".join(sorted(about["Tag"]))
    known = {n: value for n, value in files.items() if value}
    return Library(_normal(name or folder.name.partition("-")[0]), version, build, place, known, tuple(needs))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def library_differences(folder: Path, project: Path) -> tuple[Difference, ...]:
    """Return what of the installed libraries is not as their records say, and what would be imported in their place."""
    libraries = needed_libraries(folder)
    begun = [Path(place) for place in os.environ.get(PLACES, "").split(os.pathsep) if place]
    places = dict.fromkeys(place.resolve() for place in (project, HOME, *begun) if str(place) not in _sites())
    return (
        *_among(_sites(), _wanted(folder)),
        *_shadows(places, libraries),
        *_settings(),
        *_left_out(),
        *_loaded(library_files(folder), libraries),
    )


@cache
def _among(sites: tuple[str, ...], wanted: frozenset[str]) -> tuple[Difference, ...]:
    """Return what differs in the folders of the libraries, which is read once a process."""
    libraries = _needed(sites, wanted)
    strays = (d for site in sites for d in _strays(Path(site), _installed(sites)))
    return (*_unlike_record(libraries), *strays, *_beside(libraries))


def _unlike_record(libraries: Mapping[str, Library]) -> Iterator[Difference]:
    """Yield each library with files that are not what its RECORD says.

    All of them are read, but for the libraries of which a note, in a folder that only this user can write to, says that
    they agreed, and of which no file was changed since: the time of change (ctime) of a file cannot be set back as its
    time of modification can.
    """
    states = {name: _state(library) for name, library in libraries.items()}
    folder = private_folder()
    note = folder / "libraries" if folder else None
    agreed = _text(note).split() if note else []
    to_read = {name: libraries[name] for name, (state, _) in states.items() if state not in set(agreed)}
    found = _digested([path for library in to_read.values() for path in library.read])
    for name, library in to_read.items():
        changed = sorted(path for path, value in library.read.items() if found.get(path) != value)
        if changed or not library.files:
            what = f"not as it was installed (its RECORD gives another digest): {', '.join(changed[:_NAMED])}"
            more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
            told = f"{what}{more}." if changed else "no RECORD says what its files should be."
            yield _different(name, told, f"Install it again: {_again(library)}")
        elif states[name][1] < time.time_ns() - _SETTLED and os.name != "nt":  # Windows keeps no time of change
            agreed.append(states[name][0])
    if note is not None and to_read:
        with suppress(OSError):
            draft = note.with_name(f"{note.name}.{os.getpid()}")
            draft.write_text("\n".join(agreed[-_KEPT:]), encoding="ascii")
            draft.replace(note)


def own_libraries() -> dict[str, Library]:
    """Return what the program itself needs, by name, whatever else a project pins."""
    return _needed(_sites(), frozenset({DISTRIBUTION}))


def library_states() -> dict[str, tuple[str, int]]:
    """Return of each library the program needs a digest of how its files lie here, and when the last was changed."""
    return {name: _state(library) for name, library in own_libraries().items()}


def _state(library: Library) -> tuple[str, int]:
    """Return a digest of everything that is another when a file of a library was changed, and the last change."""
    state, newest = hashlib.sha256(), 0
    for path, value in library.read.items():
        try:
            s = os.stat(path)  # noqa: PTH116 - ten thousand files
        except OSError:
            return "", 0
        newest = max(newest, s.st_ctime_ns)
        state.update(f"{path} {value} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}\n".encode())
    return state.hexdigest(), newest


def _again(library: Library) -> str:
    return f"python -m pip install --force-reinstall --no-deps {library.name}=={library.version}"


def _different(where: str, message: str, fix: str) -> Difference:
    return Difference("dependencies", where, message, fix)


def _digested(paths: Sequence[str]) -> dict[str, str]:
    """Return the digest of each file that can be read, in RECORD's form."""
    workers = min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        shares = pool.map(_share_digested, (paths[n::workers] for n in range(workers)))
        return {path: value for share in shares for path, value in share.items()}


def _share_digested(paths: Iterable[str]) -> dict[str, str]:
    found = {}
    for path in paths:
        with suppress(OSError), open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - ten thousand files
            value = hashlib.file_digest(stream, "sha256").digest()
            found[path] = urlsafe_b64encode(value).rstrip(b"=").decode()
    return found


def private_folder(name: str = "") -> Path | None:
    """Return a folder for notes, or one in it, that nobody but this user can write to; None where there is none."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - does not raise
    folder = Path(base) / DISTRIBUTION
    for place in dict.fromkeys((folder, folder / name)):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            s = place.lstat()
        except OSError:
            return None
        owner = os.geteuid() if hasattr(os, "geteuid") else s.st_uid
        if s.st_uid != owner or s.st_mode & 0o022 or place.is_symlink():
            return None
    return folder / name


def _strays(site: Path, there: Mapping[str, Library]) -> Iterator[Difference]:
    """Yield what stands among the libraries, can run, and belongs to none that is installed."""
    recorded = {
        n: value for library in there.values() if library.folder == str(site) for n, value in library.files.items()
    }
    known = {name.split("/")[0] for name in recorded}
    for entry in sorted(site.iterdir()):
        name = _module(entry.name, folder=entry.is_dir())
        if entry.suffix == ".pth" and not _leads_home(entry):
            listed = entry.name in recorded and _digested([str(entry)]).get(str(entry)) == recorded[entry.name]
            if not listed:
                what = "it runs, or adds places to import from, at each start of Python"
                yield _stray(entry, f"{what}, and no installed library has it in its RECORD.")
        elif name in CUSTOM:
            yield _stray(entry, "it runs at each start of Python.")
        elif name and entry.name not in known and not (entry.is_dir() and not _holds_code(entry)):
            yield _stray(entry, "it can be imported, and no installed library has it in its RECORD.")


def _leads_home(pth: Path) -> bool:
    """Return whether a .pth file does no more than lead to the program, as that of an installation in place does."""
    lines = [line.strip() for line in _text(pth).splitlines() if line.strip() and not line.startswith("#")]
    return all(not line.startswith(("import ", "import\t")) and Path(line).resolve() == HOME for line in lines)


def _stray(path: Path, message: str) -> Difference:
    return _different(str(path), message, "Remove it, or install the library it belongs to with pip.")


def _beside(libraries: Mapping[str, Library]) -> Iterator[Difference]:
    """Yield modules that lie in the folder of a library, beside its own, without being of any library."""
    own = {f"{library.folder}/{name}" for library in libraries.values() for name in library.own}
    for place in sorted({path.rpartition("/")[0] for path in own} - {lib.folder for lib in libraries.values()}):
        with suppress(OSError):
            for file in sorted(os.listdir(place)):  # noqa: PTH208 - a thousand folders
                if file.endswith(IMPORTED) and f"{place}/{file}" not in own:
                    yield _stray(Path(place, file), "it can be imported, and is no file of the library it lies in.")


def _shadows(places: Iterable[Path], libraries: Mapping[str, Library]) -> Iterator[Difference]:
    """Yield modules outside the libraries that have the name of one, and would be imported in its place."""
    names = {name for library in libraries.values() for name in library.names}
    for place in places:
        own = () if place == HOME else PACKAGES
        with suppress(OSError):
            for entry in sorted(place.iterdir()):
                folder = entry.is_dir()
                name = _module(entry.name, folder=folder)
                code = not folder or any(
                    (entry / f"__init__{end}").is_file() for end in (*EXTENSION_SUFFIXES, ".py", ".pyc")
                )
                if code and (name in names or name in own or name in CUSTOM or name in sys.stdlib_module_names):
                    what = "runs at each start of Python" if name in CUSTOM else f"would be imported in place of {name}"
                    yield _different(str(entry), f"it {what}.", "Move it elsewhere, or give it another name.")


def _settings() -> Iterator[Difference]:
    """Yield the settings of kernels that this machine or this environment has: they are programs."""
    for place in (Path(sys.prefix, "etc/ipython"), Path("/etc/ipython"), Path("/usr/local/etc/ipython")):
        for path in (place / f"{name}{end}" for name in _KERNEL_SETTINGS for end in (".py", ".json")):
            if path.is_file():
                yield _different(str(path), "it is read by each kernel that runs the cells of a page.", "Remove it.")


def _left_out() -> Iterator[Difference]:
    """Yield that this process leaves out checks and docstrings, which some words are taken from."""
    if sys.flags.optimize:
        message = f"Python runs with -{'O' * sys.flags.optimize}, which leaves out checks and words of the program."
        yield _different("PYTHONOPTIMIZE", message, "Unset PYTHONOPTIMIZE, and start Python without -O.")


def _loaded(files: frozenset[str], libraries: Mapping[str, Library]) -> Iterator[Difference]:
    """Yield modules of this process that have the name of a library and were loaded from elsewhere."""
    names = {name for library in libraries.values() for name in library.names}
    standard = str(Path(os.__file__).parent)
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or name.split(".")[0] not in names or os.path.normpath(path) in files:
            continue
        if path.startswith(standard) and "-packages" not in path:
            continue  # a library may hand on a module of the interpreter under a name of its own
        yield _different(path, f"{name} was loaded from it, which is no file of the library.", "Remove it.")


def library_files(folder: Path) -> frozenset[str]:
    """Return the path of every file of the libraries that are held where a folder pins them."""
    return _files(_sites(), _wanted(folder))


@cache
def _files(sites: tuple[str, ...], wanted: frozenset[str]) -> frozenset[str]:
    held = _needed(sites, wanted).values()
    return frozenset(os.path.normpath(f"{library.folder}/{name}") for library in held for name in library.own)


def _module(entry: str, *, folder: bool) -> str:
    """Return the name that an entry of a folder is imported by; empty when it is not."""
    name = entry if folder else entry.partition(".")[0] if entry.endswith(IMPORTED) else ""
    return name if name.isidentifier() and name != "__pycache__" else ""


def _holds_code(folder: Path) -> bool:
    return any(name.endswith(IMPORTED) for _, _, names in os.walk(folder) for name in names)
