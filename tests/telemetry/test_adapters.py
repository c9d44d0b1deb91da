from __future__ import annotations

import pytest

from tokenpak.telemetry.adapters import AdapterRegistry
from tokenpak.wire import ADAPTERS

BODY = b'{"model": "m", "messages": [{"role": "user", "content": "hi"}]}'
ANSWER = b'{"usage": {"input_tokens": 3, "output_tokens": 2}}'


def test_brings_every_wire_format() -> None:
    registry = AdapterRegistry()

    assert list(registry) == list(ADAPTERS)
    assert len(registry) == len(ADAPTERS)
    assert "anthropic" in registry
    assert registry.detect("/v1/messages") is registry.get("anthropic")
    assert registry.detect("/nosuch") is None


def test_reads_requests_and_what_answers_used() -> None:
    registry = AdapterRegistry()
    answer = registry.response("anthropic", ANSWER)

    assert registry.request("anthropic", BODY).model == "m"
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (3, 2)
    assert (answer.wire, answer.body_bytes) == ("anthropic", len(ANSWER))


def test_a_caller_s_adapter_is_known_to_this_registry_only() -> None:
    class Mine(type(ADAPTERS["anthropic"])):  # type: ignore[misc]
        name = "mine"

    registry = AdapterRegistry()
    registry.register(Mine())

    assert registry.get("mine").name == "mine"
    assert "mine" not in AdapterRegistry()
    with pytest.raises(ValueError, match="'mine' already"):
        registry.register(Mine())


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(LookupError, match="unknown adapter 'x'; known: anthropic, "):
        AdapterRegistry().get("x")
