"""A replay says what the proxy would have sent, turn by turn."""

from __future__ import annotations

import dataclasses

import pytest

from tests.simulate.recordings import conversation
from tokenpak.compression.body import Compressor
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import plan
from tokenpak.providers.pricing import Prices
from tokenpak.settings import load
from tokenpak.simulate.conversation import Conversation, Fact
from tokenpak.simulate.outcome import Outcome
from tokenpak.simulate.reading import measure, readable
from tokenpak.simulate.replay import replay
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

PRICES = Prices.load()
NAMES = ["claude_code", "codex", "copilot", "airline"]


def replayed(found: Conversation, mode: str = "pack", turns: int | None = None) -> Outcome:
    return replay(found, Packer(), plan(load({}, mode=mode)), PRICES, turns=turns)


def turn_by_turn(found: Conversation, mode: str = "pack") -> tuple[int, int]:
    """Tokens without and with packing, each turn's request read, packed and counted by itself."""
    compressor, adapter = Compressor(load({}, mode=mode)), get_adapter(found.wire)
    direct = packed = 0
    for upto in found.turns():
        one = dataclasses.replace(found, messages=found.messages[:upto])
        result = compressor.pack(adapter, "", one.body())
        tools = measure(dataclasses.replace(one, messages=[], system=None), ()).texts[0]
        after = adapter.decode_request(result.body)
        direct += tools + sum(count(readable(part)) for part in result.request.parts)
        packed += tools + sum(count(readable(part)) for part in after.parts)
    return direct, packed


@pytest.mark.parametrize("name", NAMES)
def test_the_tokens_are_those_of_every_turn_packed_by_itself(name: str) -> None:
    found = conversation(name)
    figures = replayed(found).figures

    assert (figures.direct.tokens, figures.packed.tokens) == turn_by_turn(found)
    assert figures.turns == len(found.turns())


@pytest.mark.parametrize("name", NAMES)
def test_techniques_and_kinds_of_content_sum_to_what_was_saved(name: str) -> None:
    found = replayed(conversation(name), "strict")
    saved = found.figures.direct.tokens - found.figures.packed.tokens

    assert sum(found.saved_by.values()) == saved
    assert sum(each.direct for each in found.kinds.values()) == found.figures.direct.tokens
    assert sum(each.packed for each in found.kinds.values()) == found.figures.packed.tokens


def test_packing_pays_and_off_changes_nothing() -> None:
    packed, off = (
        replayed(conversation("claude_code"), mode).figures for mode in ("strict", "off")
    )

    assert packed.packed.billed < packed.direct.billed
    assert packed.packed.usd < packed.direct.usd
    assert packed.packed.json_billed < packed.direct.json_billed
    assert off.packed == off.direct == packed.direct


def test_a_sample_replays_that_many_turns() -> None:
    found = replayed(conversation("codex"), turns=4).figures

    assert 4 <= found.turns <= 8


def test_turns_that_another_conversation_sent_cost_nothing_again() -> None:
    found = conversation("claude_code")
    middle = found.turns()[20]
    first = dataclasses.replace(found, messages=found.messages[:middle])
    rest = dataclasses.replace(found, sent=middle + 1)

    whole, one, two = (replayed(each).figures for each in (found, first, rest))

    assert one.turns + two.turns == whole.turns
    assert one.direct.tokens + two.direct.tokens == whole.direct.tokens
    # What the first has sent is in the cache already, up to the breakpoint of its last turn.
    assert one.direct.billed + two.direct.billed < 1.05 * whole.direct.billed


def test_a_pause_costs_the_cache() -> None:
    found = conversation("claude_code")
    steady = dataclasses.replace(found, times=[60.0 * at for at in range(len(found.messages))])
    slow = dataclasses.replace(found, times=[600.0 * at for at in range(len(found.messages))])

    assert replayed(steady).figures.direct.billed == replayed(found).figures.direct.billed
    assert replayed(slow).figures.direct.billed > 4 * replayed(found).figures.direct.billed


CALL = {"type": "tool_use", "id": "c", "name": "Read", "input": {"file_path": "a"}}
FILE = "\n".join(f"{at:>6}→line number {at} of the file" for at in range(1, 300))
MESSAGES = [
    {"role": "user", "content": "go"},
    {"role": "assistant", "content": [CALL]},
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "c", "content": FILE}],
    },
    {"role": "assistant", "content": "done"},
]


def test_a_fact_that_packing_rewrites_is_lost_at_its_turn() -> None:
    facts = [
        Fact("line number 7 of the file", 3),
        Fact("     7→line number 7 of the file", 3),
        Fact("line number 8 of the file", 1),
        Fact("line number 9 of the file", 4),
    ]
    found = replayed(Conversation("p", "a", "anthropic", MESSAGES, facts=facts), "strict")

    assert (found.figures.facts, found.figures.facts_kept) == (3, 1)
    assert [each.fact for each in found.lost] == [facts[2].text, facts[1].text]
    assert found.lost[1].line == "7→line number 7 of the file"


def test_without_facts_of_its_own_they_are_looked_for() -> None:
    edit = {"type": "tool_use", "id": "d", "name": "Edit"}
    edit["input"] = {"old_string": "line number 7 of the file"}
    messages = [*MESSAGES[:3], {"role": "assistant", "content": [edit]}]

    found = replayed(Conversation("p", "a", "anthropic", messages), "strict").figures

    assert (found.facts, found.facts_kept) == (1, 1)


def test_what_a_mode_clears_later_is_paid_for_again() -> None:
    found = conversation("codex")
    cleared = replayed(found, "aggressive").figures

    assert (cleared.direct.tokens, cleared.packed.tokens) == turn_by_turn(found, "aggressive")
