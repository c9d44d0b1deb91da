"""The wire formats by name and by path, for who reads recorded traffic."""

from __future__ import annotations

from collections.abc import Iterator

from tokenpak.canonical import CanonicalRequest, CanonicalResponse
from tokenpak.wire import ADAPTERS, Adapter


class AdapterRegistry:
    """The adapters that TokenPak brings, and those of a caller."""

    def __init__(self) -> None:
        self._adapters: dict[str, Adapter] = dict(ADAPTERS)

    def register(self, adapter: Adapter) -> None:
        """Add *adapter*, for this registry only. Raises ValueError if its name is taken."""
        if adapter.name in self._adapters:
            raise ValueError(f"there is an adapter {adapter.name!r} already")
        self._adapters[adapter.name] = adapter

    def get(self, name: str) -> Adapter:
        """The adapter of that name. Raises LookupError listing the known ones."""
        try:
            return self._adapters[name]
        except KeyError:
            known = ", ".join(self._adapters)
            raise LookupError(f"unknown adapter {name!r}; known: {known}") from None

    def detect(self, path: str) -> Adapter | None:
        """The adapter for a POST to *path* (no query); None if none reads it."""
        return next((each for each in self._adapters.values() if each.matches(path)), None)

    def request(self, name: str, body: bytes, path: str = "") -> CanonicalRequest:
        """*body* as a request of the format *name*. Raises WireError if it is none."""
        return self.get(name).decode_request(body, path)

    def response(
        self, name: str, body: bytes, content_type: str = "application/json"
    ) -> CanonicalResponse:
        """What *body*, an answer in the format *name*, says of its usage."""
        reader = self.get(name).reader(content_type)
        reader.feed(body)
        return CanonicalResponse(name, reader.usage, len(body))

    def __iter__(self) -> Iterator[str]:
        return iter(self._adapters)

    def __len__(self) -> int:
        return len(self._adapters)

    def __contains__(self, name: object) -> bool:
        return name in self._adapters
