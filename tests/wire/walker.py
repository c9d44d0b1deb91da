"""An independent reader of JSON spans, on the standard library alone, to judge `wire.spans`."""

from __future__ import annotations

import re
from json.decoder import scanstring

Path = tuple[str | int, ...]
Leaf = tuple[Path, int, int]

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^,\]} \t\n\r]+")


def leaves(body: bytes) -> list[Leaf]:
    """Path, start and end of every string, number and word, and every empty array or object."""
    text = body.decode("latin-1")  # one character a byte, so that offsets are those of the body
    found: list[Leaf] = []
    _value(text, _skip(text, 0), (), found)
    return found


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _value(text: str, at: int, path: Path, found: list[Leaf]) -> int:
    if text[at] == "{" or text[at] == "[":
        return _container(text, at, path, found)
    if text[at] == '"':
        end = scanstring(text, at + 1, False)[1]
    else:
        match = _SCALAR.match(text, at)
        assert match is not None
        end = match.end()
    found.append((path, at, end))
    return end


def _key(text: str, start: int) -> tuple[str, int]:
    end = scanstring(text, start + 1, False)[1]
    raw = text[start + 1 : end - 1].encode("latin-1").decode("utf-8", "replace")
    return scanstring(raw + '"', 0, False)[0], _skip(text, _skip(text, end) + 1)


def _container(text: str, start: int, path: Path, found: list[Leaf]) -> int:
    closing = "}" if text[start] == "{" else "]"
    at, count = _skip(text, start + 1), 0
    while text[at] != closing:
        key: str | int = count
        if closing == "}":
            key, at = _key(text, at)
        at = _skip(text, _value(text, at, (*path, key), found))
        if text[at] == ",":
            at = _skip(text, at + 1)
        count += 1
    if not count:
        found.append((path, start, at + 1))
    return at + 1
