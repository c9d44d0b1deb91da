"""The REST interface: paths of TokenPak's own under `/api/`, which no provider has."""

from __future__ import annotations

from collections.abc import Callable

from tokenpak.recovery import RecoveryStore, raw_output_response
from tokenpak.settings import Settings

Answer = tuple[int, dict[str, object]]
"""Status and JSON body."""

PREFIXES = ("/api/context/", "/api/compression/", "/api/settings/")
_RAW_OUTPUT = "/api/context/rtk/raw-output/"


class Api:
    """Answers requests to TokenPak itself; every method returns at once."""

    def __init__(self, settings: Settings) -> None:
        self._raw = RecoveryStore(
            settings.raw_folder, settings.recovery_mb << 20, settings.recovery_days * 86400.0
        )
        self._routes: dict[tuple[str, str], Callable[[str], Answer]] = {
            ("GET", _RAW_OUTPUT): lambda id: raw_output_response(self._raw, id),
        }

    def handles(self, path: str) -> bool:
        """Whether *path* is one of ours, known or not."""
        return path.startswith(PREFIXES)

    def answer(self, method: str, path: str) -> Answer:
        """The answer to one request; an unknown path is a 404 that names the known ones."""
        for (verb, prefix), route in self._routes.items():
            if path.startswith(prefix):
                if method != verb:
                    return 405, _error(f"{path} answers to {verb}, not to {method}")
                return route(path[len(prefix) :])
        known = ", ".join(f"{verb} {prefix}…" for verb, prefix in self._routes)
        return 404, _error(f"{path} is unknown; known: {known}")


def _error(message: str) -> dict[str, object]:
    return {"error": {"message": message}}
