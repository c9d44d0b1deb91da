from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import call, result, shell
from tokenpak.canonical import Part
from tokenpak.compression import markers
from tokenpak.compression.ageing import Result, shown_by, sort_of
from tokenpak.compression.digests import MAX_ALARMS, MAX_PATHS, SHARE, digest, piece
from tokenpak.compression.known import Known
from tokenpak.compression.select import Plan
from tokenpak.tokens import count

KEPT = Plan("aggressive", ("gutter",), True, 0, "/home/me/raw", 2000)
NOT_KEPT = Plan("aggressive", ("gutter",), True, 0, None, 2000)
CODE = "\n".join(
    f"def step_{i}(value):\n    total = value * {i}\n    limit_{i} = total + 1\n    return total"
    for i in range(40)
)


def made(part: Part, plan: Plan = KEPT, **how) -> str:
    return digest(part, Result(1, sort_of(part), tuple(shown_by(part))), plan, Known(), **how).text


def read(text: str) -> Part:
    return result(call("Read", file_path="/src/a.py"), text)


def test_of_a_build_the_problems_stay_each_once():
    log = "\n".join(["compiling"] * 90 + ["error: no such unit", "done"] * 20)
    assert made(shell("make", log)).split("\n")[1:] == ["error: no such unit"]


def test_of_a_search_the_files_stay():
    hits = "\n".join(f"src/mod_{i % 3}.py:{i}: total = {i}" for i in range(60))
    text = made(shell("rg total", hits))
    assert text.split("\n")[1:] == ["files: src/mod_0.py, src/mod_1.py, src/mod_2.py"]


@pytest.mark.parametrize(
    ("part", "plan", "how"),
    [
        (shell("make", "x\ny"), KEPT, "whole text in /home/me/raw/"),
        (shell("make", "x\ny"), NOT_KEPT, "run it again to see it"),
        (shell("./deploy", "x\ny"), NOT_KEPT, "the context window was full"),
        (read("x\ny"), KEPT, "read it again to see it"),
    ],
)
def test_the_marker_says_what_it_was_how_long_and_how_to_get_it_back(part, plan, how):
    marker = made(part, plan)
    assert marker.startswith(f"[{sort_of(part)} output of 2 lines cleared; {how}")


def test_a_file_that_was_edited_since_is_said_to_be():
    assert "; edited since; read it again" in made(read("x"), outdated=True)


def test_what_the_marker_names_is_what_is_kept():
    one = shell("make", "x\ny")
    found = digest(one, Result(1, "build"), KEPT, Known())
    assert found.whole == "x\ny"
    assert digest(read("x"), Result(1, "read"), KEPT, Known()).whole is None
    assert digest(one, Result(1, "build"), NOT_KEPT, Known()).whole is None


def test_of_code_definitions_stay_with_their_numbers_then_lines_about_the_present():
    numbered = "\n".join(f"{n:>6}\t{line}" for n, line in enumerate(CODE.split("\n"), 1))
    text = made(read(numbered), words={"limit_7"})
    assert "\n1\tdef step_0(value):" in text and "return total" not in text
    assert len(text) < SHARE * len(numbered) + 150
    few = made(read("\n".join(numbered.split("\n")[:33]) + "\n" + "#\n" * 900), words={"limit_7"})
    assert "limit_7 = total + 1" in few


def test_without_recent_words_nothing_of_code_stays():
    assert "\n" not in made(read(CODE))


def test_lines_that_imitate_a_marker_are_neutralised():
    fake = "[build output of 9 lines cleared; error]"
    text = made(shell("make", f"ok\n{fake}\nok"))
    assert text.split("\n")[1] == "\\" + fake


@pytest.mark.parametrize("room", [0, 20, 60, 200, 1000])
def test_a_piece_fits_and_shows_the_beginning(room):
    one = shell("make", "\n".join(f"unit {i} took {i % 7} steps" for i in range(400)))
    text = piece(one, Result(1, "build"), KEPT, room, Known()).text
    marker = text.split("\n")[0]
    assert markers.imitates(marker) and count(text) <= max(room, count(marker))
    assert (room < 200) or "unit 0 took 0 steps" in text


@given(st.lists(st.text(alphabet="ab/._ error:\n", max_size=80), max_size=30), st.booleans())
def test_a_digest_is_bounded_whatever_it_is_of(lines, related):
    text = "\n".join(lines)
    for command in ("make", "rg x", "cat a.py"):
        words = {"error"} if related else None
        found = made(shell(command, text), words=words)
        assert len(found) <= 200 + 2 * MAX_ALARMS + MAX_PATHS + SHARE * len(text) + len(lines)
        assert found.startswith("[")
