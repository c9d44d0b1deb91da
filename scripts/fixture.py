"""Make a test fixture of a recorded conversation: messages and tools only, gzipped, source named.

python scripts/fixture.py SESSION.json tests/sessions/NAME.json.gz [MESSAGES]
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path


def main(source: str, target: str, messages: str = "") -> None:
    """Write the first *messages* messages (all, if not given) of *source* to *target*."""
    session = json.loads(Path(source).read_text(encoding="utf-8"))
    meta = session["meta"]
    kept = session["messages"][: int(messages) if messages else None]
    fixture = {
        "source": f"https://github.com/{meta['source_repo']}",
        "licence": meta["licence"],
        "agent": meta["agent"],
        "format": session["format"],
        "model": session.get("model"),
        "system": session.get("system"),
        "tools": session.get("tools") or [],
        "messages": kept,
    }
    data = json.dumps(fixture, ensure_ascii=False, separators=(",", ":")).encode()
    with open(target, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(data)
    print(
        f"{target}: {len(kept)} messages, {len(data)} bytes, {Path(target).stat().st_size} packed"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
