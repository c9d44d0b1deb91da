from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import recorded
from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression import epochs
from tokenpak.compression.packer import Packed, Packer
from tokenpak.compression.select import Plan
from tokenpak.compression.select import plan as plan_of
from tokenpak.compression.shrinking import BUDGET, FULL, NEAR
from tokenpak.compression.terms import Terms, terms_of
from tokenpak.settings import load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

FOLDER = "/home/me/.tokenpak/raw"


def aggressive(keep: int = 2000, pipeline: str = "aggressive", **terms: object) -> Plan:
    return Plan(pipeline, (), True, 0, FOLDER, keep, terms=Terms(**terms))  # type: ignore[arg-type]


def run(i: int, lines: int, command: str = "make") -> list[Part]:
    text = "\n".join(
        f"unit {i}-{n} took {n * i % 7} steps over item{n * 31 % 17}" for n in range(lines)
    )
    of = shell(command, text)
    assert of.call is not None
    return [said("assistant", f"Next {i}."), of.call, of]


def number(parts: list[Part]) -> list[Part]:
    """*parts* with what the agent wrote in one message, and what came back in the next."""
    message = 0
    for i, part in enumerate(parts):
        message += int(i > 0 and parts[i - 1].role != part.role)
        part.message = message
    return parts


def conversation(turns: int, command: str = "make") -> list[Part]:
    parts = [said("user", "Build it.")]
    for i in range(turns):
        parts += run(i, 24, command)
    return number(parts)


def prefixes(parts: list[Part], plan: Plan, cold: frozenset[int] = frozenset()) -> list[Packed]:
    packer = Packer(1 << 30)
    return [packer.pack(parts[:k], plan, cold=cold) for k in range(1, len(parts) + 1)]


def breaks(versions: list[Packed]) -> list[int]:
    """How many parts there were when something that was sent before went out differently."""
    found = []
    for k in range(1, len(versions)):
        now = {i: text for i, text in versions[k].texts.items() if i < k}
        if now != versions[k - 1].texts:
            found.append(k + 1)
    return found


def sent(parts: list[Part], packed: Packed) -> int:
    return sum(count(part.text) for part in parts) - packed.saved_tokens


def test_old_builds_are_cleared_and_say_where_they_are():
    texts = Packer().pack(conversation(120), aggressive()).texts
    cleared = [text for text in texts.values() if "cleared" in text]
    assert cleared
    assert all(
        text.startswith("[build output of 24 lines cleared; whole text in /home")
        for text in cleared
    )


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("pipeline", ["aggressive", "ultra"])
def test_what_was_sent_changes_once_an_epoch_and_the_trail_says_where(pipeline, whole):
    parts = conversation(150)
    versions = prefixes(parts, aggressive(pipeline=pipeline, whole=whole))
    told = versions[-1].epochs
    assert breaks(versions) == [each.parts for each in told] != []
    for each in told:
        before, after = versions[each.parts - 2], versions[each.parts - 1]
        assert after.epochs[-1] == each
        changed = [i for i in after.texts if after.texts[i] != before.texts.get(i)]
        assert min(changed) == each.first
        last = count(parts[each.parts - 1].text)
        saved = after.saved.get(each.parts - 1, 0)
        before_size = sent(parts[: each.parts - 1], before) + last - saved
        assert each.freed == before_size - sent(parts[: each.parts], after) > 0


def test_epochs_are_seldom():
    parts = conversation(150)
    ends = [
        sum(count(p.text) for p in parts[: k.parts])
        for k in prefixes(parts, aggressive())[-1].epochs
    ]
    assert ends[0] >= epochs.FIRST
    assert all(
        b >= max(a + epochs.STEP, int(a * epochs.GROWTH))
        for a, b in zip(ends, ends[1:], strict=False)
    )


def test_the_end_of_the_conversation_is_left_alone():
    parts = conversation(120)
    for k in range(60, 361, 60):
        texts = Packer().pack(parts[:k], aggressive(6000)).texts
        cleared = [i for i, text in texts.items() if "cleared" in text]
        assert all(sum(count(p.text) for p in parts[i + 1 : k]) >= 6000 for i in cleared)


def read(name: str, i: int) -> list[Part]:
    one = call("Read", file_path=f"{name}.py")
    body = "\n".join(f"{n}\tvalue{i} {n * 7 % 13}" for n in range(60))
    return [said("assistant", f"Look {i}."), one, result(one, body)]


def test_files_that_were_only_read_are_never_cleared_and_edited_ones_are():
    parts = [said("user", "Go."), *(p for i in range(60) for p in read(f"f{i}", i))]
    assert Packer().pack(number(parts), aggressive()).epochs == ()
    for i in range(30):
        edit = call("Edit", file_path=f"f{i}.py", old_string=f"value{i} 7", new_string="x")
        parts += [said("assistant", "Now."), edit, result(edit, "Done.")]
    parts += [part for i in range(60, 70) for part in read(f"f{i}", i)]
    texts = Packer().pack(number(parts), aggressive(write=0.3)).texts
    cleared = {i for i, text in texts.items() if "edited since" in text}
    assert cleared and max(cleared) <= 90


def test_without_epochs_nothing_is_ever_rewritten():
    assert breaks(prefixes(conversation(40), Plan("pack", (), True, 0, FOLDER, None))) == []


def test_a_cold_cache_makes_an_epoch_where_the_sum_would_not():
    parts = conversation(30)
    plan = aggressive(read=0.1, write=50.0)
    assert prefixes(parts, plan)[-1].epochs == ()
    versions = prefixes(parts, plan, frozenset({80}))
    assert [(each.parts, each.why) for each in versions[-1].epochs] == [(80, "cold")]
    assert breaks(versions) == [80]
    assert versions[78].texts == Packer().pack(parts[:79], plan).texts


