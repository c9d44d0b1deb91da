"""Cache markers for clients that set none: at the end of the system prompt, and at the tail.

Anthropic caches only what is marked. Where the markers go follows from the request alone; all that
changes in the body is the marker put in as the last member of a block, so a later request without
it has the same prefix for the provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokenpak.providers.promptcache import LOOK_BACK, MAX_BREAKPOINTS
from tokenpak.wire.spans import BRACE, BRACKET, QUOTE, Value, items, members, parse, string

_MARKER = b'"cache_control":{"type":"ephemeral"}'

# Thinking cannot be marked, nor can an empty text.
# https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#what-can-be-cached
_MARKABLE = frozenset({"text", "tool_use", "tool_result", "image", "document"})

_Place = tuple[int, int]
"""Where to write a marker: at this byte; or around the string that begins and ends there."""


def mark(body: bytes) -> tuple[bytes, int]:
    """*body*, a Messages request without any cache marker, with up to four; and how many.

    The tail is marked only where the request is part of a conversation: it has tools or an answer
    of the model's. A single question would pay for a cache entry that nobody reads.

    Raises WireError if *body* is not a JSON object.
    """
    top = parse(body)
    messages = _messages(body, top)
    ends = [] if not messages else list(_head(body, top))
    if messages and (top.get("tools") or any(role == "assistant" for role, _ in messages)):
        ends += _tail(body, messages, MAX_BREAKPOINTS - len(ends))
    return _spliced(body, ends), len(ends)


def _messages(body: bytes, top: dict[str, Value]) -> list[tuple[str, Value]]:
    found = []
    for message in items(top["messages"]) or () if "messages" in top else ():
        fields = members(message) or {}
        if "content" in fields:
            found.append((string(body, fields.get("role")) or "", fields["content"]))
    return found


def _head(body: bytes, top: dict[str, Value]) -> Iterator[_Place]:
    """The last system block; where the system prompt is a string, the last tool before it.

    The string stays one: the first marker in the conversation covers it as well.
    """
    for name in ("system", "tools"):
        value = top.get(name)
        if value is None or body[value[0]] != BRACKET:
            continue
        place = _markable(body, (items(value) or [value])[-1], tool=name == "tools")
        if place is not None:
            yield place
            return


def _tail(body: bytes, messages: Sequence[tuple[str, Value]], most: int) -> list[_Place]:
    """The newest user's last block, where the last request ended, and a corner of a grid.

    The provider finds an earlier entry only LOOK_BACK blocks before a marker, and a turn may have
    more: so the end of the user's message before the last answer is marked again, which the last
    request had as its newest. The grid serves where that one ended elsewhere; it does not move.
    """
    users = [at for at, (role, _) in enumerate(messages) if role == "user"]
    answers = [at for at, (role, _) in enumerate(messages) if role == "assistant"]
    newest = users[-1] if users else -1
    answer = max((at for at in answers if at < newest), default=-1)
    blocks: list[Value] = []
    wanted: list[int] = []
    for at, (role, content) in enumerate(messages[: newest + 1]):
        listed = body[content[0]] == BRACKET
        blocks += (items(content) or ()) if listed else (content,)
        if role == "user" and at < answer:
            wanted = [len(blocks) - 1]
    last = len(blocks) - 1
    wanted = [last, *wanted, *range(last // LOOK_BACK * LOOK_BACK, 0, -LOOK_BACK)]
    found: dict[_Place, None] = {}
    for at in wanted:
        place = _nearest(body, blocks, at, newest=at == last)
        if place is not None and len(found) < most:
            found[place] = None
    return list(found)


def _nearest(body: bytes, blocks: Sequence[Value], at: int, *, newest: bool) -> _Place | None:
    """The last block up to *at* that can be marked, within half a look-back.

    A content that is a string counts as one block. It becomes a list of one, which means the
    same, only where it is the *newest*: else nothing could be marked in a chat of strings.
    """
    start, end, _ = blocks[at] if blocks else (0, 0, None)
    if newest and blocks and body[start] == QUOTE and end - start > len('""'):
        return start, end
    near = range(at, max(-1, at - LOOK_BACK // 2), -1)
    return next(filter(None, (_markable(body, blocks[each]) for each in near)), None)


def _markable(body: bytes, block: Value, *, tool: bool = False) -> _Place | None:
    if body[block[0]] != BRACE:
        return None
    fields = members(block)
    if not fields:
        return None
    kind = string(body, fields.get("type"))
    if not tool and kind not in _MARKABLE:
        return None
    text = fields.get("text")
    if kind == "text" and (text is None or body[text[0] : text[1]] == b'""'):
        return None
    return block[1] - 1, block[1] - 1


def _spliced(body: bytes, places: Sequence[_Place]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for start, end in sorted(places):
        pieces.append(body[at:start])
        if start == end:
            pieces += (b",", _MARKER)
        else:
            pieces += (b'[{"type":"text","text":', body[start:end], b",", _MARKER, b"}]")
        at = end
    pieces.append(body[at:])
    return b"".join(pieces)
