"""The program as something that can be sealed: its files, its commit, the libraries it runs on."""

import os
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sap.digest import file_digest, joint_digest
from sap.pages import page_files
from sap.problems import UserError
from sap.seals import CodeSeal, DependencySeal

DISTRIBUTION: Final = "executable-sap"
PACKAGES: Final = ("analysis", "reports", "sap")
DEPENDENCIES: Final = "requirements.txt"
SUFFIXES: Final = frozenset(
    {".css", ".html", ".js", ".lua", ".mplstyle", ".py", ".pyc", ".pyd", ".R", ".scss", ".so", ".typ", ".xml"}
)
"""What is program and not prose; compiled modules, which Python would import too, are among it."""
MADE: Final = (".html", ".typ", ".xml")
"""What Quarto makes of a page, of the suffixes above."""


def code_files() -> dict[str, Path]:
    """Return every file of the program by its path from the folder of the packages, sorted.

    Raises
    ------
    UserError
        When a folder of the program is a link: what it leads to cannot be sealed.
    """
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for root in _locations(package):
            for folder, below, names in os.walk(root):
                pages = {Path(name).stem for name in names if name.endswith(".qmd")}
                below[:] = [name for name in below if _is_program(name) and name.removesuffix("_files") not in pages]
                linked = next((Path(folder, name) for name in below if Path(folder, name).is_symlink()), None)
                if linked:
                    raise UserError(f"{linked} is a link to a folder, and the program is sealed file by file. Copy it.")
                # What Quarto makes of a page lies beside it until all are done, and stays when it is interrupted.
                made = frozenset(f"{page}{suffix}" for page in pages for suffix in MADE)
                files = (Path(folder, name) for name in names if Path(name).suffix in SUFFIXES and name not in made)
                found |= {f"{package}/{file.relative_to(root).as_posix()}": file for file in files}
    return dict(sorted(found.items()))


def _is_program(folder: str) -> bool:
    return folder != "__pycache__" and not folder.startswith(".")


def code_digests() -> dict[str, str]:
    """Return the digest of every file of the program, by path."""
    return {name: file_digest(path) for name, path in code_files().items()}


def page_digests(project: Path) -> dict[str, str]:
    """Return the digest of every page of a project and of what renders it, by path; what is program is not repeated."""
    program = frozenset(path.resolve() for path in code_files().values())
    found = page_files(project)
    return {name: file_digest(path) for name, path in found.items() if path.resolve() not in program}


def read_code(folder: Path) -> CodeSeal:
    """Return the program, and the pages it renders, as they are now.

    Parameters
    ----------
    folder : Path
        Where ``requirements.txt`` and the pages are looked for: the folder of the seal.

    Returns
    -------
    CodeSeal
        Commit and tree are empty outside a repository.
    """
    files = code_digests()
    pinned = folder / DEPENDENCIES
    dependencies = DependencySeal(file=DEPENDENCIES, sha256=file_digest(pinned)) if pinned.is_file() else None
    home = next(iter(_locations(PACKAGES[0]))).parent
    first = next(iter(files), "")
    tracked = bool(first) and _git(home, "ls-files", "--", first)  # not a repository around an installation
    return CodeSeal(
        version=_installed(DISTRIBUTION) or "",
        commit=_git(home, "rev-parse", "HEAD") if tracked else "",
        tree=_git(home, "rev-parse", "HEAD^{tree}") if tracked else "",
        dirty=bool(tracked) and _dirty(home),
        sha256=joint_digest(files),
        files=files,
        pages=page_digests(folder),
        dependencies=dependencies,
    )


def git_user() -> str:
    """Return the name git would sign a commit with; empty when it knows none."""
    return _git(Path.cwd(), "config", "user.name")


_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)[ \t]*(;?)", re.MULTILINE)


def unlike_pinned(text: str) -> dict[str, str]:
    """Return what is installed otherwise than a requirements file pins it.

    Parameters
    ----------
    text : str
        Lines such as ``numpy==2.3.0 ; python_version < "3.12"``. A package may have a line for each platform: any of
        its versions will do, and with a condition it may be absent.

    Returns
    -------
    dict of str to str
        A sentence a package.
    """
    pinned: dict[str, set[str]] = {}
    conditional: set[str] = set()
    for name, wanted, condition in _PIN.findall(text):
        pinned.setdefault(name, set()).add(wanted)
        conditional |= {name} if condition else set()
    sentences = {}
    for name, versions in sorted(pinned.items()):
        found = _installed(name)
        if found is None and name not in conditional:
            sentences[name] = f"{' or '.join(sorted(versions))} is pinned and it is not installed."
        elif found is not None and found not in versions:
            sentences[name] = f"{' or '.join(sorted(versions))} is pinned and {found} is installed."
    return sentences


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _locations(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []


def _dirty(home: Path) -> bool:
    """Return whether a file of the program, or the pins of its libraries, is not as committed."""
    listed = _git(home, "status", "--porcelain", "--untracked-files=all", "--", *PACKAGES, DEPENDENCIES)
    names = [line[2:].strip().strip('"') for line in listed.splitlines()]
    return any(Path(name).suffix in SUFFIXES or Path(name).name == DEPENDENCIES for name in names)


def _git(folder: Path, *command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, no shell)
            ["git", "-C", str(folder), *command],  # noqa: S607 (the user's git)
            capture_output=True, text=True, check=False, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
