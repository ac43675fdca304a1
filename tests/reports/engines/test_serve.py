"""A site is shown on this machine alone, as its files are but for what listens for news, and open pages hear of changes."""

import http.client
import threading
from urllib.request import Request, urlopen

import pytest

from reports.engines import serve
from reports.engines.serve import NEWS, Shown, serving
from sap.text.problems import UserError
from tests.each import each

PAGE = "<html><body><p>Ten subjects</p></body></html>"


@pytest.fixture
def shown(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "reports" / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "style.css").write_text("p {}", encoding="utf-8")
    found = Shown()
    found.show(tmp_path)
    return found


@pytest.fixture
def served(shown):
    with serving(shown, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def got(server, path: str, host: str = "127.0.0.1:1") -> tuple[int, str]:
    asked = http.client.HTTPConnection(*server.server_address, timeout=20)
    asked.request("GET", path, headers={"Host": host})
    answer = asked.getresponse()
    return answer.status, answer.read().decode()


@each("path", ["/", "/index.html", "/reports/", "/reports/index.html?x=1"])
def test_a_page_is_as_its_file_but_for_what_listens(served, path):
    status, page = got(served, path)
    begun, listens, ended = page.partition("<script>")
    assert (status, begun) == (200, PAGE.partition("</body>")[0])
    assert listens
    assert ended.endswith("</script>\n</body></html>")


def test_no_file_of_the_site_is_written(served, shown):
    got(served, "/")
    assert (shown.folder / "index.html").read_text(encoding="utf-8") == PAGE


def test_what_is_no_page_is_served_as_it_is(served):
    assert got(served, "/style.css") == (200, "p {}")


@each("path", ["/absent.html", "/../conftest.py", "/%2e%2e/%2e%2e/etc/passwd"])
def test_nothing_beside_the_site_is_served(served, path):
    assert got(served, path)[0] == 404


def test_a_folder_without_a_page_is_not_listed(served, shown):
    (shown.folder / "bare").mkdir()
    assert got(served, "/bare/")[0] == 404


def test_it_is_for_this_machine_alone(served):
    assert served.server_address[0] == "127.0.0.1"
    assert got(served, "/", "localhost:8765")[0] == 200
    assert got(served, "/", "elsewhere.example")[0] == 403


def test_before_there_is_a_site_a_page_says_so_and_listens(served, shown):
    shown.folder = None
    status, page = got(served, "/reports/any.html")
    assert status == 200
    assert "being made" in page
    assert NEWS in page


def test_an_open_page_hears_that_the_site_was_made_anew_and_that_it_was_not(served, shown, monkeypatch):
    monkeypatch.setattr(serve, "PATIENCE", 0.1)
    address = "http://{}:{}".format(*served.server_address)
    with urlopen(Request(f"{address}{NEWS}?{shown.number}"), timeout=20) as news:
        shown.tell("Not rendered")
        lines = (line for line in iter(news.readline, b"") if line.startswith(b"data"))
        assert next(lines) == b"data: Not rendered\n"
        shown.show(shown.folder)
        assert next(lines) == b"data: reload\n"


def test_a_page_that_is_older_than_the_site_hears_of_it_at_once(served, shown):
    with urlopen(f"http://127.0.0.1:{served.server_address[1]}{NEWS}?{shown.number - 1}", timeout=20) as news:
        assert news.readline() == b"data: reload\n"


def test_a_port_that_is_taken_is_told_and_another_is_found_where_none_was_named(served, shown, monkeypatch):
    taken = served.server_address[1]
    with (
        pytest.raises(UserError, match=f"Port {taken} cannot be had: .* Name another with --port"),
        serving(shown, taken),
    ):
        pass
    monkeypatch.setattr(serve, "PORT", taken)
    with serving(shown, None) as other:
        assert other.server_address[1] not in {0, taken}
