from __future__ import annotations

from tokenpak.engines.rtk.alarms import alarms
from tokenpak.engines.rtk.fold import alike, looks_like_log, same, similar


def folded(lines, *, log=True):
    return similar(lines, alarms("\n".join(lines), lines), log=log)


def requests(number):
    return [
        f"2026-01-01T00:00:{i % 60:02} INFO request id={i} path=/health ok" for i in range(number)
    ]


def test_one_line_again_and_again_is_counted():
    assert same(["waiting", "waiting", "waiting"]) == ["waiting", "[2 more of this line]"]


def test_a_run_that_stood_above_is_named_by_its_first_line():
    run = [f"a line of some length, number {i}" for i in range(5)]
    assert same([*run, "between", *run])[6:] == [f"[5 lines as above from: {run[0]}]"]


def test_frames_of_libraries_go_and_own_frames_stay():
    frames = [f"\tat org.junit.Runner.run{i}(Runner.java:{i})" for i in range(30)]
    frames[15] = "\tat com.acme.Cart.total(Cart.java:7)"
    out = same(["java.lang.Error: x", *frames])
    assert frames[15] in out and len(out) < 10


def test_lines_alike_are_told_by_examples_and_values():
    out = folded(requests(50))
    assert len(out) == 4 and "47 more like this" in out[2] and "0 to 49" in out[2]


def test_the_unusual_line_stands_out():
    lines = requests(50)
    lines[20] = "2026-01-01T00:00:20 INFO cache rebuilt"
    lines[30] = lines[30].replace("path=/health ok", "path=/health status=500")
    out = folded(lines)
    assert lines[20] in out and lines[30] in out


def test_a_figure_far_beyond_the_others_stands_out():
    lines = [f"2026-01-01T00:00:01 INFO call took {0.1 + i % 3 / 10:.1f}s" for i in range(60)]
    lines[40] = "2026-01-01T00:00:01 INFO call took 9.7s"
    lines = [line.replace("s", " s") if "took" in line else line for line in lines]
    assert any("9.7" in line for line in folded(lines))


def test_findings_at_different_places_are_never_told_together():
    lines = [f"src/a{i}.c:{i}:5: error: bad thing {i}" for i in range(300)]
    assert folded(lines, log=False) == lines


def test_names_are_listed():
    lines = [f"status installed package-{name}:all" for name in ("alpha", "beta", "gamma", "delta")]
    out = folded([f"2026-01-01T00:00:00 {line}" for line in lines * 3])
    assert all(name in "\n".join(out) for name in ("alpha", "beta", "gamma", "delta"))


def test_a_log_begins_its_lines_with_a_time():
    assert looks_like_log(requests(20)) and not looks_like_log(["a", "b"] * 10)


def alike_of(lines):
    return alike(lines, alarms("\n".join(lines), lines))


def test_lines_that_differ_in_times_and_ids_only_are_told_by_three():
    lines = [
        f"Connection error: pool at 0x7f59{i:04x}aa could not reach host db.internal - 10:00:{i:02}"
        for i in range(20)
    ]
    shown = alike_of([*lines, "done"])
    note = "[17 more of this line at other times, with other ids]"
    assert shown == [*lines[:2], note, lines[-1], "done"]


def test_ids_that_may_be_what_was_asked_for_stay():
    lines = [f"arn:aws:iam:eu-west-1:role/service/{i:032x}/of/the/shop/team" for i in range(20)]
    figures = [f"a row of a table that somebody printed with the figure {i:04}" for i in range(20)]
    assert alike_of(lines) == lines and alike_of(figures) == figures
