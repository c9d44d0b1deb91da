from __future__ import annotations

from tests.calls import call, said
from tokenpak.canonical import Part
from tokenpak.compression.memo import Memo, chain
from tokenpak.compression.select import plan
from tokenpak.compression.state import State
from tokenpak.settings import load

PACK, LITE = plan(load({})), plan(load({}, mode="lite"))
PARTS = [said("user", "a"), call("Bash", command="ls"), said("user", "b")]


def test_keys_of_a_prefix_begin_the_keys_of_the_whole():
    assert chain(PARTS, PACK)[:3] == chain(PARTS[:2], PACK)


def test_another_plan_tool_role_or_text_is_another_key():
    def variant(**changed: object) -> list[bytes]:
        fields = {"kind": "text", "role": "user", "literal": b'"b"', "span": (0, 0), "tool": None}
        return chain([*PARTS[:2], Part(**(fields | changed))], PACK)  # type: ignore[arg-type]

    keys = {
        variant(**changed)[-1]
        for changed in (
            {},
            {"role": "assistant"},
            {"literal": b'"c"'},
            {"tool": "Read"},
            {"span": None},
            {"kind": "tool_result"},
        )
    } | {chain(PARTS, LITE)[-1]}
    assert len(keys) == 7


def test_a_state_is_lent_to_one_caller_at_a_time():
    memo, keys = Memo(1 << 20), chain(PARTS, PACK)
    memo.put(keys, State(parts=3))
    assert (memo.take(keys).parts, memo.take(keys).parts) == (3, 0)


def test_the_longest_known_prefix_is_taken():
    memo, keys = Memo(1 << 20), chain(PARTS, PACK)
    memo.put(keys[:2], State(parts=1))
    memo.put(keys[:3], State(parts=2))
    assert memo.take(keys).parts == 2


def test_the_least_recently_used_state_goes_first():
    big = State(chars=1000)
    memo = Memo(2 * big.size)
    for name in "abc":
        memo.put([name.encode()], State(parts=1, chars=1000))
    assert [memo.take([name.encode()]).parts for name in "abc"] == [0, 1, 1]


def test_a_decision_changes_the_keys_from_its_prefix_on():
    plain, decided = chain(PARTS, PACK), chain(PARTS, PACK, cold=frozenset({2, 99}))
    assert [a == b for a, b in zip(plain, decided, strict=True)] == [True, True, False, False]
