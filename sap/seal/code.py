"""The program and the pages of a project as something that can be sealed: files, commit, libraries."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sap.seal.kept_texts import HISTORY
from sap.seal.libraries import DEPENDENCIES, DISTRIBUTION, PACKAGES, installed_version, needed_libraries, pins, platform
from sap.seal.lock import CodeSeal, DependencySeal, LibrarySeal
from sap.text.files import file_digest, joint_digest, within
from sap.text.problems import UserError
from sap.text.yaml_file import YamlFile

PROJECT: Final = "_quarto.yml"
KINDS: Final = frozenset(
    {".R", ".bib", ".cfg", ".csl", ".css", ".csv", ".html", ".ini", ".js", ".json", ".lua", ".mplstyle", ".png", ".py"}
    | {".pyc", ".pyd", ".qmd", ".scss", ".so", ".svg", ".toml", ".typ", ".xml", ".yaml", ".yml"}
)
"""What takes part in pages when it stands beside the configuration, where prose stands too."""
BY_NAME: Final = ("matplotlibrc", "_environment")
"""What such files begin with when their kind does not tell."""
PROSE: Final = (".rst", ".txt")
"""What is for people alone."""
EXTENSIONS: Final = "_extensions"
EVIDENCE: Final = "tests/reference"
"""Where the quality page reads what the tests compared."""
DRAWN: Final = "fig"
"""Folder beside pages in which they draw."""
STUDY: Final = ("plan.yml", "post_hoc.yml", "history")
"""A plan and what stands beside it, sealed by itself."""
FACTS: Final = "published.yml"
OF_A_STUDY: Final = (".qmd", ".yml")
"""What is not the program's but a study's, directly in a folder of it: a plan and what stands beside it, pages."""
MADE: Final = (".docx", ".html", ".pdf", ".quarto_ipynb", ".tex", ".typ", ".xml")
"""What Quarto makes of a page lies beside it until all are done, and stays when it is interrupted."""


def page_files(project: Path, data: Path | None = None) -> dict[str, Path]:
    """Return every page of a project and what takes part in it, by path from its folder, sorted."""
    configuration = project / PROJECT
    content = _content(configuration)
    pages = _pages(project, content)
    if not pages and not configuration.is_file():
        return {}
    found = {*pages, *project.glob("_quarto*.yml"), *_named(project, content), *_beside(project)}
    folders = {page.parent for page in pages} - {project} | {project / EXTENSIONS, project / EVIDENCE}
    found |= {path for folder in folders for path in _everything(folder)}
    names = sorted(path.relative_to(project).as_posix() for path in found if path.is_file())
    files = {name: within(project, name) for name in names}
    facts = (project / "data" if data is None else data) / FACTS
    return dict(sorted({**files, **({f"data/{FACTS}": facts} if facts.is_file() else {})}.items()))


def made_beside(names: Iterable[str]) -> frozenset[str]:
    """Return what Quarto makes of the pages among the names of a folder, and leaves beside them."""
    pages = [name.removesuffix(".qmd") for name in names if name.endswith(".qmd")]
    return frozenset(f"{page}{end}" for page in pages for end in (*MADE, "_files"))


def _beside(project: Path) -> Iterator[Path]:
    """Yield what stands beside the configuration and takes part; what is sealed by itself is not among it."""
    entries = [path for path in project.iterdir() if not path.name.startswith(".")]
    made = made_beside(path.name for path in entries)
    for path in entries:
        takes_part = path.suffix in KINDS or path.name.startswith(BY_NAME)
        if takes_part and path.name not in {*made, *STUDY}:
            yield path


def _everything(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, but for hidden ones, what is made there, and what is sealed by itself."""
    for place, below, names in os.walk(folder):
        made = made_beside(names)
        out = {*made, DRAWN, "__pycache__", *(STUDY if Path(place) == folder else ())}
        below[:] = [name for name in below if name not in out and not name.startswith(".")]
        yield from (Path(place, n) for n in names if n not in out and not n.startswith(".") and not n.endswith(PROSE))


def _content(configuration: Path) -> dict[str, Any]:
    """Return what a configuration says; nothing when it is missing or damaged, which rendering will say."""
    try:
        content = YamlFile(configuration).content
    except UserError:
        return {}
    return content if isinstance(content, dict) else {}


def _pages(project: Path, content: dict[str, Any]) -> set[Path]:
    """Return the pages the configuration names; without a list, every page beside it and in its ``reports`` folder."""
    section = content.get("project")
    listed = section.get("render") if isinstance(section, dict) else None
    patterns = [p for p in _texts(listed) if not p.startswith("!")] or ["*.qmd", "reports/*.qmd"]
    return {path for pattern in patterns for path in _matching(project, pattern) if path.suffix == ".qmd"}


def _named(project: Path, content: dict[str, Any]) -> Iterator[Path]:
    """Yield the files a configuration names: a script may stand behind its interpreter ("python tools/before.py")."""
    for word in {word for text in _texts(content) for word in text.split()}:
        with suppress(OSError, ValueError):  # too long, or no name of a file
            path = Path(word)
            if not path.is_absolute() and ".." not in path.parts and (project / path).is_file():
                yield project / path


def _matching(project: Path, pattern: str) -> Iterable[Path]:
    try:
        return list(project.glob(pattern))
    except (ValueError, NotImplementedError):  # no pattern of this folder: rendering refuses it
        return []


def _texts(value: object) -> Iterator[str]:
    """Yield every text in the content of a YAML file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


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
            for name, library in needed_libraries(folder).items()
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
        found = installed_version(name) or _installed(name)
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
