"""Which provider a request is for, and where that provider is: data in `catalog/*.yaml`."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from tokenpak.errors import ConfigError
from tokenpak.providers.entry import Provider, parse, split_base_url
from tokenpak.settings import Settings

# A base URL is often given with the version that the client's path also begins with.
_VERSION = re.compile(r"/v\d+\w*(?=/|$)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes."""

    provider: str
    origin: str
    """Scheme, host and port."""
    upstream_path: str
    """Base path of the provider, then path and query just as the client sent them."""
    path: str
    """The path that names the wire format: decoded, without query and explicit provider."""
    wire: str
    """Wire format for our own errors where *path* carries no conversation."""


@dataclass(frozen=True, slots=True)
class _Route:
    candidates: tuple[Provider, ...]
    path: str
    raw_path: str


class Catalog:
    """All known providers. Immutable but for a bounded memo of paths."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self.providers = {each.name: each for each in providers}
        self._bases = {each.name: split_base_url(each.base_url, each.source) for each in providers}
        self._own = sorted(
            ((pattern, each) for each in providers for pattern in each.paths),
            key=lambda pair: -len(pair[0].replace("*", "")),
        )
        # Those that a header or a parameter names come before the one that is left.
        self._shared = sorted(
            ((pattern, each) for each in providers for pattern in each.shared),
            key=lambda pair: not (pair[1].headers or pair[1].query),
        )
        self._route = lru_cache(1024)(self._find)

    def resolve(self, raw_path: bytes, query: bytes, headers: Container[bytes]) -> Target | None:
        """Where a request goes; None if no provider is known for its path.

        *raw_path* and *query* are the client's own bytes, *headers* its lower-case names.
        """
        route = self._route(raw_path)
        provider = _choose(route.candidates, query, headers)
        if provider is None:
            return None
        origin, base = self._bases[provider.name]
        path = _join(base, route.raw_path)
        if query:
            path = f"{path}?{query.decode('latin-1')}"
        return Target(provider.name, origin, path, route.path, provider.wire)

    def prefixes(self) -> list[str]:
        """What a path may begin with, for a message to who used another one."""
        found = {pattern for each in self.providers.values() for pattern in each.shared}
        found |= {pattern for pattern, _ in self._own if pattern.endswith("/*")}
        found |= {f"/{name}/*" for name in self.providers}
        wide = [_compiled(pattern) for pattern in found]
        return sorted(each for each in found if sum(bool(p.fullmatch(each)) for p in wide) == 1)

    def _find(self, raw_path: bytes) -> _Route:
        raw = raw_path.decode("latin-1")
        _, _, rest = raw.partition("/")
        segment, slash, remainder = rest.partition("/")
        if slash and segment in self.providers:
            raw = f"/{remainder}"
            return _Route((self.providers[segment],), unquote(raw), raw)
        path = unquote(raw)
        for pattern, provider in self._own:
            if _compiled(pattern).fullmatch(path):
                return _Route((provider,), path, raw)
        shared = (each for pattern, each in self._shared if _compiled(pattern).fullmatch(path))
        return _Route(tuple(dict.fromkeys(shared)), path, raw)


def load(settings: Settings) -> Catalog:
    """The shipped catalogue, with the user's `providers/*.yaml` and the settings on top.

    Raises ConfigError naming the file and the key.
    """
    found: dict[str, Provider] = {}
    shipped = files("tokenpak.providers").joinpath("catalog")
    for file in sorted(shipped.iterdir(), key=lambda each: each.name):
        provider = parse(file.read_text(encoding="utf-8"), file.name)
        found[provider.name] = provider
    for path in sorted((settings.home / "providers").glob("*.yaml")):
        provider = parse(_read(path), str(path), known=found)
        found[provider.name] = provider
    urls = {
        "anthropic": settings.anthropic_url,
        "openai": settings.openai_url,
        "google": settings.google_url,
        "ollama": settings.ollama_url,
    }
    for name, url in urls.items():
        if url:
            found[name] = replace(found[name], base_url=url, source=f"{name}_url")
    return Catalog(list(found.values()))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _choose(
    candidates: tuple[Provider, ...], query: bytes, headers: Container[bytes]
) -> Provider | None:
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    names = {name for name, _ in parse_qsl(query.decode("latin-1"))} if query else set()
    for each in candidates:
        named = any(name in headers for name in each.headers) or names & each.query
        if named or not (each.headers or each.query):
            return each
    return None


def _join(base: str, path: str) -> str:
    version = _VERSION.match(path)
    if base and version and base.endswith(version[0]):
        return base + path[version.end() :]
    return base + path


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, pattern.split("*"))), re.DOTALL)
