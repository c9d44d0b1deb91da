"""One provider of the catalogue, read strictly from its YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlsplit

import yaml

from tokenpak import strictyaml
from tokenpak.errors import ConfigError

WIRES = ("anthropic", "openai_chat", "openai_responses", "gemini", "ollama")


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as its file describes it; `*` in a path stands for one or more characters."""

    name: str
    base_url: str
    wire: str
    paths: tuple[str, ...] = ()
    """Paths that no other provider has; the pattern with the longest literal text wins."""
    shared: tuple[str, ...] = ()
    """Paths that others have too: the request's headers or parameters decide."""
    headers: frozenset[bytes] = frozenset()
    query: frozenset[str] = frozenset()
    source: str = field(default="", compare=False)


_KEYS = tuple(each.name for each in fields(Provider) if each.name != "source")
_LISTS = ("paths", "shared", "headers", "query")


def parse(text: str, source: str, known: Mapping[str, Provider] | None = None) -> Provider:
    """The provider that *text* describes; one of *known* keeps what *text* does not name.

    Raises ConfigError naming *source* and the key.
    """
    table = _load(text, source)
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{source}: key {key!r} is unknown; known: {', '.join(_KEYS)}")
    values = {key: _value(key, value, source) for key, value in table.items()}
    name = values.get("name")
    base = (known or {}).get(str(name))
    needed = ("name",) if base else ("name", "base_url", "wire")
    for key in needed:
        if not values.get(key):
            raise ConfigError(f"{source}: key {key!r} is missing")
    values["source"] = source
    provider = replace(base, **values) if base else Provider(**values)  # type: ignore[arg-type]
    if provider.wire not in WIRES:
        raise ConfigError(f"{source}: wire {provider.wire!r} is unknown; known: {', '.join(WIRES)}")
    split_base_url(provider.base_url, source)
    return provider


def split_base_url(url: str, source: str) -> tuple[str, str]:
    """Origin and base path of *url*, neither ending in a slash.

    Raises ConfigError naming *source* unless *url* is http(s) with a host and nothing after the
    path.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError on a port that is no number
    except ValueError as error:
        raise ConfigError(f"{source}: base URL {url!r} cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{source}: base URL {url!r} is not http://host or https://host")
    if "@" in parts.netloc:
        raise ConfigError(
            f"{source}: a base URL must not hold credentials; the client sends its own"
        )
    if parts.query or parts.fragment:
        raise ConfigError(f"{source}: base URL {url!r} must end with its path")
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


def _load(text: str, source: str) -> Mapping[str, object]:
    try:
        table = strictyaml.load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{source}: is not valid YAML: {error}") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{source}: found {type(table).__name__}, expected keys and values")
    return table


def _value(key: str, value: object, source: str) -> object:
    if key not in _LISTS:
        if not isinstance(value, str):
            raise ConfigError(f"{source}: {key}: found {value!r}, expected a text")
        return value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(f"{source}: {key}: found {value!r}, expected a list of texts")
    if key == "headers":
        return frozenset(each.lower().encode() for each in value)
    return frozenset(value) if key == "query" else tuple(value)
