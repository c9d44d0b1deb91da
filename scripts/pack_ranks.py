"""Pack the rank tables of OpenAI's encodings into `src/tokenpak/data`, from the bpe-openai package.

    python scripts/pack_ranks.py

A table is a zlib stream of records `[length: 1 byte][token bytes]`; the n-th record is rank n.
The tables are OpenAI's (tiktoken, MIT). Prints the SHA-256 that `tests/tokens` checks.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "tokenpak" / "data"
# SHA-256 of OpenAI's own `.tiktoken` files, as tiktoken's `openai_public.py` expects them.
SOURCES = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, expected in SOURCES.items():
        packed = zlib.compress(b"".join(_records(_source(name, expected))), 9)
        (TARGET / f"{name}.ranks").write_bytes(packed)
        print(f"{name}.ranks {len(packed):,} bytes sha256 {hashlib.sha256(packed).hexdigest()}")


def _source(name: str, expected: str) -> bytes:
    data = gzip.decompress((files("bpe_openai") / "data" / f"{name}.tiktoken.gz").read_bytes())
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise SystemExit(f"{name}: SHA-256 is {found}, expected {expected}")
    return data


def _records(data: bytes) -> list[bytes]:
    records = []
    for line in data.splitlines():
        token, rank = line.split()
        if int(rank) != len(records):
            raise SystemExit(f"rank {int(rank)} where {len(records)} was expected")
        value = base64.b64decode(token)
        records.append(bytes((len(value),)) + value)
    return records


if __name__ == "__main__":
    main()
