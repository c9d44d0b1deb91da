"""Every error that TokenPak raises on purpose, as one tree.

TokenPakError
├── ConfigError          a setting or a data file is wrong: names the file and the key
├── StoreError           a database cannot be used: names the file and what to do
├── SourceError          documents cannot be read from where they are: names the source
├── WireError            bytes are not what an adapter expects: the proxy passes them through
├── EngineUnavailable    an extra is missing: names the pip command
└── UpstreamError        the provider did not answer: provider, status, retryable
    └── UpstreamTimeout

A programmer's mistake raises TypeError, ValueError or LookupError.
"""

from __future__ import annotations


class TokenPakError(Exception):
    """Anything that TokenPak knows how to explain."""


class ConfigError(TokenPakError):
    """A setting, recipe or catalogue is wrong; the message names file, key and what is allowed."""


class StoreError(TokenPakError):
    """A database is damaged, newer than this version, or cannot be written."""


class SourceError(TokenPakError):
    """A repository, folder or URL gives no documents; the message names it and says why."""


class WireError(TokenPakError):
    """Bytes are not what the adapter expects; whoever catches it forwards them as they came."""


class EngineUnavailable(TokenPakError):
    """An engine needs an extra that is not installed; the message names the pip command."""


class UpstreamError(TokenPakError):
    """The provider could not be reached or broke off.

    `provider` is the catalogue's name; `status` is the HTTP status to give the client;
    `retryable` says whether the same request may be sent again.
    """

    def __init__(
        self, message: str, *, provider: str, status: int = 502, retryable: bool = True
    ) -> None:
        super().__init__(message)
        self.provider = provider
        self.status = status
        self.retryable = retryable


class UpstreamTimeout(UpstreamError):
    """The provider did not answer in time."""

    def __init__(self, message: str, *, provider: str) -> None:
        super().__init__(message, provider=provider, status=504)
