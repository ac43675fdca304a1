"""Renders a website project with the embedded engine: what ``_quarto.yml`` says of it, and its pages."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from reports.engines.embedded.convert import to_html
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import Executed, died, execute, page_seconds, plain, too_late
from reports.engines.embedded.links import bring_pictures, check_links, put
from reports.engines.embedded.options import PageOptions, check_known, page_layers, page_options, title_metadata
from reports.engines.embedded.qmd import Document, parse
from reports.engines.embedded.yamltext import Yaml, names, read_yaml
from reports.engines.isolation import python
from reports.engines.kept import ANEW, Keep, KeptPage, PageLinks, kept_pages, shared_by_pages, worth_noting
from reports.engines.process import run_program, stoppable
from reports.engines.workers import At, Work, side_by_side
from sap.seal.libraries import HOME
from sap.text.files import canonical, digest, file_digest

Progress = Callable[[str], None]

_PROJECT = names("type title output-dir execute-dir render pre-render post-render lib-dir")
_WEBSITE = names(
    "title description site-url navbar sidebar page-footer search page-navigation bread-crumbs "
    "back-to-top-navigation reader-mode"
)
_ENTRY = frozenset({"href", "text", "aria-label", "icon"})


@dataclass(frozen=True)
class Entry:
    """A link of the navigation bar; `target` is a .qmd relative to the project."""

    target: PurePosixPath
    text: str | None


@dataclass(frozen=True)
class Project:
    """A Quarto website project, as far as the embedded engine knows it."""

    root: Path
    config: Yaml
    title: str
    pages: tuple[PurePosixPath, ...]
    execute_in_project: bool
    pre_render: tuple[str, ...]
    post_render: tuple[str, ...]
    nav: tuple[Entry, ...]
    footer: tuple[str, ...]
    left_out: tuple[PurePosixPath, ...] = ()
    """Pages of the project that are not rendered this time: what links to them is text."""


@dataclass(frozen=True)
class Made:
    """A page as it was run, what its HTML names and leads to (nothing where none was made), and its cells' files."""

    page: Executed
    links: PageLinks
    written: frozenset[str] = frozenset()
    read: Mapping[str, str] | None = field(default_factory=dict)
    """What its cells, and pandoc, read; None where that is not known."""


@dataclass(frozen=True)
class Sited:
    """A site that was made: its pages as they were run, and what is noted of each."""

    executed: tuple[Executed, ...]
    """Without what a page prints that stood and was not made."""
    kept: Mapping[PurePosixPath, KeptPage]
    along: Mapping[str, bytes]
    """What was made along with the pages."""


def render_site(
    root: Path,
    out: Path,
    env: Mapping[str, str],
    progress: Progress,
    *,
    only: PurePosixPath | None = None,
    later: Collection[str] = (),
    before: Path | None = None,
    keep: Keep = ANEW,
    along: Callable[[], Mapping[str, bytes]] = dict,
) -> Sited:
    """Render every page of the project in `root` into the empty folder `out`; what stands in `before` is taken over.

    What `along` gives is made side by side with the pages.
    """
    project = _cut_to(_project(root), only) if only is not None else _project(root)
    texts = {page: file_digest(project.root / page) for page in project.pages}
    documents = {page: _read(project.root, page) for page in project.pages}
    made_of = _made_of(project, (documents, texts), ANEW if _has_scripts_of_others(project) else keep, env)
    standing = kept_pages(before, made_of, keep) if before is not None else {}
    to_make = [page for page in project.pages if page not in standing]
    if keep.alone is not None and only is None and set(to_make) - {keep.alone}:
        why = f"the other pages of {before} are of another run, were changed, or nothing is known of them"
        raise RenderError(None, None, f"{why}. Render all of them, or this one into a folder of its own with --out")
    works = _works(project, documents, to_make, env, out)
    extra = [_along(project, along)] if along is not dict else []
    done = side_by_side([*works.values(), *extra], progress)
    made: dict[PurePosixPath, Made] = dict(zip(to_make, done, strict=False))
    contested = _contested(made)
    kept: dict[PurePosixPath, KeptPage] = {}
    for page in project.pages:
        if page in standing and before is not None:
            kept[page] = standing[page]
            for name in kept[page].files:
                if not put(out / name, (before / name).read_bytes()):
                    why = f"{page} shows {name}, which is another file by now"
                    raise RenderError(Path(page), None, f"{why}. Render all pages, without --page")
            made[page] = Made(_not_run(project, documents, page), kept[page].links)
            continue
        if page in contested:
            # Side by side, what one page drew another may have drawn over: one after the other, each shows its own.
            made[page] = side_by_side([works[page]], progress)[0]
        kept[page] = _kept(root, out, made[page], made_of[page])
    made = {page: made[page] for page in project.pages}
    _redirect(project, out)
    check_links(root, out, {page: (one.links, one.page.pieces) for page, one in made.items()}, later)
    # Quarto names the site and its pages to what comes after them.
    files_made = "\n".join(str(out / page.with_suffix(".html")) for page in made)
    told = {**env, "QUARTO_PROJECT_OUTPUT_DIR": str(out), "QUARTO_PROJECT_OUTPUT_FILES": files_made}
    for script in project.post_render:
        _script(project, "post-render", script, told)
    return Sited(tuple(one.page for one in made.values()), kept, done[-1] if extra else {})


