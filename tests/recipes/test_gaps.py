from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.recipes.gaps import binding, joined, urgent


def test_a_gap_is_told_by_its_length_and_a_single_line_is_shown() -> None:
    lines = ["a", "b", "c", "d", "e"]

    assert joined(lines, [True, False, False, False, True]) == "a\n[3 lines left out]\ne"
    assert joined(lines, [True, False, True, True, True]) == "\n".join(lines)


def test_a_line_that_imitates_a_note_is_marked() -> None:
    lines = ["[12 lines left out]", "b", "c", "d"]

    assert (
        joined(lines, [True, False, False, True]) == "\\[12 lines left out]\n[2 lines left out]\nd"
    )


def test_of_problems_that_differ_in_figures_only_the_first_few_are_urgent() -> None:
    lines = [f"error: job {i} failed" for i in range(10)] + ["fatal: disk full", "all is well"]

    assert urgent(lines) == [True] * 3 + [False] * 7 + [True, False]


def test_a_duty_binds() -> None:
    assert binding("You must not log passwords.")
    assert not binding("The sky is blue.")


@given(st.lists(st.tuples(st.text("abc", max_size=3), st.booleans())))
def test_every_kept_line_is_there_in_order_and_every_other_is_counted(
    rows: list[tuple[str, bool]],
) -> None:
    shown = (
        joined([line for line, _ in rows], [keep for _, keep in rows]).split("\n") if rows else []
    )

    notes = [line for line in shown if line.startswith("[")]
    hidden = sum(int(line[1:].split()[0]) for line in notes)
    assert len(shown) - len(notes) + hidden == len(rows)
    rest = iter(shown)
    assert all(line in rest for line, keep in rows if keep)
