"""Base64 images told in words, for models that are said to see none: they would be refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from tokenpak.canonical import CanonicalRequest
from tokenpak.policy import Policy

_BASE64 = re.compile(rb'"type"\s*:\s*"base64"|"data:image/[\w.+-]+;base64,|"inline_?[dD]ata"\s*:')
_FORMAT = re.compile(rb"image/([\w.+-]{1,20})")
_TEXT_TYPE = {"anthropic": "text", "openai_chat": "text", "openai_responses": "input_text"}


def unseen(model: str | None, policy: Policy) -> bool:
    """Whether the user says that *model* sees no images. Nothing is assumed of other models."""
    patterns = policy.settings.lite_config.text_only_models
    return model is not None and any(fnmatchcase(model, each) for each in patterns)


def left_out(body: bytes, request: CanonicalRequest) -> tuple[bytes, dict[int, str]]:
    """*body* with a line of text in place of each base64 image, and these lines by part number.

    Any other part of *request* may have been rewritten in *body* before, but none may be missing.
    """
    told: dict[int, str] = {}
    pieces: list[bytes] = []
    at = done = 0
    for number, literal in _images(request):
        start = body.find(literal, at)
        if start < 0:
            continue
        at = start + len(literal)
        told[number] = _words(literal)
        pieces += [body[done:start], _block(literal, told[number], request.wire)]
        done = at
    return (b"".join([*pieces, body[done:]]), told) if told else (body, told)


def _images(request: CanonicalRequest) -> Iterable[tuple[int, bytes]]:
    for number, part in enumerate(request.parts):
        # Ollama's images are a list of their own beside the text, where no words can stand.
        if part.kind == "image" and request.wire != "ollama" and _BASE64.search(part.literal):
            yield number, part.literal


def _words(literal: bytes) -> str:
    found = _FORMAT.search(literal)
    kind = found[1].decode() if found else "unknown format"
    return f"[image: {kind}, {len(literal) // 1024 + 1} KB; left out: this model sees no images]"


def _block(literal: bytes, words: str, wire: str) -> bytes:
    """A block of text that stands where the image stood, with the client's cache marker if any."""
    if wire == "gemini":
        return json.dumps({"text": words}).encode()
    block: dict[str, object] = {"type": _TEXT_TYPE[wire], "text": words}
    marker = json.loads(literal).get("cache_control")
    return json.dumps(block | ({"cache_control": marker} if marker else {})).encode()