def _kept(root: Path, out: Path, made: Made, made_of: str) -> KeptPage:
    """Bring the pictures of a page that was made, and return what is noted of it."""
    pictures = bring_pictures(root, out, made.page, made.links)
    files = {name: file_digest(out / name) for name in (str(made.page.page.with_suffix(".html")), *pictures)}
    shown = {str((root / name).absolute()): files[name] for name in pictures}
    return KeptPage("" if made.read is None else made_of, {**(made.read or {}), **shown}, files, made.links)


def _along(project: Project, along: Callable[[], Mapping[str, bytes]]) -> Work[Any]:
    def ended(_: int | None) -> Exception:
        return RenderError(None, None, "the process that made what stands beside the pages was ended from outside")

    return Work("making what stands beside the pages", partial(_at, project.root, along), math.inf, ended, ended)


def _at(root: Path, along: Callable[[], Mapping[str, bytes]], _: At) -> Mapping[str, bytes]:
    os.chdir(root)
    return along()


def execute_pages(
    root: Path, pages: Collection[PurePosixPath], env: Mapping[str, str], progress: Progress
) -> tuple[Executed, ...]:
    """Run some pages of the project in `root`, and write nothing."""
    project = _project(root)
    documents = {page: _read(project.root, page) for page in project.pages}
    works = _works(project, documents, [page for page in project.pages if page in pages], env, None)
    return tuple(one.page for one in side_by_side(list(works.values()), progress))


def _made_of(
    project: Project,
    read: tuple[Mapping[PurePosixPath, Document], Mapping[PurePosixPath, str]],
    keep: Keep,
    env: Mapping[str, str],
) -> dict[PurePosixPath, str]:
    """Return of each page a digest of what it is made of, as far as that is known before its cells run."""
    documents, texts = read
    shared = shared_by_pages(project.root, keep, env)
    titles = [str(document.front.values.get("title")) for document in documents.values()]
    left_out = list(map(str, project.left_out))
    found = {}
    for page in documents:
        found[page] = digest(canonical([shared, str(page), texts[page], titles, left_out])) if shared else ""
    return found


def _has_scripts_of_others(project: Project) -> bool:
    """Return whether scripts run before or after the pages that are not the program's: what they read nobody knows."""
    own = {file_digest(HOME / "reports" / name) for name in ("prerender.py", "postrender.py")}
    scripts = [project.root / name for name in (*project.pre_render, *project.post_render)]
    return any(not path.is_file() or file_digest(path) not in own for path in scripts)


def _not_run(project: Project, documents: Mapping[PurePosixPath, Document], page: PurePosixPath) -> Executed:
    """Return a page before its cells are run."""
    options = page_options(page_layers(project.config, documents[page].front, project.root))
    return Executed(page, (), _metadata(project, documents, page, options), options, project.root / page.parent)


def _contested(made: Mapping[PurePosixPath, Made]) -> frozenset[PurePosixPath]:
    """Return the pages that wrote a file which another page wrote too."""
    writers: dict[str, set[PurePosixPath]] = {}
    for page, one in made.items():
        for file in one.written:
            writers.setdefault(file, set()).add(page)
    return frozenset(page for pages in writers.values() if len(pages) > 1 for page in pages)


