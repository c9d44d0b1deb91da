"""What each tool and program prints is filed under."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calls import call, result, said, shell
from tokenpak.simulate.content import content_of


@pytest.mark.parametrize(
    ("tool", "arguments", "content"),
    [
        ("Read", {"file_path": "a"}, "file reads"),
        ("Edit", {"file_path": "a"}, "edits"),
        ("str_replace_editor", {"command": "view", "path": "a"}, "file reads"),
        ("str_replace_editor", {"command": "str_replace", "path": "a"}, "edits"),
        ("Grep", {"pattern": "a"}, "search"),
        ("WebFetch", {"url": "a"}, "web"),
        ("Task", {"prompt": "a"}, "sub-agents"),
        ("mcp__x__y", {"query": "a"}, "other tools"),
        ("mcp__x__y", {"command": "go"}, "other tools"),
    ],
)
def test_tools_are_known_by_their_names(tool: str, arguments: dict[str, Any], content: str) -> None:
    assert content_of(result(call(tool, **arguments), "x")) == content


@pytest.mark.parametrize(
    ("command", "content"),
    [
        ("cd a && git diff HEAD | head", "shell: git diff"),
        ("FOO=1 sudo sed -n 1,2p a", "shell: sed"),
        ("git --version", "shell: git"),
        ("/usr/bin/python3 -m x", "shell: python3"),
        ("cd a", "shell: other"),
        ("", "other tools"),
    ],
)
def test_shell_output_is_filed_under_its_program(command: str, content: str) -> None:
    assert content_of(shell(command, "x")) == content


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (said("user", "x"), "words of the user"),
        (said("assistant", "x"), "words of the agent"),
        (call("Read"), "tool calls"),
    ],
)
def test_the_rest_is_filed_under_who_said_it(part: Any, content: str) -> None:
    assert content_of(part) == content
