from __future__ import annotations

import json

from tests.engines.rtk.test_shapes import shaped


def test_a_place_has_the_path_of_the_summary():
    text = "/home/dev/app/tests/test_a.py:12: \n/usr/lib/x.py:1: \nFAILED tests/test_a.py::test_b"
    assert shaped("pytest", text).split("\n")[:2] == ["tests/test_a.py:12: ", "/usr/lib/x.py:1: "]


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


def test_a_cause_is_told_once_in_a_report():
    cause = "AssertionError: assert the total is not what it was"
    text = f"E   {cause}\nFAILED tests/test_a.py::test_b - {cause}"
    assert shaped("pytest", text) == f"E   {cause}\nFAILED tests/test_a.py::test_b"
