"""Renders a whole website project with the embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from reports.engines.embedded.assemble import assemble, plain
from reports.engines.embedded.convert import to_html
from reports.engines.embedded.errors import RenderError
from reports.engines.embedded.execute import run
from reports.engines.embedded.executed import Executed
from reports.engines.embedded.links import check_links
from reports.engines.embedded.options import PageOptions, page_layers, page_options
from reports.engines.embedded.pictures import bring_pictures
from reports.engines.embedded.project import Project, cut_to, link_names, read_project, relative
from reports.engines.embedded.qmd import Document, parse
from reports.engines.embedded.titleblock import title_metadata
from reports.engines.isolation import python
from reports.engines.process import run_program

Progress = Callable[[str], None]


def render_site(
    root: Path,
    out: Path,
    env: Mapping[str, str],
    progress: Progress,
    *,
    only: PurePosixPath | None = None,
    later: Collection[str] = (),
) -> tuple[Executed, ...]:
    """Render every page of the project in `root` into the empty folder `out`."""
    project = read_project(root)
    if only is not None:
        project = cut_to(project, only)
    done: list[Executed] = []
    for page in _executed(project, project.pages, env, progress):
        html = to_html(page.pieces, page.metadata, page.options, page.file, page.folder)
        target = out / page.page.with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html, encoding="utf-8", newline="\n")
        bring_pictures(root, out, page.page, page.pieces)
        done.append(page)
    _redirect(project, out)
    check_links(root, out, {page.page: page.pieces for page in done}, later)
    # Quarto names the site and its pages to what comes after them.
    files = "\n".join(str(out / page.page.with_suffix(".html")) for page in done)
    told = {**env, "QUARTO_PROJECT_OUTPUT_DIR": str(out), "QUARTO_PROJECT_OUTPUT_FILES": files}
    for script in project.post_render:
        _script(project, "post-render", script, told)
    return tuple(done)


def execute_pages(
    root: Path, pages: Collection[PurePosixPath], env: Mapping[str, str], progress: Progress
) -> tuple[Executed, ...]:
    """Run some pages of the project in `root`, and write nothing."""
    project = read_project(root)
    wanted = [page for page in project.pages if page in pages]
    return tuple(_executed(project, wanted, env, progress))


def _executed(
    project: Project, pages: Sequence[PurePosixPath], env: Mapping[str, str], progress: Progress
) -> Iterator[Executed]:
    documents = {page: _read(project.root, page) for page in project.pages}
    # Every page's options are settled before the first kernel starts: mistakes show at once.
    settled = {page: _options(project, documents[page]) for page in pages}
    for script in project.pre_render:
        _script(project, "pre-render", script, env)
    for page in pages:
        document, options = documents[page], settled[page]
        folder = project.root / page.parent
        cwd = project.root if project.execute_in_project else folder
        progress(f"rendering {page}")
        pieces = assemble(run(document, options.cells, cwd, env), document.file)
        yield Executed(page, pieces, _metadata(project, documents, page, options), options, folder)


def _read(root: Path, page: PurePosixPath) -> Document:
    file = Path(page)
    try:
        return parse((root / file).read_text(encoding="utf-8"), file)
    except UnicodeDecodeError as error:
        raise RenderError(file, None, "this page is not UTF-8 text; save it as UTF-8") from error


def _options(project: Project, document: Document) -> PageOptions:
    return page_options(page_layers(project.config, document.front, project.root))


def _script(project: Project, when: str, script: str, env: Mapping[str, str]) -> None:
    where = ("project", when)
    if not script.endswith(".py") or not (project.root / script).is_file():
        project.config.refuse(where, f"{when}: “{script}” is not a Python file of this project")
    command = python(str(project.root / script))
    done = run_program(command, project.root, env=env)
    if done.returncode:
        words = (done.stdout + done.stderr).strip()
        line = project.config.line(*where)
        raise RenderError(project.config.file, line, f"the {when} script {script} failed", words)


def _metadata(
    project: Project, documents: Mapping[PurePosixPath, Document], page: PurePosixPath, options: PageOptions
) -> dict[str, Any]:
    """Everything the template and the filter need to know of this page and of its neighbours."""
    titles = {other: str(doc.front.values.get("title") or other.stem) for other, doc in documents.items()}
    nav = [
        {
            "href": plain(relative(entry.target.with_suffix(".html"), page)),
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
            "pages": {name: plain(href) for name, href in link_names(project, page).items()},
            "site-title": project.title,
            "home": plain(relative(_home(project).with_suffix(".html"), page)),
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
