"""Anthropic Messages, as Claude Code sends them."""

from __future__ import annotations

import json

import pytest

from tests.wire.recorded import body_of, decoded, outline
from tokenpak.wire import ADAPTERS

ADAPTER = ADAPTERS["anthropic"]


def test_reads_system_first_then_messages_in_order() -> None:
    bash = '<{"command":"make 2>&1","timeout":120000}'
    read = '<{"file_path":"/src/Makefile"}'
    assert outline(decoded("anthropic")) == [
        "-1 system system billing: cli",
        "-1 system system You are a coding agent.",
        "0 user text <system-reminder>\nToday is Monday.\n</system-reminder>",
        "0 user text Why does the build fail?",
        "1 assistant thinking !",
        "1 assistant text I look at both.",
        "1 assistant tool_use=Bash !",
        "1 assistant tool_use=Read !",
        f"2 user tool_result=Bash{bash} cc: error: no input files\n\x1b[31mfailed\x1b[0m",
        f"2 user tool_result=Read{read} 1\tall:\n2\t\tcc",
        "2 user image !",
        "2 user text And now?",
        "3 system system Plan mode is off.",
        "4 assistant text The Makefile names no source.",
    ]


def test_reads_model_stream_tools_and_cache_marks() -> None:
    request = decoded("anthropic")
    assert (request.model, request.stream) == ("claude-sonnet-4-5", True)
    assert request.tools == ("Bash", "Read")
    assert request.cache_marked


def test_a_request_without_marks_is_not_cache_marked() -> None:
    body = body_of("anthropic").replace(b'"cache_control"', b'"cash_control"')
    assert not ADAPTER.decode_request(body).cache_marked


@pytest.mark.parametrize(
    "message",
    [
        b"5",
        b"null",
        b'{"content":"no role"}',
        b'{"role":5,"content":"x"}',
        b'{"role":"user","content":5}',
        b'{"role":"critic","content":"x"}',
        b'{"role":"user","content":"x","content":"y"}',
        b'{"role":"user","content":["x"]}',
        b'{"role":"user","content":[{"type":"text","text":5}]}',
        b'{"role":"user","content":[{"type":"text"}]}',
        b'{"role":"user","content":[{"type":"text","text":"x","text":"y"}]}',
        b'{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"x",'
        b'"text":"y"}]}]}',
        b'{"role":"user","content":[{"type":"tool_result","content":7}]}',
        b'{"role":"assistant","content":[{"type":"server_tool_use","text":"x"}]}',
        b'{"role":"user","content":[{"type":"web_search_tool_result","content":"x"}]}',
    ],
)
def test_what_cannot_be_understood_is_left_alone_beside_what_can(message: bytes) -> None:
    body = b'{"messages":[' + message + b',{"role":"user","content":"fine"}]}'
    *odd, fine = ADAPTER.decode_request(body).parts
    assert [(part.kind, part.span) for part in odd] == [("other", None)]
    assert fine.text == "fine"


@pytest.mark.parametrize("part", [b'{"role":"user"}', b'{"role":"user","content":{}}'])
def test_a_message_without_content_offers_nothing(part: bytes) -> None:
    request = ADAPTER.decode_request(b'{"messages":[' + part + b"]}")
    assert all(part.span is None for part in request.parts)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request_error"), (401, "authentication_error"), (502, "api_error")],
)
def test_words_an_error_as_the_sdk_expects(status: int, kind: str) -> None:
    error = json.loads(ADAPTER.error_body(status, "tip.transport.reset", 'it "broke"'))
    assert error["type"] == "error"
    assert error["error"] == {
        "type": kind,
        "message": 'it "broke"',
        "code": "tip.transport.reset",
    }
