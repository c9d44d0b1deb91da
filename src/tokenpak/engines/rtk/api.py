"""What `/api/context/rtk/*` answers: status and body, without a server."""

from __future__ import annotations

from typing import Any

from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.command import recover
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig, WrongSetting
from tokenpak.engines.rtk.filtering import apply
from tokenpak.engines.rtk.trust import Found
from tokenpak.tokens import count

Answer = tuple[int, dict[str, Any]]
MAX_TEXT_CHARS = 10_000_000


def filters_response(found: Found) -> Answer:
    """`GET /api/context/rtk/filters`: the catalogue, and the files that were refused."""
    filters = [
        {
            "id": each.name,
            "name": each.name,
            "description": each.spec.description,
            "commandTypes": list(each.spec.match.types) or [each.name],
            "category": each.spec.category,
            "priority": each.spec.priority,
            "source": each.origin,
        }
        for each in found.catalog.filters
    ]
    diagnostics = [
        {
            "source": "project" if "rtk trust" in line else "global",
            "path": line.partition(": ")[0],
            "level": "warning",
            "message": line,
        }
        for line in found.refused
    ]
    return 200, {"filters": filters, "diagnostics": diagnostics}


def config_response(config: RtkConfig) -> Answer:
    """`GET /api/context/rtk/config`: every setting."""
    return 200, dict(config.to_mapping())


def config_update(config: RtkConfig, body: object) -> tuple[Answer, RtkConfig | None]:
    """`PUT /api/context/rtk/config`: the answer to a partial update, and *config* after it.

    None where the answer is 400, and so nothing changed; whoever keeps *config* stores the other.
    """
    if not isinstance(body, dict):
        return _bad("", "the body is no object; expected settings of the filters"), None
    try:
        after = config.updated(body)
    except WrongSetting as error:
        return _bad(error.field, error.message), None
    return config_response(after), after


def try_response(found: Found, body: object, config: RtkConfig = DEFAULT) -> Answer:
    """`POST /api/context/rtk/test {text, command?, config?}`: what the filters make of a text.

    The request's settings are a partial update of *config*, for this text alone.
    """
    if not isinstance(body, dict):
        return _bad("", "the body is no object; expected {text, command?, config?}")
    unknown = sorted(set(body) - {"text", "command", "config"})
    if unknown:
        return _bad(unknown[0], "unknown key; known: text, command, config")
    text, command = body.get("text"), body.get("command")
    if not isinstance(text, str) or len(text) > MAX_TEXT_CHARS:
        return _bad("text", f"expected a string of at most {MAX_TEXT_CHARS} characters")
    if command is not None and not isinstance(command, str):
        return _bad("command", "expected a string")
    partial = body.get("config") or {}
    answer, changed = config_update(config, partial)
    if changed is None:
        return answer
    asked = recover(command) if command else None
    catalog = found.catalog if changed.custom_filters_enabled else built_in()
    result = apply(text, asked, catalog=catalog, config=changed)
    # A text too short to be worth filtering is told the filter of its command as well.
    chosen = catalog.choose(asked, text) if asked or result.filter else None
    matched = list(chosen.spec.match.command) if chosen and asked else []
    # A text that no filter shortens is not counted on the way.
    tokens = result.tokens or count(text)
    by_command = bool(asked and chosen and chosen.name != "generic")
    return 200, {
        "detection": {
            "type": chosen.name if chosen else "none",
            "command": asked.line if asked else None,
            "confidence": 1.0 if by_command else 0.5 if chosen else 0.0,
            "category": chosen.spec.category if chosen else "generic",
            "matchedPatterns": matched,
        },
        "text": result.text,
        "compressed": result.saved_tokens > 0,
        "originalTokens": tokens,
        "compressedTokens": tokens - result.saved_tokens,
        "droppedLines": result.dropped_lines,
        "techniquesUsed": ["rtk"] if result.saved_tokens else [],
        "rulesApplied": [result.filter] if result.filter and result.saved_tokens else [],
        "rtkRawOutputPointers": [],
    }


def _bad(field: str, message: str) -> Answer:
    details = [{"field": field, "message": message}]
    return 400, {
        "error": {"message": f"{field}: {message}" if field else message, "details": details}
    }
