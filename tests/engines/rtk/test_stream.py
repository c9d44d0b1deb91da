from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.rtk.test_filtering import LINES
from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.filtering import apply
from tokenpak.engines.rtk.stream import Stream
from tokenpak.tokens import count

LINT = "".join(f"src/a.py:{i}:1: F401 unused\n   {i} | import os\n     | ^^\n" for i in range(30))


def streamed(pieces, command, config=DEFAULT):
    shown = []
    stream = Stream(command, built_in(), config, shown.append)
    for piece in pieces:
        stream.feed(piece)
        stream.decide()
    stream.end(lambda: "in /raw/1.txt")
    return shown, stream


def test_lines_appear_before_the_end():
    shown = []
    stream = Stream("make", built_in(), DEFAULT, shown.append)
    stream.feed("cc -c a.c\na.c:1:1: error: bad thing\n")
    stream.decide()
    assert "error: bad thing" in "".join(shown) and stream.pending == 0


def test_one_piece_is_filtered_like_any_output():
    shown, stream = streamed([LINT], "ruff check")
    whole = apply(LINT, "ruff check", where="in /raw/1.txt")
    assert "".join(shown) == whole.text + "\n" and stream.dropped == whole.dropped_lines


def test_lines_left_out_of_all_pieces_are_told_once_at_the_end():
    shown, stream = streamed([LINT, LINT], "ruff check")
    assert stream.dropped == 120 and "".join(shown).count("left out") == 1
    assert shown[-1] == "[120 lines left out; in /raw/1.txt]\n"


def test_a_line_that_is_being_redrawn_waits():
    states = "".join(f"{i}% of all that is to be fetched\r" for i in range(9))
    shown, _ = streamed(["get\n" + states, states, "done\n"], "npm ci")
    assert "".join(shown) == "get\ndone\n"


def test_a_question_appears_without_its_line_end():
    shown = []
    stream = Stream("./setup.sh", built_in(), DEFAULT, shown.append)
    stream.feed("Go on? [y/n] ")
    stream.decide()
    assert shown == ["Go on? [y/n] "]


def test_what_can_only_be_read_whole_is_shown_at_the_end():
    words = '"' + "two words " * 9 + '"'
    text = '[\n  {\n    "a": 1,\n    "b": ' + words + "\n  }\n]\n"
    shown, _ = streamed([text[:20], text[20:]], "jq . x.json")
    assert "".join(shown) == '[{"a": 1,"b": ' + words + "}]\n"


def test_switched_off_it_only_passes_on():
    assert "".join(streamed([LINT], "ruff check", RtkConfig(enabled=False))[0]) == LINT


@given(
    st.lists(st.lists(LINES, max_size=12), max_size=5),
    st.sampled_from(["pytest", "make", "git diff", "docker logs x", "x"]),
)
def test_however_it_comes_it_is_not_longer_and_red_stays_red(pieces, command):
    pieces = ["".join(line + "\n" for line in piece) for piece in pieces]
    shown, _ = streamed(pieces, command)
    text = "".join(pieces)
    assert sum(map(count, shown)) <= sum(map(count, pieces)) + len(pieces)
    assert not speaks_of_failure(text) or speaks_of_failure("".join(shown))


@pytest.mark.parametrize("text", ["", "one line", "one line\n", "\n\n"])
def test_little_stays_as_it_is(text):
    assert "".join(streamed([text], "x")[0]) == text