def _works(
    project: Project,
    documents: Mapping[PurePosixPath, Document],
    pages: Sequence[PurePosixPath],
    env: Mapping[str, str],
    out: Path | None,
) -> dict[PurePosixPath, Work[Made]]:
    """Return what it is to run each page in a process of its own, and to write its HTML where it is wanted."""
    # Every page's options are settled before the first cell runs: mistakes show at once.
    not_run = {page: _not_run(project, documents, page) for page in pages}
    seconds = page_seconds(env)
    for script in project.pre_render if pages else ():
        _script(project, "pre-render", script, env)
    works = {}
    for page in pages:
        file, cwd = Path(page), project.root if project.execute_in_project else project.root / page.parent
        target = out / page.with_suffix(".html") if out else None
        do = partial(_made, not_run[page], documents[page], (cwd, env), target)
        works[page] = Work(f"rendering {page}", do, seconds, partial(too_late, file, seconds), partial(died, file))
    return works


def _made(
    empty: Executed, document: Document, place: tuple[Path, Mapping[str, str]], target: Path | None, at: At
) -> Made:
    """Run a page, in a folder and with an environment, and write its HTML, in a process that does nothing else."""
    began = time.time_ns()
    pieces, files = execute(document, empty.options.cells, *place, at)
    page = replace(empty, pieces=pieces)
    at(None)
    with stoppable():  # what stops the page from here on stops pandoc too
        links = PageLinks()
        if target is not None:
            html, links = to_html(page)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(html, encoding="utf-8", newline="\n")
    of_pandoc = {str(path.absolute()) for path in page.options.files}
    unknown = files.unseen or links.inside  # what pandoc brought inside, it read by itself
    read = None if unknown else worth_noting(files.read | of_pandoc, began)
    return Made(page, links, frozenset(files.written), read)


def _read(root: Path, page: PurePosixPath) -> Document:
    file = Path(page)
    try:
        return parse((root / file).read_text(encoding="utf-8"), file)
    except UnicodeDecodeError as error:
        raise RenderError(file, None, "this page is not UTF-8 text; save it as UTF-8") from error


def _script(project: Project, when: str, script: str, env: Mapping[str, str]) -> None:
    where = ("project", when)
    if not script.endswith(".py") or not (project.root / script).is_file():
        project.config.refuse(where, f"{when}: “{script}” is not a Python file of this project")
    done = run_program(python(str(project.root / script)), project.root, env=env)
    if done.returncode:
        words = (done.stdout + done.stderr).strip()
        raise RenderError(project.config.file, project.config.line(*where), f"the {when} script {script} failed", words)


def _metadata(
    project: Project, documents: Mapping[PurePosixPath, Document], page: PurePosixPath, options: PageOptions
) -> dict[str, Any]:
    """Everything the template and the filter need to know of this page and of its neighbours."""
    titles = {other: str(doc.front.values.get("title") or other.stem) for other, doc in documents.items()}
    nav = [
        {
            "href": plain(_relative(entry.target.with_suffix(".html"), page)),
            "text": entry.text or titles[entry.target],
            "current": entry.target == page,
        }
        for entry in project.nav
    ]
    title = titles[page]
    return {
        **title_metadata(documents[page].front),
        "pagetitle": title if title == project.title else f"{title} – {project.title}",
        "link-citations": True,
        "embedded": {
            "lang": options.lang,
            "toc": options.toc,
            "toc-depth": str(options.toc_depth),
            "toc-title": options.toc_title,
            "number-sections": options.number_sections,
            "pages": _links(project, page),
            "site-title": project.title,
            "home": plain(_relative(_home(project).with_suffix(".html"), page)),
            "nav": nav,
            "footer": list(project.footer),
        },
    }


def _home(project: Project) -> PurePosixPath:
    index = PurePosixPath("index.qmd")
    return index if index in project.pages else project.pages[0]


def _redirect(project: Project, out: Path) -> None:
    """Write ``index.html`` leading to the first page, as Quarto does when no page is the index."""
    index = out / "index.html"
    if index.exists():
        return
    home = _home(project).with_suffix(".html").as_posix()
    index.write_text(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Redirect to {home}</title>\n"
        f'<meta http-equiv="refresh" content="0;URL=\'{home}\'">\n<link rel="icon" href="data:,">\n'
        f'</head>\n<body>\n<p><a href="{home}">{home}</a></p>\n</body>\n</html>\n',
        encoding="utf-8",
        newline="\n",
    )


