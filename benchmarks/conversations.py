"""Conversations of any length for benchmarks: an agent that reads, edits and searches files.

They are made up by rule, so that every run measures the same: files of words with numbered lines,
read again in part after each edit, as coding agents do.
"""

from __future__ import annotations

import json
import random
from typing import Any

WORDS = (
    "return value index self result parse token config error request response stream buffer line "
    "count path name file cache state update handler import from class async await yield raise"
).split()


def conversation(seed: int, messages: int, result_chars: int) -> list[dict[str, Any]]:
    """A conversation of *messages* messages, tool results of about *result_chars* characters."""
    dice = random.Random(seed)
    found: list[dict[str, Any]] = [{"role": "user", "content": f"Please mend issue {seed}."}]
    files: dict[str, list[str]] = {}
    for turn in range((messages - 1) // 2):
        name = f"src/module_{dice.randrange(1 + turn // 3)}.py"
        call = {
            "type": "tool_use",
            "id": f"toolu_{seed}_{turn}",
            "name": "Read",
            "input": {"file_path": name},
        }
        text = _read(dice, files, name, result_chars)
        result = {"type": "tool_result", "tool_use_id": call["id"], "content": text}
        thought = {"type": "text", "text": f"Reading {name} for step {turn}."}
        found.append({"role": "assistant", "content": [thought, call]})
        found.append({"role": "user", "content": [result]})
    return found


def _read(dice: random.Random, files: dict[str, list[str]], name: str, chars: int) -> str:
    lines = files.setdefault(name, [])
    if not lines:
        while sum(map(len, lines)) < 2 * chars:
            indent = "    " * dice.randrange(4)
            lines.append(indent + " ".join(dice.choices(WORDS, k=dice.randrange(3, 9))))
    lines[dice.randrange(len(lines))] = " ".join(dice.choices(WORDS, k=6))
    start = dice.randrange(max(1, len(lines) // 2))
    shown = []
    size = 0
    for number, line in enumerate(lines[start:], start + 1):
        shown.append(f"{number:>6}→{line}")
        size += len(line) + 8
        if size >= chars:
            break
    return "\n".join(shown)


def request(messages: list[dict[str, Any]]) -> bytes:
    """The request that sends *messages*."""
    body = {"model": "claude-sonnet-4-5", "max_tokens": 1024, "messages": messages}
    # Compact, as the clients in use send it.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def of_size(seed: int, size: int, result_chars: int) -> list[dict[str, Any]]:
    """A conversation whose request is about *size* bytes."""
    per_turn = len(request(conversation(seed, 21, result_chars))) / 10
    return conversation(seed, max(3, 1 + 2 * round(size / per_turn)), result_chars)
