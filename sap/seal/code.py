"""The program as something that can be sealed: its files, its commit, the libraries it runs on."""

import os
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sap.seal.entries import CodeSeal, DependencySeal, LibrarySeal
from sap.seal.former_plans import HISTORY
from sap.seal.libraries import DEPENDENCIES, DISTRIBUTION, PACKAGES, held_libraries, pins, platform
from sap.seal.pages import DRAWN, PROSE, made_beside, page_files
from sap.text.digest import file_digest, joint_digest
from sap.text.problems import UserError

OF_A_STUDY: Final = (".qmd", ".yml")
"""What is not the program's but a study's, directly in a folder of it: a plan and what stands beside it, pages."""


def code_files() -> dict[str, Path]:
    """Return every file of the program by its path from the folder of the packages, sorted."""
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for root in _locations(package):
            for folder, below, names in os.walk(root):
                made = made_beside(names)
                below[:] = [name for name in below if _is_program(name) and name not in made]
                linked = next((Path(folder, name) for name in below if Path(folder, name).is_symlink()), None)
                if linked:
                    raise UserError(f"{linked} is a link to a folder, and the program is sealed file by file. Copy it.")
                study = frozenset(n for n in names if n.endswith(OF_A_STUDY)) if Path(folder) == root else frozenset()
                files = (
                    Path(folder, n)
                    for n in names
                    if not n.startswith(".") and not n.endswith(PROSE) and n not in {*study, *made}
                )
                found |= {f"{package}/{file.relative_to(root).as_posix()}": file for file in files}
    return dict(sorted(found.items()))


def _is_program(folder: str) -> bool:
    return folder not in {"__pycache__", HISTORY, DRAWN} and not folder.startswith(".")


def code_digests() -> dict[str, str]:
    """Return the digest of every file of the program, by path."""
    return {name: file_digest(path) for name, path in code_files().items()}


def page_digests(project: Path, data: Path | None = None) -> dict[str, str]:
    """Return the digest of every page of a project and of what renders it, by path; what is program is not repeated."""
    program = code_files()
    homes = {package: place.resolve() for package in PACKAGES for place in _locations(package)}

    def is_program(path: Path) -> bool:
        whole = path.resolve()
        inside = (f"{p}/{whole.relative_to(h).as_posix()}" for p, h in homes.items() if whole.is_relative_to(h))
        return any(name in program for name in inside)

    return {name: file_digest(path) for name, path in page_files(project, data).items() if not is_program(path)}


def read_code(folder: Path, data: Path | None = None) -> CodeSeal:
    """Return the program, and the pages it renders, as they are now."""
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
        pages=page_digests(folder, data),
        dependencies=dependencies,
        libraries={
            name: LibrarySeal(version=library.version, build=library.build, sha256=library.sha256)
            for name, library in held_libraries(folder).items()
        },
        platform=platform(),
    )


def git_user() -> str:
    """Return the name git would sign a commit with; empty when it knows none."""
    return _git(Path.cwd(), "config", "user.name")


def unlike_pinned(text: str) -> dict[str, str]:
    """Return what is installed otherwise than a requirements file pins it."""
    pinned: dict[str, set[str]] = {}
    conditional: set[str] = set()
    for name, wanted, condition in pins(text):
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
    files = {path.resolve() for path in code_files().values()}
    return any((home / name).resolve() in files or name == DEPENDENCIES for name in names)


def _git(folder: Path, *command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, no shell)
            ["git", "-C", str(folder), *command],  # noqa: S607 (the user's git)
            capture_output=True, text=True, check=False, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
