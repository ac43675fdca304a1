"""A wheel, installed where nothing of this repository is, makes a study, rehearses it, seals it and runs it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import yaml

from executable_sap import __version__
from sap.seal.libraries import own_libraries

ROOT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
NO_NETWORK = ("--no-deps", "--no-index")


def done(folder: Path, *words: str | Path) -> str:
    """Run a program as somebody does who has never seen this repository, and return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAP_", "PYTHON"))}
    ran = subprocess.run(words, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """The programs of an environment with the wheel, and of libraries with those alone that it asks for."""
    place = tmp_path_factory.mktemp("an installation")
    done(place, *PIP, "wheel", ROOT, *NO_NETWORK, "--no-build-isolation", "--wheel-dir", place)
    venv.create(place / "environment", symlinks=True)
    paths = sysconfig.get_paths(vars={"base": str(place / "environment")})
    for library in own_libraries().values():
        for entry in {name.split("/")[0] for name in library.files} - {".."}:
            link = Path(paths["purelib"], entry)
            if not link.exists():  # a folder may be of several
                link.symlink_to(Path(library.folder, entry))
    scripts = Path(paths["scripts"])
    done(place, *PIP, "--python", scripts / "python", "install", *NO_NETWORK, next(place.glob("*.whl")))
    return scripts


@pytest.fixture(scope="module")
def study(programs) -> Path:
    place = programs.parents[1]
    done(place, programs / "sap", "new", "x", "--no-render")
    done(place / "x", programs / "sap", "dry-run")
    return place / "x"


def test_the_packages_are_those_of_the_wheel_and_bring_no_study(programs):
    told = "import analysis, executable_sap, reports, sap; from importlib.metadata import metadata"
    told += "; print(executable_sap.__version__, *metadata('executable-sap').get_all('Import-Name'))"
    told += "; print(*(room.__file__ for room in (sap, analysis, reports, executable_sap)), sep='\\n')"
    version, *files = done(programs.parents[1], programs / "python", "-c", told).splitlines()
    assert version == f"{__version__} analysis executable_sap reports sap"
    rooms = [Path(file).parent for file in files]
    assert all(room.is_relative_to(programs.parent) and (room / "py.typed").is_file() for room in rooms)
    site = rooms[0].parent
    assert not [name for name in ("sap/plan.yml", "sap/history", "reports/index.qmd") if (site / name).exists()]


def test_a_new_study_is_rehearsed_with_every_page(study):
    pages = yaml.safe_load((study / "_quarto.yml").read_text(encoding="utf-8"))["project"]["render"]
    site = study / "_dry_run" / "site"
    assert [page for page in pages if not (site / page).with_suffix(".html").is_file()] == []
    assert "DRY RUN" in (site / "reports" / "tables.html").read_text(encoding="utf-8")
    assert (site / "index.html").is_file()


def test_its_plan_is_sealed_and_run_and_read_in_a_notebook(study, programs):
    plan = study / "sap" / "plan.yml"
    text = re.sub(r"'Gap( \w+)?: (.+)'\n", r"'Our \2'\n", plan.read_text("utf-8")).replace("GAP-", "OUR-")
    plan.write_text(text, encoding="utf-8")
    shutil.copytree(study / "_dry_run" / "data", study / "data", dirs_exist_ok=True)
    for command in (("lock", "--by", "A statistician"), ("run",), ("verify",)):
        done(study, programs / "sap", *command)
    # The study has folders called sap and reports, which are no packages.
    read = "import executable_sap as sap; run = sap.read(); print(repr(run.stamp), len(run.ard))"
    rows = (study / "results" / "ard.csv").read_text(encoding="utf-8").count("\n") - 1
    assert done(study, programs / "python", "-c", read) == f"'' {rows}\n"
