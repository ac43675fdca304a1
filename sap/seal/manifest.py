"""The list of the files of a site, with their digests: written when it is rendered, held when it is verified."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sap.seal.difference import Difference
from sap.text.digest import file_digest
from sap.text.files import read_whole, replace_whole
from sap.text.problems import UserError

MANIFEST: Final = "MANIFEST.sha256"
"""In the form that ``sha256sum --check`` reads."""
RECORD: Final = "provenance.json"
"""The record of the run the pages were rendered from: in the results, and a copy of it in the site."""
AGAIN: Final = "`sap render` makes the pages again."


def manifest(digests: Mapping[str, str]) -> bytes:
    """Return a list of files by name, as ``sha256sum`` writes it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def write_manifest(site: Path, results: Path | None = None) -> None:
    """List every file of a site in it, and keep the record of its run beside the list."""
    if results is not None:
        replace_whole(site / RECORD, read_whole(results / RECORD))
    replace_whole(site / MANIFEST, manifest({n: file_digest(path) for n, path in _files(site).items()}))


def site_differences(site: Path, results: Path | None) -> tuple[Difference, ...]:
    """Return what of a site is not as it was rendered, or is of another run than the results."""
    return tuple(_differences(site, results))


def _differences(site: Path, results: Path | None) -> Iterator[Difference]:
    try:
        lines = read_whole(site / MANIFEST).decode(errors="replace").splitlines()
    except UserError:
        yield _difference(site, f"no {MANIFEST} says what was rendered.")
        return
    listed = {name: value for value, _, name in (line.partition("  ") for line in lines)}
    found = _files(site)
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield _difference(site / name, "the file is gone since it was rendered.")
        elif name not in listed:
            yield _difference(site / name, "the file was added since the site was rendered.")
        elif file_digest(found[name]) != listed[name]:
            yield _difference(site / name, "the file was changed since it was rendered.")
    if results is None:
        yield _difference(site, "there are no results to hold its pages against.")
    elif RECORD in found and file_digest(found[RECORD]) != file_digest(results / RECORD):
        yield _difference(site, f"its pages were rendered from another run than that in {results}.")
    elif RECORD not in listed:
        yield _difference(site, "nothing says which run its pages were rendered from.")


def _files(site: Path) -> dict[str, Path]:
    """Return every file of a site but the list itself, by path from its folder."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if name != MANIFEST}


def _difference(where: Path, message: str) -> Difference:
    return Difference("site", str(where), message, AGAIN)
