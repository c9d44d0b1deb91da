from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tokenpak.connectors import UrlConnector
from tokenpak.errors import SourceError

ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/a": (200, {"content-type": "text/plain; charset=latin-1"}, b"caf\xe9"),
    "/b": (200, {"content-type": "application/json"}, b"{}"),
    "/moved": (302, {"location": "/a"}, b""),
    "/away": (302, {"location": "file:///etc/hostname"}, b""),
    "/ftp": (302, {"location": "ftp://example.invalid/x"}, b""),
    "/image": (200, {"content-type": "image/png"}, b"x"),
    "/large": (200, {"content-type": "text/plain"}, b"x" * 101),
    "/zero": (200, {"content-type": "text/plain"}, b"\0"),
    "/odd": (200, {"content-type": "text/plain; charset=klingon"}, b"odd"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS.get(self.path.partition("?")[0], (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_gives_texts_in_the_order_of_the_urls(origin: str) -> None:
    found = list(UrlConnector([f"{origin}/b", f"{origin}/a", f"{origin}/moved", f"{origin}/odd"]))

    assert [each.text for each in found] == ["{}", "café", "café", "odd"]
    assert found[2].path == f"{origin}/moved"
    assert found[2].provenance == {
        "source": "url",
        "url": f"{origin}/a",
        "content_type": "text/plain",
    }


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nosuch", "status 404"),
        ("/image", "image/png is no text"),
        ("/large", "more than 100 bytes"),
        ("/zero", "binary"),
        ("/away", "no http or https"),
        ("/ftp", "no http or https"),
    ],
)
def test_what_is_no_text_is_told_and_skipped(origin: str, path: str, reason: str) -> None:
    skipped: list[str] = []
    urls = [origin + path, f"{origin}/b"]
    connector = UrlConnector(
        urls, max_bytes=100, on_skip=lambda url, why: skipped.append(f"{url}: {why}")
    )

    assert [each.text for each in connector] == ["{}"]
    assert len(skipped) == 1
    assert skipped[0].startswith(origin + path)
    assert reason in skipped[0] or path == "/away"


def test_secrets_of_a_url_are_not_kept(origin: str) -> None:
    (found,) = UrlConnector([f"{origin}/b?key=abc#part"])

    assert found.path == f"{origin}/b"
    assert "abc" not in str(found.provenance)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://x/y", "docs/a.md", "http:///x", "http://[x/"]
)
def test_other_kinds_of_urls_are_refused(url: str) -> None:
    with pytest.raises(SourceError, match="expected an http or https URL"):
        UrlConnector([url])


def test_a_server_that_does_not_answer_is_told() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    server.server_close()
    skipped: list[str] = []

    assert list(UrlConnector([address], on_skip=lambda url, why: skipped.append(why))) == []
    assert "refused" in skipped[0]
