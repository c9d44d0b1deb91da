"""Plain sessions, with the facts that came with them."""

from __future__ import annotations

from pathlib import Path

from tests.simulate.recordings import read_all, write_json
from tokenpak.simulate.conversation import Fact
from tokenpak.simulate.formats.session import FORMAT

MESSAGES = [{"role": "user", "content": "go"}, {"role": "assistant", "content": "ok"}]


def test_everything_is_taken_as_it_stands(tmp_path: Path) -> None:
    value = {
        "format": "openai",
        "model": "gpt-5",
        "system": "be",
        "tools": [{"type": "function"}],
        "messages": MESSAGES,
        "meta": {"source_repo": "o/r", "agent": "codex"},
        "facts": [{"fact": "a.py", "used_at": 1, "re": r"a\.py", "kind": "path"}],
    }
    [found] = read_all(FORMAT, write_json(tmp_path / "s.json", value))

    assert (found.project, found.agent, found.wire) == ("o/r", "codex", "openai_chat")
    assert (found.model, found.system, found.tools) == ("gpt-5", "be", [{"type": "function"}])
    assert found.facts == [Fact("a.py", 1, r"a\.py", "path")]


def test_facts_that_cannot_be_looked_for_are_left_out(tmp_path: Path) -> None:
    facts = [{"fact": "x"}, {"fact": "x", "used_at": 1, "re": "("}, 7, {"used_at": 1}]
    value = {"format": "anthropic", "messages": MESSAGES, "facts": facts}

    assert read_all(FORMAT, write_json(tmp_path / "s.json", value))[0].facts == []


def test_without_facts_they_are_to_be_found(tmp_path: Path) -> None:
    value = {"format": "anthropic", "messages": MESSAGES}

    assert read_all(FORMAT, write_json(tmp_path / "s.json", value))[0].facts is None
