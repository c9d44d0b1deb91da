"""What goes wrong reaches an SDK's user as that SDK's own errors, with the words of who refused."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anthropic
import ollama
import openai
import pytest
from google.genai import errors

from tests.e2e import sdks
from tests.e2e.process import Running, serve
from tests.e2e.sdks import QUESTION, Session
from tests.e2e.upstream import Failure, Upstream
from tests.serving import TIMEOUT_S
from tokenpak import protocol

Ask = Callable[[Session], object]


def _anthropic_error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_e2e"}


LIMITED = "Number of request tokens has exceeded your rate limit"
REFUSALS = [
    (
        sdks.messages_create,
        Failure(429, _anthropic_error("rate_limit_error", LIMITED), [("retry-after", "7")]),
        anthropic.RateLimitError,
        LIMITED,
    ),
    (
        sdks.messages_stream,
        Failure(529, _anthropic_error("overloaded_error", "Overloaded")),
        anthropic.OverloadedError,
        "Overloaded",
    ),
    (
        sdks.messages_create,
        Failure(401, _anthropic_error("authentication_error", "invalid x-api-key")),
        anthropic.AuthenticationError,
        "invalid x-api-key",
    ),
    (
        sdks.chat_stream,
        Failure(429, {"error": {"message": LIMITED, "type": "tokens", "code": "rate_limited"}}),
        openai.RateLimitError,
        LIMITED,
    ),
    (
        sdks.responses_create,
        Failure(400, {"error": {"message": "No such tool", "type": "invalid_request_error"}}),
        openai.BadRequestError,
        "No such tool",
    ),
    (
        sdks.gemini_generate,
        Failure(429, {"error": {"code": 429, "message": LIMITED, "status": "RESOURCE_EXHAUSTED"}}),
        errors.ClientError,
        LIMITED,
    ),
    (sdks.ollama_chat, Failure(404, {"error": "no model"}), ollama.ResponseError, "no model"),
]


@pytest.mark.parametrize(("ask", "failure", "kind", "message"), REFUSALS)
def test_a_provider_s_refusal_is_raised_as_on_a_direct_call(
    ask: Ask,
    failure: Failure,
    kind: type[Exception],
    message: str,
    proxy: Running,
    upstream: Upstream,
) -> None:
    upstream.script.turns = [failure]
    raised = []
    for base in (upstream.url, proxy.url):
        with Session(base) as session, pytest.raises(kind, match=message) as caught:
            ask(session)
        raised.append(caught.value)

    direct, proxied = raised
    assert (type(proxied), str(proxied)) == (type(direct), str(direct))
    for name, value in failure.fields:
        assert proxied.response.headers[name] == value  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def lost() -> Iterator[str]:
    """The address of a provider that is gone."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
    yield f"http://{host}:{port}"


@pytest.fixture(scope="module")
def lonely(lost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(tmp_path_factory.mktemp("home"), lost) as running:
        yield running


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (sdks.messages_create, anthropic.InternalServerError),
        (sdks.messages_stream, anthropic.InternalServerError),
        (sdks.messages_count, anthropic.InternalServerError),
        (sdks.anthropic_models, anthropic.InternalServerError),
        (sdks.chat_create, openai.InternalServerError),
        (sdks.chat_stream, openai.InternalServerError),
        (sdks.responses_stream, openai.InternalServerError),
        (sdks.embeddings, openai.InternalServerError),
        (sdks.gemini_generate, errors.ServerError),
        (sdks.gemini_stream, errors.ServerError),
        (sdks.ollama_chat, ollama.ResponseError),
        (sdks.ollama_stream, ollama.ResponseError),
    ],
)
def test_a_provider_out_of_reach_is_the_sdk_s_own_server_error_in_our_words(
    ask: Ask, kind: type[Exception], lonely: Running, lost: str
) -> None:
    with Session(lonely.url) as session, pytest.raises(kind) as caught:
        ask(session)

    assert f"{lost} cannot be reached" in str(caught.value)
    assert session.headers[-1][protocol.HEADER_VERSION] == protocol.TIP_VERSION


def test_telemetry_names_a_provider_out_of_reach(upstream: Upstream, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with serve(tmp_path, f"http://127.0.0.1:{port}") as proxy:
        with Session(proxy.url) as session, pytest.raises(anthropic.InternalServerError):
            sdks.messages_create(session)
        proxy.stop()
        (row,) = proxy.rows()

    assert (row["status"], row["error_code"]) == (502, protocol.UNREACHABLE)
    assert (row["input_tokens"], row["cost_usd"]) == (None, None)


def anthropic_stream(s: Session) -> Any:
    request = {"model": "claude-e2e", "max_tokens": 512, "stream": True}
    return s.anthropic().messages.create(
        messages=[{"role": "user", "content": QUESTION}], **request
    )


def chat_stream(s: Session) -> Any:
    messages: Any = [{"role": "user", "content": QUESTION}]
    return s.openai().chat.completions.create(model="gpt-5", messages=messages, stream=True)


def responses_stream(s: Session) -> Any:
    return s.openai().responses.create(model="gpt-5", input=QUESTION, stream=True)


@pytest.mark.parametrize("ask", [anthropic_stream, chat_stream, responses_stream])
def test_a_stream_that_the_sdk_closes_ends_at_the_provider(
    ask: Callable[[Session], Any], proxy: Running, upstream: Upstream
) -> None:
    upstream.script.stall = 2
    with Session(proxy.url) as session:
        stream = ask(session)
        next(iter(stream))
        assert not upstream.script.left.is_set()
        stream.close()

        assert upstream.script.left.wait(TIMEOUT_S)
