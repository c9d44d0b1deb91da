"""Content encodings: whole request bodies decoded for packing, responses decoded beside the stream.

Neither touches what is forwarded.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

import zstandard

from tokenpak.errors import WireError

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # an extra: without it, brotli bodies are passed on unread
    brotli = None

_STEP = 1024
Decode = Callable[[bytes], bytes]


class _Inflater(Protocol):
    eof: bool
    unconsumed_tail: bytes

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def decode_body(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """*body* without its content encoding(s), as listed in the header.

    Raises WireError if an encoding is unknown, the data is damaged or larger than *max_bytes*.
    """
    for name in reversed([each.strip().lower() for each in encoding.split(",")]):
        if name in ("", "identity"):
            continue
        if name not in _WHOLE:
            raise WireError(f"content encoding {name!r} is not known")
        try:
            body = _WHOLE[name](body, max_bytes)
        except (zlib.error, zstandard.ZstdError, EOFError, _BROTLI_ERROR) as error:
            raise WireError(f"the {name} body cannot be decoded: {error}") from error
        if len(body) > max_bytes:
            raise WireError(f"the {name} body is larger than {max_bytes} bytes when decoded")
    return body


def stream_decoder(encoding: str) -> Decode | None:
    """A decoder fed chunk by chunk; None if the encoding is not known.

    The decoder raises WireError on damaged data.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return bytes
    if name in ("gzip", "x-gzip"):
        return _guarded(zlib.decompressobj(wbits=31).decompress)
    if name == "deflate":
        return _guarded(zlib.decompressobj().decompress)
    if name == "zstd":
        return _guarded(zstandard.ZstdDecompressor().decompressobj().decompress)
    if name == "br" and brotli is not None:
        return _guarded(brotli.Decompressor().process)
    return None


def _guarded(decode: Decode) -> Decode:
    def feed(chunk: bytes) -> bytes:
        try:
            return decode(chunk)
        except (zlib.error, zstandard.ZstdError, _BROTLI_ERROR) as error:
            raise WireError(f"the response cannot be decoded: {error}") from error

    return feed


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    return _inflate(body, max_bytes, wbits=31)


def _deflate(body: bytes, max_bytes: int) -> bytes:
    # "deflate" means zlib's format, yet some clients send the bare one.
    try:
        return _inflate(body, max_bytes, wbits=15)
    except zlib.error:
        return _inflate(body, max_bytes, wbits=-15)


def _inflate(body: bytes, max_bytes: int, *, wbits: int) -> bytes:
    inflater = zlib.decompressobj(wbits=wbits)
    found = inflater.decompress(body, max_bytes + 1)
    if not inflater.eof and len(found) <= max_bytes:
        raise EOFError("it ends too early")
    return found


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    found = bytearray()
    while body:
        frame = zstandard.ZstdDecompressor().decompressobj()
        # In small steps: a step may grow some 30,000 times.
        for start in range(0, len(body), _STEP):
            found += frame.decompress(body[start : start + _STEP])
            if len(found) > max_bytes:
                return bytes(found)
            if frame.eof:
                break
        if not frame.eof:
            raise EOFError("it ends too early")
        body = frame.unused_data + body[start + _STEP :]
    return bytes(found)


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    decoder = brotli.Decompressor()
    found: bytes = decoder.process(body, output_buffer_limit=max_bytes + 1)
    if not decoder.is_finished() and len(found) <= max_bytes:
        raise EOFError("it ends too early")
    return found


_WHOLE: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "zstd": _unzstd,
}
_BROTLI_ERROR: type[Exception] = EOFError
if brotli is not None:
    _WHOLE["br"] = _unbrotli
    _BROTLI_ERROR = brotli.error
