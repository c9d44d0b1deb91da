from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import call, result, shell
from tokenpak.forms import FORMS

HITS = "src/a.py:3:import os\nsrc/a.py:9:os.walk(x)\nsrc/b.py:1:import os"
GROUPED = "src/a.py:3:import os\n 9:os.walk(x)\nsrc/b.py:1:import os"


def search(command: str, text: str) -> str:
    return FORMS["search"].apply(text, shell(command, text))


def ungrouped(text: str) -> str:
    """The inverse: a line without a path is of the file that the last line with one names.

    If that is no hit, but a line around one, the next hit says how much of it is the path.
    """
    lines = text.split("\n")
    named = ""
    for i, line in enumerate(lines):
        if short := re.match(r" \d+([:-])", line):
            around = [named, *lines[i:]]
            path = next(hit[1] for each in around if (hit := re.match(r"([^\s:]+):\d+:", each)))
            lines[i] = f"{path}{short[1]}{line[1:]}"
        elif line != "--":
            named = line
    return "\n".join(lines)


@pytest.mark.parametrize(
    "command",
    [
        "rg -n import src",
        "grep -rn 'import os' . | head -50",
        "cd /repo && git grep -n import",
        'cd x; rg -n "a|b" src | sort',
        "sudo env A=1 grep -n import src/*.py",
    ],
)
def test_hits_are_grouped_by_file(command):
    assert search(command, HITS) == GROUPED


def test_an_agents_search_tool_counts_as_a_search():
    part = result(call("Grep", pattern="import"), HITS)
    assert FORMS["search"].apply(HITS, part) == GROUPED


@pytest.mark.parametrize("command", ["ruff check .", "rg x && ruff check .", "make", "cat log"])
def test_linters_and_unknown_commands_keep_the_path_on_every_line(command):
    assert search(command, HITS) == HITS


def test_lines_of_context_go_with_their_hits():
    text = "a-1-b.py-2-before\na-1-b.py:3:hit\na-1-b.py-4-after\n--\nc.py:1:x"
    assert search("rg -C1 hit", text) == "a-1-b.py-2-before\na-1-b.py:3:hit\n 4-after\n--\nc.py:1:x"


def test_context_may_name_its_file_from_the_root():
    text = (
        "/w/src/a.py-1-x\n/w/src/a.py-2-y\nsrc/a.py-3-y: z\nsrc/a.py:4:hit\n/w/src/a.py-5-z\n--\n"
        "/w/src/a.py-8-x\nsrc/a.py:9:hit\n/w/src/b.py-1-x\nsrc/b.py:2:hit"
    )
    assert search("rg -C2 hit", text) == (
        "/w/src/a.py-1-x\n 2-y\nsrc/a.py-3-y: z\nsrc/a.py:4:hit\n 5-z\n--\n"
        " 8-x\nsrc/a.py:9:hit\n/w/src/b.py-1-x\nsrc/b.py:2:hit"
    )


def test_context_of_another_file_of_that_name_stays():
    text = "a.py:4:hit\n/w/other a.py-5-z\n/w/ba.py-6-z"
    assert search("rg -C2 hit", text) == text


def test_an_output_that_is_grouped_already_stays():
    text = HITS + "\nsrc/c.py\n 12:odd"
    assert search("rg -n x", text) == text


PATH = st.sampled_from(["src/a.py", "b-2-c.ts", "d.go", ""])
TEXT = st.text(st.characters(exclude_characters="\n\r"), max_size=12)
HIT = st.tuples(PATH, st.sampled_from(":-"), st.integers(0, 99), TEXT).map(
    lambda hit: f"{hit[0]}{hit[1]}{hit[2]}{hit[1]}{hit[3]}"
)
OTHER = st.sampled_from(["--", "", "No matches found", "src/a.py", "Binary file x matches"])


@given(st.lists(HIT | OTHER, max_size=12))
def test_grouping_can_be_undone(lines):
    text = "\n".join(lines)
    assert ungrouped(search("rg -n x", text)) == text
