"""A trial that can be sealed: a plan, data, a program of two files and pinned libraries, in a folder of its own."""

import json
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sap.seal import code, libraries
from sap.seal.difference import Difference
from sap.seal.lock import Lock, read_lock, write_lock
from sap.seal.sealing import open_lock, with_amendment, with_code, with_data, with_plan
from sap.seal.verify import verified
from sap.text.files import canonical, digest, file_digest

OTHER_TRIAL = Path(__file__).parent / "other_trial"
AT = "2026-01-02T03:04:05Z"


@dataclass(frozen=True)
class Trial:
    folder: Path

    @property
    def plan(self) -> Path:
        return self.folder / "sap" / "plan.yml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def lock_file(self) -> Path:
        return self.folder / "sap.lock"

    @property
    def lock(self) -> Lock:
        return read_lock(self.lock_file)

    @property
    def program(self) -> Path:
        return self.folder / "library" / "trialprogram"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def seal(self, *kinds: str, reason: str = "", by: str = "Ada") -> Lock:
        lock = open_lock(self.lock_file)
        for kind in kinds:
            match kind:
                case "plan":
                    lock = with_plan(lock, self.lock_file, self.plan, self.data, by=by, reason=reason, at=AT)
                case "data":
                    lock = with_data(lock, self.plan, self.data, by=by, reason=reason, at=AT)
                case "code":
                    lock = with_code(lock, self.lock_file, by=by, reason=reason, at=AT)
        write_lock(self.lock_file, lock)
        return lock

    def amend(self, reason: str = "Protocol amendment 1", by: str = "Ada") -> Lock:
        lock = with_amendment(
            open_lock(self.lock_file), self.lock_file, self.plan, self.data, by=by, reason=reason, at=AT
        )
        write_lock(self.lock_file, lock)
        return lock

    def rewrite_plan(self, old: str, new: str, *, version: str = "") -> None:
        text = self.plan.read_text()
        assert old in text
        text = text.replace(old, new)
        if version:
            text = text.replace('version: "0.3"', f'version: "{version}"')
        self.plan.write_text(text)

    def run(self, state: str = "sealed") -> None:
        """Leave results as a run would, with the record of where they come from."""
        self.results.mkdir(exist_ok=True)
        (self.results / "ard.csv").write_text("analysis_id,stat\nAN-ORR,0.25\n")
        files = {d.name: file_digest(d) for d in self.results.glob("ard.*")}
        sources = {"ADSL": "adsl.csv", "ADAE": "adae.csv", "ADRS": "adrs.csv", "ADTTE": "adtte.csv"}
        record = {
            "plan": {"id": "SAP-SOL-201", "sha256": file_digest(self.plan)},
            "data": [{"dataset": d, "sha256": file_digest(self.data / f)} for d, f in sources.items()],
            "code": {"sha256": self.lock.code.code.sha256},
            "state": state,
            "seal": self.lock.head.sha256 if state == "sealed" else "",
            "files": files,
        }
        record["sha256"] = digest(canonical(record))
        (self.results / "provenance.json").write_text(json.dumps(record))

    def differences(self, *public_keys: Path) -> tuple[Difference, ...]:
        results = self.results if self.results.exists() else None
        return verified(
            self.lock_file, plan=self.plan, data=self.data, results=results, public_keys=public_keys
        ).differences

    def told(self, *public_keys: Path) -> str:
        return "\n".join(str(d) for d in self.differences(*public_keys))


def new_trial(folder: Path) -> Trial:
    trial = Trial(folder)
    trial.plan.parent.mkdir(parents=True)
    shutil.copy(OTHER_TRIAL / "plan.yml", trial.plan)
    shutil.copytree(OTHER_TRIAL / "data", trial.data)
    trial.program.mkdir(parents=True)
    (trial.program / "__init__.py").write_text("")
    (trial.program / "methods.py").write_text("LEVEL = 0.95\n")
    pins = [f"{name}=={version(name)} \\\n    --hash=sha256:00" for name in ("pydantic", "pyyaml")]
    (folder / "requirements.txt").write_text("\n".join(pins) + "\n")
    return trial


def own_program(trial: Trial, monkeypatch) -> Trial:
    """Make the program a package of the trial's own, so that a test may change it, and its libraries a few."""
    monkeypatch.setattr(libraries, "DISTRIBUTION", "pydantic")
    monkeypatch.setattr(code, "PACKAGES", ("trialprogram",))
    monkeypatch.syspath_prepend(trial.program.parent)
    return trial


def flip(path: Path, position: int = -2) -> None:
    """Change one byte of a file (to another printable one)."""
    content = bytearray(path.read_bytes())
    content[position] = ord("7") if content[position] != ord("7") else ord("3")
    path.write_bytes(bytes(content))
