"""Prices by model name and date."""

from __future__ import annotations

import datetime
import json
from importlib.resources import files
from pathlib import Path

import pytest
from genai_prices import Usage, calc_price

from tokenpak.errors import ConfigError
from tokenpak.providers import pricing
from tokenpak.providers.pricing import Price, Prices

SHIPPED = Prices.load()
TODAY = datetime.date(2026, 11, 21)


def found(model: str, at: datetime.date | None = None) -> Price:
    result = SHIPPED.price(model, at)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5"),
        ("claude-opus-4-20250514", "claude-opus-4-0"),
        ("models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("google/gemini-2.5-pro", "gemini-2.5-pro"),
        ("GPT-5-2025-08-07", "gpt-5"),
        ("openai/gpt-4o", "gpt-4o"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
    ],
)
def test_a_model_is_found_by_its_many_names(model: str, name: str) -> None:
    assert found(model).model == name


@pytest.mark.parametrize(
    "model", ["", "llama3.2", "gpt-5-turbo-ultra", "claude", "claude-opus-4-1-custom", "my/gpt-5x"]
)
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert SHIPPED.price(model) is None


@pytest.mark.parametrize(
    ("model", "vendor"),
    [
        ("claude-opus-4-5", "anthropic"),
        ("claude-opus-5-5", "anthropic"),
        ("claude-sonnet-4-6", "anthropic"),
        ("claude-haiku-4-5-20251001", "anthropic"),
        ("claude-3-5-haiku-20241022", "anthropic"),
        ("gpt-5", "openai"),
        ("gpt-4o-mini-2024-07-18", "openai"),
        ("gpt-4.1", "openai"),
        ("o3", "openai"),
        ("gpt-6-sol", "openai"),
        ("gemini-2.5-pro", "google"),
        ("gemini-2.5-flash", "google"),
    ],
)
@pytest.mark.parametrize("input_tokens", [10_000, 400_000])
def test_prices_are_those_of_the_source(model: str, vendor: str, input_tokens: int) -> None:
    usage = Usage(input_tokens=input_tokens, cache_read_tokens=4_000, output_tokens=2_000)
    moment = datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC)
    source = calc_price(usage, model, provider_id=vendor, genai_request_timestamp=moment)
    rates = found(model, TODAY).rates(input_tokens)
    read = rates.input if rates.cache_read is None else rates.cache_read
    ours = (input_tokens - 4_000) * rates.input + 4_000 * read + 2_000 * rates.output
    assert ours / 1e6 == pytest.approx(float(source.total_price))


def test_the_day_decides_where_prices_changed() -> None:
    before = found("claude-sonnet-4-6", datetime.date(2026, 3, 12))
    after = found("claude-sonnet-4-6", datetime.date(2026, 3, 13))
    assert (before.above_tokens, after.above_tokens) == (200_000, None)


def test_the_dearer_tier_begins_above_its_limit() -> None:
    sonnet = found("claude-sonnet-4-5")
    assert sonnet.rates(200_000) == sonnet.base
    assert sonnet.rates(200_001) == sonnet.above


def test_a_cache_read_is_not_always_a_tenth_of_the_input() -> None:
    rates = found("claude-opus-5-5").base
    assert rates.cache_read == pytest.approx(0.05 * rates.input)


def test_the_table_is_small_dated_and_names_its_source_and_licence() -> None:
    data = (files("tokenpak.providers") / "prices.json").read_bytes()
    table = json.loads(data)
    assert len(data) < 60_000
    assert datetime.date.fromisoformat(table["date"])
    assert "genai-prices" in table["source"]
    assert "MIT" in table["license"]


def test_every_name_of_the_table_is_found() -> None:
    models = json.loads((files("tokenpak.providers") / "prices.json").read_bytes())["models"]
    names = [*models, *(alias for each in models.values() for alias in each.get("aliases", ()))]
    missing = [name for name in names if SHIPPED.price(name) is None]
    assert (missing, len(names) > 200) == ([], True)


def test_the_users_own_prices_go_first(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text(
        '{"date": "2026-01-02", "models": {'
        '"gpt-5": {"prices": [{"input": 7, "output": 8}]},'
        '"my-model": {"aliases": ["Mine"], "prices": [{"input": 0, "output": 0}]}}}'
    )
    prices = Prices.load(path)
    own = prices.price("gpt-5")
    assert own and (own.base.input, own.date, own.source) == (
        7,
        "2026-01-02",
        "the user's own prices",
    )
    assert prices.price("mine")
    assert prices.price("claude-opus-4-5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "prices.json"),
        ('{"date": "x", "models": {"a": {"prices": [{"input": "1", "output": 1}]}}}', "input"),
        ('{"date": "x", "models": {"a": {"prices": [{"input": -1, "output": 1}]}}}', "input"),
        ('{"date": "x", "models": {"a": {"prices": [{"inputs": 1, "output": 1}]}}}', "inputs"),
        ('{"date": "x", "models": {"a": {"prices": []}}}', "models.a.prices is empty"),
    ],
)
def test_wrong_prices_of_the_user_are_refused_by_name(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message) as caught:
        Prices.load(path)
    assert str(path) in str(caught.value)


def test_no_prices_of_the_user_are_no_error(tmp_path: Path) -> None:
    prices = Prices.load(tmp_path / "prices.json")
    assert prices.price("gpt-5") == SHIPPED.price("gpt-5")


def test_the_published_function_reads_the_users_prices_from_its_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prices.json").write_text(
        '{"date": "2026-01-02", "models": {"mine": {"prices": [{"input": 1, "output": 2}]}}}'
    )
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    pricing._default.cache_clear()
    own = pricing.price("mine")
    shipped = pricing.price("gpt-5", TODAY)
    pricing._default.cache_clear()
    assert own and own.base.output == 2
    assert shipped == found("gpt-5", TODAY)
