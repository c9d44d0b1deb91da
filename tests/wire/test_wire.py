"""Formats by path and by name."""

from __future__ import annotations

import pytest

from tokenpak.wire import ADAPTERS, detect, get_adapter


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/messages", "anthropic"),
        ("/base/v1/messages", "anthropic"),
        ("/v1/chat/completions", "openai_chat"),
        ("/openai/deployments/x/chat/completions", "openai_chat"),
        ("/v1beta/openai/chat/completions", "openai_chat"),
        ("/v1/responses", "openai_responses"),
        ("/backend-api/codex/responses", "openai_responses"),
        ("/v1beta/models/gemini-2.5-pro:generateContent", "gemini"),
        ("/v1/projects/p/locations/l/publishers/google/models/X:streamGenerateContent", "gemini"),
        ("/v1internal:streamGenerateContent", "gemini"),
        ("/api/chat", "ollama"),
        ("/api/generate", "ollama"),
        ("/v1/messages/count_tokens", None),
        ("/v1/messages/batches", None),
        ("/v1/threads/t/messages", None),
        ("/v1/responses/resp_1", None),
        ("/v1/responses/input_tokens", None),
        ("/v1beta/models/gemini-2.5-pro:countTokens", None),
        ("/v1beta/models/gemini-2.5-pro:batchGenerateContent", None),
        ("/api/embed", None),
        ("/v1/models", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_path_tells_the_format(path: str, name: str | None) -> None:
    adapter = detect(path)
    assert (adapter.name if adapter else None) == name


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_is_found_by_its_name(name: str) -> None:
    assert get_adapter(name).name == name


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(LookupError, match="'soap'; known: anthropic, openai_chat, openai_resp"):
        get_adapter("soap")
