"""Parts of a conversation, built by hand."""

from __future__ import annotations

import json
from typing import Any

from tokenpak.canonical import Part


def call(tool: str, **arguments: Any) -> Part:
    return Part("tool_use", "assistant", json.dumps(arguments).encode(), tool=tool)


def result(of: Part, text: str) -> Part:
    literal = json.dumps(text).encode()
    return Part("tool_result", "user", literal, span=(0, 0), tool=of.tool, call=of)


def said(role: str, text: str) -> Part:
    return Part("text", role, json.dumps(text).encode(), span=(0, 0))


def shell(command: str, text: str) -> Part:
    return result(call("Bash", command=command), text)
