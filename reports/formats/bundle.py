"""One archive for a journal or a regulator: everything of a run, what it was held against, and how to verify it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from analysis.results.provenance import CodeSource
from reports.run.shown import ShownRun
from reports.words.file_names import BESIDE, CSV_FOLDER, DOCUMENTS_FOLDER, TLF_FOLDER
from sap.reading.beside import post_hoc_file
from sap.seal.code import page_digests
from sap.seal.kept_texts import HISTORY
from sap.seal.libraries import DEPENDENCIES
from sap.seal.lock import read_lock
from sap.seal.results import MANIFEST, RECORD, manifest
from sap.text.files import digest, read_whole, within

_NO_CLOCK: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644
_UNIX: Final = 3
_CONTENTS: Final = "[Content_Types].xml"
"""The part an office document begins with."""
README: Final = "README.md"
SITE: Final = "site"
RESULTS: Final = "results"
LOCK: Final = "sap.lock"
PLAN: Final = "sap"
_PARTS: Final[Mapping[str, str]] = {
    f"{SITE}/": "the pages; open `site/index.html`. Their pictures are beside them, as SVG (`site/reports/fig/`)",
    f"{DOCUMENTS_FOLDER}/": "the manuscript and the analysis plan, as DOCX and as PDF",
    f"{TLF_FOLDER}/": "each table, listing and figure, as RTF",
    f"{CSV_FOLDER}/": "the rows of the results behind each table and figure, and the records of each listing",
    f"{RESULTS}/": "the analysis results dataset (`ard.csv`, `ard.json`), the same as CDISC ARS (`ars.json`), every "
    "statistic by a second route (`checks.csv`), what is derived (`derived/`), and where all of it comes from "
    "(`provenance.json`)",
    f"{PLAN}/": "the plan, and every text of it that was sealed",
    LOCK: "the seal of plan, data and program",
    "_quarto.yml": "with the `.qmd` files below `reports/`, the pages as they are written",
    DEPENDENCIES: "the libraries, by version and digest",
}
_TEXT: Final = r"""# {title}

{about}

{stamp}

## What is here

{parts}
{hidden}
## How to verify it

1. The files agree with their list: `sha256sum --check {manifest}`. This needs no other program. It shows no more than
   that: whoever changes a file can change the list too. Hold the SHA-256 of the archive, or of `{manifest}`, against
   one that came to you another way; `sap bundle` prints that of the archive when it makes it.
2. No file is here that the list does not name; this prints those that are, and should print nothing but `{manifest}`:
   `find . -type f | sed 's|^\./||' | sort | comm -13 <(cut -c67- {manifest} | sort) -` (in bash).
3. Plan, program and results are those that were sealed. {program}
   Install it, put the data below `data/`, and run `{verify}` in this folder. {sealed}
   This covers the plan, the program, the data and `results/`. It does not cover {uncovered}: those are held by
   the list of step 1, and by step 4. An unsigned seal can be rewritten as a whole, as the list can: hold its SHA-256
   against the one its keeper gives, or its signature against a public key (`--pubkey`).
4. The same inputs give the same files: run `sap bundle --out again.zip` in the project, and compare the archives.

The data are not in the bundle. Those who may have them get them apart; the seal knows their digests.
"""


def bundle(run: ShownRun, site: Path, plan: Path, lock: Path) -> bytes:
    """Return everything of a run as one archive."""
    results, left_out = _results(run)
    files = {**_site(site), **results, **_promise(plan, lock)}
    files[README] = _readme(run, f"{PLAN}/{plan.name}", files, left_out).encode()
    return zipped({**files, MANIFEST: manifest({name: digest(content) for name, content in files.items()})})


def _site(folder: Path) -> dict[str, bytes]:
    """Return the pages below `site`; documents and outputs stand beside them, where the links of the pages lead."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in {MANIFEST, RECORD}:  # the bundle has a list, and the record, of its own
            beside = name.split("/")[0] in BESIDE
            content = read_whole(path)
            found[name if beside else f"{SITE}/{name}"] = _leading_out(content) if path.suffix == ".html" else content
    return found


