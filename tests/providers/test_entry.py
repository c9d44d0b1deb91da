from __future__ import annotations

import pytest

from tokenpak.errors import ConfigError
from tokenpak.providers.entry import parse, split_base_url

GROQ = "name: groq\nbase_url: https://api.groq.com/openai\nwire: openai_chat\n"


def test_a_file_gives_a_provider_with_lower_case_headers() -> None:
    found = parse(GROQ + "headers: [X-Groq-Key]\npaths: [/g/*]\nquery: [key]\n", "groq.yaml")
    assert (found.name, found.base_url, found.wire) == (
        "groq",
        "https://api.groq.com/openai",
        "openai_chat",
    )
    assert (found.paths, found.headers, found.query) == (("/g/*",), {b"x-groq-key"}, {"key"})


def test_a_known_provider_keeps_what_is_not_named() -> None:
    groq = parse(GROQ, "a.yaml")
    found = parse("name: groq\nbase_url: http://here\n", "b.yaml", known={"groq": groq})
    assert (found.base_url, found.wire) == ("http://here", "openai_chat")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- groq\n", "expected keys and values"),
        ("name: [\n", "not valid YAML"),
        (GROQ + "name: other\n", "'name' stands twice"),
        (GROQ + "url: x\n", "'url' is unknown; known: name, base_url"),
        ("name: groq\nwire: openai_chat\n", "'base_url' is missing"),
        ("base_url: http://a\nwire: ollama\n", "'name' is missing"),
        (GROQ + "paths: /v1\n", "paths: found '/v1', expected a list of texts"),
        (GROQ + "headers: [7]\n", "headers: .* expected a list of texts"),
        (GROQ.replace("groq\n", "7\n", 1), "name: found 7, expected a text"),
        (GROQ.replace("openai_chat", "soap"), "wire 'soap' is unknown; known: anthropic"),
        (GROQ.replace("https", "ftp"), "is not http://host"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(text: str, found: str) -> None:
    with pytest.raises(ConfigError, match=f"^groq.yaml: .*{found}"):
        parse(text, "groq.yaml")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.b", ("https://a.b", "")),
        ("http://[::1]:80/x/y/", ("http://[::1]:80", "/x/y")),
        ("http://h:11434/", ("http://h:11434", "")),
    ],
)
def test_a_base_url_is_cut_into_origin_and_path(url: str, parts: tuple[str, str]) -> None:
    assert split_base_url(url, "s") == parts


@pytest.mark.parametrize(
    "url", ["", "h:80", "http://", "http://h:port", "http://u:p@h", "http://h/?a=1", "http://h/#a"]
)
def test_what_is_no_base_url_is_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        split_base_url(url, "anthropic_url")
    assert str(refused.value).startswith("anthropic_url: ")
    assert "u:p" not in str(refused.value)
