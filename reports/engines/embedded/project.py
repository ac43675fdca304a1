"""Reads _quarto.yml: which pages there are, where they go, and how they are named to each other."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.options import check_known
from reports.engines.embedded.yamltext import Yaml, names, read_yaml

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
    output_dir: str
    execute_in_project: bool
    pre_render: tuple[str, ...]
    post_render: tuple[str, ...]
    nav: tuple[Entry, ...]
    footer: tuple[str, ...]
    left_out: tuple[PurePosixPath, ...] = ()
    """Pages of the project that are not rendered this time: what links to them is text."""


def read_project(root: Path) -> Project:
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
        output_dir=str(project.get("output-dir") or "_site"),
        execute_in_project=project.get("execute-dir") == "project",
        pre_render=_scripts(project.get("pre-render")),
        post_render=_scripts(project.get("post-render")),
        nav=_navigation(config, pages),
        footer=_footer(config),
    )


def cut_to(project: Project, page: PurePosixPath) -> Project:
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


def relative(target: PurePosixPath, page: PurePosixPath) -> str:
    """Link from the page `page` to `target`, both relative to the same root."""
    return PurePosixPath(os.path.relpath(target, page.parent).replace(os.sep, "/")).as_posix()


def link_names(project: Project, page: PurePosixPath) -> dict[str, str]:
    """Every way to write a link from `page` to another page, and the link that replaces it; empty for one left out."""
    names: dict[str, str] = {}
    for other in project.pages:
        href = relative(other.with_suffix(".html"), page)
        names[relative(other, page)] = href
        names[f"/{other}"] = href
    for other in project.left_out:
        names |= {relative(other, page): "", f"/{other}": ""}
    return names


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
