"""Conversations to replay: recorded ones, and files as agents write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests import recorded
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format
from tokenpak.simulate.source import Source


def conversation(name: str, **changes: Any) -> Conversation:
    """A recorded session of `tests/sessions`."""
    session = recorded.session(name)
    values = {
        "project": "p",
        "agent": "a",
        "wire": recorded.adapter_name(name),
        "messages": session["messages"],
        "model": session["model"],
        "system": session["system"],
        "tools": session["tools"] or (),
    }
    return Conversation(**(values | changes))


def write_lines(path: Path, *values: object) -> Path:
    """*path* with a line of JSON for each value; bytes go in as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (each if isinstance(each, bytes) else json.dumps(each).encode() for each in values)
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def write_json(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def read_all(known: Format, path: Path) -> list[Conversation]:
    """What *known* reads in *path*, which it must claim."""
    source = Source(path)
    assert known.claims(source, source.head())
    return list(known.read(source))
