"""Transcripts of unforeseen shape: whatever stands where, reading goes on."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulate.formats import test_claude_code, test_codex, test_gemini_cli, test_opencode
from tests.simulate.formats import test_swe_agent as swe
from tests.simulate.recordings import write_json, write_lines
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import plan
from tokenpak.errors import WireError
from tokenpak.providers.pricing import Prices
from tokenpak.settings import load
from tokenpak.simulate.replay import replay
from tokenpak.simulate.source import Source
from tokenpak.simulate.transcripts import read

PRICES, PLAN = Prices.load(), plan(load({}, mode="strict"))
TURN = [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]
entry, text = test_claude_code.entry, test_claude_code.text
SAMPLES: dict[str, Any] = {
    "claude.jsonl": [
        entry("user", "go", "1", cwd="/a", timestamp="2026-01-01T00:00:00Z"),
        entry("assistant", text("a"), "2", "1", message={"id": "m", "model": "claude-opus-4-6"}),
        {"type": "system", "subtype": "compact_boundary", "uuid": "3"},
        entry("user", text("b"), "4", "3", isSidechain=True, agentId="x"),
        entry("assistant", text("c"), "5", "4", isSidechain=True, agentId="x"),
    ],
    "rollout-1.jsonl": [
        test_codex.line("session_meta", {"cwd": "/a", "base_instructions": {"text": "be"}}),
        test_codex.line("turn_context", {"model": "gpt-5"}),
        test_codex.line("response_item", test_codex.said("user", "go")),
        test_codex.line("response_item", test_codex.CALL),
        test_codex.line("response_item", test_codex.OUTPUT),
        test_codex.line("compacted", {"message": "m", "replacement_history": []}),
    ],
    "gemini.json": {"sessionId": "s", "projectHash": "h", "messages": test_gemini_cli.RECORDS},
    "a.traj": {"trajectory": [], "history": swe.HISTORY, "replay_config": swe.CONFIG},
    "session.json": {
        "format": "anthropic",
        "messages": TURN,
        "system": [{"type": "text", "text": "be"}],
        "tools": [{"name": "f"}],
        "facts": [{"fact": "u", "used_at": 1, "re": "u", "kind": "k"}],
        "meta": {"agent": "x"},
    },
    "log.jsonl": [{"body": {"messages": TURN, "model": "m", "tools": [{}]}, "path": "/v1"}],
    "opencode.json": test_opencode.SESSION,
}
ODD = st.sampled_from([None, True, 7, -1.5, "", "x", "\ud800", [], {}, [[]], [None], {"a": []}])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs: Any = ()
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in pairs:
        yield from places(each, (*path, key))


def damaged(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    whole = copy.deepcopy(value)
    if not path:
        return odd
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return whole


@pytest.mark.parametrize("name", SAMPLES)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_makes_reading_or_replaying_fail(
    name: str, data: st.DataObject, tmp_path: Path
) -> None:
    sample = SAMPLES[name]
    value = damaged(sample, data.draw(st.sampled_from(list(places(sample)))), data.draw(ODD))
    if name.endswith("l"):
        path = write_lines(tmp_path / name, *(value if isinstance(value, list) else [value]))
    else:
        path = write_json(tmp_path / name, value)

    try:
        for conversation in read(Source(path)):
            replay(conversation, Packer(), PLAN, PRICES)
    except WireError as error:
        assert str(error)


def test_the_samples_are_read_while_they_are_whole(tmp_path: Path) -> None:
    for name, sample in SAMPLES.items():
        write = write_lines if name.endswith("l") else write_json
        path = write(tmp_path / name, *(sample if name.endswith("l") else [sample]))
        assert json.dumps(sample)
        assert list(read(Source(path))) or name == "opencode.json", name
