from __future__ import annotations

from tokenpak.engines.rtk.noise import without_blank_runs, without_escapes, without_overwritten


def test_colours_titles_and_backspaces_go():
    assert without_escapes("\x1b[31mred\x1b[0m \x1b]0;title\x07ab\x08c") == "red ac"


def test_of_a_redrawn_line_the_last_state_stays():
    assert without_overwritten("10%\r50%\r100% done\r\nnext") == "100% done\nnext"


def test_a_redrawn_state_that_speaks_of_failure_stays():
    assert without_overwritten("10%\rerror: gone\r100%") == "error: gone\n100%"


def test_one_blank_line_is_enough():
    assert without_blank_runs(["", "a  ", "", "", "b", ""]) == ["a", "", "b"]
