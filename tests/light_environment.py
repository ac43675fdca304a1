"""An environment of its own to plant things in: the libraries are links, but for those a test edits."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Environment:
    home: Path

    @property
    def site(self) -> Path:
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.home)}))

    @property
    def command(self) -> Path:
        return self.home / "bin" / "sap"

    def sap(
        self, folder: Path, *words: str, begin: tuple[str, ...] = (), **variables: str
    ) -> subprocess.CompletedProcess:
        """Run the command in a folder, as a user would: by its script, or as `begin` says."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAP_", "PYTHON"))}
        command = [str(self.home / "bin" / "python"), *begin] if begin else [str(self.command)]
        return subprocess.run(
            [*command, *words], cwd=folder, env=kept | variables, capture_output=True, text=True, check=False
        )


def light_environment(home: Path, *copied: str) -> Environment:
    """Make an environment whose libraries are links to those of this one, and some copied (`pandas`)."""
    made = Environment(home)
    made.site.mkdir(parents=True)
    (home / "bin").mkdir()
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", home)
    (home / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.name in copied or entry.name.startswith(tuple(f"{name}-" for name in copied)):
            shutil.copytree(entry, made.site / entry.name)
        elif "__pycache__" not in entry.name and not entry.name.startswith("_editable_impl_executable"):
            (made.site / entry.name).symlink_to(entry)
    (made.site / "_editable_impl_executable_sap.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    script = "import sys\nfrom reports.commands.cli import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
    made.command.write_text(f"#!{home}/bin/python\n{script}", encoding="utf-8")
    made.command.chmod(0o755)
    return made
