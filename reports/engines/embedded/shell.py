"""The Python of one page: its cells run as in a notebook, and what they print, show and raise is kept in order.

It is made once in a process, and the process is the page's own.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tempfile
import warnings
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from reports.engines.isolation import StrangerError, isolated
from sap.reading.beside import post_hoc_file
from sap.seal.code import DRAWN, FACTS
from sap.seal.kept_texts import HISTORY
from sap.seal.libraries import DEPENDENCIES, HOME, PACKAGES

Output = dict[str, Any]

_STARTS: Final = frozenset({"os.exec", "os.fork", "os.posix_spawn", "os.system", "sqlite3.connect", "subprocess.Popen"})

_INLINE: Final = "module://matplotlib_inline.backend_inline"
_CELL_FILE: Final = re.compile(r"<ipython-input-\d+-[0-9a-f]+>")
"""The file of a cell in warnings: its number is nothing a reader knows."""
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class CellError:
    """What a cell raised."""

    name: str
    value: str
    trace: str


@dataclass(frozen=True)
class Ran:
    """What came of one cell."""

    outputs: Sequence[Output]
    error: CellError | None


@dataclass
class _Kept:
    """What the cell that runs has given so far."""

    outputs: list[Output] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    def stream(self, name: str, text: str) -> None:
        text = _CELL_FILE.sub("<cell>", text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})


class _Stream(io.TextIOBase):
    """Standard output or standard error of a page."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, number: int, kept: _Kept) -> None:
        super().__init__()
        self.name, self._number, self._kept = name, number, kept

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return where programs write that a cell starts."""
        return self._number

    def write(self, text: str) -> int:
        """Keep what is written."""
        self._kept.stream(self.name, text)
        return len(text)


class _Values(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: a page has no prompts."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:  # noqa: ARG002 - IPython's
        """Keep a value in every form it has."""
        _kept_by(self.shell).outputs.append({"output_type": "execute_result", "data": _as_text(format_dict)})

    def finish_displayhook(self) -> None:
        """Write nothing below it."""


class _Displays(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(
        self,
        data: Mapping[str, Any],
        *_: Any,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        """Keep a display, or change the one of the same name."""
        kept = _kept_by(self.shell)
        shown = {"output_type": "display_data", "data": _as_text(data), "id": (transient or {}).get("display_id")}
        same = [o for o in kept.outputs if o.get("id") == shown["id"] and shown["id"] is not None]
        for output in same if update else ():
            output["data"] = shown["data"]
        if not update:
            kept.outputs.append(shown)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002 - nobody waits for a page
        """Forget what the cell has shown."""
        _kept_by(self.shell).outputs.clear()


def _kept_by(shell: Any) -> _Kept:
    found: _Kept = shell.kept
    return found


def _as_text(data: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: b64encode(v).decode() if isinstance(v, bytes) else v for kind, v in data.items()}


class PageShell(InteractiveShell):
    """IPython, whose outputs are kept and not printed."""

    displayhook_class = Type(_Values)
    display_pub_class = Type(_Displays)

    def __init__(self, **options: Any) -> None:
        self.kept = _Kept()
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def init_virtualenv(self) -> None:
        """Leave where libraries are imported from as it is: another environment may be active in the terminal."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:  # noqa: ARG002 - IPython's
        self.kept.trace[:] = stb


