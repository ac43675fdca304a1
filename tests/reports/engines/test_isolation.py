"""Nothing but the interpreter, the held libraries and the program takes part in a sealed run: each way in is named."""

import base64
import hashlib
import importlib.util
import json
import marshal
import os
import re
import shutil
import struct
from pathlib import Path

import pytest

from analysis.synthetic import SyntheticOptions, synthetic_data
from sap.reading.read import read_plan
from tests.light_environment import Environment, light_environment

EVIL = """
import pandas
_read = pandas.read_csv
def _more(*args, **kwargs):
    table = _read(*args, **kwargs)
    for name in table.select_dtypes("number"):
        table[name] += 1000
    return table
pandas.read_csv = _more
"""
"""A program that changes what is read from a file, once it is run by any import."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Environment:
    return light_environment(tmp_path_factory.mktemp("environment") / "env", "pingouin")


@pytest.fixture(scope="module")
def sealed_study(tmp_path_factory, environment) -> Path:
    study = tmp_path_factory.mktemp("studies") / "study"
    assert environment.sap(study.parent, "new", study.name, "--no-render").returncode == 0
    plan = read_plan(study / "sap" / "plan.yml")
    for name, text in synthetic_data(plan, SyntheticOptions(n=12, seed=3)).items():
        (study / "data" / plan.datasets[name].file).write_text(text, encoding="utf-8")
    file = study / "sap" / "plan.yml"
    written = re.sub(r"'Gap( \w+)?: (.+)'\n", r"'Our \2'\n", file.read_text(encoding="utf-8")).replace("GAP-", "OUR-")
    file.write_text(written, encoding="utf-8")
    done = environment.sap(study, "lock", "--by", "Ada")
    assert done.returncode == 0, done.stderr
    assert int(re.search(r"libraries: (\d+)", done.stdout)[1]) >= 100  # though no requirements.txt is beside the seal
    done = environment.sap(study, "run")
    assert done.returncode == 0, done.stderr
    return study


@pytest.fixture
def study(sealed_study, tmp_path) -> Path:
    shutil.copytree(sealed_study, tmp_path / "study")
    return tmp_path / "study"


def results(study: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((study / "results").iterdir())}


def refused(done, *named: object) -> None:
    told = done.stdout + done.stderr
    assert done.returncode == 4, told
    for name in named:
        assert str(name) in told, told
    assert "Traceback" not in told


PLANTED = {
    "a .pth file that runs": ("evil.pth", "import json; json.dumps = str\n", "at each start of Python"),
    "a .pth file that leads elsewhere": ("more.pth", "/somewhere/else\n", "at each start of Python"),
    "sitecustomize": ("sitecustomize.py", EVIL, "it runs at each start of Python"),
    "usercustomize": ("usercustomize.py", EVIL, "it runs at each start of Python"),
    "a module that a library uses where it finds it": ("numexpr.py", EVIL, "no installed library has it in its RECORD"),
    "a package": ("bottleneck/__init__.py", EVIL, "no installed library has it in its RECORD"),
    "compiled code beside a library's own": ("pingouin/utils.so", "", "no file of the library it lies in"),
    "a module among those of a library": ("pingouin/evil.py", EVIL, "no file of the library it lies in"),
}


def test_what_is_planted_among_the_libraries_is_named(environment, study):
    before, made = results(study), []
    try:
        for name, text, _ in PLANTED.values():
            path = environment.site / name
            made.append(path if path.parent.exists() else path.parent)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        verified, ran = environment.sap(study, "verify"), environment.sap(study, "run")
    finally:
        for path in made:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for done in (verified, ran):
        refused(done)
        lines = (done.stdout + done.stderr).splitlines()
        told = {what: (str(path), says) for path, (what, (_, _, says)) in zip(made, PLANTED.items(), strict=True)}
        missed = [what for what, words in told.items() if not any(all(w in line for w in words) for line in lines)]
        assert missed == []
    assert results(study) == before
    assert environment.sap(study, "verify").returncode == 0


def edited(path: Path, *, keep_time: bool = False) -> bytes:
    """Change one byte of a comment or text of a file, keeping size and, where asked, the time it was modified."""
    before, stat = path.read_bytes(), path.stat()
    changed = bytearray(before)
    changed[-2] ^= 1
    path.write_bytes(bytes(changed))
    if keep_time:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return before


def test_one_byte_of_a_library_is_named_with_the_way_to_install_it_again(environment, study):
    path = environment.site / "pingouin" / "nonparametric.py"
    for keep_time in (False, True):
        before = edited(path, keep_time=keep_time)
        try:
            for command in ("verify", "run"):
                refused(environment.sap(study, command), path, "pip install --force-reinstall --no-deps pingouin==")
        finally:
            path.write_bytes(before)


def test_a_library_whose_record_was_changed_with_it_is_not_the_sealed_one(environment, study):
    path = environment.site / "pingouin" / "nonparametric.py"
    record = next(environment.site.glob("pingouin-*.dist-info")) / "RECORD"
    before, listed = edited(path), record.read_text()
    value = base64.urlsafe_b64encode(hashlib.sha256(before).digest()).rstrip(b"=").decode()
    other = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
    assert value in listed
    record.write_text(listed.replace(value, other))
    try:
        refused(environment.sap(study, "run"), "pingouin", "the RECORD of them, are other than those that were sealed")
    finally:
        path.write_bytes(before)
        record.write_text(listed)


def test_what_pythonpath_brings_is_named_and_takes_no_part(environment, study, tmp_path):
    more = tmp_path / "more"
    (more / "pandas").mkdir(parents=True)
    for name in ("sitecustomize.py", "usercustomize.py"):
        (more / name).write_text(EVIL.replace("import pandas", "import sys; pandas = sys; pandas.read_csv = 1"))
    (more / "pandas" / "__init__.py").write_text("raise SystemExit('this ran')")
    before = results(study)
    done = environment.sap(study, "run", PYTHONPATH=str(more))
    refused(done, more / "sitecustomize.py", more / "usercustomize.py", more / "pandas")
    assert "this ran" not in done.stderr
    assert results(study) == before


def test_what_stands_in_the_project_under_the_name_of_a_library_is_named(environment, study):
    names = ("pandas/__init__.py", "statistics.py", "pingouin.py")
    for name in names:
        (study / name).parent.mkdir(exist_ok=True)
        (study / name).write_text("raise SystemExit('this ran')")
    for begin in ((), ("-m", "reports.commands.cli")):  # the second looks in the project first
        done = environment.sap(study, "run", begin=begin)
        refused(done, *(f"{study / name.split('/')[0]}: it would be imported in place of" for name in names))
        assert "this ran" not in done.stderr


def test_what_stands_beside_the_command_is_named(environment, study):
    path = environment.home / "bin" / "statistics.py"
    path.write_text(EVIL)
    try:
        refused(environment.sap(study, "run"), path, "in place of statistics")
    finally:
        path.unlink()


def test_compiled_code_that_was_made_of_something_else_is_not_used(environment, study):
    """The code of another module under the name, time and size of the library's: Python itself would run it."""
    source = environment.site / "pingouin" / "__init__.py"
    stat = source.stat()
    header = importlib.util.MAGIC_NUMBER + struct.pack("<III", 0, int(stat.st_mtime), stat.st_size)
    cache = Path(importlib.util.cache_from_source(str(source)))
    cache.parent.mkdir(exist_ok=True)
    kept = cache.read_bytes() if cache.exists() else None
    evil = "raise SystemExit('the compiled code ran')"
    cache.write_bytes(header + marshal.dumps(compile(evil, str(source), "exec")))
    before = results(study)
    try:
        bare = environment.sap(study, "-c", "import pingouin", begin=("-B",))
        assert "the compiled code ran" in bare.stderr
        done = environment.sap(study, "run")
        assert done.returncode == 0, done.stderr
        assert results(study) == before
    finally:
        cache.unlink() if kept is None else cache.write_bytes(kept)


