"""A rendered site is held by the list of its files, and to the run it was rendered from."""

import shutil
import subprocess

import pytest

from sap.seal.results import MANIFEST, RECORD, write_manifest
from sap.seal.verify import verified


@pytest.fixture
def site(sealed):
    sealed.run()
    folder = sealed.folder / "_site"
    for name in (
        "index.html",
        "reports/index.html",
        "reports/fig/a.svg",
        "csv/T-1.csv",
        "documents/a.docx",
        "tlf/T-1.rtf",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n")
    write_manifest(folder, sealed.results)
    return folder


def told(sealed, site, results=True):
    asked = {"plan": sealed.plan, "data": sealed.data, "results": sealed.results if results else None}
    found = verified(sealed.lock_file, **asked, site=site).differences
    return {(d.where.removeprefix(f"{site}/"), d.message) for d in found if d.part == "site"}


def test_a_site_as_it_was_rendered_agrees_and_other_programs_can_tell(sealed, site):
    assert told(sealed, site) == set()
    assert RECORD in (site / MANIFEST).read_text()
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", MANIFEST], cwd=site, check=True)


def test_each_file_that_was_changed_is_gone_or_was_added_is_named(sealed, site):
    for path in [p for p in site.rglob("*") if p.is_file() and p.name not in {MANIFEST, RECORD}]:
        name, before = path.relative_to(site).as_posix(), path.read_bytes()
        path.write_bytes(before[:-1] + b".")
        assert told(sealed, site) == {(name, "the file was changed since it was rendered.")}
        path.unlink()
        assert told(sealed, site) == {(name, "the file is gone since it was rendered.")}
        path.write_bytes(before)
    (site / "reports" / "more.html").write_text("x")
    assert told(sealed, site) == {("reports/more.html", "the file was added since the site was rendered.")}


def test_pages_of_another_run_are_told(sealed, site):
    sealed.run("draft")
    assert told(sealed, site) == {
        (str(site), f"its pages were rendered from another run than that in {sealed.results}.")
    }
    assert {m for _, m in told(sealed, site, results=False)} == {"there are no results to hold its pages against."}


def test_a_site_without_a_list_or_without_its_run_is_told(sealed, site):
    (site / MANIFEST).unlink()
    assert told(sealed, site) == {(str(site), f"no {MANIFEST} says what was rendered.")}
    (site / RECORD).unlink()
    write_manifest(site)
    assert told(sealed, site) == {(str(site), "nothing says which run its pages were rendered from.")}
