from __future__ import annotations

import json

import pytest

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression.ageing import QUIET, History, edited_by, shown_by, sort_of

PATCH = "*** Begin Patch\n*** Update File: src/a.py\n@@\n-x\n+y\n*** End Patch"


def view_tool(command: str) -> Part:
    return result(call("str_replace_based_edit_tool", command=command, path="a.py"), "text")


@pytest.mark.parametrize(
    ("part", "sort"),
    [
        (result(call("Read", file_path="a.py"), "x"), "read"),
        (view_tool("view"), "read"),
        (view_tool("str_replace"), "edit"),
        (result(call("Edit", file_path="a.py"), "ok"), "edit"),
        (result(call("Task", prompt="look"), "found"), "report"),
        (result(call("get_customer", id=1), "{}"), "other"),
        (shell("make", "x"), "build"),
        (shell("./do-it", "x"), "shell"),
        (shell("sed -n 1,20p a.py", "x"), "view"),
    ],
)
def test_results_are_told_apart_by_what_printed_them(part, sort):
    assert sort_of(part) == sort


@pytest.mark.parametrize(
    ("one", "paths"),
    [
        (call("Edit", file_path="/src/a.py", old_string="x"), ["/src/a.py"]),
        (call("apply_patch", input=PATCH), ["src/a.py"]),
        (call("shell", command=["bash", "-lc", f"apply_patch <<'E'\n{PATCH}\nE"]), ["src/a.py"]),
        (call("str_replace_based_edit_tool", command="view", path="a.py"), []),
        (call("Read", file_path="a.py"), []),
        (call("Bash", command="cat a.py"), []),
    ],
)
def test_an_edit_is_known_by_its_tool_or_its_patch(one, paths):
    assert list(dict.fromkeys(edited_by(one))) == paths


@pytest.mark.parametrize(
    ("part", "paths"),
    [
        (result(call("Read", file_path="/src/a.py"), "x"), ["/src/a.py"]),
        (shell("nl -ba src/a.py | sed -n 1,20p", "x"), ["src/a.py"]),
        (shell("cat a.py b.ts", "x"), ["a.py", "b.ts"]),
        (view_tool("view"), ["a.py"]),
    ],
)
def test_the_call_names_the_files_that_a_result_shows(part, paths):
    assert list(shown_by(part)) == paths


def history(*steps: tuple[Part, int]) -> History:
    found = History()
    for part, tokens in steps:
        found.add(part, tokens)
    return found


def old(found: History, *, recoverable: bool = True, younger: int = 1) -> list[int]:
    results = found.old("aggressive", 100, recoverable=recoverable, younger=younger)
    return [each.number for each in results]


@pytest.mark.parametrize(
    ("path", "edited", "quiet", "is_old"),
    [
        ("src/a.py", "src/a.py", QUIET, True),
        ("/home/me/src/a.py", "src/a.py", QUIET, True),
        ("./src/a.py", "src/a.py", QUIET, True),
        ("src/a.py", "src/a.py", QUIET - 1, False),
        ("lib/a.py", "src/a.py", QUIET, False),
        ("src/ba.py", "a.py", QUIET, False),
    ],
)
def test_a_read_is_old_once_its_file_was_edited_and_left(path, edited, quiet, is_old):
    one = call("Read", file_path=path)
    found = history(
        (one, 10),
        (result(one, "x"), 500),
        (call("Edit", file_path=edited), 200),
        (said("assistant", "Done."), quiet),
    )
    assert old(found) == ([1] if is_old else [])


def test_a_read_after_the_edit_and_one_that_was_never_edited_stay():
    one, edit = call("Read", file_path="a.py"), call("Edit", file_path="a.py")
    text = result(one, "x")
    assert old(history((edit, 9), (one, 9), (text, 500), (said("user", "?"), 90_000))) == []
    assert old(history((one, 9), (text, 500), (said("user", "?"), 90_000))) == []


def test_what_cannot_be_had_again_ages_only_where_it_is_kept():
    steps = [(shell("./deploy", "x"), 500), (shell("make", "x"), 500), (said("user", "?"), 90_000)]
    assert old(history(*steps)) == [0, 1]
    assert old(history(*steps), recoverable=False) == [1]


def test_ages_may_be_divided_but_the_end_is_left_alone():
    steps = [(shell("make", "x"), 500), (said("user", "?"), 2500), (shell("make", "x"), 50)]
    assert (old(history(*steps)), old(history(*steps), younger=2)) == ([], [0])
    assert old(history(*steps), younger=10**6) == [0]


def test_reports_are_never_old():
    report = result(call("Task", prompt="look"), "found")
    assert old(history((report, 500), (said("user", "?"), 10**6))) == []


def test_answers_of_the_model_are_counted_by_message():
    parts = [said("assistant", "a"), said("assistant", "b"), said("user", "c")]
    for part, message in zip(parts, (1, 1, 2), strict=True):
        part.message = message
    assert history(*((each, 1) for each in parts)).turns == 1


def test_arguments_that_are_no_text_do_no_harm():
    odd = Part("tool_use", "assistant", json.dumps({"a": 1, "b": [1], "c": None}).encode())
    assert list(edited_by(odd)) == []