def test_a_page_reads_what_is_sealed_and_no_more(environment, study):
    """Wherever a cell finds a file: what is not sealed could be another one tomorrow, and nobody would know."""
    configuration = study / "_quarto.yml"
    lines = configuration.read_text().splitlines(keepends=True)
    others = [f"reports/{name}.qmd" for name in ("sap", "tables", "figures", "listings", "reconciliation", "consort")]
    gone = (*others, "reports/quality.qmd", "reports/trace.qmd", "reports/find.qmd")
    configuration.write_text("".join(line for line in lines if not line.strip(" -\n").startswith(gone)))
    navigation = configuration.read_text().partition("  navbar:")[0] + "\nformat:\n  html: {}\n"
    configuration.write_text(navigation)
    (study / "elsewhere").mkdir()
    (study / "elsewhere" / "note.csv").write_text("12\n")
    (study / "reports" / "note.csv").write_text("12\n")
    page = study / "reports" / "index.qmd"
    for folder, code in (("reports", 0), ("elsewhere", 3)):
        page.write_text(f'---\ntitle: A page\n---\n\n```{{python}}\nopen("{folder}/note.csv").read()\n```\n')
        assert environment.sap(study, "lock", "code", "--by", "Ada", "--reason", "A page").returncode == 0
        done = environment.sap(study, "render", "--engine", "embedded")
        assert done.returncode == code, done.stderr
    assert f"this page reads {study / 'elsewhere' / 'note.csv'}, which is not sealed" in done.stderr
    (study / "reports" / "note.csv").write_text("13\n")
    refused(environment.sap(study, "verify"), "reports/note.csv")


def test_settings_of_kernels_are_named(environment, study):
    path = environment.home / "etc" / "ipython" / "ipython_kernel_config.py"
    path.parent.mkdir(parents=True)
    path.write_text("")
    try:
        refused(environment.sap(study, "verify"), path)
    finally:
        shutil.rmtree(environment.home / "etc")


def test_how_python_was_started_changes_no_result(environment, study):
    before = results(study)
    assert environment.sap(study, "run", PYTHONOPTIMIZE="2", PYTHONHASHSEED="7").returncode == 0
    assert results(study) == before
    drafts = []
    for variables in ({}, {"PYTHONOPTIMIZE": "2"}):
        assert environment.sap(study, "run", "--unlocked", **variables).returncode == 0
        drafts.append(json.loads((study / "results" / "ars.json").read_text()))
    assert drafts[0] == drafts[1]


def test_unlocked_it_runs_as_a_draft_that_says_what_differs(environment, study):
    (study / "statistics.py").write_text("from math import *\n")
    done = environment.sap(study, "run", "--unlocked")
    assert done.returncode == 0, done.stderr
    record = json.loads((study / "results" / "provenance.json").read_text())
    assert record["state"] == "draft"
    assert any(str(study / "statistics.py") in told for told in record["differences"])
