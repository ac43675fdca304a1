"""Which options the embedded engine honours, their values for a page or a cell, and what a title block shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from reports.engines.embedded.yamltext import Yaml, names

_T = TypeVar("_T")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AUTHOR_KEYS = names("name affiliation affiliations email orcid corresponding degrees role roles")

ADVICE = "remove it or render with Quarto"

# Options of the HTML format: each changes the page, and each is honoured.
HTML_OPTIONS = names(
    "toc toc-depth toc-title number-sections code-fold code-summary css html-math-method include-after-body"
)
# Options that only dress Quarto's own page furniture: without meaning, and without harm, here.
QUARTO_ONLY = names(
    "theme embed-resources self-contained html-table-processing page-layout anchor-sections smooth-scroll "
    "code-copy code-tools code-link toc-location toc-expand highlight-style link-citations search jupyter "
    "engine description fig-responsive lightbox minimal"
)
QUARTO_ONLY_EXECUTE = names("daemon")
TITLE_BLOCK = names("title subtitle author date abstract keywords")
CHECKLIST = names("consort not-reported")  # read from the page by reports/pages/consort_marks.py, and not laid out
DOCUMENT_OPTIONS = HTML_OPTIONS | TITLE_BLOCK | CHECKLIST | names("lang bibliography csl execute format")
EXECUTE_OPTIONS = names("include echo eval output warning error")
CELL_OPTIONS = EXECUTE_OPTIONS | names("label code-fold code-summary fig-cap fig-alt tbl-cap")


@dataclass(frozen=True)
class CellOptions:
    """What to run and what to show of one cell."""

    include: bool = True
    echo: bool = True
    eval: bool = True
    output: bool | Literal["asis"] = True
    warning: bool = True
    error: bool = False
    code_fold: bool | Literal["show"] = False
    code_summary: str = "Code"
    label: str = ""
    fig_cap: str = ""
    fig_alt: str = ""
    tbl_cap: str = ""


_CHOICES: Mapping[str, tuple[object, ...]] = {"output": (True, False, "asis"), "code-fold": (True, False, "show")}


@dataclass(frozen=True)
class PageOptions:
    """How one page is laid out; paths are absolute."""

    cells: CellOptions
    lang: str
    toc: bool
    toc_depth: int
    toc_title: str
    number_sections: bool
    css: tuple[Path, ...]
    bibliography: tuple[Path, ...]
    csl: Path | None
    include_after_body: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """What pandoc reads for the page besides its text."""
        return (*self.css, *self.bibliography, *self.include_after_body, *([self.csl] if self.csl else []))


@dataclass(frozen=True)
class Layer:
    """One place options come from: a YAML mapping, and the folder its paths are relative to."""

    yaml: Yaml
    path: tuple[str, ...]
    folder: Path
    known: frozenset[str]

    @property
    def present(self) -> bool:
        """Whether the mapping has the place."""
        formats = self.yaml.values.get("format")
        return not self.path or (isinstance(formats, dict) and isinstance(formats.get("html"), dict))

    def get(self, key: str, default: Any = None) -> Any:
        """Return what the place says of a key."""
        return self.yaml.section(*self.path).get(key, default)

    def refuse(self, key: str, message: str) -> None:
        """Raise a RenderError at the line of a key."""
        self.yaml.refuse((*self.path, key), message)


def check_known(yaml: Yaml, path: tuple[str, ...], known: frozenset[str], what: str) -> None:
    """Refuse the first key below `path` that is not in `known`, naming what is."""
    for key in yaml.section(*path):
        if key not in known:
            listing = ", ".join(sorted(known))
            message = f"the embedded engine does not know the {what} “{key}”; {ADVICE}. It knows: {listing}"
            yaml.refuse((*path, key), message)


def page_layers(site: Yaml, front: Yaml, project: Path) -> list[Layer]:
    """Places a page's options come from, the weakest first, each checked for unknown names."""
    document = DOCUMENT_OPTIONS | QUARTO_ONLY
    html = HTML_OPTIONS | QUARTO_ONLY
    of_page = project / front.file.parent
    layers = [
        Layer(site, (), project, document | {"project", "website"}),
        Layer(site, ("format", "html"), project, html),
        Layer(front, (), of_page, document),
        Layer(front, ("format", "html"), of_page, html),
    ]
    present = [layer for layer in layers if layer.present]
    for layer in present:
        what = "configuration key" if layer.yaml is site else "front-matter key"
        check_known(layer.yaml, layer.path, layer.known, what)
    return present


def page_options(layers: list[Layer]) -> PageOptions:
    """Settle the options of one page from its layers."""
    cells = CellOptions()
    for layer in layers:
        if not layer.path:
            check_known(layer.yaml, ("execute",), EXECUTE_OPTIONS | QUARTO_ONLY_EXECUTE, "execute option")
            ours = {k: v for k, v in layer.yaml.section("execute").items() if k in EXECUTE_OPTIONS}
            cells = _override(cells, layer.yaml, ("execute",), ours)
        fold = {key: layer.get(key) for key in ("code-fold", "code-summary")}
        cells = _override(cells, layer.yaml, layer.path, {k: v for k, v in fold.items() if v is not None})
    for layer in layers:
        if (method := layer.get("html-math-method", "mathml")) != "mathml":
            told = f"the embedded engine writes MathML only: “html-math-method” is mathml, not {method!r}"
            layer.refuse("html-math-method", told)
    lang = _setting(layers, "lang", "en")
    if not lang.lower().startswith("en"):
        source = next(layer.yaml for layer in reversed(layers) if "lang" in layer.yaml.values)
        message = f"the embedded engine labels figures and tables in English only, not in “{lang}”; {ADVICE}"
        source.refuse(("lang",), message)
    csl = _paths(layers, "csl")
    return PageOptions(
        cells=cells,
        lang=lang,
        toc=_setting(layers, "toc", default=False),
        toc_depth=_setting(layers, "toc-depth", 3),
        toc_title=_setting(layers, "toc-title", "Contents"),
        number_sections=_setting(layers, "number-sections", default=False),
        css=_paths(layers, "css", gather=True),
        bibliography=_paths(layers, "bibliography", gather=True),
        csl=csl[-1] if csl else None,
        include_after_body=_paths(layers, "include-after-body", gather=True),
    )


