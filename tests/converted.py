"""One recorded conversation as the body that a client of each wire format would send."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

NATIVE = {"anthropic": "anthropic", "openai": "openai_chat"}
WIRES = ("anthropic", "openai_chat", "openai_responses", "gemini", "ollama")
PATHS = {"gemini": "/v1beta/models/gemini-2.5-pro:generateContent"}


@dataclass(frozen=True)
class Piece:
    """A piece of a message in no format's words."""

    kind: str
    """text, thinking, call, result or image."""
    text: str = ""
    name: str = ""
    id: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


Said = tuple[str, list[Piece]]
"""A role (system, user, assistant) and what it said; results are the user's."""


def body(session: dict[str, Any], wire: str, upto: int | None = None) -> bytes:
    """The request in format *wire* with the first *upto* messages of *session*, all if None.

    In the format in which it was recorded the messages are those of the record.
    """
    messages = session["messages"][:upto]
    system = session.get("system") or ""
    if wire == NATIVE[session["format"]]:
        request = _recorded(wire, messages, system)
    else:
        said: list[Said] = [("system", [Piece("text", system)])] if system else []
        request = _BUILDERS[wire]([*said, *_pieces(messages)])
    if tools := [_tool(each) for each in session.get("tools") or ()]:
        request["tools"] = _declared(wire, tools)
    if wire != "gemini":
        request["model"] = session.get("model") or "a-model"
    return json.dumps(request, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _recorded(wire: str, messages: list[Any], system: Any) -> dict[str, Any]:
    if wire == "anthropic":
        return {"messages": messages, **({"system": system} if system else {})}
    return {"messages": [*([{"role": "system", "content": system}] if system else []), *messages]}


def _pieces(messages: Iterable[dict[str, Any]]) -> Iterator[Said]:
    names: dict[str, str] = {}
    for message in messages:
        role = "system" if message["role"] == "developer" else message["role"]
        found = list(_of_content(message, names))
        for call in message.get("tool_calls") or ():
            function = call["function"]
            names[call["id"]] = function["name"]
            arguments = _object(function["arguments"])
            found.append(Piece("call", name=function["name"], id=call["id"], arguments=arguments))
        yield ("user" if role == "tool" else role), found


def _of_content(message: dict[str, Any], names: dict[str, str]) -> Iterator[Piece]:
    content = message.get("content")
    if message["role"] == "tool":
        id = message["tool_call_id"]
        yield Piece("result", content, names.get(id, "tool"), id)
        return
    for block in [{"type": "text", "text": content}] if isinstance(content, str) else content or ():
        kind = block["type"]
        if kind == "tool_use":
            names[block["id"]] = block["name"]
            yield Piece("call", name=block["name"], id=block["id"], arguments=block["input"])
        elif kind == "tool_result":
            id = block["tool_use_id"]
            yield Piece("result", _joined(block["content"]), names.get(id, "tool"), id)
        elif kind == "image":
            yield Piece("image", block["source"].get("data", ""))
        else:
            yield Piece(kind, block[kind])


def _joined(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(each["text"] for each in content or () if each["type"] == "text")


def _object(arguments: Any) -> dict[str, Any]:
    try:
        found = json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"input": arguments}


def _anthropic(said: Iterable[Said]) -> dict[str, Any]:
    request: dict[str, Any] = {"system": [], "messages": []}
    for role, pieces in said:
        if role == "system":
            request["system"] += [{"type": "text", "text": each.text} for each in pieces]
            continue
        request["messages"].append({"role": role, "content": [_block(each) for each in pieces]})
    return request


def _block(piece: Piece) -> dict[str, Any]:
    if piece.kind == "call":
        return {"type": "tool_use", "id": piece.id, "name": piece.name, "input": piece.arguments}
    if piece.kind == "result":
        return {"type": "tool_result", "tool_use_id": piece.id, "content": piece.text}
    if piece.kind == "image":
        source = {"type": "base64", "media_type": "image/png", "data": piece.text}
        return {"type": "image", "source": source}
    return {"type": piece.kind, piece.kind: piece.text}


def _chat(said: Iterable[Said]) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for role, pieces in said:
        results = [each for each in pieces if each.kind == "result"]
        messages += [
            {"role": "tool", "tool_call_id": each.id, "content": each.text} for each in results
        ]
        content = [_of_chat(each) for each in pieces if each.kind in ("text", "image")]
        calls = [_function(each) for each in pieces if each.kind == "call"]
        if content or calls:
            message = {"role": role, "content": content or None}
            messages.append({**message, **({"tool_calls": calls} if calls else {})})
    return {"messages": messages}


def _of_chat(piece: Piece) -> dict[str, Any]:
    if piece.kind == "image":
        return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{piece.text}"}}
    return {"type": "text", "text": piece.text}


def _function(piece: Piece) -> dict[str, Any]:
    function = {"name": piece.name, "arguments": json.dumps(piece.arguments)}
    return {"id": piece.id, "type": "function", "function": function}


def _responses(said: Iterable[Said]) -> dict[str, Any]:
    request: dict[str, Any] = {"input": []}
    for role, pieces in said:
        if role == "system" and "instructions" not in request:
            request["instructions"] = "\n".join(each.text for each in pieces)
        else:
            request["input"] += [_item(role, each) for each in pieces]
    return request


def _item(role: str, piece: Piece) -> dict[str, Any]:
    if piece.kind == "call":
        arguments = json.dumps(piece.arguments)
        call = {"call_id": piece.id, "name": piece.name, "arguments": arguments}
        return {"type": "function_call", **call}
    if piece.kind == "result":
        return {"type": "function_call_output", "call_id": piece.id, "output": piece.text}
    if piece.kind == "thinking":
        return {"type": "reasoning", "summary": [], "encrypted_content": piece.text}
    if piece.kind == "image":
        image = {"type": "input_image", "image_url": f"data:image/png;base64,{piece.text}"}
        return {"type": "message", "role": role, "content": [image]}
    kind = "output_text" if role == "assistant" else "input_text"
    text = {"type": kind, "text": piece.text}
    return {"type": "message", "role": role, "content": [text]}


def _gemini(said: Iterable[Said]) -> dict[str, Any]:
    request: dict[str, Any] = {"contents": []}
    for role, pieces in said:
        parts = [_gemini_part(each) for each in pieces]
        if role == "system" and "systemInstruction" not in request:
            request["systemInstruction"] = {"parts": parts}
        else:
            name = "model" if role == "assistant" else "user"
            request["contents"].append({"role": name, "parts": parts})
    return request


def _gemini_part(piece: Piece) -> dict[str, Any]:
    if piece.kind == "call":
        return {"functionCall": {"name": piece.name, "args": piece.arguments}}
    if piece.kind == "result":
        return {"functionResponse": {"name": piece.name, "response": {"output": piece.text}}}
    if piece.kind == "image":
        return {"inlineData": {"mimeType": "image/png", "data": piece.text}}
    return {"text": piece.text, **({"thought": True} if piece.kind == "thinking" else {})}


def _ollama(said: Iterable[Said]) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for role, pieces in said:
        messages += [
            {"role": "tool", "tool_name": each.name, "content": each.text}
            for each in pieces
            if each.kind == "result"
        ]
        message: dict[str, Any] = {"role": role, "content": _all(pieces, "text")}
        if thinking := _all(pieces, "thinking"):
            message["thinking"] = thinking
        if images := [each.text for each in pieces if each.kind == "image"]:
            message["images"] = images
        calls = [each for each in pieces if each.kind == "call"]
        if calls:
            message["tool_calls"] = [
                {"function": {"name": each.name, "arguments": each.arguments}} for each in calls
            ]
        if len(message) > 2 or message["content"]:
            messages.append(message)
    return {"messages": messages}


def _all(pieces: Iterable[Piece], kind: str) -> str:
    return "\n".join(each.text for each in pieces if each.kind == kind)


_BUILDERS = {
    "anthropic": _anthropic,
    "openai_chat": _chat,
    "openai_responses": _responses,
    "gemini": _gemini,
    "ollama": _ollama,
}


def _tool(tool: dict[str, Any]) -> tuple[str, str, Any]:
    """Name, description and schema of a definition as either format has it."""
    inner = tool.get("function") or tool
    schema = inner.get("input_schema") or inner.get("parameters") or {"type": "object"}
    return inner.get("name") or tool.get("type") or "tool", inner.get("description") or "", schema


def _declared(wire: str, tools: list[tuple[str, str, Any]]) -> list[dict[str, Any]]:
    if wire == "anthropic":
        return [{"name": n, "description": d, "input_schema": s} for n, d, s in tools]
    functions = [{"name": n, "description": d, "parameters": s} for n, d, s in tools]
    if wire == "gemini":
        return [{"functionDeclarations": functions}]
    if wire == "openai_responses":
        return [{"type": "function", **each} for each in functions]
    return [{"type": "function", "function": each} for each in functions]
