from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression.lines import LineIndex, read_lines
from tokenpak.compression.runs import find_runs

LINES = [f"line number {i} of the text" for i in range(30)]


def index(*texts: str) -> LineIndex:
    found = LineIndex()
    for text in texts:
        found.add("a", read_lines(text))
    return found


def test_the_longest_run_is_taken():
    known = index("\n".join(LINES[:5]), "\n".join(LINES[2:12]))
    (run,) = find_runs(read_lines("\n".join(LINES[3:11])), known)
    assert (run.at, run.count, run.own) == (0, 8, False)


def test_blank_lines_and_brackets_join_a_run_but_do_not_start_one():
    text = "\n".join(["}", "", LINES[0], "", "}", LINES[1]])
    (run,) = find_runs(read_lines(text), index(text))
    assert (run.at, run.count) == (0, 6)
    assert find_runs(read_lines("}\n\n}"), index("}\n\n}")) == []


def test_a_run_never_crosses_from_one_text_into_the_next():
    known = index("\n".join(LINES[:5]), "\n".join(LINES[5:10]))
    runs = find_runs(read_lines("\n".join(LINES[:10])), known)
    assert [(run.at, run.count) for run in runs] == [(0, 5), (5, 5)]


def test_a_text_may_repeat_itself_but_not_overlap():
    runs = find_runs(read_lines("\n".join(LINES[:4] * 3)), LineIndex())
    assert all(run.own and run.place + run.count <= run.at for run in runs)
    assert sum(run.count for run in runs) == 8


TEXT = st.lists(st.sampled_from([*LINES[:6], "", "}"]), max_size=40).map("\n".join)


@given(st.lists(TEXT, max_size=3), TEXT)
def test_runs_are_equal_lines_in_order_without_overlap(texts, text):
    known, lines = index(*texts), read_lines(text).lines
    end = 0
    for run in find_runs(read_lines(text), known):
        source = lines if run.own else known.contents
        assert source[run.place : run.place + run.count] == lines[run.at : run.at + run.count]
        assert run.at >= end
        end = run.at + run.count
