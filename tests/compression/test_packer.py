from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan, plan
from tokenpak.errors import StoreError
from tokenpak.settings import load
from tokenpak.tokens import count

STRICT = plan(load({}, mode="strict"))
FILE = "\n".join(f"{n:>6}→    total += weights[{n}] * values[{n * 31 % 97}]" for n in range(1, 80))


def read(path: str, text: str) -> list[Part]:
    one = call("Read", file_path=path)
    return [one, result(one, text)]


def conversation() -> list[Part]:
    return [
        said("user", "Fix the totals."),
        *read("a.py", FILE),
        *read("b.py", FILE.replace("total", "sum")),
        shell("cat a.py", FILE),
        said("assistant", "I see."),
        *read("a.py", FILE),
        *read("b.py", FILE.replace("total", "sum")),
    ]


def test_every_prefix_packs_to_a_prefix():
    parts = conversation()
    whole = Packer().pack(parts, STRICT).texts
    for k in range(len(parts) + 1):
        texts = Packer().pack(parts[:k], STRICT).texts
        assert texts == {i: text for i, text in whole.items() if i < k}


def test_a_memo_changes_nothing_but_the_work():
    parts = conversation()
    warm = Packer()
    grown = [warm.pack(parts[:k], STRICT) for k in range(1, len(parts) + 1)]
    assert grown == [Packer().pack(parts[:k], STRICT) for k in range(1, len(parts) + 1)]


def test_a_rewound_conversation_packs_as_if_it_had_never_gone_on():
    parts, packer = conversation(), Packer()
    packer.pack(parts, STRICT)
    other = [*parts[:5], *read("c.py", FILE)]
    assert packer.pack(parts[:5], STRICT) == Packer().pack(parts[:5], STRICT)
    assert packer.pack(other, STRICT) == Packer().pack(other, STRICT)


def test_interleaved_conversations_do_not_see_each_other():
    one, two, packer = conversation(), list(reversed(conversation())), Packer()
    for k in range(1, len(one) + 1):
        assert packer.pack(one[:k], STRICT) == Packer().pack(one[:k], STRICT)
        assert packer.pack(two[:k], STRICT) == Packer().pack(two[:k], STRICT)


def test_a_memo_without_room_gives_the_same_texts():
    parts, packer = conversation(), Packer(memo_bytes=0)
    for k in range(1, len(parts) + 1):
        assert packer.pack(parts[:k], STRICT) == Packer().pack(parts[:k], STRICT)


def test_what_lies_within_the_threshold_is_never_touched():
    parts = conversation()
    sizes = [count(part.text) for part in parts]
    for threshold in (0, sizes[0] + 1, sum(sizes[:4]), sum(sizes)):
        chosen = Plan("pack", STRICT.forms, True, threshold)
        touched = Packer().pack(parts, chosen).texts
        assert all(sum(sizes[: i + 1]) > threshold for i in touched)
    assert not touched


@pytest.mark.parametrize("kind", ["text", "system", "tool_use", "thinking", "image", "other"])
def test_only_tool_results_are_rewritten(kind):
    literal = result(call("Read", file_path="a.py"), FILE).literal
    parts = [*read("a.py", FILE), Part(kind, "user", literal, span=(0, 0))]
    assert 2 not in Packer().pack(parts, STRICT).texts


def test_a_part_without_a_span_stays_and_is_still_a_source():
    parts = conversation()
    parts[2] = Part("tool_result", "user", parts[2].literal, tool="Read", call=parts[1])
    texts = Packer().pack(parts, STRICT).texts
    assert 2 not in texts and 5 in texts


def test_unreadable_text_goes_through_and_does_no_harm():
    broken = Part("tool_result", "user", b'"\xff\xfe"', span=(0, 0), tool="Read")
    parts = conversation()
    texts = Packer().pack([broken, *parts], STRICT).texts
    assert texts == {i + 1: text for i, text in Packer().pack(parts, STRICT).texts.items()}


def test_an_agent_that_copies_the_gutter_keeps_its_style():
    edit = call("Edit", file_path="a.py", old_string="     1→total")
    parts = [*read("a.py", FILE), edit, *read("c.py", FILE.replace("total", "mean"))]
    texts = Packer().pack(parts, STRICT).texts
    assert texts[1].startswith("1\t") and 4 not in texts


def test_savings_are_what_the_counts_say():
    parts = conversation()
    packed = Packer().pack(parts, STRICT)
    saved = sum(count(parts[i].text) - count(text) for i, text in packed.texts.items())
    assert packed.saved_tokens == saved > 0


LINES = st.lists(st.sampled_from(FILE.split("\n")[:9] + ["", "  }", "<b>", "[x]"]), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), LINES), max_size=5), st.integers(0, 300))
def test_prefixes_hold_for_any_conversation_and_threshold(reads, threshold):
    parts = [part for path, lines in reads for part in read(path, "\n".join(lines))]
    chosen = Plan("pack", STRICT.forms, True, threshold)
    whole = Packer().pack(parts, chosen).texts
    for k in range(len(parts)):
        assert Packer().pack(parts[:k], chosen).texts == {i: t for i, t in whole.items() if i < k}


@pytest.mark.parametrize("pipeline", ["pack", "aggressive", "ultra", "rtk"])
@pytest.mark.parametrize(
    "command",
    ["cat /raw/{}.txt", "rg . /raw/{}.txt", "tokenpak show {}", "cd /raw && make -f {}.txt"],
)
def test_what_the_agent_fetches_back_is_not_left_out_again(pipeline, command):
    chosen = plan(load({}, mode=pipeline), Path("/raw"))
    log = "\n".join(f"step {i * 7919 % 9973} of unit-{i % 311} went by" for i in range(900))
    first = [said("user", "Build." * 6000), shell("make", log).call, shell("make", log)]
    cut = Packer().pack(first, chosen).cuts[2]
    back = shell(command.format(cut.id), log)
    packed = Packer().pack([*first, back.call, back], chosen)
    assert set(packed.cuts) == {2}
    assert lines_seen(packed, back) >= set(log.split("\n"))


def lines_seen(packed, back):
    """The lines that stand somewhere in the two results."""
    return {line for at in (2, 4) for line in packed.texts.get(at, back.text).split("\n")}


def test_a_text_that_cannot_be_kept_stays_and_what_was_cut_before_it_stays_cut():
    log = "\n".join(f"step {i * 7919 % 9973} of unit-{i % 311} went by" for i in range(900))
    parts = [said("user", "Build."), shell("make", log), shell("make", log[::-1])]
    chosen = plan(load({}, mode="strict"), Path("/raw"))

    def keep(whole):
        if whole != log:
            raise StoreError("full")

    before = Packer().pack(parts[:2], chosen, keep).texts
    packed = Packer().pack(parts, chosen, keep)
    assert before and {1: packed.texts[1]} == before
    assert set(packed.cuts) == {1} and "/raw" not in packed.texts.get(2, "")
