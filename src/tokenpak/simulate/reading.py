"""What the model reads of a part, and how many tokens that is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.errors import WireError
from tokenpak.simulate.conversation import Conversation, dump
from tokenpak.tokens import count, count_tokens
from tokenpak.transcript import Message

# Not text to the model: proofs and ciphers that clients carry back and forth.
_SEALED = frozenset({"signature", "thoughtSignature", "encrypted_content", "data", "id", "type"})


def readable(part: Part) -> str:
    """The text of *part* without JSON's quotes and escapes; empty for images."""
    if part.kind == "image":
        return ""
    if part.kind in ("text", "system", "tool_result"):
        try:
            return part.text
        except WireError:
            return ""
    if part.kind == "tool_use" and not part.literal.startswith(b'"'):
        return part.text
    try:
        return "\n".join(strings(json.loads(part.literal, strict=False)))
    except (ValueError, RecursionError):
        return ""


def visible(part: Part) -> str:
    """The same, but with the input of a tool call as its strings, one after another."""
    if part.kind == "tool_use" and part.arguments:
        return "\n".join(strings(dict(part.arguments)))
    return readable(part)


def strings(value: object) -> Iterator[str]:
    """Every string in *value*, but for those that mean nothing to the model."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in _SEALED:
                yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Tokens (o200k) of a conversation as it came, by two measures.

    `texts` is what the model reads and is charged for; `json` is the messages as they are sent,
    quotes, escapes and field names included, by which proxies are compared: the last part of a
    message bears all of it. The first figure of each is of what stands before the parts: tool
    definitions, and in `json` the system prompt if it stands apart.
    """

    texts: Sequence[int]
    json: Sequence[int]


def measure(conversation: Conversation, parts: Sequence[Part]) -> Sizes:
    """The sizes of *conversation*, of which *parts* were read."""
    tools = sum(count_tokens(dump(tool).decode()) for tool in conversation.tools)
    system = dump(conversation.system).decode() if conversation.system else ""
    texts = [tools, *(_tokens(part) for part in parts)]
    json_sizes = [tools + count_tokens(system), *(0 for _ in parts)]
    images: dict[int, list[str]] = {}
    bearer: dict[int, int] = {}
    for number, part in enumerate(parts, 1):
        at = part.message - conversation.offset
        bearer[at] = number
        if part.kind == "image":
            images.setdefault(at, []).append(part.literal.decode("utf-8", "replace"))
    before = 0
    for at, message in enumerate(conversation.messages):
        before = bearer.get(at, before)
        for shown in _blocks(message):
            for image in images.get(at, ()):
                shown = shown.replace(image, "")
            json_sizes[before] += count(shown)
    return Sizes(texts, json_sizes)


def _blocks(message: Message) -> Iterator[str]:
    """The JSON of *message* by the pieces that a prompt cache compares."""
    role = str(message.get("role", ""))
    name = "parts" if "parts" in message else "content"
    content = message.get(name)
    rest = {key: value for key, value in message.items() if key not in ("role", name)}
    if rest:
        yield role + dump(rest).decode()
    for piece in content if isinstance(content, list) else [content] if content else []:
        yield role + dump(piece).decode()


def _tokens(part: Part) -> int:
    return count_tokens(readable(part)) if part.kind == "system" else count(readable(part))
