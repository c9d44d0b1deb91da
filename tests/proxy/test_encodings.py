from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from tokenpak.errors import WireError
from tokenpak.proxy.encodings import decode_body

BODY = b'{"messages": []}' * 50


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare_deflate,
    "zstd": zstandard.compress,
    "br": brotli.compress,
    "identity": bytes,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_every_encoding_is_read(name):
    assert decode_body(ENCODERS[name](BODY), name, 10_000) == BODY


def test_encodings_are_undone_from_the_last():
    assert decode_body(zstandard.compress(gzip.compress(BODY)), "gzip, zstd", 10_000) == BODY


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "br"])
@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"\x00" + data]
)
def test_damaged_data_is_an_error(name, damage):
    with pytest.raises(WireError, match=name):
        decode_body(damage(ENCODERS[name](BODY)), name, 10_000)


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "br"])
def test_a_bomb_is_stopped_at_the_limit(name):
    with pytest.raises(WireError, match="larger than 1000 bytes"):
        decode_body(ENCODERS[name](bytes(10_000_000)), name, 1000)


def test_an_unknown_encoding_is_an_error():
    with pytest.raises(WireError, match="'lzma' is not known"):
        decode_body(b"", "lzma", 10)
