"""What an endpoint is asked and what it answers: status and JSON, without a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tokenpak.errors import ConfigError, StoreError
from tokenpak.policy.model import Refusal

Answer = tuple[int, dict[str, Any]]
"""Status and JSON body."""


class Unknown(ConfigError):
    """There is nothing of that name: 404."""


class Taken(Refusal):
    """What is there forbids it: 409."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `names` are those in its path, `query` its fields, the last of each name."""

    names: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises Refusal if it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Refusal("", f"the body is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise Refusal("", f"the body is a JSON {type(found).__name__}, expected an object")
        return found


Endpoint = Callable[[Asked], Answer]


def error(status: int, message: str, field: str | None = None) -> Answer:
    """An error, with the field that it is about if there is one."""
    details = [{"field": field, "message": message}] if field else []
    told = f"{field}: {message}" if field else message
    return status, {"error": {"message": told, "details": details}}


def answered(endpoint: Endpoint, asked: Asked) -> Answer:
    """What *endpoint* answers; what it refuses is a 400, what it cannot write or read a 409."""
    try:
        return endpoint(asked)
    except Refusal as refused:
        status = 409 if isinstance(refused, Taken) else 400
        return error(status, refused.message, refused.field)
    except Unknown as unknown:
        return error(404, str(unknown))
    except ConfigError as refused:
        return error(400, str(refused))
    except StoreError as refused:
        return error(409, str(refused))
