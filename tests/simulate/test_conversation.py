"""Where the turns of a conversation are, and what its body is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulate.recordings import conversation
from tokenpak.simulate.conversation import Conversation, dump
from tokenpak.wire import get_adapter

U, A = {"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}
CALL = {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "1", "output": "o"}
THOUGHT = {"type": "reasoning", "summary": []}


def made(wire: str, *messages: dict[str, Any], **more: Any) -> Conversation:
    return Conversation("p", "a", wire, messages, **more)


@pytest.mark.parametrize(
    ("wire", "messages", "turns"),
    [
        ("anthropic", [U, A, U], [1, 3]),
        ("anthropic", [U, A], [1]),
        ("openai_chat", [U, A, A, U], [1, 2, 4]),
        ("anthropic", [A, U], [2]),
        ("gemini", [U, {"role": "model", "parts": []}, U], [1, 3]),
        ("openai_responses", [U, THOUGHT, CALL, CALL, OUTPUT, A], [1, 5]),
        ("anthropic", [], []),
    ],
)
def test_a_turn_ends_before_each_answer_and_at_the_end(
    wire: str, messages: list[dict[str, Any]], turns: list[int]
) -> None:
    assert made(wire, *messages).turns() == turns


def test_turns_that_were_sent_before_do_not_count_again() -> None:
    assert made("anthropic", U, A, U, A, U, A, sent=4).turns() == [5]


@pytest.mark.parametrize("wanted", [1, 3, 7, 1000])
def test_a_sample_of_turns_holds_the_last(wanted: int) -> None:
    every = conversation("codex").turns()
    sample = conversation("codex").turns(wanted)

    assert set(sample) <= set(every)
    assert sample[-1] == every[-1]
    assert len(sample) <= max(2 * wanted, 2)


@pytest.mark.parametrize(
    ("wire", "system"),
    [
        ("anthropic", "be brief"),
        ("openai_chat", "be brief"),
        ("openai_responses", "be brief"),
        ("gemini", {"parts": [{"text": "be brief"}]}),
        ("ollama", "be brief"),
    ],
)
def test_the_system_prompt_stands_where_the_format_has_it(wire: str, system: Any) -> None:
    message = {"role": "user", "parts": [{"text": "hi"}]} if wire == "gemini" else U
    found = made(wire, message, system=system)
    parts = get_adapter(wire).decode_request(found.body()).parts

    assert [(part.kind, part.text) for part in parts][0] == ("system", "be brief")
    assert parts[1].message == found.offset
    assert found.has_system


def test_without_a_system_prompt_none_is_made_up() -> None:
    found = made("anthropic", U, A)

    assert json.loads(found.body()) == {"messages": [U, A]}
    assert not found.has_system


def test_a_lone_surrogate_becomes_an_escape() -> None:
    assert dump("\ud800é") == '"\\ud800é"'.encode()
