"""A trial of its own in a folder: plan, data and a seal, to run and to tamper with."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sap.seal.lock import Lock, write_lock
from sap.seal.sealing import with_code, with_data, with_plan

ROOT = Path(__file__).resolve().parents[1]
AT = "2026-01-31T12:00:00Z"


@dataclass(frozen=True)
class Trial:
    home: Path

    @property
    def plan(self) -> Path:
        return self.home / "plan.yml"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def lock(self) -> Path:
        return self.home / "sap.lock"

    @property
    def options(self) -> list[object]:
        return ["--plan", self.plan, "--data", self.data, "--lock", self.lock]

    def seal(self) -> None:
        said = {"by": "Ada Lovelace", "reason": "", "at": AT}
        lock = with_plan(Lock(), self.lock, self.plan, self.data, **said)
        lock = with_data(lock, self.plan, self.data, **said)
        write_lock(self.lock, with_code(lock, self.lock, **said))


def trial(home: Path, source: Path = ROOT) -> Trial:
    """Copy plan and data of this study, or of another folder, and leave them unsealed."""
    (home / "data").mkdir(parents=True)
    for file in (source / "data").glob("*.csv"):
        shutil.copy(file, home / "data")
    shutil.copy(next(p for p in (source / "sap" / "plan.yml", source / "plan.yml") if p.is_file()), home / "plan.yml")
    return Trial(home)
