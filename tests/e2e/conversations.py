"""Long conversations as the SDKs send them: an agent that reads the same long file again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.e2e.sdks import SCHEMA, Session

# A few thousand tokens of real code, beyond the threshold from the second reading on.
FILE = Path(json.decoder.__file__).read_text(encoding="utf-8")
RESULTS = 4
PATH = "json/decoder.py"
Ask = Callable[[Session], object]


def anthropic(s: Session) -> object:
    marker = {"cache_control": {"type": "ephemeral"}}
    messages: list[Any] = [{"role": "user", "content": "Why does it fail?"}]
    for i in range(RESULTS):
        call = {"type": "tool_use", "id": f"toolu_{i}", "name": "read", "input": {"path": PATH}}
        result = {"type": "tool_result", "tool_use_id": f"toolu_{i}", "content": FILE}
        messages.append({"role": "assistant", "content": [call]})
        messages.append({"role": "user", "content": [result]})
    messages[-1]["content"].append({"type": "text", "text": "Well?", **marker})
    return s.anthropic().messages.create(
        model="claude-e2e",
        max_tokens=512,
        system=[{"type": "text", "text": "You debug.", **marker}],
        tools=[{"name": "read", "description": "Reads a file", "input_schema": SCHEMA}],
        messages=messages,
    )


def openai_chat(s: Session) -> object:
    messages: list[Any] = [
        {"role": "system", "content": "You debug."},
        {"role": "user", "content": "Why does it fail?"},
    ]
    for i in range(RESULTS):
        function = {"name": "read", "arguments": json.dumps({"path": PATH})}
        call = {"id": f"call_{i}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"call_{i}", "content": FILE})
    function = {"name": "read", "parameters": SCHEMA}
    tools = [{"type": "function", "function": function}]
    return s.openai().chat.completions.create(model="gpt-5", messages=messages, tools=tools)


def openai_responses(s: Session) -> object:
    items: list[Any] = [{"role": "user", "content": "Why does it fail?"}]
    for i in range(RESULTS):
        call = {"type": "function_call", "call_id": f"call_{i}", "name": "read"}
        items.append({**call, "arguments": json.dumps({"path": PATH})})
        items.append({"type": "function_call_output", "call_id": f"call_{i}", "output": FILE})
    tools = [{"type": "function", "name": "read", "parameters": SCHEMA, "strict": False}]
    return s.openai().responses.create(
        model="gpt-5", instructions="You debug.", input=items, tools=tools
    )


def gemini(s: Session) -> object:
    contents: list[Any] = [{"role": "user", "parts": [{"text": "Why does it fail?"}]}]
    for i in range(RESULTS):
        call = {"id": f"call_{i}", "name": "read", "args": {"path": PATH}}
        result = {"id": f"call_{i}", "name": "read", "response": {"output": FILE}}
        contents.append({"role": "model", "parts": [{"function_call": call}]})
        contents.append({"role": "user", "parts": [{"function_response": result}]})
    declaration = {"name": "read", "parameters_json_schema": SCHEMA}
    config: Any = {
        "system_instruction": "You debug.",
        "tools": [{"function_declarations": [declaration]}],
        "automatic_function_calling": {"disable": True},
    }
    client = s.google()
    return client.models.generate_content(model="gemini-2.5-pro", contents=contents, config=config)


def ollama(s: Session) -> object:
    messages: list[Any] = [{"role": "user", "content": "Why does it fail?"}]
    for _ in range(RESULTS):
        function = {"name": "read", "arguments": {"path": PATH}}
        messages.append(
            {"role": "assistant", "content": "", "tool_calls": [{"function": function}]}
        )
        messages.append({"role": "tool", "tool_name": "read", "content": FILE})
    function = {"name": "read", "parameters": SCHEMA}
    tools = [{"type": "function", "function": function}]
    return s.ollama().chat(model="llama3", messages=messages, tools=tools)


LONG: tuple[Ask, ...] = (anthropic, openai_chat, openai_responses, gemini, ollama)


def changes(before: Any, after: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two JSON values differ, as (path, before, after); only texts may.

    Raises AssertionError where anything else does: a key, an order, a number, a missing item.
    """
    assert type(before) is type(after), where
    if isinstance(before, dict):
        assert list(before) == list(after), where
        for key in before:
            yield from changes(before[key], after[key], f"{where}.{key}")
    elif isinstance(before, list):
        assert len(before) == len(after), where
        for i, pair in enumerate(zip(before, after, strict=True)):
            yield from changes(*pair, f"{where}[{i}]")
    elif isinstance(before, str):
        if before != after:
            yield where, before, after
    else:
        assert before == after, where