@pytest.mark.parametrize("memo", [0, 1 << 30])
def test_a_decision_counts_from_its_prefix_on_whatever_the_memo_holds(memo):
    parts, plan, cold = conversation(30), aggressive(read=0.1, write=50.0), frozenset({60})
    packer = Packer(memo)
    plain = packer.pack(parts[:80], plan)
    with_decision = packer.pack(parts[:80], plan, cold=cold)
    assert with_decision.epochs and not plain.epochs
    assert packer.pack(parts[:85], plan, cold=cold) == Packer().pack(parts[:85], plan, cold=cold)
    assert packer.pack(parts[:59], plan, cold=cold) == Packer().pack(parts[:59], plan)


WINDOW = 20_000


def windowed(**terms: object) -> Plan:
    return aggressive(window=WINDOW, write=50.0, **terms)


def mixed(turns: int) -> list[Part]:
    parts = [said("user", "Go.")]
    for i in range(turns):
        parts += read(f"f{i}", i) if i % 2 else run(i, 20, "rg x")
    return number(parts)


def test_a_conversation_that_nears_its_window_is_brought_to_its_budget():
    parts = mixed(90)
    versions = prefixes(parts, windowed())
    found = [each for each in versions[-1].epochs if each.why == "window"]
    assert found
    for each in found:
        size = sent(parts[: each.parts], versions[each.parts - 1])
        assert 0.99 * BUDGET * WINDOW <= size <= BUDGET * WINDOW
    sizes = [sent(parts[: k + 1], packed) for k, packed in enumerate(versions)]
    assert max(sizes) < NEAR * WINDOW
    assert breaks(versions) == [each.parts for each in versions[-1].epochs]


def test_the_budget_is_met_by_results_alone_and_words_stay():
    parts = mixed(90)
    texts = Packer().pack(parts, windowed()).texts
    assert {parts[i].kind for i in texts} == {"tool_result"}


@pytest.mark.parametrize(("words", "touched"), [(13_500, False), (16_500, True)])
def test_what_was_not_answered_yet_goes_only_if_the_request_would_be_refused(words, touched):
    one = call("Read", file_path="a.py")
    text = "\n".join(f"{n}\tunit-{n} {n * 7919 % 9973}" for n in range(500))
    fresh = [said("assistant", "Look."), one, result(one, text)]
    rest = said("user", "word " * words)
    parts = number([rest, *fresh])
    size = sum(count(part.text) for part in parts)
    assert NEAR * WINDOW < size
    packed = Packer().pack(parts, windowed())
    assert (list(packed.texts) == [3]) is touched
    assert not touched or 0.9 * WINDOW < sent(parts, packed) <= FULL * WINDOW


def test_what_is_related_to_the_present_goes_last():
    about = "\n".join(f"the parcel_{i} of the courier_{i}" for i in range(150))
    apart = "\n".join(f"the weather_{i} of the season_{i}" for i in range(150))
    parts = [said("user", "Go.")]
    for i in range(10):
        parts += [said("assistant", f"{i}."), *_fetched(i, about if i in (0, 3) else apart)]
    ask = said("user", about)
    plan = replace(windowed(), forms=("ansi",), references=False)
    size = sum(count(part.text) for part in parts)
    plan = replace(plan, terms=Terms(write=50.0, window=int((size + 100) / NEAR)))
    assert not Packer().pack(number(parts), plan).texts
    gone = Packer().pack(number([*parts, ask]), plan).texts
    assert 6 in gone and not gone.keys() & {3, 12}


def _fetched(i: int, text: str) -> list[Part]:
    one = call("lookup", id=i)
    return [one, result(one, text)]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 60), st.sampled_from(["make", "rg x", "git diff", "cat a.py", "./x"])
        ),
        max_size=50,
    ),
    st.sampled_from(["aggressive", "ultra"]),
    st.booleans(),
    st.frozensets(st.integers(1, 150), max_size=2),
)
def test_epochs_follow_from_the_prefix_alone(sizes, pipeline, whole, cold):
    parts = [said("user", "Go.")]
    for i, (lines, command) in enumerate(sizes):
        parts += run(i, lines * 4, command)
    number(parts)
    plan = aggressive(500, pipeline, whole=whole, window=30_000)
    grown = prefixes(parts, plan, cold)
    for k in range(len(parts) // 3, len(parts), 7):
        if k:
            assert Packer().pack(parts[:k], plan, cold=cold) == grown[k - 1]
    assert breaks(grown) == [each.parts for each in grown[-1].epochs if each.parts > 1]


@cache
def _session(name: str, pipeline: str) -> tuple[list[Part], Plan]:
    body = recorded.body(name)
    request = get_adapter(recorded.adapter_name(name)).decode_request(body)
    chosen = plan_of(load({}, mode=pipeline, home=FOLDER), None)
    terms = terms_of(request, body, {"*": 60_000, "claude-*": 60_000, "gpt-*": 60_000})
    return list(request.parts), replace(chosen, terms=terms)


@pytest.mark.parametrize("pipeline", ["aggressive", "ultra"])
@pytest.mark.parametrize("name", recorded.NAMES)
def test_recorded_conversations_change_at_their_epochs_only(name, pipeline):
    parts, plan = _session(name, pipeline)
    versions = prefixes(parts, plan)
    told = versions[-1].epochs
    assert breaks(versions) == [each.parts for each in told]
    assert {parts[i].kind for i in versions[-1].texts} <= {"tool_result"}
    for k in {len(parts) // 2, len(parts) - 1, *(each.parts for each in told)}:
        assert Packer().pack(parts[:k], plan) == versions[k - 1]
