"""The real Claude Code works through the proxy on a task: smaller requests, an unbroken prefix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.e2e import agents
from tests.e2e.answers import Turn
from tests.e2e.process import serve
from tests.e2e.upstream import Upstream

QUIET = {
    "IS_SANDBOX": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}


def task(folder: Path) -> list[Turn]:
    """Read, search, read again in two ways, edit, look once more, report."""
    long, short = str(folder / "src" / "decoder.py"), str(folder / "src" / "answer.py")
    edit = {"file_path": short, "old_string": "41", "new_string": "42"}
    search = {"pattern": "def ", "path": str(folder), "output_mode": "content"}
    return [
        Turn(tool="Read", arguments={"file_path": long}),
        Turn(tool="Grep", arguments=search),
        Turn(tool="Read", arguments={"file_path": short}),
        Turn(tool="Bash", arguments={"command": f"cat {long}", "description": "Shows it"}),
        Turn(tool="Edit", arguments=edit),
        Turn(tool="Bash", arguments={"command": f"cat {short} {long}", "description": "Checks"}),
        Turn(text="Edited: the answer is 42 now."),
    ]


def test_claude_code_works_through_the_proxy(upstream: Upstream, tmp_path: Path) -> None:
    claude = agents.executable("claude", "@anthropic-ai/claude-code")
    folder = agents.workspace(tmp_path / "work")
    upstream.script.turns = task(folder)
    with serve(tmp_path / "tokenpak", upstream.url) as proxy:
        said = agents.run(
            [claude, "-p", "Correct the answer.", "--dangerously-skip-permissions"],
            folder,
            tmp_path / "home",
            ANTHROPIC_BASE_URL=proxy.url,
            ANTHROPIC_API_KEY="sk-ant-e2e",
            **QUIET,
        )
        asked = [each for each in upstream.asked("/v1/messages") if json.loads(each.body)["tools"]]
        requests = agents.bodies(asked)

        assert said.strip() == "Edited: the answer is 42 now."
        assert (folder / "src" / "answer.py").read_text() == "ANSWER = 42\n"
        assert len(requests) == len(upstream.script.turns)
        agents.assert_prefix_kept(each["messages"] for each in requests)
        assert len({json.dumps(each["tools"]) for each in requests}) == 1
        assert all(marks(each) for each in requests)
        for each in requests:
            assert_pairs(each["messages"])
        assert {each.fields[b"x-api-key"] for each in asked} == {b"sk-ant-e2e"}
        agents.assert_saved(proxy, "claude-code", results(requests[-1]["messages"]))
        sessions = {row["session_id"] for row in proxy.rows() if row["method"] == "POST"}

    assert sessions == {each.fields[b"x-claude-code-session-id"].decode() for each in asked}


def marks(request: dict[str, Any]) -> bool:
    """Whether the cache marker of the agent still stands at the end of the conversation.

    It is on the user's newest message or, where versions send one, on a system message behind it.
    """
    messages = request["messages"]
    newest = max(at for at, each in enumerate(messages) if each["role"] == "user")
    return any("cache_control" in block for each in messages[newest:] for block in blocks(each))


def assert_pairs(messages: list[dict[str, Any]]) -> None:
    """Fail unless each call is answered by the message after it, and nothing else is."""
    for message, following in zip(messages, messages[1:], strict=False):
        calls = [block["id"] for block in blocks(message) if block["type"] == "tool_use"]
        answers = [b["tool_use_id"] for b in blocks(following) if b["type"] == "tool_result"]
        assert answers == calls


def results(messages: list[dict[str, Any]]) -> list[str]:
    found = [b for m in messages for b in blocks(m) if b["type"] == "tool_result"]
    return [str(block["content"]) for block in found]


def blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [] if isinstance(content, str) else content