def _leading_out(page: bytes) -> bytes:
    """Return a page whose links to what stands beside the site lead out of it."""
    for folder in BESIDE:
        page = page.replace(f'href="../{folder}/'.encode(), f'href="../../{folder}/'.encode())
    return page


def _results(run: ShownRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the results, and the files that are left out: where pages do not name subjects, neither does a bundle."""
    names = (*run.provenance.files, RECORD)
    files = {name: read_whole(within(run.folder, name)) for name in sorted(names)}
    if run.plan.conventions.show_subject_ids:
        return {f"{RESULTS}/{name}": content for name, content in files.items()}, ()
    files |= {"ard.csv": run.results.to_csv().encode(), "ard.json": run.results.to_json().encode()}
    subjects = [s.encode() for entry in run.entered for s in entry.subjects]
    left_out = tuple(name for name, content in files.items() if any(s in content for s in subjects))
    return {f"{RESULTS}/{name}": content for name, content in files.items() if name not in left_out}, left_out


def _promise(plan: Path, lock: Path) -> dict[str, bytes]:
    """Return the plan, its post hoc analyses, the seal and all that was sealed, where `sap verify` looks for it."""
    files = {f"{PLAN}/{plan.name}": read_whole(plan)}
    if post_hoc_file(plan).is_file():
        files[f"{PLAN}/{post_hoc_file(plan).name}"] = read_whole(post_hoc_file(plan))
    if lock.is_file():
        files[LOCK] = read_whole(lock)
        sealed = (entry.plan for entry in read_lock(lock).entries)
        kept = (seal.text for seal in sealed if seal is not None and seal.text.startswith(HISTORY))
        files |= {f"{PLAN}/{name}": read_whole(within(plan.parent, name)) for name in kept}
        files |= {name: read_whole(within(lock.parent, name)) for name in _rendering(lock.parent)}
    return files


def _rendering(project: Path) -> list[str]:
    """Return what is sealed beside the program: the pages as they are written, and the libraries they need."""
    pinned = [DEPENDENCIES] if (project / DEPENDENCIES).is_file() else []
    return [*page_digests(project), *pinned]


def _program(code: CodeSource) -> str:
    """Return which program made the results, and where in its history it is found."""
    changed = ", with changes that were not committed" if code.dirty else ""
    at = f"at commit `{code.commit}` of the project's repository{changed}" if code.commit else "of no recorded commit"
    return f"The program is executable-sap {code.version}, {at}; its content has SHA-256 `{code.sha256}`."


def _readme(run: ShownRun, plan: str, files: Mapping[str, bytes], left_out: tuple[str, ...]) -> str:
    p, study = run.provenance, run.plan.study
    notice = " ".join(study.data_notice.split())
    there = [f"- `{name}`: {what}" for name, what in _PARTS.items() if any(f.startswith(name) for f in files)]
    newest = (
        f"The newest entry of the seal is of {p.sealed_at}, SHA-256 `{p.seal}`." if p.seal else "Nothing was sealed."
    )
    uncovered = [f"`{name}/`" for name in (SITE, *BESIDE) if any(f.startswith(f"{name}/") for f in files)]
    verify = f"sap verify --lock {LOCK} --plan {plan} --data data --results {RESULTS}"
    hidden = f"Left out, because it names subjects and the pages do not: {', '.join(left_out)}." if left_out else ""
    return _TEXT.format(
        title=study.title,
        about=f"Plan {p.plan.id} {p.plan.version}; program executable-sap {p.code.version}. {notice}",
        stamp=f"**{p.stamp}**: this run was not held to a seal." if p.stamp else "This run was held to the seal.",
        parts="\n".join(there),
        hidden=f"\n{hidden}\n" if hidden else "",
        manifest=MANIFEST,
        program=_program(p.code),
        uncovered=" and ".join(filter(None, (", ".join(uncovered[:-1]), *uncovered[-1:]))) or "anything else",
        verify=verify,
        sealed=newest,
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != _CONTENTS, name)):
            entry = zipfile.ZipInfo(name, _NO_CLOCK)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return out.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Return the files of an archive, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist() if not entry.is_dir()}
