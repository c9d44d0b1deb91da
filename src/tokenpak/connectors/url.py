"""Documents behind URLs."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from email.message import Message
from http.client import HTTPException
from urllib.parse import urlsplit

from tokenpak.connectors.document import Document, OnSkip, Value, decoded, ignore
from tokenpak.connectors.filesystem import MAX_BYTES
from tokenpak.errors import SourceError

TIMEOUT_S = 20.0
_SCHEMES = ("http", "https")
_TEXTS = ("json", "xml", "yaml", "javascript", "toml", "sql")


class UrlConnector:
    """What *urls* give, in their order: http and https, texts of at most *max_bytes*.

    *on_skip* is told what cannot be had and why. Raises SourceError if a URL is of another kind.
    """

    def __init__(
        self,
        urls: Iterable[str],
        *,
        max_bytes: int = MAX_BYTES,
        timeout_s: float = TIMEOUT_S,
        on_skip: OnSkip = ignore,
    ) -> None:
        self.urls = tuple(urls)
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._on_skip = on_skip
        self._opener = urllib.request.build_opener(_Redirects())
        for url in self.urls:
            if not _is_web(url):
                raise SourceError(f"{_plain(url)}: expected an http or https URL")

    def __iter__(self) -> Iterator[Document]:
        """The documents; their path is the URL without user, password, query and fragment."""
        for url in self.urls:
            document = self._read(url)
            if document is not None:
                yield document

    def _read(self, url: str) -> Document | None:
        try:
            text, provenance = self._fetch(url)
        except urllib.error.HTTPError as error:
            error.close()
            reason = f"status {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            reason = str(getattr(error, "reason", error))
        else:
            return Document(_plain(url), text, provenance)
        self._on_skip(_plain(url), reason)
        return None

    def _fetch(self, url: str) -> tuple[str, dict[str, Value]]:
        """Text and provenance. Raises ValueError if there is no text of the size allowed."""
        request = urllib.request.Request(url, headers={"User-Agent": "tokenpak"})
        with self._opener.open(request, timeout=self._timeout_s) as response:
            kind = response.headers.get_content_type()
            if not _is_text(kind):
                raise ValueError(f"{kind} is no text")
            data = response.read(self._max_bytes + 1)
            charset = response.headers.get_content_charset()
            found = response.geturl()
        if len(data) > self._max_bytes:
            raise ValueError(f"more than {self._max_bytes:,} bytes")
        text = _text(data, charset)
        if text is None:
            raise ValueError("binary")
        return text, {"source": "url", "url": _plain(found), "content_type": kind}


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https only; the default also goes to ftp."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_web(newurl):
            raise ValueError(f"redirected to {_plain(newurl)}, which is no http or https URL")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # of brackets that hold no address
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname)


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or any(each in kind for each in _TEXTS)


def _text(data: bytes, charset: str | None) -> str | None:
    if not charset or charset.lower().replace("-", "") in ("utf8", "ascii", "usascii"):
        return decoded(data)
    try:
        return data.decode(charset, "replace")
    except LookupError:  # a charset that nobody knows
        return decoded(data)


def _plain(url: str) -> str:
    """*url* without what may be a secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "a URL that cannot be read"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
