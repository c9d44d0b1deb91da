"""The names of the TokenPak Integration Protocol, TIP-1.0: headers, labels, error codes."""

from __future__ import annotations

TIP_VERSION = "TIP-1.0"
PROFILE = "tip-proxy"

HEADER_VERSION = "X-TokenPak-TIP-Version"
HEADER_PROFILE = "X-TokenPak-Profile"
HEADER_CAPABILITY = "X-TokenPak-Capability"
HEADER_REQUEST_ID = "X-TokenPak-Request-Id"
HEADER_CACHE_ORIGIN = "X-TokenPak-Cache-Origin"
HEADER_SAVINGS_TOKENS = "X-TokenPak-Savings-Tokens"
HEADER_SAVINGS_COST = "X-TokenPak-Savings-Cost"
HEADER_COMPRESSION_MS = "X-TokenPak-Compression-Ms"
HEADER_MODE = "X-TokenPak-Mode"
HEADER_RECIPE = "X-TokenPak-Recipe"
HEADER_PREFIX = "x-tokenpak-"

CAPABILITIES = (
    "tip.compression.v1",
    "tip.cache.provider-observer",
    "tip.telemetry.wire-side",
    "tip.byte-preserved-passthrough",
)
"""What the proxy publishes; a label is added when the feature is."""

INTERNAL_ERROR = "tip.internal.error"
COMPRESSION_FAILED = "tip.compression.failed"
WIRE_UNREADABLE = "tip.compression.unreadable_body"
UNREACHABLE = "tip.transport.unreachable"
UPSTREAM_TIMEOUT = "tip.transport.timeout"
UPSTREAM_RESET = "tip.transport.reset"
CLIENT_GONE = "tip.transport.client_gone"
BODY_INCOMPLETE = "tip.transport.incomplete_body"
REFUSED = "tip.policy.refused"
UNAUTHORISED = "tip.auth.token_required"
NO_ROUTE = "tip.routing.unknown_path"
