"""The error body that OpenAI's two formats share."""

from __future__ import annotations

import json

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


def openai_error(status: int, code: str, message: str) -> bytes:
    """Our own error as OpenAI's SDKs parse it.

    https://platform.openai.com/docs/guides/error-codes
    """
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json.dumps({"error": error}).encode()
