"""Starts Python so that nothing but the interpreter, the held libraries and the program takes part in a sealed run.

No .pth file, no sitecustomize, nothing of the folder one is in, no variable that changes how Python runs, no compiled
code but our own is used; then imports are held (`Guard`), and a module, a script or the command is run.
"""

import os
import runpy
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sap.seal.libraries import HOME, PACKAGES, PLACES, library_files, needed_libraries, private_folder
from sap.text.problems import UserError

COMMAND: Final = "sap"
LOCK: Final = "SAP_LOCK"
_KEPT: Final = frozenset({"PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONUTF8"})
"""Of the variables that change how Python runs, those that change no result."""
_START: Final = (
    f"import sys; sys.path.append({str(HOME)!r}); from reports.engines.isolation import main; main(sys.argv[1:])"
)
_ONCE: Final = "sap-compiled-"
"""What a folder for compiled code begins with where there is none to keep."""
_SITES: Final = ("site-packages", "dist-packages")


class StrangerError(UserError):
    """A module that would be imported is no file of what is held."""

    exit_code = 4


def isolated() -> bool:
    """Return whether this process was started so."""
    return bool(sys.flags.no_site)


def python(*words: str) -> list[str]:
    """Return the command that runs some words (``-m NAME``, a script) with this interpreter, isolated where this is."""
    return _isolated(str(sys.pycache_prefix), words) if isolated() else [sys.executable, *words]


def _isolated(compiled: str, words: Sequence[str]) -> list[str]:
    return [sys.executable, "-P", "-s", "-S", "-X", f"pycache_prefix={compiled}", "-c", _START, *words]


def command(*words: str) -> list[str]:
    """Return what runs the command of this program on some words, in a process of its own."""
    return [sys.executable, "-P", "-c", _START, COMMAND, *words]


def start_again(arguments: Sequence[str], *, held: bool, pages: bool = False) -> None:
    """Run the command in a process that is as it should be instead of this one, unless this one is.

    Where it renders pages, sets are in the same order each time (PYTHONHASHSEED): pages are forked from that process.
    """
    if isolated() or not (held or sys.flags.optimize or (pages and sys.flags.hash_randomization)):
        return
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in _KEPT}
    environment |= {"PYTHONHASHSEED": "0"} if pages else {}
    words = [COMMAND, *arguments]
    if held:
        # Where Python would look first: beside the script, or in the folder one is in.
        began = "" if sys.flags.safe_path else str(Path(sys.path[0]).absolute())
        environment[PLACES] = os.pathsep.join([began, os.environ.get("PYTHONPATH", "")])
        environment |= {LOCK: found} if (found := _named_lock(arguments)) else {}
        again = _isolated(_compiled(), words)
    else:
        environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        again = command(*arguments)
    sys.stdout.flush()
    if os.name == "nt":  # exec would end the process that the shell waits for
        raise SystemExit(subprocess.run(again, env=environment, check=False).returncode)  # noqa: S603 - a fixed command
    os.execve(again[0], again, environment)  # noqa: S606 - a fixed command


def _named_lock(arguments: Sequence[str]) -> str:
    """Return the seal that ``--lock`` names: the libraries are pinned beside it."""
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        if word == "--lock":
            return following
        if word.startswith("--lock="):
            return word.removeprefix("--lock=")
    return ""


def _compiled() -> str:
    """Return the folder for compiled code: what lies in a ``__pycache__`` may have been made of other sources."""
    folder = private_folder()
    return str(folder / "compiled") if folder else tempfile.mkdtemp(prefix=_ONCE)


class Guard:
    """Finds modules as Python does; refuses what is neither interpreter, held library, program nor sealed module."""

    def __init__(
        self,
        files: frozenset[str],
        names: frozenset[str],
        standard: tuple[str, ...],
        program: tuple[str, ...],
        beside: tuple[str, ...],
    ) -> None:
        self.files, self.names = files, names | sys.stdlib_module_names
        self.standard, self.program, self.beside = standard, program, beside

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what a module is loaded from; None, as if it were not installed, where nothing held has its name."""
        spec = PathFinder.find_spec(name, path, target)
        top = name.partition(".")[0]
        if spec is None or self._is_held(spec, top):
            return spec
        if path is None and top not in self.names:
            return None  # many libraries use others where they find them
        raise StrangerError(
            f"{spec.origin} would be imported as {name}, and it is no file of a library that is held. "
            "Remove it; `sap verify` lists what else is not as installed."
        )

    def _is_held(self, spec: ModuleSpec, top: str) -> bool:
        if spec.origin is None:  # a package of several folders: what is in it is asked for by itself
            return top in self.names
        origin = Path(os.path.normpath(spec.origin))
        if str(origin) in self.files or str(origin).startswith(self.program) or str(origin.parent) in self.beside:
            return True
        return str(origin).startswith(self.standard) and not set(_SITES).intersection(origin.parts)

    @staticmethod
    def find_distributions(*args: Any, **kwargs: Any) -> Any:
        """Return what is installed, as Python does."""
        return PathFinder.find_distributions(*args, **kwargs)

    @staticmethod
    def invalidate_caches() -> None:
        """Forget what was found, as Python does."""
        PathFinder.invalidate_caches()


def guard() -> None:
    """Hold every import of this process from now on."""
    folder = Path(os.environ.get(LOCK) or "sap.lock").parent
    standard = {str(Path(os.__file__).parent), *(place for place in sys.path if Path(place).name == "lib-dynload")}
    held = Guard(
        library_files(folder),
        frozenset(name for library in needed_libraries(folder).values() for name in library.names),
        tuple(f"{place}{os.sep}" for place in sorted(standard)),
        tuple(f"{HOME / package}{os.sep}" for package in PACKAGES),
        (str(Path.cwd()),),
    )
    sys.meta_path[:] = [held if finder is PathFinder else finder for finder in sys.meta_path]


def guarded() -> bool:
    """Return whether imports of this process are held."""
    return any(isinstance(finder, Guard) for finder in sys.meta_path)


def _environment() -> None:
    """Do what Python's own ``site`` does for an environment, without what the environment adds to it."""
    program = Path(sys.executable)
    home = next((f for f in (program.parent.parent, program.parent) if (f / "pyvenv.cfg").is_file()), None)
    prefixes = [sys.prefix]
    if home is not None:
        settings = (home / "pyvenv.cfg").read_text(encoding="utf-8").lower().replace(" ", "")
        prefixes = [str(home), *(prefixes if "include-system-site-packages=true" in settings else ())]
        sys.prefix = sys.exec_prefix = str(home)
    places = [place for place in site.getsitepackages(prefixes) if Path(place).is_dir()]
    sys.path[:] = [*(p for p in sys.path if p != str(HOME)), *places, *([] if str(HOME) in places else [str(HOME)])]


def main(words: Sequence[str]) -> None:
    """Make this process as it should be, and run a module (``-m NAME``), a script, or the command."""
    if isolated():
        _environment()
        guard()
    sys.argv = list(words)
    if words[0] == COMMAND:
        try:
            command = import_module("reports.commands.cli")
        except ModuleNotFoundError as error:
            told = f"{error}: this Python ({sys.executable}) does not find the libraries where it keeps its own"
            print(f"{told}. Install the program in a virtual environment, or run with --unlocked.", file=sys.stderr)
            raise SystemExit(StrangerError.exit_code) from None
        try:
            command.main()
        finally:
            if Path(str(sys.pycache_prefix)).name.startswith(_ONCE):
                shutil.rmtree(str(sys.pycache_prefix), ignore_errors=True)
    elif words[0] == "-m":
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(words[0], run_name="__main__")
