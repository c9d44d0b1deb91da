from __future__ import annotations

import json

import pytest

from tokenpak.engines.rtk.shapes import SHAPES, recognised


def shaped(name, text):
    lines = text.split("\n")
    return "\n".join(SHAPES[name](lines))


def test_a_diff_keeps_every_changed_line_and_one_line_of_context():
    text = (
        "diff --git a/x.py b/x.py\nindex 1a2b3c..4d5e6f 100644\n--- a/x.py\n+++ b/x.py\n"
        "@@ -1,7 +1,7 @@\n"
        " one\n two\n three\n-old\n+new\n four\n five\n six"
    )
    assert shaped("diff", text) == (
        "diff --git a/x.py b/x.py\n@@ -1,7 +1,7 @@\n …\n three\n-old\n+new\n four"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src\n├── a\n│   └── b.py\n└── c", "src\n a\n  b.py\n c"),
        ("root\n+--- a:b:1\n|    \\--- c:d:2\n\\--- e:f:3", "root\n a:b:1\n  c:d:2\n e:f:3"),
    ],
)
def test_a_tree_has_one_blank_a_level(text, expected):
    assert shaped("tree", text) == expected


def test_a_dependency_that_stands_above_has_its_name_alone():
    text = "root\n+--- a.b:lib:1.0\n|    \\--- c:d:2\n+--- c:d:2 (*)\n\\--- e:f:3 (*)"
    assert shaped("tree", text) == "root\n a.b:lib:1.0\n  c:d:2\n d (*)\n e:f:3 (*)"


def test_the_statistics_of_a_diff_are_grouped_by_folder():
    text = " src/a/b.py | 12\n src/a/c.py | 3\n d.py | 1\n e/f.bin | Bin 0 -> 9 bytes"
    assert shaped("paths", text) == (
        "src/a/: b.py 12, c.py 3\n d.py | 1\n e/f.bin | Bin 0 -> 9 bytes"
    )


def test_a_diff_without_context_and_long_context():
    text = "diff --git a/x b/x\n@@ -1 +1 @@\n " + "word " * 60 + "\n-old\n+new\n next"
    assert shaped("changes", text) == "diff --git a/x b/x\n@@ -1 +1 @@\n-old\n+new"
    assert len(shaped("diff", text)) < 200


def test_hits_of_one_file_share_its_path():
    assert shaped("search", "a.py:1:x\na.py:2:y\nb.py:3:z") == "a.py:1:x\n 2:y\nb.py:3:z"


def test_json_loses_its_layout_and_no_value():
    text = json.dumps({"a": [1.50, "x\ny"], "b": None}, indent=4).replace("1.5", "1.50")
    out = shaped("json", text)
    assert "\n" not in out and "1.50" in out and json.loads(out) == json.loads(text)
    assert shaped("json", '{"a": ') == '{"a": '


def test_a_time_is_told_again_only_when_it_changes():
    text = "2026-01-01 10:00:00 a\n2026-01-01 10:00:00 b\n2026-01-01 10:00:01 c"
    assert shaped("log", text) == "2026-01-01 10:00:00 a\n b\n2026-01-01 10:00:01 c"


def test_paths_of_one_folder_stand_on_one_line():
    assert shaped("paths", "src/a.py\nsrc/b.py\nREADME.md") == "src/: a.py b.py\nREADME.md"


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        ("src/a.py:{}:    return total", "search"),
        ("src/a.py:{}:3: error: unused name", "findings"),
        ("./src/a{}.py", "paths"),
        ("├── a{}.py", "tree"),
        ("2026-01-01 10:00:{} request served", None),
        ("a word and the number {}", None),
    ],
)
def test_the_shape_of_an_unknown_output_is_recognised_where_all_lines_have_it(row, shape):
    lines = [row.format(i) for i in range(10, 40)]
    assert recognised(lines) == shape
    assert recognised(lines[:5]) is None and recognised([*lines, *["some prose"] * 9]) is None
