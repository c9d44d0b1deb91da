"""Whole request bodies decoded for packing; what is forwarded stays as it came."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import zstandard

from tokenpak.errors import WireError

_STEP = 1024


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
        except (zlib.error, zstandard.ZstdError, EOFError, brotli.error) as error:
            raise WireError(f"the {name} body cannot be decoded: {error}") from error
        if len(body) > max_bytes:
            raise WireError(f"the {name} body is larger than {max_bytes} bytes when decoded")
    return body


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
    "br": _unbrotli,
}
