"""The pages in a browser while the plan and the pages are written."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Final

import typer

from reports.commands.options import DATA, LOCK, PLAN, DataOption, LockOption, PlanOption

OUT: Final = Path("_preview")
LOOK_AGAIN: Final = 2000
"""Milliseconds after which it is looked again, whatever the system says of changes."""
STANDS: Final = "Not rendered: mend it and save. The pages as they were last rendered stay."


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: sap preview --port 8000 --no-browser; Ctrl-C ends it")(preview)


def preview(
    plan: PlanOption = PLAN,
    data: DataOption = DATA,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for results and pages of the preview.")] = OUT,
    lock: LockOption = LOCK,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 is any.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Render a draft, show it in a browser, and render again what changed whenever a file is saved.

    The pages are shown on this machine alone. Where the data are not there yet, synthetic ones are drawn. A mistake is
    told here, and the last good pages stay until it is mended.
    """
    from reports.engines.project import check_project
    from reports.engines.serve import LOOPBACK, Shown, serving

    check_project(Path.cwd())
    shown = Shown()
    with serving(shown, port) as server:
        address = f"http://{LOOPBACK}:{server.server_address[1]}/"
        say(f"{address} shows the pages as files are saved; Ctrl-C ends it")
        follower = Follower(Drafts(plan, data, lock, out), lambda: webbrowser.open(address) if browser else None)
        failed: list[BaseException] = []

        def follow() -> None:
            try:
                follower.follow(shown.show, shown.tell)
            except Exception as error:  # noqa: BLE001 - told by the thread that waits
                failed.append(error)
                server.shutdown()

        thread = Thread(target=follow, daemon=True)
        thread.start()
        try:
            server.serve_forever()
        finally:
            follower.end()
            thread.join()
        if failed:
            raise failed[0]


def say(line: str) -> None:
    """Tell a line of this command."""
    print(f"[preview] {line}", flush=True)


@dataclass(frozen=True)
class Drafts:
    """What is rendered, and the folder it is rendered into."""

    plan: Path
    data: Path
    lock: Path
    out: Path

    def render(self) -> tuple[Path, list[str]]:
        """Return the folder of the site, and the words of the command that renders it."""
        from sap.seal.sealing import absent_data
        from sap.text.problems import UserError

        plan = ["--plan", str(self.plan), "--engine", "embedded"]
        with suppress(UserError):  # a mistake of the plan is told by what is run
            if absent_data(self.plan, self.data):
                drawn = self.out / "dry-run"
                return drawn / "site", ["dry-run", *plan, "--out", str(drawn)]
        site, results = self.out / "site", self.out / "results"
        words = ["--unlocked", "--data", str(self.data), "--lock", str(self.lock)]
        return site, ["render", *plan, *words, "--out", str(site), "--results", str(results)]

    def state(self) -> Mapping[Path, tuple[int, int]]:
        """Return when each file that takes part was changed, and its size."""
        from sap.seal.code import code_files, page_files

        files = {*page_files(Path.cwd(), self.data).values(), *code_files().values(), *self.plan.parent.glob("*.yml")}
        found = {}
        for path in sorted(files.union(self.data.glob("*"))):
            with suppress(OSError):  # saved by taking its place: it will be there
                stat = path.stat()
                found[path] = (stat.st_mtime_ns, stat.st_size)
        return found


@dataclass
class Follower:
    """Renders whenever something has changed, until it is ended."""

    drafts: Drafts
    opened: Callable[[], object]
    """Called once, when there are pages to see."""
    ended: Event = field(default_factory=Event)
    _running: subprocess.Popen[str] | None = None

    def follow(self, show: Callable[[Path], None], tell: Callable[[str], None]) -> None:
        """Render, and show each site that was made, or tell that none was."""
        made_of: Mapping[Path, tuple[int, int]] | None = None
        seen = False
        while not self.ended.is_set():
            now = self.drafts.state()
            if now == made_of:
                self._wait(now)
                continue
            if made_of is not None:
                say(f"changed: {', '.join(_changed(made_of, now))}")
            made_of = now  # before rendering: what is saved meanwhile is another change
            site, words = self.drafts.render()
            if self._run(words):
                show(site)
                if not seen:
                    self.opened()
                seen = True
            elif not self.ended.is_set():
                say(STANDS)
                tell(STANDS)

    def end(self) -> None:
        """Stop rendering and following."""
        self.ended.set()
        if self._running is not None:
            self._running.terminate()

    def _wait(self, files: Iterable[Path]) -> None:
        from watchfiles import watch

        changes = watch(
            *sorted({path.parent for path in files if path.parent.is_dir()}),
            watch_filter=None,
            debounce=300,
            stop_event=self.ended,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            recursive=False,
        )
        next(changes, None)

    def _run(self, words: list[str]) -> bool:
        """Run the command on these words, and tell what it says."""
        from reports.engines.isolation import command

        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen(  # noqa: S603 - this program
            command(*words),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as self._running:
            if self.ended.is_set():
                self._running.terminate()
            for line in self._running.stdout or ():
                if not self.ended.is_set():
                    print(line, end="", flush=True)
        return self._running.returncode == 0


def _changed(before: Mapping[Path, tuple[int, int]], now: Mapping[Path, tuple[int, int]]) -> list[str]:
    """Return the names of the files that are not as they were."""
    return sorted({path.name for path in before.keys() | now.keys() if before.get(path) != now.get(path)})
