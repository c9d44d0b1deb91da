"""Settings of compression, what there is to choose from, and what became of the requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from msgspec.structs import replace

from tokenpak.dashboard.answer import Answer, Asked, Endpoint, error
from tokenpak.engines import describe
from tokenpak.engines.rtk.api import (
    config_response,
    config_update,
    filters_response,
    try_response,
)
from tokenpak.engines.rtk.trust import read_all
from tokenpak.errors import StoreError
from tokenpak.policy import CompressionSettings, Policy, PolicyStore
from tokenpak.policy.model import Refusal, merged, read, shown
from tokenpak.settings import Settings
from tokenpak.telemetry.queries import Engine, Group, Summary, summary

_SPANS_S = {"24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400}


class Compression:
    """The endpoints of settings, listings and figures."""

    def __init__(self, settings: Settings, store: PolicyStore) -> None:
        self._settings = settings
        self._store = store
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            ("GET", "/api/settings/compression"): self.settings,
            ("PUT", "/api/settings/compression"): self.change,
            ("GET", "/api/compression/rules"): self.rules,
            ("GET", "/api/compression/language-packs"): self.language_packs,
            ("GET", "/api/compression/engines"): lambda asked: (200, {"engines": describe()}),
            ("GET", "/api/context/rtk/filters"): self.filters,
            ("POST", "/api/context/rtk/test"): self.try_filter,
            ("GET", "/api/context/rtk/config"): self.rtk,
            ("PUT", "/api/context/rtk/config"): self.change_rtk,
            ("GET", "/api/context/analytics"): self.analytics,
        }

    def settings(self, asked: Asked) -> Answer:
        found = shown(self._store.current().settings)
        broken = self._store.error
        return 200, found | ({"fileError": broken} if broken else {})

    def change(self, asked: Asked) -> Answer:
        partial = asked.json()
        try:
            policy = self._store.change(lambda policy: changed(policy, partial))
        except Refusal as refused:
            # In the file they stand below a name that is not in the path of this request's body.
            raise Refusal(refused.field.removeprefix("settings."), refused.message) from None
        return 200, shown(policy.settings)

    def rules(self, asked: Asked) -> Answer:
        from tokenpak.engines import caveman
        from tokenpak.engines.caveman.inforce import pack_set, packs_of

        packs = packs_of(pack_set(self._settings.home))
        return 200, {"rules": msgspec.to_builtins(caveman.rules(packs))}

    def language_packs(self, asked: Asked) -> Answer:
        from tokenpak.engines import caveman
        from tokenpak.engines.caveman.inforce import pack_set, packs_of

        packs = packs_of(pack_set(self._settings.home))
        found: dict[str, Any] = msgspec.to_builtins(caveman.packs(packs))
        return 200, found

    def filters(self, asked: Asked) -> Answer:
        return filters_response(read_all(self._settings.home))

    def try_filter(self, asked: Asked) -> Answer:
        config = self._store.current().rtk_config
        return try_response(read_all(self._settings.home), asked.json(), config)

    def rtk(self, asked: Asked) -> Answer:
        return config_response(self._store.current().rtk_config)

    def change_rtk(self, asked: Asked) -> Answer:
        partial = asked.json()
        answer, accepted = config_update(self._store.current().rtk_config, partial)
        if accepted is None:
            return answer
        changed = self._store.change(lambda policy: replace(policy, rtk=policy.rtk | partial))
        return config_response(changed.rtk_config)

    def analytics(self, asked: Asked) -> Answer:
        since = asked.query.get("since", "7d")
        if since != "all" and since not in _SPANS_S:
            return error(400, f"found {since[:20]!r}; expected 24h, 7d, 30d or all", "since")
        start = 0.0 if since == "all" else time.time() - _SPANS_S[since]
        settings = self._settings
        try:
            # That nothing has passed yet is no error.
            found = summary(settings.telemetry_path, start, or_empty=settings.telemetry)
        except StoreError as failed:
            return error(404, str(failed))
        return 200, _analytics(found, since)


def changed(policy: Policy, partial: Mapping[str, Any]) -> Policy:
    """*policy* with the settings that *partial* names. Raises Refusal naming a wrong field."""
    settings = read(merged(policy.settings, partial), CompressionSettings)
    return replace(policy, settings=settings)


def _analytics(found: Summary, since: str) -> dict[str, Any]:
    packed = sum(each.compression_ms for each in found.by_mode)
    return {
        "since": since,
        "totals": {
            "requests": found.requests,
            "answered": found.answered,
            "originalTokens": found.tokens_raw.value,
            "compressedTokens": found.tokens_raw.value - found.tokens_saved.value,
            "tokensSaved": found.tokens_saved.value,
            "savingsPercent": round(found.savings_pct, 1),
            "costUsd": found.cost_usd.value,
            "savingsUsd": found.savings_usd.value,
            "averageDurationMs": round(packed / found.answered, 3) if found.answered else 0.0,
        },
        "byMode": [_group(each) for each in found.by_mode],
        "byEngine": [_engine(each) for each in found.by_engine],
        "byCombo": [_group(each) for each in found.by_combo],
        "byProvider": [_group(each) for each in found.by_provider],
        "byTechnique": dict(found.saved_by),
        "notes": {
            name: asdict(figure)["note"]
            for name, figure in (("costUsd", found.cost_usd), ("savingsUsd", found.savings_usd))
        },
    }


def _group(each: Group) -> dict[str, Any]:
    return {
        "name": each.name,
        "requests": each.requests,
        "originalTokens": each.tokens_raw,
        "compressedTokens": each.tokens_raw - each.tokens_saved,
        "tokensSaved": each.tokens_saved,
        "savingsPercent": _percent(each.tokens_saved, each.tokens_raw),
        "savingsUsd": each.savings_usd,
        "averageDurationMs": round(each.compression_ms / each.answered, 3) if each.answered else 0,
    }


def _engine(each: Engine) -> dict[str, Any]:
    return {"name": each.name, "requests": each.requests, "tokensSaved": each.tokens_saved}


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
