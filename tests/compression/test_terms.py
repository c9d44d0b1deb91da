from __future__ import annotations

import json
from typing import Any

import pytest

from tokenpak.compression.terms import read_windows, terms_of, ttl_s, window_of
from tokenpak.errors import ConfigError
from tokenpak.providers.promptcache import TTL_1H_S, TTL_S
from tokenpak.tokens import set_factor
from tokenpak.wire import get_adapter


def request(wire: str = "anthropic", model: str = "claude-sonnet-4-5", **fields: Any):
    messages = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hi."}]
    body = json.dumps({"model": model, "messages": messages, **fields}).encode()
    return get_adapter(wire).decode_request(body), body


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("claude-sonnet-4-5-20250929", 200_000),
        ("anthropic/claude-sonnet-4-5[1m]", 1_000_000),
        ("gpt-4o", 128_000),
        ("gemini-2.5-pro", 1_048_576),
        ("nobody-knows-this", 128_000),
        ("", 128_000),
    ],
)
def test_windows_are_those_of_the_price_table_then_those_documented(model, tokens):
    assert window_of(model, {}) == tokens


def test_the_users_windows_go_first_and_his_star_is_for_unknown_models():
    own = read_windows("gpt-4o=64000, My-*=9000, *=32000")
    found = [window_of(name, own) for name in ("gpt-4o", "my-model", "who", "claude-sonnet-4-5")]
    assert found == [64_000, 9_000, 32_000, 200_000]


@pytest.mark.parametrize("text", ["gpt-4o", "=5", "gpt-4o=big", "gpt-4o=0", "a=1, b"])
def test_a_wrong_window_is_named(text):
    with pytest.raises(ConfigError, match="context_windows: found .* expected model=tokens"):
        read_windows(text)


def test_marked_caches_write_everything_again_but_the_system_prompt():
    one = terms_of(*request(system="You are terse."), {})
    assert (one.whole, one.fixed) == (True, 1)
    other = terms_of(*request("openai_chat", "gpt-5"), {})
    assert (other.whole, other.fixed, other.write) == (False, 0, 1.0)


def test_prices_are_those_of_the_model():
    assert terms_of(*request(), {}).read == pytest.approx(0.1)
    assert terms_of(*request("openai_chat", "gpt-4o"), {}).read == pytest.approx(0.5)


def test_definitions_of_tools_take_their_part_of_the_window():
    tool = {"name": "Bash", "description": "Runs a command. " * 200, "input_schema": {}}
    without, with_tool = (terms_of(*request(tools=t), {}).window for t in ([], [tool]))
    assert without is not None and with_tool is not None
    assert 500 < without - with_tool < 1500


def test_what_a_machine_has_learned_of_a_model_changes_nothing():
    before = terms_of(*request(), {})
    set_factor("claude-sonnet-4-5", 2.0)
    try:
        assert terms_of(*request(), {}) == before
    finally:
        set_factor("claude-sonnet-4-5", None)


def test_a_cache_lives_for_five_minutes_or_an_hour_if_asked():
    marker = {"type": "ephemeral", "ttl": "1h"}
    hour = [{"type": "text", "text": "You are terse.", "cache_control": marker}]
    assert ttl_s(*request()) == TTL_S
    assert ttl_s(*request(system=hour)) == TTL_1H_S
    assert ttl_s(*request(system='Say {"ttl":"1h"}.')) == TTL_S
    assert ttl_s(*request("ollama", "llama3")) is None
