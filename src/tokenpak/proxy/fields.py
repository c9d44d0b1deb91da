"""Which header fields travel on, and which belong to one connection or to us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tokenpak import protocol

Header = tuple[bytes, bytes]

# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
# The upstream's own name is sent instead of Host; Expect was answered by us.
_NOT_FORWARDED = HOP_BY_HOP | {b"host", b"expect"}
_OURS = protocol.HEADER_PREFIX.encode()
_PLAIN_CONNECTION = frozenset((b"keep-alive", b"close", b"Keep-Alive", b"Close"))


def request_fields(
    headers: Sequence[Header], names: Sequence[bytes], length: int | None, *, decoded: bool
) -> list[Header]:
    """The client's fields for the provider, in order, with the client's own spelling.

    *headers* has lower-case names, *names* the same as they were written. *length* is that of
    the body which goes out, None if the request has none; *decoded* says that the body no longer
    has the client's content encoding.
    """
    dropped = _dropped(headers, _NOT_FORWARDED)
    if decoded:
        dropped |= {b"content-encoding"}
    found = []
    for (name, value), spelling in zip(headers, names, strict=True):
        if name in dropped or name.startswith(_OURS):
            continue
        if name == b"content-length" and length is not None:
            value = b"%d" % length
        found.append((spelling, value))
    return found


def response_fields(headers: Iterable[Header], *, bodiless: bool) -> list[Header]:
    """The provider's fields for the client, in order.

    *bodiless* answers (204, 304) lose their length: it is not that of this message.
    """
    lower = [(name.lower(), value) for name, value in headers]
    dropped = _dropped(lower, HOP_BY_HOP)
    if bodiless:
        dropped |= {b"content-length"}
    return [pair for pair in lower if pair[0] not in dropped and not pair[0].startswith(_OURS)]


def nominated(fields: Iterable[Header]) -> frozenset[bytes]:
    """The names that `Connection` declares to belong to this connection alone."""
    values = [value for name, value in fields if name == b"connection"]
    if not values or (len(values) == 1 and values[0] in _PLAIN_CONNECTION):
        return frozenset()
    return frozenset(token.strip().lower() for value in values for token in value.split(b","))


def media_type(fields: Mapping[bytes, bytes]) -> str:
    """The content type of a message, empty if it has none."""
    return fields.get(b"content-type", b"").decode("latin-1")


def _dropped(headers: Iterable[Header], always: frozenset[bytes]) -> frozenset[bytes]:
    more = nominated(headers)
    return always | more if more else always
