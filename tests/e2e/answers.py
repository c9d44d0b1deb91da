"""What a provider says in one turn, as the bytes of each wire format: whole and as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

# What every answer reports. Formats that count the cache as part of the input report the sum.
FRESH, READ, WRITTEN, OUTPUT = 1200, 9000, 300, 40


@dataclass(frozen=True)
class Turn:
    """One answer: a text, or the call of a tool."""

    text: str = "The answer is 42, and that took a while to find out."
    tool: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Format(Protocol):
    """One wire format as its provider speaks it; *n* is the number of the turn."""

    content_type: str

    def turns(self, request: Mapping[str, Any]) -> int:
        """How often the model has answered already in the conversation of *request*."""

    def whole(self, turn: Turn, n: int) -> bytes: ...

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]: ...


class Anthropic:
    content_type = "text/event-stream; charset=utf-8"

    def turns(self, request: Mapping[str, Any]) -> int:
        return _count(request["messages"], "assistant")

    def whole(self, turn: Turn, n: int) -> bytes:
        return _json(self._message(turn, n))

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]:
        message = self._message(turn, n)
        (block,) = message["content"]
        usage = message["usage"] | {"output_tokens": 1}
        start = message | {"content": [], "stop_reason": None, "usage": usage}
        empty = block | ({"input": {}} if turn.tool else {"text": ""})
        yield self._event({"type": "message_start", "message": start})
        yield self._event({"type": "content_block_start", "index": 0, "content_block": empty})
        yield self._event({"type": "ping"})
        for piece in _pieces(json.dumps(block["input"]) if turn.tool else turn.text):
            delta = {"type": "text_delta", "text": piece}
            if turn.tool:
                delta = {"type": "input_json_delta", "partial_json": piece}
            yield self._event({"type": "content_block_delta", "index": 0, "delta": delta})
        yield self._event({"type": "content_block_stop", "index": 0})
        stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
        ended = {"type": "message_delta", "delta": stop, "usage": {"output_tokens": OUTPUT}}
        yield self._event(ended)
        yield self._event({"type": "message_stop"})

    def _message(self, turn: Turn, n: int) -> dict[str, Any]:
        block: dict[str, Any] = {"type": "text", "text": turn.text}
        if turn.tool:
            block = {"type": "tool_use", "id": f"toolu_{n:04}", "name": turn.tool}
            block["input"] = dict(turn.arguments)
        return {
            "id": f"msg_{n:04}",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": [block],
            "stop_reason": "tool_use" if turn.tool else "end_turn",
            "stop_sequence": None,
            "usage": {
                "input_tokens": FRESH,
                "cache_creation_input_tokens": WRITTEN,
                "cache_read_input_tokens": READ,
                "output_tokens": OUTPUT,
            },
        }

    def _event(self, data: Mapping[str, Any]) -> bytes:
        return b"event: %b\ndata: %b\n\n" % (data["type"].encode(), _json(data))


class OpenAIChat:
    content_type = "text/event-stream"
    _usage: Mapping[str, Any] = {
        "prompt_tokens": FRESH + READ,
        "completion_tokens": OUTPUT,
        "total_tokens": FRESH + READ + OUTPUT,
        "prompt_tokens_details": {"cached_tokens": READ},
    }

    def turns(self, request: Mapping[str, Any]) -> int:
        return _count(request["messages"], "assistant")

    def whole(self, turn: Turn, n: int) -> bytes:
        message = {"role": "assistant", "content": None if turn.tool else turn.text}
        if turn.tool:
            message["tool_calls"] = [self._call(turn, n)]
        reason = "tool_calls" if turn.tool else "stop"
        choice = {"index": 0, "message": message, "finish_reason": reason}
        head = self._head(n, "chat.completion")
        return _json(head | {"choices": [choice], "usage": self._usage})

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]:
        head = self._head(n, "chat.completion.chunk")
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        if turn.tool:
            deltas.append({"tool_calls": [{"index": 0, **self._call(turn, n)}]})
        else:
            deltas += [{"content": piece} for piece in _pieces(turn.text)]
        for delta in deltas:
            yield self._chunk(head, [{"index": 0, "delta": delta, "finish_reason": None}])
        reason = "tool_calls" if turn.tool else "stop"
        yield self._chunk(head, [{"index": 0, "delta": {}, "finish_reason": reason}])
        yield self._chunk(head | {"usage": self._usage}, [])
        yield b"data: [DONE]\n\n"

    def _head(self, n: int, kind: str) -> dict[str, Any]:
        return {"id": f"chatcmpl-{n:04}", "object": kind, "created": 1, "model": "gpt-5"}

    def _call(self, turn: Turn, n: int) -> dict[str, Any]:
        function = {"name": turn.tool, "arguments": json.dumps(turn.arguments)}
        return {"id": f"call_{n:04}", "type": "function", "function": function}

    def _chunk(self, head: Mapping[str, Any], choices: list[Any]) -> bytes:
        return b"data: %b\n\n" % _json({**head, "choices": choices})


class OpenAIResponses:
    content_type = "text/event-stream"

    def turns(self, request: Mapping[str, Any]) -> int:
        items = request["input"] if isinstance(request["input"], list) else []
        return sum(i.get("type") == "function_call" or i.get("role") == "assistant" for i in items)

    def whole(self, turn: Turn, n: int) -> bytes:
        return _json(self._response(self._item(turn, n), n))

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]:
        item = self._item(turn, n)
        done = self._response(item, n)
        begun = done | {"status": "in_progress", "output": [], "usage": None}
        where = {"item_id": item["id"], "output_index": 0}
        events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
        if turn.tool:
            kind, value, empty = "function_call_arguments", item["arguments"], {"arguments": ""}
        else:
            kind, value, empty = "output_text", turn.text, {"content": []}
            where |= {"content_index": 0}
        started = item | empty | {"status": "in_progress"}
        events.append({"type": "response.output_item.added", "output_index": 0, "item": started})
        if not turn.tool:
            part = {"type": "output_text", "text": "", "annotations": []}
            events.append({"type": "response.content_part.added", **where, "part": part})
        events += [
            {"type": f"response.{kind}.delta", **where, "delta": piece} for piece in _pieces(value)
        ]
        end = {"arguments": value, "name": turn.tool} if turn.tool else {"text": value}
        events.append({"type": f"response.{kind}.done", **where, **end})
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": done})
        for number, event in enumerate(events):
            numbered = _json(event | {"sequence_number": number})
            yield b"event: %b\ndata: %b\n\n" % (event["type"].encode(), numbered)

    def _item(self, turn: Turn, n: int) -> dict[str, Any]:
        if turn.tool:
            return {
                "type": "function_call",
                "id": f"fc_{n:04}",
                "call_id": f"call_{n:04}",
                "name": turn.tool,
                "arguments": json.dumps(turn.arguments),
                "status": "completed",
            }
        text = {"type": "output_text", "text": turn.text, "annotations": []}
        head = {"type": "message", "id": f"msg_{n:04}", "role": "assistant"}
        return head | {"status": "completed", "content": [text]}

    def _response(self, item: Mapping[str, Any], n: int) -> dict[str, Any]:
        return {
            "id": f"resp_{n:04}",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "model": "gpt-5",
            "output": [item],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": FRESH + READ,
                "input_tokens_details": {"cached_tokens": READ},
                "output_tokens": OUTPUT,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": FRESH + READ + OUTPUT,
            },
        }


class Gemini:
    content_type = "text/event-stream"

    def turns(self, request: Mapping[str, Any]) -> int:
        return _count(request["contents"], "model")

    def whole(self, turn: Turn, n: int) -> bytes:
        return _json(self._answer(self._part(turn, turn.text), n, last=True))

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]:
        pieces = [""] if turn.tool else list(_pieces(turn.text))
        for i, piece in enumerate(pieces, 1):
            answer = self._answer(self._part(turn, piece), n, last=i == len(pieces))
            yield b"data: %b\r\n\r\n" % _json(answer)

    def _part(self, turn: Turn, text: str) -> dict[str, Any]:
        if turn.tool:
            return {"functionCall": {"name": turn.tool, "args": dict(turn.arguments)}}
        return {"text": text}

    def _answer(self, part: Mapping[str, Any], n: int, *, last: bool) -> dict[str, Any]:
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
        if last:
            candidate["finishReason"] = "STOP"
        return {
            "candidates": [candidate],
            "usageMetadata": {
                "promptTokenCount": FRESH + READ,
                "candidatesTokenCount": OUTPUT,
                "totalTokenCount": FRESH + READ + OUTPUT,
                "cachedContentTokenCount": READ,
            },
            "modelVersion": "gemini-2.5-pro",
            "responseId": f"resp_{n:04}",
        }


class Ollama:
    """`/api/chat` and, where the request has a prompt in place of messages, `/api/generate`."""

    content_type = "application/x-ndjson"

    def turns(self, request: Mapping[str, Any]) -> int:
        return _count(request.get("messages", []), "assistant")

    def whole(self, turn: Turn, n: int) -> bytes:
        return _json(self._answer(turn, turn.text, last=True))

    def stream(self, turn: Turn, n: int) -> Iterator[bytes]:
        pieces = [""] if turn.tool else list(_pieces(turn.text))
        for i, piece in enumerate(pieces, 1):
            yield _json(self._answer(turn, piece, last=i == len(pieces))) + b"\n"

    def _answer(self, turn: Turn, text: str, *, last: bool) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": "" if turn.tool else text}
        if turn.tool:
            function = {"name": turn.tool, "arguments": dict(turn.arguments)}
            message["tool_calls"] = [{"function": function}]
        answer = {
            "model": "llama3",
            "created_at": "2025-01-01T00:00:00Z",
            "message": message,
            "response": message["content"],
            "done": last,
        }
        if last:
            answer |= {"prompt_eval_count": FRESH + READ, "eval_count": OUTPUT}
        return answer


def _count(messages: list[Mapping[str, Any]], role: str) -> int:
    return sum(message.get("role") == role for message in messages)


def _pieces(text: str) -> Iterator[str]:
    yield from (text[i : i + 17] for i in range(0, len(text), 17))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
