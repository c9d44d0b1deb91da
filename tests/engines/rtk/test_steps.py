from __future__ import annotations

import msgspec

from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Filter
from tokenpak.engines.rtk.steps import limit, shortened, thin


def thinned(lines, flagged=(), **values):
    chosen = Loaded(msgspec.convert({"name": "x", "description": "x", **values}, Filter), "x.yaml")
    flags = bytearray(len(lines))
    for i in flagged:
        flags[i] = 1
    shown, _, told = thin(lines, flags, chosen)
    return shown, told


def test_what_is_flagged_survives_every_rule():
    lines = ["a", "b", "c"]
    everything = {"noise": ["."], "drop": ["."], "keep": ["z"]}
    assert thinned(lines, flagged=[1], **everything)[0] == ["b"]


def test_noise_goes_untold_and_dropped_lines_are_counted():
    assert thinned(["n", "d", "x"], noise=["n"], drop=["d"]) == (["x"], 1)


def test_a_keep_rule_that_matches_nothing_keeps_all():
    assert thinned(["a", "b"], keep=["z"])[0] == ["a", "b"]
    assert thinned(["a", "b"], keep=["a"])[0] == ["a"]


def test_a_section_is_dropped_kept_or_shown_by_its_ends():
    lines = ["a", "BEGIN", "1", "2", "3", "END", "b"]
    section = {"enter": "BEGIN", "leave": "END"}
    assert thinned(lines, sections=[section])[0] == ["a", "END", "b"]
    ends = section | {"do": "ends", "first": 1, "last": 1}
    assert thinned(lines, sections=[ends])[0] == ["a", "BEGIN", "1", "3", "END", "b"]
    assert thinned(lines, drop=["\\d"], sections=[section | {"do": "keep"}])[0] == lines


def test_a_block_keeps_its_head_and_what_it_names():
    lines = ["FAIL a", "x", "y", "E cause", "z", "FAIL b", "E other", "done"]
    block = {"start": "^FAIL", "end": "^done", "keep": ["^E"], "before": 1}
    assert thinned(lines, blocks=[block])[0] == [
        "FAIL a",
        "y",
        "E cause",
        "FAIL b",
        "E other",
        "done",
    ]


def test_lines_of_one_sort_are_counted_in_the_place_of_the_last():
    lines = ["t1 ok", "t2 ok", "x", "t3 ok"]
    assert thinned(lines, counts=[{"pattern": "ok$", "say": "[{n} ok]"}])[0] == ["x", "[3 ok]"]


def test_a_line_wanted_once_is_shown_once():
    assert thinned(["w", "a", " w"], once=["w"])[0] == ["w", "a"]


def test_a_limit_keeps_head_tail_and_what_is_flagged():
    flags = bytearray(10)
    flags[5] = 1
    shown, lost = limit([str(i) for i in range(10)], flags, 2, 2, 4)
    assert [s for s in shown if s.isdigit()] == ["0", "1", "5", "8", "9"] and lost == 5


def test_a_long_line_says_how_much_of_it_went():
    assert "[900 characters]" in shortened("x" * 1000, 100)
    assert shortened("x" * 110, 100) == "x" * 110
