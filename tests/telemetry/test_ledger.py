"""The books, against the simulated caches of the providers."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from tests import recorded
from tests.telemetry.exchanges import PRICE, flow
from tests.telemetry.exchanges import usage as reported
from tests.telemetry.talk import Talk, body, said, talk_of
from tokenpak.canonical import CanonicalUsage
from tokenpak.compression.body import Compressor
from tokenpak.providers.pricing import Price, Prices
from tokenpak.settings import load
from tokenpak.telemetry.events import row
from tokenpak.telemetry.ledger import Break, Ledger, unplaced

TOOLS = [{"name": "Read", "input_schema": {}}, {"name": "Bash", "input_schema": {}}]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def price_of(model: str) -> Price:
    prices = Prices.load()
    return prices.price(model) or prices.price("gpt-5") or PRICE


@pytest.mark.parametrize("mode", ["pack", "strict"])
@pytest.mark.parametrize("name", recorded.NAMES)
def test_the_unpacked_cost_is_that_of_the_unpacked_stream(name: str, mode: str) -> None:
    talk = Talk(recorded.adapter_name(name), mode=mode)
    booked = direct = paid = 0.0
    for upto in recorded.turns(name):
        entry = talk.send(recorded.body(name, upto))
        price = price_of(talk.flow.model or "")
        mine = row(talk.flow, price, entry)
        usage = CanonicalUsage(talk.direct.tokens, 10, talk.direct.read, talk.direct.written, None)
        usage = replace(usage, cache_write_1h_tokens=0)
        theirs = row(replace(talk.flow, usage=usage, saved_tokens=0, trail=None), price)
        assert entry.cache_break is None
        assert mine.cost_unpacked_usd and mine.cost_usd and theirs.cost_usd
        booked, paid = booked + mine.cost_unpacked_usd, paid + mine.cost_usd
        direct += theirs.cost_usd

    assert booked == pytest.approx(direct, rel=0.01)
    assert paid < direct


def test_where_nothing_is_saved_both_costs_are_the_same(talk: Talk) -> None:
    entry = talk.send(body(talk_of(2)))

    mine = row(talk.flow, PRICE, entry)
    assert (mine.savings_usd, mine.savings_bound) == (0, "exact")
    assert mine.cost_unpacked_usd == mine.cost_usd


def test_without_reported_usage_there_is_no_figure(talk: Talk) -> None:
    entry = talk.send(body(talk_of(2)), usage=None)

    assert (entry.split, row(talk.flow, PRICE, entry).cost_unpacked_usd) == (None, None)


def test_markers_of_ours_are_charged_against_no_cache_at_all() -> None:
    talk = Talk(cache_breakpoints="auto")
    for turns in (1, 2, 3):
        entry = talk.send(body(talk_of(turns), marked=False, tools=TOOLS))
        assert entry.split
        assert (entry.split.read, entry.split.written) == (0, 0)
        assert entry.split.rest == talk.direct.tokens == talk.direct.rest
        assert entry.split.bound == "exact"
    mine = row(talk.flow, PRICE, entry)
    assert mine.savings_usd and mine.savings_usd > 0


def test_a_cache_entry_that_nobody_reads_is_a_negative_saving() -> None:
    talk = Talk(cache_breakpoints="auto")
    entry = talk.send(body(talk_of(1), marked=False, tools=TOOLS))

    mine = row(talk.flow, PRICE, entry)
    assert mine.savings_usd is not None and mine.savings_usd < 0


def test_a_conversation_met_in_its_middle_counts_the_least() -> None:
    talk = Talk(mode="strict")
    *_, before, last = (recorded.body("claude_code", n) for n in recorded.turns("claude_code"))
    talk.send(before)
    talk.ledger = Ledger()  # as after a restart

    split = talk.send(last).split

    assert split and split == unplaced(talk.flow, talk.flow.usage or CanonicalUsage())


@pytest.mark.parametrize(
    ("usage", "model", "expected"),
    [
        (reported(1000), "gpt-5", (0, 0, 1300, "exact")),
        (reported(1000, cache_read_tokens=600), "gpt-5", (900, 0, 400, "at_least")),
        (reported(1000, 1, 600, 100), "gpt-5", (900, 100, 300, "at_least")),
        (reported(1000, 1, 0, 900), "gpt-5", (0, 900, 400, "at_least")),
    ],
)
def test_what_cannot_be_placed_counts_at_its_lowest_price(
    usage: CanonicalUsage, model: str, expected: tuple[int, int, int, str]
) -> None:
    split = unplaced(flow(model=model), usage)

    assert split and (split.read, split.written, split.rest, split.bound) == expected


def test_tokens_of_a_tokenizer_that_is_not_public_are_an_estimate() -> None:
    split = unplaced(flow(model="claude-sonnet-4-5"), reported(1000))

    assert split and split.bound == "estimate"
    assert split.rest > 1300


def test_a_conversation_that_goes_on_breaks_nothing(talk: Talk) -> None:
    assert [talk.send(body(talk_of(n))).cache_break for n in (2, 3, 4)] == [None] * 3


def broken(talk: Talk, before: bytes, after: bytes, after_s: float = 30.0) -> Break | None:
    talk.send(before)
    return talk.send(after, after_s).cache_break


DATED = "Be careful. Today is Friday, 21 Nov 2026, 04:{:02}."


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        (
            body(talk_of(2), system=DATED.format(1)),
            body(talk_of(3), system=DATED.format(2)),
            "the system prompt: a date or time changed",
        ),
        (
            body(talk_of(2), tools=TOOLS),
            body(talk_of(3), tools=TOOLS[::-1]),
            "the tools: order changed",
        ),
        (
            body(talk_of(3)),
            body([talk_of(3)[0], said("assistant", "Edited."), *talk_of(4)[2:]]),
            "message 1 (assistant) edited",
        ),
        (body(talk_of(2)), body(talk_of(3), marked=False), "no cache breakpoint in this request"),
    ],
    ids=["date", "tools", "edit", "no marker"],
)
def test_a_break_by_the_client_names_what_it_changed(
    talk: Talk, before: bytes, after: bytes, where: str
) -> None:
    found = broken(talk, before, after)

    assert found and (found.cause, found.where) == ("client", where)
    assert found.tokens and found.tokens > 1024


def test_another_model_has_another_cache(talk: Talk) -> None:
    talk.send(body(talk_of(4)), usage=reported(4000, 10, 0, 4000), model="claude-haiku-4-5")
    found = talk.send(
        body(talk_of(5)), usage=reported(5000, 10, 0, 5000), model="other"
    ).cache_break
    assert found and found.where == "the model: claude-haiku-4-5 became other"


def test_time_that_passed_is_named_as_such(talk: Talk) -> None:
    found = broken(talk, body(talk_of(2)), body(talk_of(3)), 400.0)

    assert found and (found.cause, found.where) == ("expired", "400 s since the last request")


def test_an_hour_is_an_hour(talk: Talk) -> None:
    def hour(turns: int) -> bytes:
        return body(talk_of(turns)).replace(b'"ephemeral"', b'"ephemeral", "ttl": "1h"')

    assert broken(talk, hour(2), hour(3), 3000.0) is None
    usage = reported(4000, 10, 0, 4000)
    found = talk.send(hour(4), 3000.0, usage=usage).cache_break
    assert found and found.cause == "unknown"


def test_what_nothing_explains_is_unknown(talk: Talk) -> None:
    talk.send(body(talk_of(2)))
    found = talk.send(body(talk_of(3)), usage=reported(4000, 10, 0, 4000)).cache_break

    assert found and (found.cause, found.where) == ("unknown", "")
    assert found.tokens == pytest.approx(2600, rel=0.2)


def test_a_session_that_only_begins_as_another_did_breaks_nothing(talk: Talk) -> None:
    talk.send(body(talk_of(2)), session_id="one")
    found = talk.send(
        body(talk_of(3)), usage=reported(4000, 10, 0, 4000), session_id="two"
    ).cache_break

    assert found is None


def test_a_turn_longer_than_the_look_back_is_named(talk: Talk) -> None:
    found = broken(talk, body(talk_of(2)), body([*talk_of(2), *[said("assistant", "…")] * 25]))

    assert found and found.cause == "client"
    assert found.where == "25 blocks since the last request, looked back for 20"


def test_going_back_to_ask_anew_is_no_break(talk: Talk) -> None:
    talk.send(body(talk_of(2)))
    talk.send(body(talk_of(3)))

    assert broken(talk, body(talk_of(4)), body([*talk_of(3)[:-1], said("user", "No!")])) is None


def test_requests_side_by_side_expect_nothing_of_each_other(talk: Talk) -> None:
    talk.send(body(talk_of(2)), first_byte_ms=5000.0)
    usage = reported(4000, 10, 0, 4000)

    assert talk.send(body(talk_of(3)), 1.0, usage=usage).cache_break is None


def test_a_failed_request_is_not_held_by_anyone(talk: Talk) -> None:
    assert talk.send(body(talk_of(2)), status=529).split is None
    usage = reported(4000, 10, 0, 4000)

    assert talk.send(body(talk_of(3)), usage=usage).cache_break is None


def test_a_change_that_costs_nothing_is_no_break(talk: Talk) -> None:
    short = [said("user", "Hi."), said("assistant", "Hello."), said("user", "Bye.")]
    edited = [said("user", "Hi."), said("assistant", "Hullo."), *short[2:], *short[1:]]

    assert broken(talk, body(short), body(edited)) is None


def test_where_the_provider_reports_no_cache_an_edit_is_still_named(talk: Talk) -> None:
    usage = CanonicalUsage(3000, 10)
    talk.send(body(talk_of(3)), usage=usage)
    edited = body([talk_of(3)[0], said("assistant", "Edited."), *talk_of(4)[2:]])

    assert talk.send(edited, usage=usage).cache_break == Break(
        None, "client", "message 1 (assistant) edited"
    )


class TestOurOwn:
    """A pipeline that changes what was sent: the books charge us for it."""

    @pytest.fixture
    def talk(self) -> Talk:
        talk = Talk(pipeline="off")
        *_, before, self.last = (
            recorded.body("claude_code", n) for n in recorded.turns("claude_code")
        )
        talk.send(before)
        talk.compressor = Compressor(load({}, mode="strict"))
        return talk

    def test_is_attributed_to_us(self, talk: Talk) -> None:
        found = talk.send(self.last).cache_break

        assert found and found.cause == "proxy"
        assert found.where.startswith("message ")

    def test_is_charged_to_us(self, talk: Talk) -> None:
        entry = talk.send(self.last)

        assert entry.split
        assert entry.split.read == pytest.approx(talk.direct.read, rel=0.01)
        assert entry.split.written == pytest.approx(talk.direct.written, rel=0.1)
        savings = row(talk.flow, PRICE, entry).savings_usd
        assert savings is not None and savings < 0


def test_what_was_held_counts_at_its_unpacked_size() -> None:
    talk = Talk(mode="strict")
    *_, before, last = (recorded.body("claude_code", n) for n in recorded.turns("claude_code"))
    talk.send(before)
    talk.compressor = Compressor(load({}, pipeline="off"))  # all that was packed is sent again

    split = talk.send(last).split

    assert split and split.read == pytest.approx(talk.direct.read, rel=0.01)


def test_a_break_is_one_warning_line(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tokenpak.cache"):
        broken(talk, body(talk_of(2), tools=TOOLS), body(talk_of(3), tools=TOOLS[:1]))

    assert [each.levelname for each in caplog.records] == ["WARNING"]
    assert "(client): the tools: 'Bash' removed; " in caplog.text
    assert "\n" not in caplog.records[0].getMessage()


def test_an_expired_cache_is_no_warning(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tokenpak.cache"):
        broken(talk, body(talk_of(2)), body(talk_of(3)), 400.0)

    assert [each.levelname for each in caplog.records] == ["INFO"]


def test_a_break_is_stored_with_its_row(talk: Talk) -> None:
    talk.send(body(talk_of(2), tools=TOOLS))
    entry = talk.send(body(talk_of(3), tools=TOOLS[::-1]))

    stored = row(talk.flow, PRICE, entry)

    assert stored.cache_break == (entry.cache_break and entry.cache_break.tokens)
    assert (stored.cache_break_cause, stored.cache_break_where) == (
        "client",
        "the tools: order changed",
    )
