"""Which tokenizer a model's name stands for."""

from __future__ import annotations

import pytest

from tokenpak.tokens.kinds import ContentKind
from tokenpak.tokens.models import Family, bare, tokenizer


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("anthropic/claude-opus-4.5", "claude-opus-4.5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("claude-opus-4-1@20250805", "claude-opus-4-1"),
        ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5"),
        ("models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("GPT-4o-2024-08-06", "gpt-4o"),
        ("chatgpt-4o-latest", "chatgpt-4o"),
        ("llama3.2", "llama3.2"),
        ("", ""),
    ],
)
def test_vendor_release_and_variant_are_left_off(model: str, name: str) -> None:
    assert bare(model) == name


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-5", "o200k_base"),
        ("gpt-5.1-codex", "o200k_base"),
        ("gpt-4o-mini-2024-07-18", "o200k_base"),
        ("o3", "o200k_base"),
        ("openai/gpt-4.1-nano", "o200k_base"),
        ("gpt-oss-120b", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("gpt-4-turbo", "cl100k_base"),
        ("gpt-3.5-turbo-0125", "cl100k_base"),
        ("ft:gpt-4o-mini:acme::1", "o200k_base"),
        ("text-embedding-3-small", "cl100k_base"),
        ("claude-opus-4-1", None),
        ("llama3.2", None),
        ("gpt-9", None),
    ],
)
def test_openai_models_have_a_public_encoding(model: str, encoding: str | None) -> None:
    assert tokenizer(model).encoding == encoding


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("claude-2.1", "claude-2"),
        ("claude-3-5-sonnet-20241022", "claude-3"),
        ("claude-sonnet-4-20250514", "claude-3"),
        ("claude-opus-4-6", "claude-3"),
        ("claude-opus-4.5", "claude-3"),
        ("claude-haiku-4-5-20251001", "claude-3"),
        ("claude-opus-4-7", "claude-4.7"),
        ("claude-sonnet-5", "claude-4.7"),
        ("claude-opus-5-5", "claude-4.7"),
        ("gemini-2.5-flash", "gemini"),
        ("llama3.2", None),
        ("gpt-5", None),
    ],
)
def test_claude_and_gemini_models_have_a_family(model: str, family: str | None) -> None:
    found = tokenizer(model).family
    assert (found.name if found else None) == family


def test_every_family_names_its_source_and_has_a_factor_for_every_kind() -> None:
    families = [tokenizer(name).family for name in ("claude-2", "claude-3", "claude-9", "gemini-1")]
    for family in families:
        assert isinstance(family, Family)
        assert family.source
        assert set(family.factors) == set(ContentKind.__args__)  # type: ignore[attr-defined]
