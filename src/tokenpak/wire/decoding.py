"""Usage read from compressed responses: the reader's copy is decompressed, never the client's."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from tokenpak.canonical import CanonicalUsage
from tokenpak.wire.adapter import UsageReader

_ERRORS = (zlib.error, zstandard.ZstdError, brotli.error)


def decoded(reader: UsageReader, encoding: str) -> UsageReader:
    """*reader* behind a decompressor for the Content-Encoding *encoding*.

    What cannot be decompressed ends the reading: usage stays at what was known by then.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return reader
    return _Decoded(reader, _decompressor(name))


class _Decompressor(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class _Decoded:
    def __init__(self, reader: UsageReader, decompressor: _Decompressor | None) -> None:
        self._reader = reader
        self._decompressor = decompressor

    def feed(self, chunk: bytes) -> None:
        if self._decompressor is None or not chunk:
            return
        try:
            plain = self._decompressor.decompress(chunk)
        except _ERRORS:
            self._decompressor = None
            return
        if plain:
            self._reader.feed(plain)

    @property
    def usage(self) -> CanonicalUsage | None:
        return self._reader.usage

    @property
    def complete(self) -> bool:
        return self._reader.complete


def _decompressor(name: str) -> _Decompressor | None:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "zstd":
        return zstandard.ZstdDecompressor().decompressobj(read_across_frames=True)
    if name == "br":
        return _Brotli()
    return None


class _Gzip:
    """A gzip body may have several members."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def decompress(self, data: bytes, /) -> bytes:
        plain = self._inner.decompress(data)
        while self._inner.eof and (rest := self._inner.unused_data):
            self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
            plain += self._inner.decompress(rest)
        return plain


class _Deflate:
    """`deflate` means zlib, but some servers send it without the zlib header."""

    def __init__(self) -> None:
        self._head = b""
        self._inner: _Decompressor | None = None

    def decompress(self, data: bytes, /) -> bytes:
        if self._inner is None:
            self._head += data
            if len(self._head) < 2:
                return b""
            # RFC 1950: the low nibble is 8, and the two bytes are a multiple of 31.
            wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            data = self._head
        return self._inner.decompress(data)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def decompress(self, data: bytes, /) -> bytes:
        return bytes(self._inner.process(data))
