"""The published functions: counts with their source and confidence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tokenpak import tokens
from tokenpak.canonical import Confidence, UsageSource

TEXT = "The quick brown fox jumps over the lazy dog. " * 40


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    tokens.configure_cache()
    yield
    tokens.configure_cache()
    tokens.set_factor("claude-opus-4-8", None)


@pytest.mark.parametrize("model", [None, "gpt-5", "gpt-4", "o3"])
def test_a_public_encoding_gives_a_counted_figure(model: str | None) -> None:
    figure = tokens.measure(TEXT, model)
    assert (figure.source, figure.confidence) == (UsageSource.TOKEN_COUNTED, Confidence.HIGH)


def test_the_encodings_of_two_models_differ() -> None:
    text = "中文文本" * 10
    assert tokens.count_tokens(text, "gpt-4") > tokens.count_tokens(text, "gpt-5")
    assert tokens.count_tokens(text) == tokens.count(text)


@pytest.mark.parametrize("model", ["claude-opus-4-8", "claude-3-haiku", "gemini-2.5-pro"])
def test_other_vendors_models_are_estimated(model: str) -> None:
    figure = tokens.measure(TEXT, model)
    assert (figure.source, figure.confidence) == (UsageSource.PROXY_ESTIMATE, Confidence.MEDIUM)
    assert figure.tokens > tokens.count(TEXT)


def test_an_unknown_model_is_a_guess() -> None:
    figure = tokens.measure(TEXT, "llama3.2")
    assert figure == tokens.TokenCount(
        tokens.count(TEXT), UsageSource.PROXY_ESTIMATE, Confidence.LOW
    )


def test_the_callers_kind_of_content_decides() -> None:
    code = tokens.measure(TEXT, "claude-opus-4-8", kind="code")
    logs = tokens.measure(TEXT, "claude-opus-4-8", kind="logs")
    assert code.tokens > logs.tokens


def test_a_learned_factor_changes_estimates_but_not_counts() -> None:
    before = tokens.count(TEXT), tokens.count_tokens(TEXT, "claude-opus-4-8")
    tokens.set_factor("claude-opus-4-8", 1.1)
    assert tokens.count(TEXT) == before[0]
    assert tokens.count_tokens(TEXT, "claude-opus-4-8") < before[1]


def test_a_learned_factor_does_not_touch_a_public_encoding() -> None:
    tokens.set_factor("gpt-5", 2.0)
    assert tokens.count_tokens(TEXT, "gpt-5") == tokens.count(TEXT)
    tokens.set_factor("gpt-5", None)


@pytest.mark.parametrize(
    ("model", "factor"),
    [("gpt-5", (1.0, True)), ("claude-opus-4-8", (1.505, False)), ("llama3.2", (1.0, False))],
)
def test_the_factor_of_a_model_says_whether_it_is_exact(
    model: str, factor: tuple[float, bool]
) -> None:
    assert tokens.model_factor(model) == factor


def test_without_a_tokenizer_the_figure_says_that_it_is_a_guess() -> None:
    program = (
        "import sys; sys.modules['tiktoken'] = sys.modules['splintr'] = None\n"
        "from tokenpak.tokens import measure\n"
        "figure = measure('some words of prose', 'gpt-5')\n"
        "print(figure.tokens, figure.source.value, figure.confidence.value)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "4 proxy_estimate low\n", done.stderr
