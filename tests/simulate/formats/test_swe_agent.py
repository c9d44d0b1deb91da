"""SWE-agent's trajectories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.simulate.recordings import read_all, write_json
from tokenpak.simulate.formats.swe_agent import FORMAT

CALL = {"id": "c", "type": "function", "function": {"name": "bash", "arguments": "{}"}}
HISTORY: list[dict[str, Any]] = [
    {"role": "system", "content": "be", "agent": "main"},
    {"role": "user", "content": [{"type": "text", "text": "go"}], "agent": "main"},
    {"role": "assistant", "content": "ok", "tool_calls": [CALL], "thought": "t", "agent": "main"},
    {"role": "tool", "content": "out", "tool_call_ids": ["c"], "agent": "main"},
]
CONFIG = {"agent": {"model": {"name": "claude-sonnet-4-5"}}}


@pytest.mark.parametrize("config", [CONFIG, json.dumps(CONFIG)])
def test_the_history_is_what_was_sent(tmp_path: Path, config: object) -> None:
    run = {"trajectory": [], "history": HISTORY, "environment": "repo", "replay_config": config}
    [found] = read_all(FORMAT, write_json(tmp_path / "a.traj", run))

    assert (found.project, found.model, found.has_system) == ("repo", "claude-sonnet-4-5", True)
    assert found.messages == [
        {"role": "system", "content": "be"},
        {"role": "user", "content": [{"type": "text", "text": "go"}]},
        {"role": "assistant", "content": "ok", "tool_calls": [CALL]},
        {"role": "tool", "content": "out", "tool_call_id": "c"},
    ]


def test_each_agent_has_its_own_conversation(tmp_path: Path) -> None:
    other = [{**each, "agent": "reviewer"} for each in HISTORY]
    run = {"trajectory": [], "history": [*HISTORY, *other], "replay_config": "{broken"}

    found = read_all(FORMAT, write_json(tmp_path / "a.traj", run))

    assert [len(each.messages) for each in found] == [4, 4]
    assert found[0].model is None
