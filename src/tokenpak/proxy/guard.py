"""Who may talk to the proxy: names it answers to, pages it refuses, the token beyond loopback."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from tokenpak import protocol
from tokenpak.errors import ConfigError
from tokenpak.proxy.answers import Refused, Scope
from tokenpak.proxy.fields import Header
from tokenpak.settings import Settings

TOKEN_HEADER = "X-TokenPak-Token"
_TOKEN = TOKEN_HEADER.lower().encode()
_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
# Origins that no web site can have: the shells of desktop applications.
_APPLICATIONS = frozenset(("app", "tauri", "vscode-webview", "vscode-file"))


class Guard:
    """Checks each request before anything else reads it.

    A web page can make the user's browser send requests to this machine, directly or after
    rebinding its own name to 127.0.0.1. The page cannot forge Host, Origin or Sec-Fetch-Site.
    """

    def __init__(self, settings: Settings) -> None:
        names = {name.strip().lower() for name in settings.allowed_hosts.split(",")}
        self._hosts = (_LOOPBACK | names | {settings.host.lower()}) - {"", "0.0.0.0", "::"}
        self._token = settings.auth_token.encode()

    def check_source(self, scope: Scope, fields: Mapping[bytes, bytes]) -> None:
        """Raises Refused if a web page may have sent it, or its Host is not one of ours."""
        self._check_host(scope, scope["headers"])
        origin = fields.get(b"origin")
        if origin is not None:
            self._check_origin(scope, origin.decode("latin-1"))
        elif fields.get(b"sec-fetch-site") == b"cross-site":
            raise _foreign_page("another site")

    def check_same_origin(self, method: str, fields: Mapping[bytes, bytes]) -> None:
        """Raises Refused if a page that is not TokenPak's own asks for more than to be shown.

        Other pages of this machine may send model requests, but not change how these are treated.
        """
        if method in ("GET", "HEAD"):
            return
        origin = fields.get(b"origin")
        ours = fields.get(b"host", b"").lower()
        site = fields.get(b"sec-fetch-site", b"none")
        if origin is not None and origin.lower().partition(b"://")[2] != ours:
            raise _foreign_page(origin.decode("latin-1"))
        if site not in (b"none", b"same-origin"):
            raise _foreign_page("another origin")

    def check_token(self, fields: Mapping[bytes, bytes]) -> None:
        """Raises Refused if the request lacks the proxy's token."""
        if self._token and not self.authorised(fields):
            raise Refused(
                401,
                protocol.UNAUTHORISED,
                f"this proxy asks for its token; send it in the header {TOKEN_HEADER}",
            )

    def authorised(self, fields: Mapping[bytes, bytes]) -> bool:
        """Whether the request has the proxy's token, or needs none."""
        return not self._token or hmac.compare_digest(fields.get(_TOKEN, b""), self._token)

    def _check_host(self, scope: Scope, headers: Sequence[Header]) -> None:
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not hosts[0]:
            found = "no Host header" if len(hosts) < 2 else f"{len(hosts)} Host headers"
            raise Refused(
                400, protocol.REFUSED, f"the request has {found}, expected one", close=True
            )
        name = _host_name(hosts[0].decode("latin-1"))
        if not self._known(scope, name):
            raise Refused(
                421,
                protocol.REFUSED,
                f"the proxy does not answer to the host name {name!r}; use 127.0.0.1 or add the "
                "name to allowed_hosts (TOKENPAK_ALLOWED_HOSTS)",
            )

    def _check_origin(self, scope: Scope, origin: str) -> None:
        try:
            parts = urlsplit(origin)
            host = (parts.hostname or "").lower()
        except ValueError:
            raise _foreign_page(origin) from None
        if parts.scheme in _APPLICATIONS:
            return
        if parts.scheme not in ("http", "https") or not self._known(scope, host):
            raise _foreign_page(origin)

    def _known(self, scope: Scope, name: str) -> bool:
        if name in self._hosts:
            return True
        # The address that the client connected to: an IP address cannot be rebound.
        server = scope.get("server")
        return server is not None and name == server[0]


def _host_name(value: str) -> str:
    if value.startswith("["):
        return value[1:].partition("]")[0].lower()
    return value.partition(":")[0].lower()


def _foreign_page(origin: str) -> Refused:
    return Refused(
        403,
        protocol.REFUSED,
        f"a web page of {origin} may not use this proxy; add its host name to allowed_hosts "
        "(TOKENPAK_ALLOWED_HOSTS) if it may",
    )


def check_exposure(settings: Settings) -> None:
    """Raises ConfigError if others could reach the proxy without a token."""
    if settings.auth_token or is_loopback(settings.host):
        return
    raise ConfigError(
        f"host {settings.host!r} can be reached from other machines, so auth_token "
        "(TOKENPAK_AUTH_TOKEN) is needed; clients send it in the header "
        f"{TOKEN_HEADER}. Or listen on 127.0.0.1."
    )


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine for itself alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
