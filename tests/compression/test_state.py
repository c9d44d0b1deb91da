from __future__ import annotations

from tokenpak.compression.lines import read_lines
from tokenpak.compression.state import State


def test_what_was_saved_sums_up_by_technique():
    state = State()
    state.put(1, "a", {"references": 5, "gutter": 2})
    state.put(4, "b", {"references": 1})
    assert state.saved_by == {"references": 6, "gutter": 2}
    assert (state.saved, state.texts) == ({1: 7, 4: 1}, {1: "a", 4: "b"})


def test_a_state_weighs_more_with_every_line_word_and_text():
    state = State()
    sizes = [state.size]
    state.index.add("a", read_lines("one\ntwo\nthree"))
    sizes.append(state.size)
    state.words |= {"word"}
    sizes.append(state.size)
    state.put(1, "text", {"references": 1})
    sizes.append(state.size)
    assert sizes == sorted(set(sizes))
