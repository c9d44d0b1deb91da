"""Credentials as HTTP and registries carry them: `Authorization`, `Bearer`, `auth` in JSON."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from collections.abc import Sequence

from tokenpak.redact.rule import Rule, Span, begins_word
from tokenpak.redact.value import is_dotted, is_placeholder, is_strong

# Five dashes begin a key block, which may follow without a space.
_UNIT = rb"(?:[\w.~+/=:]|-(?!----))"
_SEPARATOR = rb"\\{0,3}[\"']?[ \t]{0,4}[:=,]{1,2}>?[ \t]{0,4}\\{0,3}[\"'`]?"
_AUTHORIZATION = re.compile(
    rb"(?:proxy-)?authorization%s(?:([A-Za-z0-9-]{3,16})[ \t]{1,4})?(%s{8,64}+)"
    % (_SEPARATOR, _UNIT),
    re.IGNORECASE,
)
_SCHEME = re.compile(rb"(?:bearer|basic)[ \t]{1,4}(%s{8,64}+)" % _UNIT, re.IGNORECASE)
# `"auth": "…"` of Docker's config.json, `_auth=…` of .npmrc: base64 of `user:password`.
_AUTH = re.compile(
    rb"auth(?:\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"|\s?=\s?\"?)([A-Za-z0-9+/=_-]{8,64}+)"
)
_REST = re.compile(rb"%s*+" % _UNIT)
_CURL = re.compile(rb"(?:-u|--user)[ =]?[\"']?([^\s:\"'\[]{1,64}):([^\s\"'\\]{3,256})")


def _authorization(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _AUTHORIZATION.match(data, place)
    if match is None:
        return ()
    start, end = match.span(2)
    # After a scheme that announces it every credential counts; without one it must look like it.
    scheme = (match[1] or b"").lower()
    known = scheme in (b"bearer", b"basic", b"token", b"apikey", b"key", b"bot")
    return _judged(data, start, end, "authorization", surely=known)


def _scheme(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _SCHEME.match(data, place) if begins_word(data, place, done) else None
    return _judged(data, *match.span(1), "authorization") if match else ()


def _auth(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _AUTH.match(data, place) if data[max(done, place - 1) : place] in (b'"', b"_") else None
    return _judged(data, *match.span(1), "registry-auth") if match else ()


def _curl(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _CURL.match(data, place) if b"curl" in data[max(done, place - 200) : place] else None
    if match is None or is_placeholder(match[2]) or match[2].isdigit():
        return ()
    return ((*match.span(2), "password"),)


def _judged(
    data: bytes, start: int, end: int, kind: str, *, surely: bool = False
) -> Sequence[Span]:
    """The span if what was read looks like a credential; what goes on after it belongs to it."""
    head = data[start:end]
    if is_dotted(head):
        return ()
    if is_strong(head) or _holds_user(head) or (surely and _is_no_word(head)):
        rest = _REST.match(data, end)
        return ((start, rest.end() if rest else end, kind),)
    return ()


def _holds_user(text: bytes) -> bool:
    """Whether *text* is base64 of `user:password`."""
    try:
        plain = a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except Error:
        return False
    return b":" in plain and plain.isascii() and plain.decode().isprintable()


def _is_no_word(text: bytes) -> bool:
    return (
        not is_placeholder(text) and not text.isalpha() and any(48 <= each <= 57 for each in text)
    )


RULES: tuple[tuple[bytes, Rule], ...] = (
    (b"authorization", _authorization),
    (b"bearer", _scheme),
    (b"basic", _scheme),
    (b"auth", _auth),
    (b"-u ", _curl),
    (b"--user", _curl),
)
