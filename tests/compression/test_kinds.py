from __future__ import annotations

import pytest

from tests.calls import call
from tokenpak.compression.kinds import kind


@pytest.mark.parametrize(
    ("command", "sort"),
    [
        ("rg -n foo src", "search"),
        ("cd /x && grep -rn foo . | head -40", "search"),
        ("find . -name '*.py'", "listing"),
        ("git -C /x log --oneline -20", "log"),
        ("go test ./... 2>&1 | tail -30", "build"),
        ("CI=1 npm run build", "build"),
        ("gh pr view 12 --json title", "forge"),
        ("entire hooks --help", "help"),
        ("git diff --stat", "diff"),
        ("git log -p -n 3 -- a.ts", "diff"),
        ("gh pr diff 104", "diff"),
        ("sed -n '1,80p' a.py", "view"),
        ("curl -s localhost", "web"),
        ("ruff check .", "shell"),
        ("mypy src", "shell"),
        ("make && git diff", "shell"),
        ("rg -l x | xargs sed -i s/a/b/", "shell"),
        ("for f in *; do cat $f; done", "shell"),
        ("python - <<'E'\nprint(1)\nE", "shell"),
    ],
)
def test_a_command_is_of_the_kind_of_what_it_prints(command, sort):
    assert kind(call("Bash", command=command)) == sort


@pytest.mark.parametrize(
    ("tool", "sort"),
    [("Grep", "search"), ("Glob", "listing"), ("write_stdin", "poll"), ("Read", None),
     ("Edit", None), ("Task", None), ("mcp__linear__get_issue", None)],
)  # fmt: skip
def test_tools_that_are_not_known_have_no_kind(tool, sort):
    assert kind(call(tool, path="x")) == sort


def test_a_result_without_its_call_has_no_kind():
    assert kind(None) is None


@pytest.mark.parametrize(
    ("tool", "command"),
    [("str_replace_editor", "view"), ("str_replace_based_edit_tool", "create"),
     ("Skill", "pdf"), ("SlashCommand", "/review")],
)  # fmt: skip
def test_a_command_that_is_not_for_a_shell_is_of_no_kind(tool, command):
    assert kind(call(tool, command=command, path="/a.py")) is None