def cell_options(defaults: CellOptions, yaml: Yaml) -> CellOptions:
    """Options of one cell: its own over those of its page."""
    check_known(yaml, (), CELL_OPTIONS, "cell option")
    options = _override(defaults, yaml, ())
    kind = options.label.split("-")[0]
    if options.fig_cap and kind != "fig":
        yaml.refuse(("fig-cap",), "a cell with fig-cap needs a label that begins with fig-")
    if options.tbl_cap and kind != "tbl":
        yaml.refuse(("tbl-cap",), "a cell with tbl-cap needs a label that begins with tbl-")
    return options


def _override(
    options: CellOptions, yaml: Yaml, path: tuple[str, ...], values: Mapping[str, Any] | None = None
) -> CellOptions:
    changes: dict[str, Any] = {}
    for key, value in (yaml.section(*path) if values is None else values).items():
        name = key.replace("-", "_")
        wanted = type(getattr(CellOptions(), name))
        allowed = _CHOICES.get(key)
        if allowed is not None and value not in allowed:
            listed = ", ".join(str(choice).lower() for choice in allowed)
            yaml.refuse((*path, key), f"“{key}” is one of {listed}, not {value!r}")
        if allowed is None and not isinstance(value, wanted):
            expected = "true or false" if wanted is bool else "text"
            yaml.refuse((*path, key), f"“{key}” must be {expected}, not {value!r}")
        changes[name] = value
    return replace(options, **changes)


def _setting(layers: list[Layer], key: str, default: _T) -> _T:
    """Value of `key` in the strongest layer that has it; it must be of the default's type."""
    found = default
    for layer in layers:
        value = layer.get(key, found)
        if type(value) is not type(default):
            kind = {bool: "true or false", int: "a whole number"}.get(type(default), "text")
            layer.refuse(key, f"“{key}” must be {kind}, not {value!r}")
        found = value
    return found


def _paths(layers: list[Layer], key: str, *, gather: bool = False) -> tuple[Path, ...]:
    """Existing files named by `key`: of all layers when `gather`, as Quarto merges lists, else the last."""
    paths: list[Path] = []
    for layer in layers:
        found = [layer.folder / str(name) for name in _listed(layer.get(key))]
        for path in (path for path in found if not path.is_file()):
            layer.refuse(key, f"{key}: there is no file {path.name} in {path.parent}")
        if found and not gather:
            paths.clear()
        paths += [path for path in found if path not in paths]
    return tuple(paths)


def title_metadata(front: Yaml) -> dict[str, Any]:
    """Title, subtitle, authors, date, abstract and keywords, as the template wants them."""
    values = front.values
    meta: dict[str, Any] = {
        key: str(values[key]) for key in ("title", "subtitle", "abstract") if values.get(key) is not None
    }
    if (words := values.get("keywords")) is not None:
        meta["keywords"] = [str(word) for word in _listed(words)]
    if (people := values.get("author")) is not None:
        meta["authors"] = [_author(one, front) for one in _listed(people)]
    if (date := values.get("date")) is not None:
        meta |= _date(date, front)
    return meta


def _listed(value: Any) -> list[Any]:
    """Return what YAML may give as one value or as a list of them."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _author(value: Any, front: Yaml) -> dict[str, Any]:
    if isinstance(value, str):
        return {"name": value, "details": []}
    if not isinstance(value, dict) or not value.get("name"):
        front.refuse(("author",), "each author is a name, or has a “name”")
    unknown = sorted(set(value) - _AUTHOR_KEYS)
    if unknown:
        known = f"it knows: {', '.join(sorted(_AUTHOR_KEYS))}"
        front.refuse(("author",), f"the embedded engine does not know the author field “{unknown[0]}”; {known}")
    name = value["name"]
    if isinstance(name, dict):
        name = name.get("literal") or " ".join(str(name[k]) for k in ("given", "family") if name.get(k))
    places = value.get("affiliations", value.get("affiliation")) or []
    details = [_place(place) for place in _listed(places)]
    if value.get("orcid"):
        details.append(f"ORCID {value['orcid']}")
    if value.get("email"):
        details.append(f"[{value['email']}](mailto:{value['email']})")
    return {"name": str(name), "details": details}


def _place(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    keys = ("department", "name", "city", "region", "country")
    return ", ".join(str(value[key]) for key in keys if value.get(key))


def _date(value: Any, front: Yaml) -> dict[str, str]:
    if isinstance(value, str):
        if value in {"today", "now", "last-modified"}:
            front.refuse(("date",), f"“{value}” gives another page every day: write the date, as 2025-01-31")
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            if _DAY.fullmatch(value.strip()):
                front.refuse(("date",), f"“{value}” is no day of the calendar")
            return {"date": value}
    if not isinstance(value, dt.date):
        front.refuse(("date",), f"a date is one day, as 2025-01-31, or words, not {value!r}")
    return {"date": f"{value:%B} {value.day}, {value.year}", "date-iso": value.isoformat()[:10]}
