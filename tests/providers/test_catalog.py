from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.errors import ConfigError
from tokenpak.providers.catalog import Catalog, Target, load
from tokenpak.settings import load as settings


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Catalog:
    return load(settings({}, home=tmp_path_factory.mktemp("home")))


def resolve(catalog: Catalog, path: str, query: str = "", *headers: bytes) -> Target:
    target = catalog.resolve(path.encode(), query.encode(), set(headers))
    assert target is not None
    return target


@pytest.mark.parametrize(
    ("path", "provider"),
    [
        ("/v1/messages", "anthropic"),
        ("/v1/messages/count_tokens", "anthropic"),
        ("/v1/messages/batches/msg_1", "anthropic"),
        ("/v1/chat/completions", "openai"),
        ("/v1/responses", "openai"),
        ("/v1/responses/resp_1/cancel", "openai"),
        ("/v1/embeddings", "openai"),
        ("/v1/audio/speech", "openai"),
        ("/v1beta/models/gemini-2.5-pro:generateContent", "google"),
        ("/v1beta/models/gemini-2.5-pro:streamGenerateContent", "google"),
        ("/v1beta/cachedContents", "google"),
        ("/api/chat", "ollama"),
        ("/api/tags", "ollama"),
    ],
)
def test_a_path_names_its_provider(shipped, path, provider):
    assert resolve(shipped, path).provider == provider


@pytest.mark.parametrize(
    ("query", "headers", "provider"),
    [
        ("", [b"x-api-key", b"anthropic-version"], "anthropic"),
        ("", [b"x-goog-api-key"], "google"),
        ("key=abc", [], "google"),
        ("", [b"authorization"], "openai"),
    ],
)
def test_a_shared_path_goes_by_the_clients_headers(shipped, query, headers, provider):
    assert resolve(shipped, "/v1/models", query, *headers).provider == provider


@pytest.mark.parametrize("name", ["anthropic", "openai", "google", "ollama"])
def test_an_explicit_first_segment_decides_and_goes(shipped, name):
    target = resolve(shipped, f"/{name}/v9/anything%2Fodd", "a=1&b=%20")
    assert (target.provider, target.upstream_path) == (name, "/v9/anything%2Fodd?a=1&b=%20")


def test_an_unknown_path_has_no_provider(shipped):
    assert shipped.resolve(b"/nowhere", b"", set()) is None
    assert "/v1/messages/*" in shipped.prefixes() or "/anthropic/*" in shipped.prefixes()


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9", "/v1/chat/completions"),
        ("https://host/base/", "https://host", "/base/v1/chat/completions"),
        ("https://host/openai/v1", "https://host", "/openai/v1/chat/completions"),
    ],
)
def test_a_base_url_replaces_the_origin(tmp_path, url, origin, path):
    catalog = load(settings({}, home=tmp_path, openai_url=url))
    target = resolve(catalog, "/v1/chat/completions")
    assert (target.origin, target.upstream_path) == (origin, path)


def user_file(home: Path, text: str) -> Path:
    path = home / "providers" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(text)
    return path


def test_a_users_file_overrides_one_key_and_adds_providers(tmp_path):
    user_file(tmp_path, "name: openai\nbase_url: http://127.0.0.1:7\n")
    assert (
        resolve(load(settings({}, home=tmp_path)), "/v1/responses").origin == "http://127.0.0.1:7"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name: x\nbase_url: http://h\nwire: openai_chat\ncolour: red\n", "'colour' is unknown"),
        ("name: x\nbase_url: http://h\n", "'wire' is missing"),
        ("name: x\nbase_url: http://h\nwire: smoke\n", "'smoke' is unknown"),
        ("name: x\nbase_url: gopher://h\nwire: ollama\n", "not http://host"),
        ("name: x\nbase_url: http://u:p@h\nwire: ollama\n", "must not hold credentials"),
        ("name: x\nname: y\n", "stands twice"),
        ("- a\n", "expected keys and values"),
        ("name: [1]\n", "expected a text"),
        ("name: 'a\n", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(tmp_path, text, found):
    path = user_file(tmp_path, text)
    with pytest.raises(ConfigError, match=found) as error:
        load(settings({}, home=tmp_path))
    assert str(path) in str(error.value)
