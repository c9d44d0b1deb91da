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
    """The newest user's last block, and blocks before it on a grid of LOOK_BACK.

    The provider finds an earlier entry only LOOK_BACK blocks before a marker. The grid does not
    move from turn to turn, so a turn of many blocks still meets an entry of the last one.
    """
    newest = max((at for at, (role, _) in enumerate(messages) if role == "user"), default=-1)
    places: list[_Place | None] = []
    for at, (_, content) in enumerate(messages[: newest + 1]):
        places += _blocks(body, content, whole=at == newest)
    last = _nearest(places, len(places) - 1)
    if last is None:
        return []
    chosen = [last]
    corner = last // LOOK_BACK * LOOK_BACK
    while corner > 0 and len(chosen) < most:
        near = _nearest(places, corner)
        if near is not None and near not in chosen:
            chosen.append(near)
        corner -= LOOK_BACK
    return [place for place in (places[at] for at in sorted(chosen)) if place is not None]


def _nearest(places: Sequence[_Place | None], at: int) -> int | None:
    """The last block up to *at* that can be marked, within half a look-back."""
    lowest = max(-1, at - LOOK_BACK // 2)
    return next((each for each in range(at, lowest, -1) if places[each] is not None), None)


def _blocks(body: bytes, content: Value, *, whole: bool) -> list[_Place | None]:
    """For each block of *content* where its marker goes; None where it can have none.

    A content that is a string counts as one block. It becomes a list of one block, which means
    the same, only if *whole* is set: for the newest message, where else nothing could be marked.
    """
    if body[content[0]] == QUOTE:
        start, end, _ = content
        return [(start, end) if whole and end - start > len('""') else None]
    return [_markable(body, block) for block in items(content) or ()]


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