class Cells:
    """Runs the cells of one page in this process, which is as a new one from then on."""

    def __init__(self, cwd: Path, env: Mapping[str, str]) -> None:
        os.environ.clear()
        os.environ.update({**env, "MPLBACKEND": _INLINE})
        os.chdir(cwd)
        if "matplotlib" in sys.modules:
            sys.modules["matplotlib"].rc_file_defaults()
            sys.modules["matplotlib"].rcParams["backend"] = _INLINE
        sys.path.insert(0, "")
        _as_python_begins()
        if isolated():
            refuse_unsealed_reads()
        # A private profile: nobody's startup files run, and nothing is written to the home directory.
        self._profile = tempfile.TemporaryDirectory(prefix="page-")
        quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
        self._shell = PageShell.instance(config=quiet, ipython_dir=self._profile.name)
        self._files = [tempfile.TemporaryFile(dir=self._profile.name) for _ in range(2)]  # noqa: SIM115 - for as long as the process lives
        for number, file in enumerate(self._files, start=1):
            os.dup2(file.fileno(), number)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - as above
        os.dup2(sys.stdin.fileno(), 0)

        self.files = Files()
        self.files.watch()

    def run(self, source: str) -> Ran:
        """Run a cell, and return what it printed and showed, and what it raised."""
        kept = self._shell.kept = _Kept()
        sys.stdout, sys.stderr = _Stream("stdout", 1, kept), _Stream("stderr", 2, kept)
        result = self._shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        for name, file in zip(("stdout", "stderr"), self._files, strict=True):
            kept.stream(name, _of_programs(file))
        error = result.error_before_exec or result.error_in_exec
        if error is None:
            return Ran(kept.outputs, None)
        raised = CellError(type(error).__name__, _plain(str(error)), _plain("\n".join(kept.trace)))
        kept.outputs.append({"output_type": "error", "ename": raised.name, "evalue": raised.value})
        return Ran(kept.outputs, raised)

    def close(self) -> None:
        """Remove what passed through."""
        self._profile.cleanup()


@dataclass
class Files:
    """Files that a page read and wrote, as Python tells them.

    Not those that a library's own machine code opens, or a program that a cell starts: a page that starts one, or opens
    a database, is `unseen`.
    """

    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    unseen: bool = False

    def watch(self) -> None:
        """Take note from now on."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 - links are not followed
            if (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
                self.written.add(path)
            elif path not in self.written:
                self.read.add(path)
        elif event == "os.rename":
            self.written.add(os.path.abspath(os.fsdecode(arguments[1])))  # noqa: PTH100 - as above
        elif event in _STARTS:
            self.unseen = True


def _as_python_begins() -> None:
    """Let every warning be shown that a new Python would show, whatever this one has shown."""
    warnings.resetwarnings()
    for kind in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", kind)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _show_warning  # type: ignore[assignment]


def _show_warning(message: Any, category: Any, filename: str, lineno: int, *_: Any) -> None:
    print(warnings.formatwarning(message, category, filename, lineno), file=sys.stderr, end="")


def _of_programs(file: Any) -> str:
    """Return what programs wrote that a cell started, which Python does not see."""
    file.seek(0)
    content: bytes = file.read()
    file.seek(0)
    file.truncate()
    return content.decode("utf-8", errors="replace")


def _plain(text: str) -> str:
    return _CELL_FILE.sub("<cell>", _ANSI.sub("", text))


def refuse_unsealed_reads() -> None:
    """Refuse, from now on, that a page reads a file of the project that is not sealed, nor made by the run."""
    project, lock = Path.cwd(), Path(os.environ.get("SAP_LOCK", "sap.lock"))
    plan, data = Path(os.environ.get("SAP_PLAN", "sap/plan.yml")), Path(os.environ.get("SAP_DATA", "data"))
    sealed = json.loads(lock.read_bytes())["entries"]
    pages = next((e["code"].get("pages") or {} for e in reversed(sealed) if "code" in e), {})
    tables: list[dict[str, str]] = next((e["data"] for e in reversed(sealed) if "data" in e), [])
    files = {lock, lock.parent / DEPENDENCIES, plan, post_hoc_file(plan), *(data / table["file"] for table in tables)}
    files |= {data / FACTS, *(project / name for name in pages)}
    made = (Path(os.environ.get("SAP_RESULTS", "results")), *(Path(page).parent / DRAWN for page in pages))
    folders = {*made, plan.parent / HISTORY, Path(sys.prefix), *(HOME / package for package in PACKAGES)}
    allowed = frozenset(os.path.abspath(path) for path in files)  # noqa: PTH100 - links are not followed
    below = tuple(f"{os.path.abspath(folder)}{os.sep}" for folder in folders)  # noqa: PTH100 - as above
    own = f"{project}{os.sep}"

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes) or (arguments[2] or 0) & os.O_WRONLY:
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 - as above
        if path.startswith(own) and path not in allowed and not path.startswith(below) and Path(path).is_file():
            told = "Put it beside the pages and seal it (sap lock code --reason …), or leave it out."
            raise StrangerError(f"this page reads {path}, which is not sealed. {told}")

    sys.addaudithook(hook)
