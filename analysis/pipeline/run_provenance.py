"""The provenance of a run, taken from what was read and from what computes it."""

import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

from analysis.data.load import Study
from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance
from analysis.results.seal_state import Standing
from sap.reading.post_hoc import post_hoc_sha256
from sap.seal.code import read_code
from sap.seal.libraries import DISTRIBUTION
from sap.text.files import file_digest, joint_digest

_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")


def origin(study: Study, plan_file: Path, standing: Standing, engine: str = "") -> Provenance:
    """Return where a run comes from; `files` is filled when they are written."""
    document = study.plan.plan
    plan = PlanSource(
        id=document.id,
        version=document.version,
        sha256=file_digest(plan_file),
        post_hoc_sha256=post_hoc_sha256(plan_file),
    )
    data = _data(study)
    standing.check_read({str(plan_file): plan.sha256} | {d.file: d.sha256 for d in data})
    code = read_code(plan_file.parent)
    return Provenance(
        plan=plan,
        data=data,
        data_sha256=joint_digest({d.dataset: d.sha256 for d in data}),
        code=CodeSource(version=code.version, sha256=code.sha256, commit=code.commit, tree=code.tree, dirty=code.dirty),
        python=platform.python_version(),
        libraries=libraries(),
        engine=engine,
        state=standing.state,
        seal=standing.seal,
        sealed_at=standing.sealed_at,
        differences=standing.differences,
    )


def _data(study: Study) -> tuple[DataSource, ...]:
    return tuple(
        DataSource(dataset=s.dataset, file=s.name, sha256=s.sha256, rows=s.rows, columns=s.columns)
        for s in study.sources
    )


def libraries() -> dict[str, str]:
    """Return the version of every library this program asks for, by name; without those that are not installed."""
    try:
        wanted = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return {}
    names = sorted({m[0] for line in wanted if "extra ==" not in line and (m := _NAME.match(line))}, key=str.lower)
    return {name: found for name in names if (found := _installed(name))}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
