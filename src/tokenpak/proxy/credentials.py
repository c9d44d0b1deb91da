"""The client's credentials pass through: never stored, never logged, never turned into others."""

from __future__ import annotations

from collections.abc import Mapping

from tokenpak import protocol
from tokenpak.proxy.fields import HOP_BY_HOP

AUTH_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
"""Header fields in which the clients of the known providers send credentials."""

SECRET_HEADERS = frozenset(
    (*AUTH_HEADERS, "cookie", "set-cookie", "proxy-authorization", "x-tokenpak-token")
)
"""Fields whose values must not be seen in a log."""

_NOT_FORWARDED = frozenset(each.decode() for each in HOP_BY_HOP) | {"host", "content-length"}
_SHOWN = 4
_LONG_ENOUGH_TO_SHOW = 16


class CredentialPassthrough:
    """Checks, forwards and masks the credentials that a client sends to its provider.

    >>> CredentialPassthrough().mask_for_logging({"X-Api-Key": "sk-ant-api03-abcdefgh"})
    {'X-Api-Key': '…efgh'}
    """

    def __init__(self, *, require_auth: bool = True) -> None:
        self.require_auth = require_auth

    def validate_auth(self, headers: Mapping[str, str]) -> tuple[bool, str | None]:
        """Whether the client brings credentials, and if not, what to do about it.

        Whether they are good is for the provider to say.
        """
        found = {name.lower(): value for name, value in headers.items()}
        if not self.require_auth or any(found.get(name, "").strip() for name in AUTH_HEADERS):
            return True, None
        return False, (
            "the request has no credentials; send the provider's key as "
            "Authorization: Bearer …, x-api-key or x-goog-api-key"
        )

    def build_forward_headers(
        self, headers: Mapping[str, str], provider: str | None = None
    ) -> dict[str, str]:
        """The fields that go to *provider*, credentials exactly as the client sent them.

        A bearer token stays a bearer token: an OAuth login is no API key. Fields of one
        connection, and our own, stay behind. *provider* changes nothing; it is accepted because
        callers have it at hand.
        """
        del provider
        named = {
            token.strip().lower()
            for name, value in headers.items()
            if name.lower() == "connection"
            for token in value.split(",")
        }
        dropped = _NOT_FORWARDED | named
        return {
            name: value
            for name, value in headers.items()
            if (lower := name.lower()) not in dropped
            and not lower.startswith(protocol.HEADER_PREFIX)
        }

    def mask_for_logging(self, headers: Mapping[str, str]) -> dict[str, str]:
        """*headers* with every secret reduced to at most its scheme and last four characters."""
        return {
            name: _masked(value) if name.lower() in SECRET_HEADERS else value
            for name, value in headers.items()
        }


def _masked(value: str) -> str:
    scheme, space, secret = value.partition(" ")
    if not space or scheme.lower() not in ("bearer", "basic"):
        scheme, space, secret = "", "", value
    # The tail of a short secret is too much of it.
    tail = secret[-_SHOWN:] if len(secret) >= _LONG_ENOUGH_TO_SHOW else ""
    return f"{scheme}{space}…{tail}"
