"""The handler among stand-ins: what fails on our side never costs the client its request."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from tests.proxy.parts import Client, FakeCompressor, FakeRecorder, FakeResponse, FakeUpstream
from tokenpak import protocol
from tokenpak.errors import ConfigError, UpstreamError, UpstreamTimeout, WireError
from tokenpak.flow import Flow
from tokenpak.providers import catalog
from tokenpak.proxy.handler import Handler, UpstreamBroke
from tokenpak.settings import Settings
from tokenpak.wire import anthropic

BODY = b'{"model":"claude-x","stream":true,"messages":[{"role":"user","content":"hi"}]}'
SMALL = b'{"model":"claude-x","stream":true,"messages":[]}'
OK = {"fields": [(b"Content-Type", b"application/json")]}
USAGE = b'{"usage":{"input_tokens":7,"output_tokens":2}}'


class Scene:
    """A handler and all that stands around it."""

    def __init__(
        self,
        home: Path,
        answer: FakeResponse | Exception | None = None,
        packed: bytes | Exception | None = None,
    ) -> None:
        settings = Settings(home=home)
        self.upstream = FakeUpstream(answer)
        self.recorder = FakeRecorder()
        self.handler = Handler(
            settings,
            catalog.load(settings),
            FakeCompressor(settings, packed),
            self.recorder,
            self.upstream,
        )

    def serve(self, client: Client) -> Flow:
        asyncio.run(self._serve(client))
        return self.flow

    @property
    def flow(self) -> Flow:
        (found,) = self.recorder.flows
        return found

    async def _serve(self, client: Client) -> None:
        scope = client.scope
        await self.handler(scope, client.receive, client.send, dict(scope["headers"]))

    async def serve_until_cancelled(self, client: Client) -> None:
        task = asyncio.create_task(self._serve(client))
        await self.upstream.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_a_packed_body_goes_out_and_the_answer_tells_what_it_saved(tmp_path: Path) -> None:
    scene = Scene(tmp_path, FakeResponse([USAGE], **OK), SMALL)
    client = Client(BODY)
    flow = scene.serve(client)
    (sent,) = scene.upstream.sent
    assert sent.body == SMALL
    assert dict(sent.fields)[b"content-length"] == b"%d" % len(SMALL)
    assert client.head[b"x-tokenpak-savings-tokens"] == b"42"
    assert client.head[b"x-tokenpak-compression-ms"] == b"0.500"
    assert client.answer == USAGE
    assert (flow.model, flow.stream, flow.mode) == ("claude-x", True, "strict/pack")
    assert (flow.body_bytes, flow.sent_bytes) == (len(BODY), len(SMALL))
    assert (flow.saved_by, flow.stages) == ({"references": 40, "ansi": 2}, ("references", "ansi"))
    assert flow.usage is not None
    assert (flow.usage.input_tokens, flow.status, flow.error) == (7, 200, None)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (WireError("not a request"), protocol.WIRE_UNREADABLE),
        (RuntimeError("a bug of ours"), protocol.COMPRESSION_FAILED),
        (MemoryError(), protocol.COMPRESSION_FAILED),
    ],
)
def test_a_failure_of_packing_sends_the_clients_own_bytes(
    tmp_path: Path, failure: Exception, code: str
) -> None:
    scene = Scene(tmp_path, FakeResponse([b"{}"], **OK), failure)
    client = Client(BODY)
    flow = scene.serve(client)
    assert scene.upstream.sent[0].body == BODY
    assert (client.status, client.answer) == (200, b"{}")
    assert (flow.error, flow.status) == (code, 200)
    assert type(failure).__name__ in str(flow.error_message)
    assert b"x-tokenpak-savings-tokens" not in client.head


def test_an_unknown_mode_is_the_clients_mistake(tmp_path: Path) -> None:
    scene = Scene(tmp_path, packed=ConfigError("mode 'x' is unknown; known: off"))
    client = Client(BODY)
    flow = scene.serve(client)
    assert (client.status, scene.upstream.sent) == (400, [])
    assert json.loads(client.answer)["error"]["message"] == "mode 'x' is unknown; known: off"
    assert flow.error == protocol.REFUSED


@pytest.mark.parametrize("packed", [None, SMALL])
def test_an_encoded_body_keeps_its_encoding_only_if_it_is_unchanged(
    tmp_path: Path, packed: bytes | None
) -> None:
    encoded = gzip.compress(BODY)
    scene = Scene(tmp_path, FakeResponse([b"{}"], **OK), packed)
    scene.serve(Client(encoded, fields=[(b"content-encoding", b"gzip")]))
    (sent,) = scene.upstream.sent
    assert sent.body == (packed or encoded)
    assert (b"content-encoding" in dict(sent.fields)) is (packed is None)


def test_a_body_whose_encoding_lies_goes_out_as_it_came(tmp_path: Path) -> None:
    scene = Scene(tmp_path, FakeResponse([b"{}"], **OK), SMALL)
    flow = scene.serve(Client(BODY, fields=[(b"content-encoding", b"zstd")]))
    (sent,) = scene.upstream.sent
    assert (sent.body, flow.error) == (BODY, protocol.WIRE_UNREADABLE)
    assert dict(sent.fields)[b"content-encoding"] == b"zstd"


def test_only_conversations_are_packed(tmp_path: Path) -> None:
    scene = Scene(tmp_path, FakeResponse([b"{}"], **OK), SMALL)
    flow = scene.serve(Client(BODY, path="/v1/embeddings"))
    assert (scene.upstream.sent[0].body, flow.provider, flow.wire) == (BODY, "openai", None)


def test_a_failing_usage_reader_leaves_the_answer_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        usage = None

        def feed(self, chunk: bytes) -> None:
            raise RuntimeError("a bug of ours")

    monkeypatch.setattr(anthropic.Anthropic, "reader", lambda *_: Broken())
    scene = Scene(tmp_path, FakeResponse([b"a", b"b", b"c"], **OK))
    client = Client(BODY)
    flow = scene.serve(client)
    assert (client.answer, client.complete) == (b"abc", True)
    assert (flow.status, flow.error, flow.usage) == (200, protocol.INTERNAL_ERROR, None)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UpstreamError("no way", provider="anthropic"), 502, protocol.UNREACHABLE),
        (UpstreamTimeout("too late", provider="anthropic"), 504, protocol.UPSTREAM_TIMEOUT),
        (RuntimeError("a bug of ours"), 500, protocol.INTERNAL_ERROR),
    ],
)
def test_no_answer_is_an_error_in_the_clients_shape(
    tmp_path: Path, error: Exception, status: int, code: str
) -> None:
    scene = Scene(tmp_path, error)
    client = Client(BODY)
    flow = scene.serve(client)
    assert (client.status, flow.status, flow.error) == (status, status, code)
    assert json.loads(client.answer)["type"] == "error"
    assert client.head[b"x-tokenpak-request-id"].decode() == flow.request_id
    assert b"bug" not in client.answer


def test_a_broken_answer_is_left_incomplete(tmp_path: Path) -> None:
    broken = UpstreamError("broke off", provider="anthropic")
    scene = Scene(tmp_path, FakeResponse([b"a"], broken, **OK))
    client = Client(BODY)
    with pytest.raises(UpstreamBroke):
        scene.serve(client)
    assert (client.answer, client.complete) == (b"a", False)
    assert (scene.flow.status, scene.flow.error) == (200, protocol.UPSTREAM_RESET)


def test_a_client_that_leaves_is_recorded_without_a_status(tmp_path: Path) -> None:
    async def leave() -> None:
        scene = Scene(tmp_path)
        client = Client(BODY)
        await scene.serve_until_cancelled(client)
        assert (scene.flow.status, scene.flow.error) == (None, protocol.CLIENT_GONE)
        assert client.got == []

    asyncio.run(leave())


def test_the_answer_is_let_go_of_however_it_ends(tmp_path: Path) -> None:
    answer = FakeResponse([b"a"], UpstreamError("broke off", provider="anthropic"), **OK)
    with pytest.raises(UpstreamBroke):
        Scene(tmp_path, answer).serve(Client(BODY))
    assert answer.closed


def test_without_telemetry_requests_pass_all_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    upstream = FakeUpstream(FakeResponse([b"{}"], **OK))
    handler = Handler(settings, catalog.load(settings), FakeCompressor(settings), None, upstream)
    client = Client(BODY)
    scope = client.scope
    asyncio.run(handler(scope, client.receive, client.send, dict(scope["headers"])))
    assert client.answer == b"{}"


@pytest.mark.parametrize(("packed", "lines"), [(SMALL, 1), (None, 0)])
def test_a_compressed_request_leaves_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, packed: bytes | None, lines: int
) -> None:
    with caplog.at_level("INFO", "tokenpak.proxy"):
        flow = Scene(tmp_path, FakeResponse([USAGE], **OK), packed).serve(Client(BODY))
    told = [each.getMessage() for each in caplog.records if "compressed " in each.getMessage()]
    assert len(told) == lines
    for line in told:
        assert flow.request_id in line and json.loads(line[line.index("{") :]) == flow.stats()
