from __future__ import annotations

import re

import pytest

from tests.calls import said, shell
from tokenpak.canonical import Part
from tokenpak.compression.cuts import LIMITS
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan
from tokenpak.recovery import raw_path
from tokenpak.tokens import count

FOLDER = "/home/me/.tokenpak/raw"


def plan(folder: str | None = FOLDER, pipeline: str = "pack") -> Plan:
    return Plan(pipeline, (), True, 0, folder)


def log(lines: int) -> list[str]:
    return [
        f"step {chr(97 + i % 26)}{i * 7919 % 9973} of module_{i % 311} went by"
        for i in range(lines)
    ]


def packed(command: str, text: str, chosen: Plan | None = None, before: str = "") -> str:
    parts = [said("user", before), *_call(command, text)]
    return Packer().pack(parts, chosen or plan()).texts.get(2, text)


def _call(command: str, text: str) -> list[Part]:
    result = shell(command, text)
    assert result.call is not None
    return [result.call, result]


def test_a_huge_build_keeps_head_tail_and_every_problem():
    lines = log(900)
    lines[400] = "src/a.c:12:4: error: 'x' undeclared"
    lines[612] = "warning: unused variable"
    out = packed("make -j4", "\n".join(lines))
    shown = out.split("\n")
    assert shown[0] == lines[0] and shown[-1] == lines[-1]
    assert lines[400] in shown and lines[612] in shown
    assert count(out) < 1.3 * LIMITS["pack"]["build"]


def test_a_line_of_a_log_that_is_like_no_other_stays():
    lines = [f"GET /items/{i} took {i % 90} ms in worker {i % 7}" for i in range(900)]
    lines[500] = "GET /items/500 was served from the replica in Oslo"
    shown = packed("kubectl logs shop", "\n".join(lines)).split("\n")
    assert lines[500] in shown and len(shown) < 200


def test_the_first_marker_names_the_file_and_every_marker_its_lines():
    text = "\n".join(log(900))
    lines = text.split("\n")
    out = packed("make", text).split("\n")
    rebuilt: list[str] = []
    for line in out:
        if gap := re.match(r"\[lines (\d+)-(\d+) left out", line):
            assert len(rebuilt) + 1 == int(gap[1])
            rebuilt += lines[int(gap[1]) - 1 : int(gap[2])]
        else:
            rebuilt.append(line)
    assert rebuilt == lines
    (first, *others) = [line for line in out if "left out" in line]
    assert first.endswith(f"left out: build output; whole text in {raw_path(FOLDER, text)}]")
    assert all(line.endswith(" left out, see above]") for line in others)


def test_lines_that_the_conversation_speaks_of_stay():
    lines = log(900)
    lines[500] = "loading config for PaymentGateway done"
    out = packed("make", "\n".join(lines), before="Why does PaymentGateway config fail?")
    assert lines[500] in out.split("\n")


def test_nothing_is_cut_where_the_client_could_not_get_it_back():
    text = "\n".join(log(900))
    assert packed("make", text, plan(None)) == text


@pytest.mark.parametrize("command", ["sed -n 1,900p a.py", "git diff", "ruff check .", "./run.sh"])
def test_views_diffs_linters_and_unknown_commands_stay_whole_under_pack(command):
    text = "\n".join(log(900))
    assert packed(command, text) == text


def test_changed_lines_of_a_diff_stay_in_every_pipeline():
    lines = [f" context {i}" if i % 9 else f"{'+-'[i % 2]}changed {i}" for i in range(3000)]
    out = packed("git diff", "\n".join(lines), plan(pipeline="ultra")).split("\n")
    assert "left out" in "".join(out)
    assert [line for line in lines if line[0] in "+-"] == [line for line in out if line[0] in "+-"]


@pytest.mark.parametrize(
    "passed",
    [
        "    --- PASS: TestCase%d (0.01s)",
        "ok  \texample.com/shop/cart%d\t0.3s",
        "ok  \texample.com/shop/cart%d\t(cached)",
    ],
)
def test_what_passed_is_left_out_of_a_short_run_too(passed):
    tests = [passed % i for i in range(40)]
    lines = [
        "=== start",
        *tests,
        "--- FAIL: TestTotal (0.00s)",
        "    got 3, want 4",
        "FAIL",
        "exit 1",
    ]
    out = packed("go test -v ./...", "\n".join(lines))
    assert out.split("\n")[1].startswith("[lines 2-41 left out")
    assert out.endswith("\n".join(lines[41:]))


def hits(files: int, each: int) -> str:
    return "\n".join(
        f"src/part_{f}/module.py:{10 * h + 1}:    sum_{(f * 9 + h) * 7919 % 997}(order_{f}_{h})"
        for f in range(files)
        for h in range(each)
    )


def test_every_file_with_a_hit_is_named_in_a_line_or_in_a_marker():
    text = hits(60, 9)
    forms = Plan("pack", ("search",), True, 0, FOLDER)
    out = packed("rg -n total src", text, forms, before="What is order_30_4?")
    (first, *others) = [line for line in out.split("\n") if "left out" in line]
    assert "; hits in src/part_" in first and others
    for f in range(60):
        assert out.count(f"src/part_{f}/module.py") == 1


def test_a_hit_that_stays_stands_below_the_name_of_its_file():
    forms = Plan("pack", ("search",), True, 0, FOLDER)
    out = packed("rg -n total src", hits(60, 9), forms, before="What is order_30_4?")
    path = ""
    for line in out.split("\n"):
        if found := re.match(r"src/part_(\d+)/", line):
            path = found[1]
        elif line.startswith(" "):
            assert f"(order_{path}_" in line
    assert "(order_30_4)" in out


def test_a_line_around_a_hit_stands_below_the_name_of_its_file():
    groups = [
        [
            f"/w/src/part_{f}.py-{n}-    before_{f}_{n} = {n * 7919 % 997}" for n in range(1, 6)
        ] + [f"src/part_{f}.py:6:    total_{f}()", "--"]
        for f in range(60)
    ]  # fmt: skip
    text = "\n".join(line for group in groups for line in group)
    forms = Plan("pack", ("search",), True, 0, FOLDER)
    out = packed("rg -n -B5 total", text, forms, before="What is before_30_3?")
    lines = out.split("\n")
    asked = next(i for i, line in enumerate(lines) if "before_30_3" in line)
    above = [line for line in lines[:asked] if not line.startswith((" ", "["))]
    assert lines[asked].startswith(" 3-") and above[-1].startswith("/w/src/part_30.py-1-")


def test_what_is_left_out_is_handed_over_first():
    kept: list[str] = []
    text = "\n".join(log(900))
    Packer().pack([said("user", "x"), *_call("make", text)], plan(), kept.append)
    assert kept == [text]


def test_if_it_cannot_be_kept_nothing_is_packed():
    def full(whole: str) -> None:
        raise OSError("disk full")

    packer, parts = Packer(), [said("user", "x"), *_call("make", "\n".join(log(900)))]
    with pytest.raises(OSError):
        packer.pack(parts, plan(), full)
    assert packer.pack(parts, plan()) == Packer().pack(parts, plan())


def test_references_never_point_to_lines_that_were_left_out():
    text = "\n".join(log(900))
    parts = [said("user", "x"), *_call("make", text), *_call("cat log", text)]
    out = Packer().pack(parts, plan()).texts
    missing = set(text.split("\n")) - set(out[2].split("\n"))
    assert missing and missing <= set(out[4].split("\n"))
