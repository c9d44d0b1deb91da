from __future__ import annotations

import pytest

from tokenpak.engines.rtk.findings import LEGEND, findings, messages, quoted_sources


def shaped(shape, text):
    return shape(text.split("\n"))


def test_a_short_list_of_findings_keeps_its_paths_but_not_the_source():
    text = "a.py:1:2: F401 unused\n  import os\n         ^^\na.py:2:2: F401 unused"
    assert shaped(findings, text) == ["a.py:1:2: F401 unused", "a.py:2:2: F401 unused"]
    assert quoted_sources(text.split("\n")) == 2


def test_source_in_the_first_column_goes_only_below_its_finding():
    text = "a.rb:1:1: C: Missing comment\nclass A\n^^^^^\nclass B\n^^^^^"
    assert shaped(findings, text) == ["a.rb:1:1: C: Missing comment", "class B"]


def test_places_of_one_wording_in_one_file_stand_in_one_row():
    text = "\n".join(
        f"{file}.py:{i}:1: E501 line too long ({i + 80} > 79 characters)"
        for file in ("a", "b")
        for i in range(15)
    )
    lines = shaped(findings, text)
    assert lines[0] == LEGEND and len(lines) == 3
    assert lines[1].startswith("a.py:0:1: E501 line too long (80 > 79 characters); 1:1 81; 2:1 82;")
    assert lines[2].startswith("b.py:0:1: E501; 1:1 81;")


def test_what_differs_is_told_and_what_is_the_same_is_not():
    rows = [f"x/env.ts({i},16): error TS2307: Cannot find module 'm{i // 20}'" for i in range(30)]
    lines = shaped(findings, "\n".join(rows))
    assert lines[1].startswith("x/env.ts(0,16): error TS2307: Cannot find module 'm0'; (1,16); ")
    assert "; (19,16); (20,16) 'm1'; (21,16) 'm1';" in lines[1]


def test_a_row_does_not_grow_without_end():
    text = "\n".join(f"a.py:{i}:1: F401 unused" for i in range(500))
    lines = shaped(findings, text)
    assert len(lines) > 5 and max(map(len, lines)) < 450
    assert all(f" {i}:1" in "\n".join(lines) for i in range(1, 500))


def test_a_finding_that_is_explained_below_keeps_its_own_row():
    explained = "a.ts(7,1): error TS2322: Type 'A' is not 'B'\n  Property 'c' is missing"
    many = "\n".join(f"a.ts({i},1): error TS2322: Type 'A' is not 'B'" for i in range(10, 40))
    lines = shaped(findings, f"{many}\n{explained}")
    assert lines[-2:] == [" (7,1): error TS2322 'A' 'B'", "  Property 'c' is missing"]


def test_findings_grouped_already_lose_words_told_before():
    rows = "\n".join(f"  {i}:1 warning Unexpected console statement  no-console" for i in range(30))
    lines = shaped(messages, f"/a.ts\n{rows}\n/b.ts\n{rows}")
    assert lines[2].startswith("  0:1 warning Unexpected console statement  no-console; 1:1; 2:1;")
    assert lines[3] == "/b.ts" and lines[4].startswith("  0:1 warning no-console; 1:1;")


def test_a_limit_that_is_always_the_same_is_told_once():
    rows = [f" {i}:1 warning Function 'f{i}' has {i + 20} lines of 12 at most" for i in range(30)]
    lines = shaped(messages, "\n".join(f"/{i}.ts\n{row}" for i, row in enumerate(rows)))
    assert lines[1] == rows[0] and lines[3] == " 1:1 warning Function 'f1' has … 21"


@pytest.mark.parametrize("line", ["     |", "   12 | import os", "   ^^^ help", "  ╷"])
def test_frames_of_source_are_known(line):
    assert quoted_sources([line]) == (0 if "help" in line else 1)
