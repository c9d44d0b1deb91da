"""One exchange as a row of the database, and a row as a telemetry event of TIP-1.0."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from tokenpak.canonical import CanonicalUsage, UsageSource
from tokenpak.flow import CacheOrigin, Flow
from tokenpak.protocol import CAPABILITIES, PROFILE, TIP_VERSION
from tokenpak.providers.pricing import Price
from tokenpak.telemetry import cost, epochs
from tokenpak.telemetry.epochs import EpochEntry
from tokenpak.telemetry.ledger import Entry, unplaced

_MAX_TEXT = 500
_ENCODER = json.JSONEncoder(sort_keys=True)
_NO_USAGE = CanonicalUsage(source=UsageSource.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table `requests`; the fields are its columns, without `id`."""

    request_id: str
    timestamp: float
    tip_version: str
    profile: str
    provider: str
    model: str | None
    client: str | None
    session_id: str | None
    wire: str | None
    method: str
    path: str
    status: int | None
    error_code: str | None
    error_message: str | None
    stream: bool
    mode: str
    cache_origin: CacheOrigin
    body_bytes: int
    sent_bytes: int
    tokens_raw: int | None
    tokens_saved: int
    saved_by: str
    stages: str
    compression_ms: float
    proxy_ms: float | None
    provider_ms: float | None
    first_byte_ms: float | None
    duration_ms: float | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    usage_source: str
    cost_usd: float | None
    cost_bound: cost.Bound | None
    savings_usd: float | None
    savings_bound: cost.Bound | None
    savings_cache_usd: float | None
    price_model: str | None
    price_date: str | None
    price_source: str | None
    cost_unpacked_usd: float | None = None
    cache_write_1h_tokens: int | None = None
    cache_break: int | None = None
    cache_break_cause: str | None = None
    cache_break_where: str | None = None
    cuts: str = "{}"
    fetched: str = "{}"
    engines: str = "{}"
    combo: str | None = None
    raw_outputs: str = "[]"
    output_mode: str | None = None
    epoch_why: str | None = None
    epoch_freed: int | None = None
    epoch_rewritten: int | None = None
    epoch_cost_usd: float | None = None
    epoch_returns: str = "{}"


class TipEvent(TypedDict, total=False):
    """A telemetry event of TIP-1.0; the protocol allows no further fields.

    https://docs.tokenpak.ai/schemas/tip/telemetry-event-v1.json
    """

    request_id: str
    timestamp: str
    tip_version: str
    cache_origin: CacheOrigin
    profile: str
    provider: str | None
    model: str | None
    client: str | None
    status: int
    error_code: str | None
    savings_tokens: int
    savings_cost: float
    savings_cache_tokens: int
    savings_cache_cost: float
    compression_ms: float
    proxy_ms: float
    provider_ms: float
    tokens_in: int
    tokens_out: int
    reasoning_tokens: int | None
    capabilities_negotiated: list[str]


