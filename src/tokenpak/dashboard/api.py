"""The REST interface: paths of TokenPak's own under `/api/`, which no provider has."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tokenpak.engines.rtk.api import filters_response, try_response
from tokenpak.engines.rtk.trust import read_all
from tokenpak.recovery import RecoveryStore, raw_output_response
from tokenpak.settings import Settings

Answer = tuple[int, dict[str, Any]]
"""Status and JSON body."""
Route = Callable[[str, bytes], Answer]
"""Answers a request by the rest of its path and its body."""

PREFIXES = ("/api/context/", "/api/compression/", "/api/settings/")
_RAW_OUTPUT = "/api/context/rtk/raw-output/"
_FILTERS = "/api/context/rtk/filters"
_TEST = "/api/context/rtk/test"


class Api:
    """Answers requests to TokenPak itself; every method returns at once."""

    def __init__(self, settings: Settings) -> None:
        self._raw = RecoveryStore(
            settings.raw_folder, settings.recovery_mb << 20, settings.recovery_days * 86400.0
        )
        self._home = settings.home
        self._routes: dict[tuple[str, str], Route] = {
            ("GET", _RAW_OUTPUT): lambda id, body: raw_output_response(self._raw, id),
            ("GET", _FILTERS): lambda rest, body: filters_response(read_all(self._home)),
            ("POST", _TEST): lambda rest, body: self._try(body),
        }

    def handles(self, path: str) -> bool:
        """Whether *path* is one of ours, known or not."""
        return path.startswith(PREFIXES)

    def answer(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer to one request; an unknown path is a 404 that names the known ones."""
        for (verb, prefix), route in self._routes.items():
            if path.startswith(prefix):
                if method != verb:
                    return 405, _error(f"{path} answers to {verb}, not to {method}")
                return route(path[len(prefix) :], body)
        known = ", ".join(f"{verb} {prefix}" for verb, prefix in self._routes)
        return 404, _error(f"{path} is unknown; known: {known}")

    def _try(self, body: bytes) -> Answer:
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError) as error:
            return 400, _error(f"the body is not JSON: {error}; expected {{text, command?}}")
        return try_response(read_all(self._home), asked)


def _error(message: str) -> dict[str, object]:
    return {"error": {"message": message}}
