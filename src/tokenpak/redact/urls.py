"""Passwords and keys in the user part of a URL: `scheme://user:password@host`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.redact.rule import Rule, Span
from tokenpak.redact.value import is_mixed, is_placeholder

# A password may hold an @ that nobody escaped, so the last one before the path ends it.
_USER = re.compile(rb"://([^\s/@:\"'`<>\\\[]{0,256}):([^\s/\"'`<>\\]{1,512})@")
# A key alone before the @, as in the DSN of Sentry or a clone URL.
_KEY = re.compile(rb"://([\w-]{20,256})@([\w.-]{1,64})")
_WORDS = frozenset((b"pass", b"passwd", b"password", b"pwd", b"secret", b"token"))


def _url(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _USER.match(data, place)
    if match:
        start, end = match.span(2)
        secret = match[2]
        if secret.lower() in _WORDS or (len(secret) < 128 and is_placeholder(secret)):
            return ()
        spans: list[Span] = [(start, end, "url-password")]
        if is_mixed(match[1]):
            spans.insert(0, (*match.span(1), "url-password"))
        return spans
    match = _KEY.match(data, place)
    if match and is_mixed(match[1]):
        return ((*match.span(1), "sentry" if b"sentry" in match[2] else "url-password"),)
    return ()


RULES: tuple[tuple[bytes, Rule], ...] = ((b"://", _url),)
