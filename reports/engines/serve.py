"""Shows a site on this machine alone, and tells the pages that are open when it was made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition
from typing import Any, Final

from sap.text.problems import UserError

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8765
"""Where it is looked for first; another free one is taken when nobody asked for this one."""
NEWS: Final = "/-preview"
"""Where an open page asks for news; no page of a site has such a name."""
RELOAD: Final = "reload"
PATIENCE: Final = 15.0
"""Seconds after which a page that waits for news is told that there is none, by which one that left is noticed."""
_LISTENS: Final = """<script>
new EventSource("%s?%d").onmessage = (news) => {
  if (news.data === "reload") { location.reload(); return; }
  const note = document.getElementById("preview-note") || document.body.appendChild(document.createElement("p"));
  note.id = "preview-note";
  note.setAttribute("role", "status");
  note.style.cssText = "position:fixed;left:0;right:0;bottom:0;margin:0;padding:.6rem 1rem;z-index:9999;"
    + "background:#7f1d1d;color:#fff;font:500 .95rem/1.4 system-ui,sans-serif";
  note.textContent = news.data;
};
</script>
"""
_WAITING: Final = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Preview</title>\n</head>\n<body>\n'
    "<p>The pages are being made; the terminal says how far they are.</p>\n</body>\n</html>\n"
)


class Shown:
    """The site that is shown, and the last news of it."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.number = 0
        self._news = RELOAD
        self._told = Condition()

    def show(self, folder: Path) -> None:
        """Show a site that was just made."""
        self.folder = folder
        self.tell(RELOAD)

    def tell(self, news: str) -> None:
        """Tell every open page a line, or to load itself again."""
        with self._told:
            self.number, self._news = self.number + 1, news
            self._told.notify_all()

    def news_after(self, number: int) -> tuple[int, str | None]:
        """Return the news after those a page has, and their number; None when there are none for a while."""
        with self._told:
            found = self._told.wait_for(lambda: self.number > number, PATIENCE)
            return self.number, self._news if found else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a page that waits for news keeps nothing from ending
    allow_reuse_address = True


class _Pages(SimpleHTTPRequestHandler):
    def __init__(self, shown: Shown, *of_server: Any) -> None:
        self.shown = shown
        self.number = shown.number  # before the page is read: what is made meanwhile is news to it
        super().__init__(*of_server, directory=str(shown.folder or Path("/nowhere")))

    def do_GET(self) -> None:
        """Answer with a file of the site, a page of it with its listener, or news."""
        name, _, seen = self.path.partition("?")
        if self.headers.get("Host", "").rpartition(":")[0] not in {LOOPBACK, "localhost"}:
            self.send_error(HTTPStatus.FORBIDDEN)  # a page of the network that calls itself by another name
        elif name == NEWS:
            self._tell_news(int(seen) if seen.isdecimal() else self.number)
        elif self.shown.folder is None:
            self._send_page(_WAITING)
        else:
            file = Path(self.translate_path(name))
            file = file / "index.html" if name.endswith("/") else file
            if file.suffix == ".html" and file.is_file():
                self._send_page(file.read_text(encoding="utf-8"))
            else:
                super().do_GET()

    def _send_page(self, page: str) -> None:
        start, end, rest = page.rpartition("</body>")
        content = f"{start}{_LISTENS % (NEWS, self.number)}{end}{rest}".encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _tell_news(self, seen: int) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                seen, news = self.shown.news_after(seen)
                self.wfile.write(b":\n\n" if news is None else f"data: {news}\n\n".encode())
                self.wfile.flush()
        except OSError:
            return  # the page was left

    def end_headers(self) -> None:
        """End the head of an answer, which no browser keeps."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Refuse to list a folder."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name the library calls
        """Say nothing of what was asked for."""


@contextmanager
def serving(shown: Shown, port: int | None) -> Iterator[ThreadingHTTPServer]:
    """Give a server of a site, on the loopback alone: at a port, or where one is free."""
    answer = partial(_Pages, shown)
    try:
        server = _Server((LOOPBACK, PORT if port is None else port), answer)
    except (OSError, OverflowError) as error:
        if port is not None:
            why = getattr(error, "strerror", None) or error
            raise UserError(f"Port {port} cannot be had: {why}. Name another with --port, or 0 for any.") from error
        server = _Server((LOOPBACK, 0), answer)
    try:
        yield server
    finally:
        server.server_close()
