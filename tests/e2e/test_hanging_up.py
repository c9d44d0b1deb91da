"""A client that hangs up is missed only where its answer was not finished."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.answers import Format, Turn
from tests.e2e.process import serve
from tests.e2e.upstream import FORMATS, Upstream
from tests.serving import TIMEOUT_S
from tokenpak import protocol

ASKED: Any = [{"role": "user", "content": "Well?"}]
REQUESTS: dict[str, Any] = {
    "/v1/messages": {"model": "claude-e2e", "max_tokens": 9, "messages": ASKED, "stream": True},
    "/v1/chat/completions": {"model": "gpt-5", "messages": ASKED, "stream": True},
    "/v1/responses": {"model": "gpt-5", "input": ASKED, "stream": True},
    "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse": {
        "contents": [{"role": "user", "parts": [{"text": "Well?"}]}]
    },
    "/api/chat": {"model": "llama3", "messages": ASKED},
}


@pytest.mark.parametrize("path", REQUESTS)
@pytest.mark.parametrize(("events", "error"), [(2, protocol.CLIENT_GONE), (-1, None)])
def test_only_an_answer_that_was_not_finished_counts_as_broken_off(
    path: str, events: int, error: str | None, upstream: Upstream, tmp_path: Path
) -> None:
    upstream.script.stall = events
    body = json.dumps(REQUESTS[path]).encode()
    with serve(tmp_path, upstream.url) as proxy:
        wire = proxy.connect()
        wire.send(proxy.head(path, body=body) + body)
        wire.read_until(b"\r\n\r\n")
        expected = b"".join(list(spoken(path).stream(Turn(), 0))[: events if events > 0 else None])
        got = b""
        while len(got) < len(expected):
            got += wire.read_chunk()
        wire.close()
        assert upstream.script.left.wait(TIMEOUT_S)
        proxy.stop()
        (row,) = proxy.rows()

    assert got == expected
    assert (row["status"], row["error_code"]) == (200, error)


def spoken(path: str) -> Format:
    plain = path.partition("?")[0]
    return next(each for end, each in FORMATS.items() if plain.endswith(end))