def _project(root: Path) -> Project:
    """Read and check ``_quarto.yml`` in `root`."""
    file = Path("_quarto.yml")
    try:
        text = (root / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(file, None, f"cannot read the project's configuration in {root}: {error}") from error
    config = read_yaml(text, file)
    check_known(config, ("project",), _PROJECT, "project key")
    check_known(config, ("website",), _WEBSITE, "website key")
    project = config.section("project")
    if project.get("type") != "website":
        config.refuse(("project", "type"), "the embedded engine renders projects of type: website only")
    pages = _pages(root, config, project)
    website = config.section("website")
    return Project(
        root=root,
        config=config,
        title=str(website.get("title") or project.get("title") or root.name),
        pages=pages,
        execute_in_project=project.get("execute-dir") == "project",
        pre_render=_scripts(project.get("pre-render")),
        post_render=_scripts(project.get("post-render")),
        nav=_navigation(config, pages),
        footer=_footer(config),
    )


def _cut_to(project: Project, page: PurePosixPath) -> Project:
    """Return the project with one page alone: no other in the navigation, and nothing runs before it."""
    if page not in project.pages:
        project.config.refuse(("project", "render"), f"render: this project has no page {page}")
    return replace(
        project,
        pages=(page,),
        pre_render=(),
        post_render=(),
        nav=tuple(entry for entry in project.nav if entry.target == page),
        left_out=tuple(other for other in project.pages if other != page),
    )


def _scripts(named: Any) -> tuple[str, ...]:
    return tuple(map(str, named if isinstance(named, list) else [named] if named else []))


def _relative(target: PurePosixPath, page: PurePosixPath) -> str:
    """Link from the page `page` to `target`, both relative to the same root."""
    return PurePosixPath(os.path.relpath(target, page.parent).replace(os.sep, "/")).as_posix()


def _links(project: Project, page: PurePosixPath) -> dict[str, str]:
    """Every way to write a link from `page` to another page, and the link that replaces it; empty for one left out."""
    found: dict[str, str] = {}
    for other in (*project.pages, *project.left_out):
        href = "" if other in project.left_out else plain(_relative(other.with_suffix(".html"), page))
        found |= {_relative(other, page): href, f"/{other}": href}
    return found


def _pages(root: Path, config: Yaml, project: Mapping[str, Any]) -> tuple[PurePosixPath, ...]:
    """Expand the render list; a leading ! takes files away, as in Quarto."""
    patterns = project.get("render")
    if not isinstance(patterns, list) or not patterns:
        config.refuse(("project", "render"), "list the pages to render: render: [reports/index.qmd]")
    found: list[PurePosixPath] = []
    dropped: set[PurePosixPath] = set()
    for pattern in map(str, patterns or []):
        matches = sorted(root.glob(pattern.removeprefix("!")))
        files = [PurePosixPath(path.relative_to(root).as_posix()) for path in matches]
        if pattern.startswith("!"):
            dropped.update(files)
        elif not files:
            config.refuse(("project", "render"), f"render: there is no page {pattern}")
        found += [file for file in files if file not in found]
    pages = tuple(page for page in found if page not in dropped)
    for page in pages:
        if page.suffix != ".qmd":
            config.refuse(("project", "render"), f"the embedded engine renders .qmd files only, not {page}")
    return pages


def _navigation(config: Yaml, pages: tuple[PurePosixPath, ...]) -> tuple[Entry, ...]:
    """Links of the navigation bar, left then right, then those of a sidebar."""
    entries: list[Entry] = []
    for path in (("navbar", "left"), ("navbar", "right"), ("sidebar", "contents")):
        holder = config.section("website").get(path[0])
        listed = holder.get(path[1]) if isinstance(holder, dict) else None
        where = ("website", *path)
        for item in listed or []:
            given = {"href": item} if isinstance(item, str) else item
            unknown = sorted(set(given) - _ENTRY)
            if unknown or not given.get("href"):
                message = f"the embedded engine knows entries with href and text only, not {unknown or given}"
                config.refuse(where, message)
            target = PurePosixPath(str(given["href"]))
            if target not in pages:
                config.refuse(where, f"{target} is in the navigation but not in the project's render list")
            text = given.get("text")
            entries.append(Entry(target, None if text is None else str(text)))
    return tuple(entries)


def _footer(config: Yaml) -> tuple[str, ...]:
    """Return the footer's columns; text alone stands in the middle."""
    value = config.section("website").get("page-footer")
    columns = value if isinstance(value, dict) else {"center": value}
    sides = ("left", "center", "right")
    if any(text is not None and (side not in sides or not isinstance(text, str)) for side, text in columns.items()):
        where = ("website", "page-footer")
        config.refuse(where, "the embedded engine knows a page-footer of text, or with text left, center, right")
    shown = tuple(columns.get(side) or "" for side in sides)
    return tuple(text for text in shown if text) if not isinstance(value, dict) else shown
