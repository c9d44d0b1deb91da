from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.rtk.alarms import alarms, speaks_of_failure


@pytest.mark.parametrize(
    "line",
    [
        "src/a.c:1:2: error: expected ';'",
        "E   AssertionError: assert 1 == 2",
        "npm ERR! code ERESOLVE",
        "fatal: refusing to merge unrelated histories",
        "panic: runtime error: index out of range",
        "undefined reference to `f99'",
        "bash: foo: command not found",
        "CONFLICT (content): Merge conflict in a.py",
        "api-1   0/1   CrashLoopBackOff   12   1h",
        '10.0.0.1 - - "GET /x HTTP/1.1" 502 157',
        "request id=7 path=/checkout status=500",
        "✖ 3 problems",
        "1 error generated, 0 warnings",
    ],
)
def test_a_line_that_speaks_of_a_problem_is_flagged(line):
    assert speaks_of_failure(f"well\n{line}\nwell")


@pytest.mark.parametrize(
    "line",
    [
        "0 errors, 0 warnings",
        "no errors found",
        "   Compiling thiserror v1.0.63",
        "test error::tests::displays ... ok",
        "tests/test_errors.py::test_failure PASSED [ 12%]",
        "✓ reports an error (4 ms)",
        "--- PASS: TestError (0.00s)",
        "cc -Wall -Werror=format-security -c a.c",
        "  1114 |                 raise ConnectionError(e)",
        '10.0.0.1 - - "GET /x HTTP/1.1" 200 157',
    ],
)
def test_a_word_of_failure_in_a_line_of_success_is_none(line):
    assert not speaks_of_failure(f"well\n{line}\nwell")


@pytest.mark.parametrize(
    "line", ["3 passed in 0.1s", "Tests:       4 passed, 4 total", "BUILD SUCCESS", "exit code 0"]
)
def test_a_line_that_sums_up_is_flagged_apart(line):
    assert alarms(f"a\n{line}", ["a", line]) == bytearray([0, 2])


@given(st.text(alphabet="eErROor: \nİß✖", max_size=60))
def test_there_is_a_flag_for_every_line_whatever_its_letters(text):
    lines = text.split("\n")
    assert len(alarms(text, lines)) == len(lines)
