"""Gemini, as its command line and SDK send it."""

from __future__ import annotations

import json

import pytest

from tests.wire.recorded import body_of, decoded, outline
from tokenpak.wire import ADAPTERS

ADAPTER = ADAPTERS["gemini"]
EXPECTED = [
    "-1 system system You are a CLI agent.",
    "0 user text Why does the build fail?",
    "0 user image !",
    "1 assistant thinking !",
    "1 assistant tool_use=run_shell_command !",
    "1 assistant tool_use=run_shell_command !",
    '2 user tool_result=run_shell_command<{"command":"make"} cc: error',
    '2 user tool_result=run_shell_command<{"command":"ls"} Makefile',
    "2 user other !",
    "3 assistant text It names no source.",
    "3 assistant other !",
]


def test_reads_system_first_and_pairs_results_with_calls_by_order() -> None:
    assert outline(decoded("gemini")) == EXPECTED


def test_snake_case_reads_the_same() -> None:
    body = body_of("gemini")
    for camel, snake in (
        (b"systemInstruction", b"system_instruction"),
        (b"functionCall", b"function_call"),
        (b"functionResponse", b"function_response"),
        (b"functionDeclarations", b"function_declarations"),
        (b"inlineData", b"inline_data"),
        (b"thoughtSignature", b"thought_signature"),
    ):
        assert camel in body
        body = body.replace(camel, snake)
    request = ADAPTER.decode_request(body)
    assert outline(request) == EXPECTED
    assert request.tools == ("run_shell_command",)


def test_ids_pair_results_with_calls_out_of_order() -> None:
    calls = b",".join(
        b'{"functionCall":{"id":"%s","name":"f","args":{"n":"%s"}}}' % (i, i) for i in (b"a", b"b")
    )
    results = b",".join(
        b'{"functionResponse":{"id":"%s","name":"f","response":{"result":"%s"}}}' % (i, i)
        for i in (b"b", b"a")
    )
    body = b'{"contents":[{"role":"model","parts":[%s]},{"parts":[%s]}]}' % (calls, results)
    assert outline(ADAPTER.decode_request(body))[2:] == [
        '1 user tool_result=f<{"n":"b"} b',
        '1 user tool_result=f<{"n":"a"} a',
    ]


@pytest.mark.parametrize(
    ("path", "model", "stream"),
    [
        ("/v1beta/models/gemini-2.5-pro:generateContent", "gemini-2.5-pro", False),
        ("/v1beta/models/gemini-2.5-pro:streamGenerateContent", "gemini-2.5-pro", True),
        (
            "/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent",
            "g",
            True,
        ),
        ("/v1internal:streamGenerateContent", None, True),
        ("", None, False),
    ],
)
def test_the_path_names_model_and_stream(path: str, model: str | None, stream: bool) -> None:
    request = ADAPTER.decode_request(body_of("gemini"), path)
    assert (request.model, request.stream) == (model, stream)


def test_a_request_in_the_command_lines_wrapper_reads_the_same() -> None:
    body = b'{"model":"g","project":"p","request":' + body_of("gemini") + b"}"
    request = ADAPTER.decode_request(body, "/v1internal:generateContent")
    assert (request.model, outline(request)) == ("g", EXPECTED)


def test_a_cached_content_counts_as_the_clients_cache_mark() -> None:
    body = b'{"contents":[],"cachedContent":"cachedContents/x"}'
    assert ADAPTER.decode_request(body).cache_marked
    assert not decoded("gemini").cache_marked


def test_words_an_error_as_the_sdk_expects() -> None:
    error = json.loads(ADAPTER.error_body(504, "tip.transport.timeout", "late"))["error"]
    assert (error["code"], error["message"], error["status"]) == (504, "late", "DEADLINE_EXCEEDED")
    assert error["details"][0]["reason"] == "tip.transport.timeout"
