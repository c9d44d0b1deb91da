from __future__ import annotations

import json

import pytest

from tokenpak.engines.rtk.shapes import SHAPES


def shaped(name, text):
    lines = text.split("\n")
    return "\n".join(SHAPES[name](lines, bytearray(len(lines))))


def test_a_diff_keeps_every_changed_line_and_one_line_of_context():
    text = (
        "diff --git a/x.py b/x.py\nindex 1a2b3c..4d5e6f 100644\n--- a/x.py\n+++ b/x.py\n"
        "@@ -1,7 +1,7 @@\n"
        " one\n two\n three\n-old\n+new\n four\n five\n six"
    )
    assert shaped("diff", text) == (
        "diff --git a/x.py b/x.py\n@@ -1,7 +1,7 @@\n …\n three\n-old\n+new\n four"
    )


def test_a_column_of_one_value_is_told_once():
    rows = [f"pod-{i}   Running   <none>" for i in range(8)]
    out = shaped("table", "\n".join(["NAME    STATUS    GATES", *rows]))
    assert out.split("\n")[0] == "[in every row: STATUS Running; GATES <none>]"
    assert all(f"pod-{i}" in out for i in range(8))


def test_many_labels_are_cut_after_two():
    assert shaped("table", "x   a=1,b=2,c=3,d=4").endswith("a=1,b=2,…")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src\n├── a\n│   └── b.py\n└── c", "src\n a\n  b.py\n c"),
        ("root\n+--- a:b:1\n|    \\--- c:d:2\n\\--- e:f:3", "root\n a:b:1\n  c:d:2\n e:f:3"),
    ],
)
def test_a_tree_has_one_blank_a_level(text, expected):
    assert shaped("tree", text) == expected


def test_hits_of_one_file_share_its_path():
    assert shaped("search", "a.py:1:x\na.py:2:y\nb.py:3:z") == "a.py:1:x\n 2:y\nb.py:3:z"


def test_a_short_list_of_findings_keeps_its_paths_but_not_the_source():
    text = "a.py:1:2: F401 unused\n  import os\n         ^^\na.py:2:2: F401 unused"
    assert shaped("findings", text) == "a.py:1:2: F401 unused\na.py:2:2: F401 unused"


def test_of_many_findings_a_message_is_told_once_and_then_its_code():
    text = "\n".join(
        f"a.py:{i}:1: E501 line too long ({i + 80} > 79 characters)" for i in range(30)
    )
    lines = shaped("findings", text).split("\n")
    assert lines[:2] == ["a.py:0:1: E501 line too long (80 > 79 characters)", " 1:1: E501 81 79"]


def test_findings_grouped_already_lose_words_told_before():
    text = "\n".join(f"  {i}:1 warning Unexpected console statement  no-console" for i in range(30))
    assert shaped("messages", text).split("\n")[5] == "  5:1 warning no-console"


def test_json_loses_its_layout_and_no_value():
    text = json.dumps({"a": [1.50, "x\ny"], "b": None}, indent=4).replace("1.5", "1.50")
    out = shaped("json", text)
    assert "\n" not in out and "1.50" in out and json.loads(out) == json.loads(text)
    assert shaped("json", '{"a": ') == '{"a": '


def test_a_time_is_told_again_only_when_it_changes():
    text = "2026-01-01 10:00:00 a\n2026-01-01 10:00:00 b\n2026-01-01 10:00:01 c"
    assert shaped("log", text) == "2026-01-01 10:00:00 a\n b\n2026-01-01 10:00:01 c"


def test_go_events_become_what_failing_tests_printed():
    events = [
        {"Action": "output", "Package": "p", "Test": "TestA", "Output": "fine\n"},
        {"Action": "pass", "Package": "p", "Test": "TestA"},
        {"Action": "output", "Package": "p", "Test": "TestB", "Output": "    b_test.go:3: bad\n"},
        {"Action": "output", "Package": "p", "Test": "TestB", "Output": "--- FAIL: TestB\n"},
        {"Action": "fail", "Package": "p", "Test": "TestB"},
        {"Action": "output", "Package": "p", "Output": "FAIL\tp\t0.1s\n"},
    ]
    assert shaped("go-test", "\n".join(map(json.dumps, events))) == (
        "    b_test.go:3: bad\n--- FAIL: TestB\nFAIL\tp\t0.1s\n[1 tests passed]"
    )


def test_words_of_the_row_above_become_ditto_marks():
    text = "root 1 nobody waiting-for-x a\nroot 2 nobody waiting-for-x b"
    assert shaped("ditto", text).split("\n")[-1] == 'root 2 " " b'


def test_paths_of_one_folder_stand_on_one_line():
    assert shaped("paths", "src/a.py\nsrc/b.py\nREADME.md") == "src/: a.py b.py\nREADME.md"


def test_a_cause_is_told_once_in_a_report():
    cause = "AssertionError: assert the total is not what it was"
    text = f"E   {cause}\nFAILED tests/test_a.py::test_b - {cause}"
    assert shaped("pytest", text) == f"E   {cause}\nFAILED tests/test_a.py::test_b"
