from __future__ import annotations

from tokenpak.engines.rtk.frames import without_library_frames


def test_frames_of_libraries_in_a_python_traceback_are_told_by_the_first_and_the_last():
    def frame(path, number):
        return [f'  File "{path}", line {number}, in call', f"    step({number})"]

    library = "/app/.venv/lib/python3.11/site-packages/web/app.py"
    own = frame("/app/views.py", 3)
    lines = ["Traceback (most recent call last):", *own]
    for i in range(6):
        lines += frame(library, i)
    lines += [*frame("/app/models.py", 9), "ValueError: row 12 has no total"]
    shown = without_library_frames(lines)
    assert shown[:3] == lines[:3] and shown[3:5] == frame(library, 0)
    assert shown[5] == "  [4 more frames of libraries]" and shown[6:8] == frame(library, 5)
    assert shown[8:] == lines[-3:]


def test_of_a_long_stack_the_first_frames_one_s_own_and_the_last_stay():
    frames = [f"\tat org.junit.runner.Step{i}.run(Step.java:{i})" for i in range(30)]
    frames[20] = "\tat com.shop.Cart.total(Cart.java:12)"
    shown = without_library_frames(["java.lang.IllegalStateException: boom", *frames, "done"])
    assert shown[0].endswith("boom") and frames[20] in shown and frames[29] in shown
    assert "[25 more stack frames]" in shown and len(shown) == 8


def test_short_stacks_stay():
    lines = ["Error: boom", *(f"    at f{i} (/app/node_modules/x.js:{i})" for i in range(10))]
    assert without_library_frames(lines) == lines
