"""Keys that are known by their shape: a prefix of their issuer and a run of random characters.

Prefixes and lengths are those that the issuers document; lengths are lower bounds, so that a
longer key of a later day is taken whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.redact.rule import Rule, Span, begins_run, begins_word
from tokenpak.redact.value import is_mixed
from tokenpak.tables import table

_SHAPES = table("tokenpak.redact", "shapes.yaml", list[tuple[str, str, str]])
_JWT = re.compile(
    rb"[\w-]{10,}+\.(?:eyJ[\w-]{8,}+(?:\.[\w-]*)?|[\w-]*+\.[\w-]{8,}+\.[\w-]{8,}+\.[\w-]{8,})"
)
_DIGIT = re.compile(rb"[0-9]")
_AWS = re.compile(
    rb"[A-Z0-9]{16}(?![A-Za-z0-9])(?:[\s,:;|\"']{1,8}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=]))?"
)
_RUN = re.compile(rb"[\w-]{20,}")
_XOX = re.compile(rb"[abcdeoprs](?:\.xox[bp])?-[\w%-]{10,}")
_TELEGRAM = re.compile(rb":AA[\w-]{30,}")
_BOT = re.compile(rb"(?<!\d)\d{8,10}\Z")
_MAILGUN = re.compile(rb"key-[0-9a-f]{32}(?![A-Za-z0-9])")
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HEROKU = re.compile(
    rb"heroku[\w .-]{0,30}[\"']?[ \t]{0,4}[=:>]{1,2}[ \t\"']{0,4}(%s)" % _UUID, re.I
)


def _shape(kind: str, prefix: bytes, rest: str) -> Rule:
    """The rule for *prefix* with *rest* after it."""
    pattern = re.compile(rest.encode())
    length, group = len(prefix), pattern.groups
    within = not prefix[:1].isalnum()

    def rule(data: bytes, place: int, done: int) -> Sequence[Span]:
        match = pattern.match(data, place + length)
        if match is None or not (within or begins_word(data, place, done)):
            return ()
        return ((match.start(group) if group else place, match.end(group), kind),)

    return rule


def _aws(data: bytes, place: int, done: int) -> Sequence[Span]:
    """An access key id, and the secret key that stands right after it, as in a CSV file."""
    match = _AWS.match(data, place + 4)
    if match is None or not begins_word(data, place, done):
        return ()
    key = (place, place + 20, "aws")
    return (key, (*match.span(1), "aws")) if match[1] else (key,)


def _jwt(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _JWT.match(data, place + 3) if begins_run(data, place, done) else None
    return ((place, match.end(), "jwt"),) if match else ()


def _sk(data: bytes, place: int, done: int) -> Sequence[Span]:
    """A key of Anthropic, OpenAI or one of the many that followed them; no class name of CSS."""
    match = _RUN.match(data, place) if begins_run(data, place, done) else None
    if match is None or not any(map(is_mixed, re.split(rb"[-_]", match[0]))):
        return ()
    return ((place, match.end(), "anthropic" if match[0][3:7] == b"ant-" else "openai"),)


def _xox(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _XOX.match(data, place + 3) if begins_run(data, place, done) else None
    return ((place, match.end(), "slack"),) if match and _DIGIT.search(match[0]) else ()


def _telegram(data: bytes, place: int, done: int) -> Sequence[Span]:
    """The secret half of `number:AA…`; the number is the bot's public name."""
    match = _TELEGRAM.match(data, place)
    if match is None or not _BOT.search(data, max(done, place - 11), place):
        return ()
    return ((place + 1, match.end(), "telegram"),)


def _mailgun(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _MAILGUN.match(data, place) if begins_word(data, place, done) else None
    return ((place, match.end(), "mailgun"),) if match else ()


def _heroku(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _HEROKU.match(data, place)
    return ((*match.span(1), "heroku"),) if match else ()


RULES: tuple[tuple[bytes, Rule], ...] = (
    *(
        (prefix, _shape(kind, prefix, rest))
        for kind, prefixes, rest in _SHAPES
        for prefix in prefixes.encode().split()
    ),
    *((prefix, _aws) for prefix in (b"AKIA", b"ASIA", b"ABIA", b"ACCA")),
    (b"eyJ", _jwt),
    (b"sk-", _sk),
    (b"xox", _xox),
    (b":AA", _telegram),
    (b"key", _mailgun),
    (b"heroku", _heroku),
)
