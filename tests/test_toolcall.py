from __future__ import annotations

import pytest

from tests.calls import call
from tokenpak.toolcall import file_path, label, prints_search, shell_command


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ({"command": "ls -la"}, "ls -la"),
        ({"cmd": "ls"}, "ls"),
        ({"command": ["bash", "-lc", "rg x | head"]}, "rg x | head"),
        ({"command": ["/bin/sh", "-c", "make"]}, "make"),
        ({"command": ["git", "status"]}, "git status"),
        ({"file_path": "a.py"}, None),
        ({"command": 7}, None),
    ],
)
def test_the_command_is_found_under_every_agents_key(arguments, command):
    assert shell_command(call("x", **arguments)) == command


@pytest.mark.parametrize(
    ("command", "search"),
    [
        ("rg -n foo", True),
        ("grep -rn 'a && b; c' src | head -5 | sort", True),
        ("cd /x && git -C y grep -n foo", True),
        ("LC_ALL=C /usr/bin/grep -n x y", True),
        ("rg -l foo | xargs sed -n 1p", False),
        ("rg foo && make", False),
        ("ruff check . | grep E501", False),
        ("for f in *; do rg x $f; done", False),
        ("rg x\nmake", False),
        ("", False),
    ],
)
def test_only_commands_that_print_nothing_but_hits_are_searches(command, search):
    assert prints_search(call("Bash", command=command)) is search


@pytest.mark.parametrize(
    ("tool", "arguments", "name"),
    [
        ("Read", {"file_path": "/src/deep/app.py", "limit": 5}, "Read app.py"),
        ("Bash", {"command": "git  diff\n--stat"}, "Bash git diff --stat"),
        ("Bash", {"command": "x" * 80}, "Bash " + "x" * 36),
        ("Grep", {"pattern": "a[0-9]"}, "Grep a 0-9"),
        ("Weird [tool]", {}, "Weird tool"),
    ],
)
def test_a_label_is_short_and_of_one_line(tool, arguments, name):
    one = call(tool, **arguments)
    assert label(one, one.tool) == name


def test_a_result_without_its_call_has_a_name_too():
    assert label(None, None) == "tool result"


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"file_path": "/a/b.py", "limit": 5}, "/a/b.py"),
        ({"absolute_path": "/a/b.py"}, "/a/b.py"),
        ({"path": 3, "file": "c.py"}, "c.py"),
        ({"command": "cat x"}, None),
    ],
)
def test_the_file_that_a_call_names_is_found_under_every_agents_key(arguments, path):
    assert file_path(call("Read", **arguments)) == path
    assert file_path(None) is None
