"""Values whose key says that they are secret: `API_KEY=…`, `"password": "…"`, `token: …`.

What counts as a secret depends on how far the key and the notation vouch for it: a quoted
password may be a word, the bare value of `token` in code must look drawn by lot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.redact import shapes
from tokenpak.redact.keys import Key, key_at
from tokenpak.redact.rule import Rule, Span
from tokenpak.redact.value import is_dotted, is_name, is_password, is_placeholder, is_strong

# From the end of a key to the value: what closes the key, a separator, a quote. `value` stands
# between them where names and values are listed: `- name: API_KEY` and `value: …` below it.
_LINK = re.compile(
    rb"(?P<close>\\{0,3}+[\"'`]?\]?)"
    rb"(?:,?\s{0,40}+\\{0,3}+[\"']?(?i:value)\\{0,3}+[\"']?[ \t]{0,4}[:=][ \t]{0,4}+"
    rb"|(?P<sep>[ \t]{0,4}+(?:=>|:=|[=:]{1,3}+|,|%3[AaDd])[ \t]{0,4}+|>|[ \t]{1,4}+))"
    rb"(?:[bBrRuUfF]{1,2}(?=[\"']))?"
    rb"(?P<quote>\\{0,3}+[\"'`])?"
)
_MAX_VALUE = 64
_BARE = rb"[^\s\"'`,;&|<>(){}\[\]\\]"
# In a line such as `PASSWORD=a,b)c` signs that mean something in code belong to the value.
_BARE_ENV = rb"[^\s\"'`;&|<>\\]"


def _run(unit: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns for the beginning of a value, which is judged, and for what follows it."""
    return re.compile(rb"(?:%s){1,%d}+" % (unit, _MAX_VALUE)), re.compile(rb"(?:%s)*+" % unit)


_RUNS = {
    "bare": _run(_BARE),
    "env": _run(_BARE_ENV),
    b'"': _run(rb"[^\"\\\s]|\\[^\s]"),
    b"'": _run(rb"[^'\\\s]|\\[^\s]"),
    b"`": _run(rb"[^`\\\s]|\\[^\s]"),
    # Within JSON in a string every quote wears a backslash, the closing one too.
    "escaped": _run(rb"[^\"'`\\\s]|\\(?![\\\"'`])"),
    "spaced": _run(rb"[^\"'`\\\r\n]"),
}


def _assignment(data: bytes, place: int, done: int) -> Sequence[Span]:
    key = key_at(data, place, done)
    link = _LINK.match(data, key.end) if key else None
    if key is None or link is None or not _is_link(key, link):
        return ()
    if link["quote"]:
        end = _quoted(data, key, link)
    elif key.is_doubtful:
        end = None
    elif link["sep"] == b"=" and key.text.isupper():
        end = _environment(data, key, link.end())
    else:
        end = _bare(data, key, link)
    if end is None:
        return ()
    return ((link.end(), end, _kind(data, key, link.end(), end)),)


def _is_link(key: Key, link: re.Match[bytes]) -> bool:
    """Whether the separator fits what is around it."""
    sep = (link["sep"] or b"=").strip(b" \t")
    if not sep:
        return key.is_option and not link["close"]
    if sep == b">":
        return not link["close"] and not link["quote"]
    return sep != b"," or bool(link["close"] and link["quote"])


def _quoted(data: bytes, key: Key, link: re.Match[bytes]) -> int | None:
    """The end of a secret in quotes."""
    quote = link["quote"]
    style: str | bytes = "escaped" if len(quote) > 1 else quote
    end, value = _read(data, link.end(), style)
    closed = data.startswith(quote, end) or len(value) >= _MAX_VALUE
    if not closed and key.kind == "password" and key.text.isupper():
        style = "spaced"
        end, value = _read(data, link.end(), style)
        closed = data.startswith(quote, end)
    if not closed:
        found = len(value) >= 16 and is_strong(value)
    elif key.kind == "password" and (link["sep"] or b"").strip() != b",":
        found = is_password(value, words=not key.is_doubtful)
    else:
        found = is_strong(value)
    return _whole(data, end, style) if found else None


def _environment(data: bytes, key: Key, start: int) -> int | None:
    """The end of a secret in `KEY=value`, as in a shell or an .env file."""
    end, value = _read(data, start, "env")
    if key.kind == "password":
        found = len(value) >= 4 and not is_placeholder(value) and not is_dotted(value)
    else:
        chosen = len(value) >= 8 and not value.isdigit() and not is_dotted(value)
        found = chosen and is_password(value, words=True, parts=True)
    return _whole(data, end, "env") if found else None


def _bare(data: bytes, key: Key, link: re.Match[bytes]) -> int | None:
    """The end of a secret without quotes: YAML, INI, XML, a query, an option; or code, which has
    names in this place."""
    end, value = _read(data, link.end(), "bare")
    after = data[end : end + 1]
    sep = (link["sep"] or b"=").strip(b" \t")
    value = value.rstrip(b":?!")
    if after == b"(" or is_dotted(value) or (sep == b">" and after != b"<"):
        return None
    if after and after in b",).[]{}":
        found = len(value) >= 16 and is_strong(value)
    elif key.kind == "password":
        upper = sep == b":" and key.text.isupper()
        found = not is_name(value) and is_password(value, words=upper or sep == b">")
    else:
        found = is_strong(value) and (len(value) >= 16 or (after or b"\n") in b"\r\n")
    return _whole(data, end, "bare") if found else None


def _read(data: bytes, start: int, style: str | bytes) -> tuple[int, bytes]:
    match = _RUNS[style][0].match(data, start)
    return (match.end(), match[0]) if match else (start, b"")


def _whole(data: bytes, end: int, style: str | bytes) -> int:
    match = _RUNS[style][1].match(data, end)
    return match.end() if match else end


def _kind(data: bytes, key: Key, start: int, end: int) -> str:
    """The issuer's name where the shape tells it, else what the key calls the value."""
    for anchor, rule in shapes.RULES:
        if data.startswith(anchor, start) and (spans := rule(data, start, start)):
            return spans[0][2]
    if end - start == 40 and b"access" in key.text.lower():
        return "aws"
    return key.kind


RULES: tuple[tuple[bytes, Rule], ...] = tuple(
    (anchor, _assignment)
    for anchor in (b"pass", b"pwd", b"secret", b"token", b"key", b"credential")
)
