"""Private keys in armour: PEM, OpenSSH, PGP and PuTTY, also cut off, indented or within JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.redact.rule import Rule, Span

_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
# An RSA key of 16,384 bits has 12,500 characters; indentation and quotes add to them.
_MAX_BLOCK = 32_768
# What may stand between two lines of a key: line ends, also escaped ones; line numbers of a
# listing; signs of a diff, a quotation or a string.
_GAP = rb"(?:\\{1,4}[nr]|[\s\"'+>|#:,-]|\d{1,6}(?:[\t|:]|\xe2\x86\x92)){0,40}+"
_HEADER = rb"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset): [^\r\n\\]{1,80}"
_BODY = re.compile(rb"(?:%s(?:%s|[A-Za-z0-9+/]{12,}+={0,2}))*+" % (_GAP, _HEADER))
_LINE = re.compile(rb"%s[A-Za-z0-9+/]{12,}+={0,2}[ \t\r]*+\n" % _GAP)
# The line before END may be short.
_LAST_LINE = re.compile(rb"%s[A-Za-z0-9+/]{2,}+={0,2}[ \t\r]*+\n" % _GAP)
_MAX_LINE = 120
_PUTTY = re.compile(rb"Private-Lines: \d{1,4}(?:\\{1,4}[nr]|\s){1,4}")


def _block(data: bytes, place: int, done: int) -> Sequence[Span]:
    """From BEGIN to END; where END is missing, as long as lines look like those of a key."""
    begin = _BEGIN.match(data, place)
    if begin is None:
        return ()
    limit = begin.end() + _MAX_BLOCK
    other = data.find(b"-----BEGIN", begin.end(), limit)
    end = _END.search(data, begin.end(), limit if other < 0 else other)
    return ((place, end.end() if end else _body_end(data, begin.end()), "private-key"),)


def _tail(data: bytes, place: int, done: int) -> Sequence[Span]:
    """The lines before an END whose BEGIN was cut off."""
    end = _END.match(data, place)
    if end is None:
        return ()
    start = place
    while start > done:
        line = max(
            done, data.rfind(b"\n", max(0, start - _MAX_LINE), start - 1) + 1, start - _MAX_LINE
        )
        if not (_LAST_LINE if start == place else _LINE).fullmatch(data, line, start):
            break
        start = line
    return ((start, end.end(), "private-key"),)


def _putty(data: bytes, place: int, done: int) -> Sequence[Span]:
    header = _PUTTY.match(data, place)
    if header is None:
        return ()
    end = _body_end(data, header.end())
    return ((header.end(), end, "private-key"),) if end > header.end() else ()


def _body_end(data: bytes, start: int) -> int:
    match = _BODY.match(data, start)
    return match.end() if match else start


RULES: tuple[tuple[bytes, Rule], ...] = (
    (b"-----BEGIN ", _block),
    (b"-----END ", _tail),
    (b"Private-Lines:", _putty),
)
