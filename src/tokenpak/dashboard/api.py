"""The REST interface: paths of TokenPak's own under `/api/`, which no provider has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec
import yaml

from tokenpak import __version__
from tokenpak.dashboard.answer import Answer, Asked, Endpoint, answered, error
from tokenpak.dashboard.combos import Combos
from tokenpak.dashboard.compression import Compression
from tokenpak.dashboard.preview import Preview
from tokenpak.policy import Combo, CompressionSettings, PolicyStore
from tokenpak.recovery import RecoveryStore, raw_output_response
from tokenpak.settings import Settings

# Everything else under /api/ is Ollama's.
PREFIXES = ("/api/context/", "/api/compression/", "/api/settings/")
OPENAPI = "/api/openapi.json"
MAX_CHANGE_BYTES = 1 << 20
"""The largest body of a request that changes something."""
# These change nothing, and are about texts of any size.
_LARGE = frozenset({"/api/compression/preview", "/api/context/rtk/test"})


class Api:
    """Answers requests to TokenPak itself; every method returns at once."""

    def __init__(self, settings: Settings) -> None:
        store = PolicyStore(settings.home)
        raw = RecoveryStore(
            settings.raw_folder, settings.recovery_mb << 20, settings.recovery_days * 86400.0
        )
        self._max_bytes = settings.max_body_mb << 20
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            ("GET", OPENAPI): lambda asked: (200, openapi()),
            **Compression(settings, store).endpoints,
            ("POST", "/api/compression/preview"): Preview(settings, store).answer,
            ("GET", "/api/context/rtk/raw-output/{id}"): lambda asked: raw_output_response(
                raw, asked.names["id"]
            ),
            **Combos(store, settings.pipeline).endpoints,
        }
        self._patterns = {path: _pattern(path) for _, path in self.endpoints}

    def handles(self, path: str) -> bool:
        """Whether *path* is one of ours, known or not."""
        return path.startswith(PREFIXES) or path == OPENAPI

    def limit(self, method: str, path: str) -> int:
        """Bytes that the body of a request may have."""
        return self._max_bytes if path in _LARGE else min(self._max_bytes, MAX_CHANGE_BYTES)

    def answer(self, method: str, path: str, body: bytes = b"", query: str = "") -> Answer:
        """The answer to one request; an unknown path is a 404 that names the known ones."""
        for template, pattern in self._patterns.items():
            if found := pattern.fullmatch(path):
                names = {name: unquote(value) for name, value in found.groupdict().items()}
                endpoint = self.endpoints.get((method, template))
                if endpoint is None:
                    verbs = " and ".join(v for v, known in self.endpoints if known == template)
                    return error(405, f"{path} answers to {verbs}, not to {method}")
                return answered(endpoint, Asked(names, dict(parse_qsl(query)), body))
        known = ", ".join(f"{verb} {template}" for verb, template in self.endpoints)
        return error(404, f"{path} is unknown; known: {known}")


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of all endpoints; what is stored is described by its own types."""
    text = files("tokenpak.dashboard").joinpath("openapi.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    _, schemas = msgspec.json.schema_components(
        (CompressionSettings, Combo), ref_template="#/components/schemas/{name}"
    )
    found["components"]["schemas"] |= schemas
    found["info"]["version"] = __version__
    return found


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)))