def row(flow: Flow, price: Price | None, entry: Entry | None = None) -> Row:
    """*flow* as a row, its cost by *price*; where no price is known, the costs are empty.

    *entry* is the ledger's; without it, savings are the least that they can be.
    """
    usage = flow.usage or _NO_USAGE
    charged = price if flow.status is not None and 200 <= flow.status < 300 else None
    paid = cost.cost(usage, charged) if charged else None
    split = entry.split if entry else unplaced(flow, usage)
    unpacked = cost.unpacked_cost(split, usage, charged) if split and charged else None
    broken = entry.cache_break if entry else None
    aged = entry.epochs if entry else EpochEntry()
    began = aged.began
    rates = charged.rates(usage.input_tokens) if charged and usage.input_tokens else None
    returns = epochs.returns_usd(aged, usage, rates) if rates else {}
    return Row(
        request_id=_plain(flow.request_id) or "",
        timestamp=flow.started,
        tip_version=TIP_VERSION,
        profile=PROFILE,
        provider=_plain(flow.provider) or "",
        model=_plain(flow.model),
        client=_plain(flow.client),
        session_id=_plain(flow.session_id),
        wire=flow.wire,
        method=_plain(flow.method) or "",
        path=_plain(flow.path.partition("?")[0]) or "",
        status=flow.status,
        error_code=flow.error,
        error_message=_plain(flow.error_message),
        stream=flow.stream,
        mode=flow.mode,
        cache_origin=flow.cache_origin,
        body_bytes=flow.body_bytes,
        sent_bytes=flow.sent_bytes,
        tokens_raw=flow.tokens_raw,
        tokens_saved=flow.saved_tokens,
        saved_by=_json(flow.saved_by),
        stages=_json(flow.stages),
        compression_ms=flow.compression_ms,
        proxy_ms=flow.sent_ms,
        provider_ms=_between(flow.sent_ms, flow.first_byte_ms),
        first_byte_ms=flow.first_byte_ms,
        duration_ms=flow.duration_ms,
        input_tokens=_counter(usage.input_tokens),
        output_tokens=_counter(usage.output_tokens),
        cache_read_tokens=_counter(usage.cache_read_tokens),
        cache_write_tokens=_counter(usage.cache_write_tokens),
        reasoning_tokens=_counter(usage.reasoning_tokens),
        usage_source=usage.source.value,
        cost_usd=paid.usd if paid else None,
        cost_bound=paid.bound if paid else None,
        savings_usd=unpacked.usd - paid.usd if unpacked and paid else None,
        savings_bound=unpacked.bound if unpacked else None,
        savings_cache_usd=cost.cache_saving(usage, charged) if charged else None,
        price_model=price.model if price else None,
        price_date=price.date if price else None,
        price_source=price.source if price else None,
        cost_unpacked_usd=unpacked.usd if unpacked else None,
        cache_write_1h_tokens=_counter(usage.cache_write_1h_tokens),
        cache_break=broken.tokens if broken else None,
        cache_break_cause=broken.cause if broken else None,
        cache_break_where=_plain(broken.where) if broken else None,
        cuts=_json(flow.cuts),
        fetched=_json(flow.fetched),
        engines=_json(flow.engines),
        combo=flow.combo,
        raw_outputs=_json(flow.raw_outputs),
        output_mode=flow.output_mode,
        epoch_why=began[-1].why if began else None,
        epoch_freed=sum(each.freed for each in began) if began else None,
        epoch_rewritten=sum(each.rewritten for each in began) if began else None,
        epoch_cost_usd=epochs.cost_usd(aged, usage, rates) if began and rates else None,
        epoch_returns=_json(returns),
    )


def tip_event(row: Row) -> TipEvent:
    """*row* as an event; what is not known is left out, savings of ours and the cache's apart."""
    event = {
        "request_id": row.request_id,
        "timestamp": _rfc3339(row.timestamp),
        "tip_version": row.tip_version,
        "cache_origin": row.cache_origin,
        "profile": row.profile,
        "provider": row.provider,
        "model": row.model,
        "client": row.client,
        "status": row.status or 0,
        "error_code": row.error_code,
        "savings_tokens": max(0, row.tokens_saved),
        "compression_ms": row.compression_ms,
        "reasoning_tokens": row.reasoning_tokens,
        "capabilities_negotiated": list(CAPABILITIES),
    }
    perhaps = {
        "savings_cost": None if row.savings_usd is None else max(0.0, row.savings_usd),
        "savings_cache_tokens": row.cache_read_tokens,
        "savings_cache_cost": row.savings_cache_usd,
        "proxy_ms": row.proxy_ms,
        "provider_ms": row.provider_ms,
        "tokens_in": row.input_tokens,
        "tokens_out": row.output_tokens,
    }
    known = {name: value for name, value in perhaps.items() if value is not None}
    return cast(TipEvent, event | known)


def _json(value: Mapping[str, object] | Sequence[object]) -> str:
    if not value:  # as most are
        return "{}" if isinstance(value, Mapping) else "[]"
    return _ENCODER.encode(value)


def _plain(text: str | None) -> str | None:
    """*text* as SQLite can store it: without lone surrogates, and not the length of a prompt."""
    if text is None or (len(text) <= _MAX_TEXT and text.isascii()):
        return text
    return text[:_MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _counter(value: int | None) -> int | None:
    """A reported count, unless it is none: SQLite holds 63 bits, and nothing counts below 0."""
    return value if value is not None and 0 <= value < 1 << 53 else None


def _between(start_ms: float | None, end_ms: float | None) -> float | None:
    if start_ms is None or end_ms is None:
        return None
    return max(0.0, end_ms - start_ms)


def _rfc3339(timestamp: float) -> str:
    moment = datetime.datetime.fromtimestamp(timestamp, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
