"""The proxy that leads out of a company's network: what goes through it, and how it is asked."""

from __future__ import annotations

import asyncio
import re
import socket
from base64 import b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from tokenpak.errors import ConfigError
from tokenpak.proxy.guard import is_loopback
from tokenpak.settings import Settings

_MAX_HEAD_BYTES = 64 << 10
_ROOT = ("/", "", "")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]{0,100}))?")


class ProxyRefused(OSError):
    """The proxy does not let a request through; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """One proxy; its text is its address, without user and password."""

    host: str
    port: int
    setting: str
    """The variable that named it."""
    tunnels: bool
    """Whether it only connects, as for https; else it is given the requests themselves."""
    authorization: bytes = field(default=b"", repr=False)
    """What it is told in `Proxy-Authorization`, if anything."""

    def __str__(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def refused(self, status: int, reason: str) -> ProxyRefused:
        """What to say of an answer of the proxy's own."""
        told = "".join(each for each in reason if each.isprintable())
        hint = ""
        if status == 407:
            hint = f"; give {self.setting} the user and password: http://user:password@host:port"
        return ProxyRefused(f"it answered {f'{status} {told}'.strip()}{hint}")


class Outbounds:
    """Which proxy leads to an origin, as the variables say that all programs share."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError naming the variable if a proxy is of a kind we do not speak with."""
        self._excepted = re.split(r"[\s,]+", settings.no_proxy.lower())
        self._by_scheme: dict[str, Outbound] = {}
        if "*" not in self._excepted:
            for scheme in ("http", "https"):
                own = getattr(settings, f"{scheme}_proxy")
                name, url = (f"{scheme}_proxy", own) if own else ("all_proxy", settings.all_proxy)
                if url:
                    self._by_scheme[scheme] = _read(name.upper(), url, tunnels=scheme == "https")
        self.to = lru_cache(64)(self._to)

    def _to(self, origin: str) -> Outbound | None:
        """The proxy for requests to *origin*; None if they go straight there."""
        parts = urlsplit(origin)
        found = self._by_scheme.get(parts.scheme)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if found is None or is_loopback(host) or host.endswith(".localhost"):
            return None
        return None if any(_covers(each, host, port) for each in self._excepted) else found


async def tunnel(sock: socket.socket, proxy: Outbound, authority: bytes) -> None:
    """Have *proxy*, at the other end of *sock*, connect it with *authority*: `host:port`.

    Raises ProxyRefused if it does not.
    """
    loop = asyncio.get_running_loop()
    lines = [b"CONNECT %b HTTP/1.1" % authority, b"Host: %b" % authority]
    if proxy.authorization:
        lines.append(b"Proxy-Authorization: %b" % proxy.authorization)
    await loop.sock_sendall(sock, b"\r\n".join([*lines, b"", b""]))
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = await loop.sock_recv(sock, 4096)
        if not piece or len(answer) > _MAX_HEAD_BYTES:
            raise ProxyRefused(f"it {'gave no end of' if piece else 'hung up without'} an answer")
        answer += piece
    status = _STATUS.match(answer)
    if status is None:
        raise ProxyRefused("it did not answer in HTTP")
    # https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
    if not status[1].startswith(b"2"):
        raise proxy.refused(int(status[1]), (status[2] or b"").decode("latin-1"))
    if answer.partition(b"\r\n\r\n")[2]:
        # In TLS the provider speaks second, so it cannot have been the provider.
        raise ProxyRefused("it sent more than an answer")


def without_user(url: str) -> str:
    """*url* with `***` for whatever stands before the host, even where it is malformed."""
    user, at, rest = url.rpartition("@")
    scheme, mark, _ = user.partition("://")
    return f"{scheme + mark if mark else ''}{'***@' if at else ''}{rest}"


def _read(setting: str, written: str, *, tunnels: bool) -> Outbound:
    try:
        parts = urlsplit(written if "://" in written else f"http://{written}")
        port = parts.port or 80
    except ValueError:
        raise _unusable(setting, written) from None
    # Of a password whose characters are not escaped, a part would be taken for the path.
    if parts.scheme != "http" or not parts.hostname or any(parts[2:]) and parts[2:] != _ROOT:
        raise _unusable(setting, written)
    user = unquote(f"{parts.username or ''}:{parts.password or ''}")
    told = b"Basic " + b64encode(user.encode()) if "@" in parts.netloc else b""
    return Outbound(parts.hostname, port, setting, tunnels, told)


def _unusable(setting: str, written: str) -> ConfigError:
    return ConfigError(
        f"{setting}: found {without_user(written)!r}, expected http://host:port or "
        "http://user:password@host:port, special characters as %xx; to connect without a proxy, "
        "set NO_PROXY to *"
    )


def _covers(entry: str, host: str, port: int) -> bool:
    """Whether *entry* of NO_PROXY is about *host*: a name with all below it, an address, a net."""
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdecimal() and (":" not in name or name.endswith("]")):
        if digits != str(port):
            return False
        entry = name
    try:
        address = ip_address(host)
    except ValueError:
        name = entry.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith("." + name))
    try:
        return address in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False
