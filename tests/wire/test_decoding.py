"""Usage from compressed responses; what cannot be decompressed is only unknown."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from tokenpak.canonical import CanonicalUsage
from tokenpak.wire import ADAPTERS
from tokenpak.wire.adapter import UsageReader
from tokenpak.wire.decoding import decoded

STREAM = b'data: {"usage":{"prompt_tokens":5,"completion_tokens":2}}\n\ndata: [DONE]\n\n'
EXPECTED = CanonicalUsage(5, 2)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def halves(pack: object) -> bytes:
    assert callable(pack)
    return bytes(pack(STREAM[:30])) + bytes(pack(STREAM[30:]))


PACKED = [
    ("", STREAM),
    ("identity", STREAM),
    ("gzip", gzip.compress(STREAM, mtime=0)),
    ("GZIP ", halves(gzip.compress)),
    ("deflate", zlib.compress(STREAM)),
    ("deflate", raw_deflate(STREAM)),
    ("br", brotli.compress(STREAM)),
    ("zstd", zstandard.compress(STREAM)),
    ("zstd", halves(zstandard.compress)),
]


def reader(encoding: str) -> UsageReader:
    return decoded(ADAPTERS["openai_chat"].reader("text/event-stream"), encoding)


@pytest.mark.parametrize(("encoding", "packed"), PACKED)
@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_reads_usage_through_the_encoding(encoding: str, packed: bytes, size: int) -> None:
    reading = reader(encoding)
    for at in range(0, len(packed), size):
        reading.feed(packed[at : at + size])
    assert reading.usage == EXPECTED


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "lzma", "gzip, br"])
def test_what_cannot_be_decompressed_leaves_usage_unknown(encoding: str) -> None:
    reading = reader(encoding)
    for chunk in (b"\xff\xfe not packed at all", b"", STREAM):
        reading.feed(chunk)
    assert reading.usage is None


@pytest.mark.parametrize(("encoding", "packed"), PACKED[2:])
def test_damage_behind_the_usage_keeps_it(encoding: str, packed: bytes) -> None:
    reading = reader(encoding)
    reading.feed(packed)
    reading.feed(b"\xff" * 64)
    assert reading.usage == EXPECTED
