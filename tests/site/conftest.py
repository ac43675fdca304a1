"""A rendered site and a headless browser to read it with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    folder: Path
    results: Path

    @property
    def pages(self) -> list[Path]:
        return sorted((self.folder / "reports").glob("*.html"))

    @property
    def records(self) -> list[Path]:
        return sorted((self.folder / "reports" / "trace").glob("*.html"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site named by SAP_SITE, or one rendered here."""
    if "SAP_SITE" in os.environ:
        return Site(Path(os.environ["SAP_SITE"]), Path(os.environ["SAP_SITE_RESULTS"]))
    # Workers share what the first of them renders: their temporary folders lie side by side in that of the run.
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "a site"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.is_dir():
            _render(folder)
    return Site(folder / "_site", folder / "results")


def _render(folder: Path) -> None:
    command = [sys.executable, "-m", "reports.commands.cli", "render", "--unlocked", "--engine", "embedded"]
    command += ["--out", str(folder / "_site"), "--results", str(folder / "results")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if found is None:
        assert "SAP_SKIP_NOTHING" not in os.environ, "a browser is needed here: apt-get install chromium"
        pytest.skip("no Chromium on this machine: the pages were not opened in a browser")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        opened = driver.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()
