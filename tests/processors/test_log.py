from __future__ import annotations

from tokenpak.processors.log import condense

LINES = [f"2026-01-01 10:00:{at:02} GET /item/{at} 200 {at}ms" for at in range(50)]


def process(*lines: str) -> list[str]:
    return condense("\n".join(lines) + "\n").splitlines()


def test_repeated_lines_are_counted() -> None:
    assert process(*LINES) == [*LINES[:2], "[47 similar lines left out]", LINES[-1]]


def test_every_distinct_alarm_stays() -> None:
    alarms = [f"2026-01-01 10:00:00 ERROR disk {at} is full" for at in range(30)]
    kept = process(*LINES, *alarms, *LINES)

    assert [line for line in kept if "ERROR" in line] == alarms


def test_a_repeated_alarm_is_counted_by_all_but_its_time() -> None:
    kept = process(*(f"2026-01-01 10:00:{at:02} WARN slow" for at in range(30)), "end")

    assert [line[-4:] for line in kept[:2]] == ["slow", "slow"]
    assert kept[2] == "[27 similar lines left out]"


def test_what_is_indented_below_an_alarm_stays_with_it() -> None:
    trace = ["Traceback (most recent call last):", '  File "a.py", line 3', "    x()", "ValueError"]

    assert process(*LINES, *trace, "done")[-5:] == [*trace, "done"]
