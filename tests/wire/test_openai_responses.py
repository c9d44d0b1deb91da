"""OpenAI Responses, as Codex sends them."""

from __future__ import annotations

from tests.wire.recorded import decoded, outline
from tokenpak.wire import ADAPTERS

ADAPTER = ADAPTERS["openai_responses"]


def test_reads_instructions_first_then_items_in_order() -> None:
    output = "Chunk ID: 1f\nWall time: 0.2 seconds\nProcess exited with code 2\nOutput:\ncc: error"
    assert outline(decoded("openai_responses")) == [
        "-1 system system You are Codex.",
        "0 developer system <permissions>all</permissions>",
        "1 user text Why does the build fail?",
        "1 user image !",
        "2 assistant thinking !",
        "3 assistant tool_use=exec_command !",
        rf'4 tool tool_result=exec_command<"{{\"cmd\":\"make\"}}" {output}',
        "5 assistant tool_use=local_shell !",
        '6 tool tool_result=local_shell<{"type":"exec","command":["ls"]} {"output":"Makefile"}',
        "7 assistant tool_use=apply_patch !",
        '8 tool tool_result=apply_patch<"*** Begin" Done',
        "9 assistant text It names no source.",
    ]


def test_reads_model_stream_and_tools_with_and_without_a_name() -> None:
    request = decoded("openai_responses")
    assert (request.model, request.stream) == ("gpt-5-codex", True)
    assert request.tools == ("exec_command", "local_shell")


def test_a_plain_input_is_the_users_message() -> None:
    assert outline(ADAPTER.decode_request(b'{"input":"hi"}')) == ["0 user text hi"]


def test_unknown_items_are_left_alone() -> None:
    body = b'{"input":[{"type":"mcp_call","output":"x"},{"type":"item_reference","id":"a"},5]}'
    assert outline(ADAPTER.decode_request(body)) == ["0  other !", "1  other !", "2  other !"]
