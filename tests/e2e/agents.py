"""Real coding agents as processes: found where CI installs them, run without a terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conversations import FILE
from tests.e2e.process import Running

RUN_S = 90.0
# Where `.ci/run` puts them, then wherever the user has them.
_INSTALLED = Path(__file__).parents[2] / ".cache" / "npm" / "node_modules" / ".bin"


def executable(name: str, package: str) -> str:
    """Where the agent *name* is; skips the test if it is not installed."""
    places = os.pathsep.join((str(_INSTALLED), os.environ.get("PATH", "")))
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"{name} is not installed; `npm install --prefix .cache/npm {package}` does it")
    return found


def workspace(folder: Path) -> Path:
    """A folder with a few files, one of them long, for an agent to work in."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "decoder.py").write_text(FILE, encoding="utf-8")
    (folder / "src" / "answer.py").write_text("ANSWER = 41\n", encoding="utf-8")
    (folder / "README.md").write_text("# Decoder\n\nDecodes.\n", encoding="utf-8")
    return folder


def run(command: Sequence[str], folder: Path, home: Path, **environment: str) -> str:
    """What the agent prints; it sees nothing of this machine's own settings."""
    home.mkdir(exist_ok=True)
    known = {"PATH": os.environ["PATH"], "HOME": str(home), "NO_PROXY": "*", "TERM": "dumb"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=known | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_S,
        check=False,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


def assert_prefix_kept(conversations: Iterable[Sequence[Any]]) -> None:
    """Fail unless each request begins with the whole of the one before, cache markers aside."""
    before: list[Any] = []
    for turn, conversation in enumerate(conversations):
        after = [unmarked(each) for each in conversation]
        assert after[: len(before)] == before, f"turn {turn} changed what had been sent"
        assert len(after) > len(before)
        before = after


def unmarked(value: Any) -> Any:
    """*value* without cache markers: the agent moves its own at every turn.

    A content that is a text and one that is a block of that text are the same, as the agent turns
    the one into the other to put its marker there.
    """
    if isinstance(value, Mapping):
        found = {k: unmarked(v) for k, v in value.items() if k != "cache_control"}
        if "role" in found and isinstance(found.get("content"), str):
            found["content"] = [{"type": "text", "text": found["content"]}]
        return found
    if isinstance(value, list):
        return [unmarked(each) for each in value]
    return value


def assert_saved(proxy: Running, client: str, texts: Sequence[str]) -> None:
    """Stop *proxy*; fail unless the last turns went out smaller and the ledger has them all."""
    said = proxy.stop()
    rows = [row for row in proxy.rows() if row["method"] == "POST"]
    assert {row["client"] for row in rows} == {client}
    outcomes = [(row["status"], row["error_code"], row["error_message"]) for row in rows]
    assert outcomes == [(200, None, None)] * len(rows), outcomes
    largest = max(rows, key=lambda row: row["body_bytes"])
    assert largest["sent_bytes"] < largest["body_bytes"]
    # The long file is about 3,000 tokens, and it was read again.
    assert largest["tokens_saved"] > 2000
    assert all(row["usage_source"] == "provider_reported" for row in rows)
    assert "Traceback" not in said
    assert sum(FILE.splitlines()[0] in text for text in texts) >= 1


def bodies(exchanges: Iterable[Any]) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in exchanges]
