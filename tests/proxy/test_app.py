from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.proxy.parts import Client, FakeCompressor, FakeRecorder, FakeResponse, FakeUpstream
from tokenpak.providers import catalog
from tokenpak.proxy.app import App
from tokenpak.settings import Settings

TOKEN = (b"x-tokenpak-token", b"s3cret")


class Control:
    def handles(self, path: str) -> bool:
        return path == "/own"

    def limit(self, method: str, path: str) -> int:
        return 10

    def answer(
        self, method: str, path: str, body: bytes, query: str
    ) -> tuple[int, dict[str, object]]:
        return 201, {"method": method, "path": path, "query": query}


def serve(home: Path, client: Client) -> tuple[FakeUpstream, FakeRecorder]:
    settings = Settings(home=home, auth_token="s3cret")
    upstream, recorder = FakeUpstream(FakeResponse([b"{}"])), FakeRecorder()
    app = App(
        settings,
        catalog=catalog.load(settings),
        compressor=FakeCompressor(settings),
        recorder=recorder,
        upstream=upstream,
        control=Control(),
    )
    asyncio.run(app(client.scope, client.receive, client.send))
    return upstream, recorder


def test_what_the_guard_lets_through_goes_to_the_provider(tmp_path: Path) -> None:
    client = Client(b"{}", fields=[TOKEN])
    upstream, recorder = serve(tmp_path, client)
    assert (client.status, client.answer) == (200, b"{}")
    assert (len(upstream.sent), len(recorder.flows)) == (1, 1)
    assert TOKEN[0] not in dict(upstream.sent[0].fields)


@pytest.mark.parametrize("path", ["/v1/messages", "/own"])
def test_without_the_token_nothing_is_reached(tmp_path: Path, path: str) -> None:
    client = Client(b"{}", path=path)
    upstream, recorder = serve(tmp_path, client)
    assert (client.status, upstream.sent, recorder.flows) == (401, [], [])


def test_its_own_paths_are_answered_by_control(tmp_path: Path) -> None:
    client = Client(path="/own", method="GET", fields=[TOKEN])
    upstream, _ = serve(tmp_path, client)
    assert (client.status, upstream.sent) == (201, [])
    assert json.loads(client.answer) == {"method": "GET", "path": "/own", "query": ""}


@pytest.mark.parametrize(("fields", "full"), [([], False), ([TOKEN], True)])
def test_health_needs_no_token_but_tells_more_with_it(
    tmp_path: Path, fields: list[tuple[bytes, bytes]], full: bool
) -> None:
    client = Client(path="/healthz", method="GET", fields=fields)
    serve(tmp_path, client)
    assert client.status == 200
    assert ("telemetry" in json.loads(client.answer)) is full


@pytest.mark.parametrize(
    ("body", "fields", "status"),
    [
        (b"{}", [], 201),
        (b"{}", [(b"origin", b"http://localhost:3000")], 403),
        (b"x" * 11, [], 413),
    ],
    ids=["ours", "another_origin", "too_large"],
)
def test_control_is_changed_by_small_requests_of_our_own_pages(
    tmp_path: Path, body: bytes, fields: list[tuple[bytes, bytes]], status: int
) -> None:
    client = Client(body, path="/own", method="PUT", fields=[TOKEN, *fields])
    serve(tmp_path, client)
    assert client.status == status
