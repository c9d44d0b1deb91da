"""What sort of content a text is, as far as it changes how densely tokenizers pack it."""

from __future__ import annotations

import re
from typing import Literal

ContentKind = Literal[
    "prose", "cjk", "code", "diff", "html", "json", "json_pretty", "logs", "yaml", "mixed"
]

_SAMPLE_CHARS = 4000
_GUTTER = re.compile(r"^ *\d+[→\t]", re.MULTILINE)
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
_DIFF = re.compile(r"^(?:diff --git |@@ -\d)", re.MULTILINE)
_TAG = re.compile(r"</?(?:a|body|div|h[1-6]|head|html|li|link|meta|p|script|span|td|tr|ul)[\s>]")
_LOG = re.compile(
    r"^\W{0,2}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:)"
    r"|\b(?:INFO|DEBUG|WARN(?:ING)?|ERROR)\b"
)
_CODE = re.compile(
    r"[{};]\s*$|\)\s*:\s*$|^\s*(?:def|class|import|from|return|func|fn|let|const|var|public|private"
    r"|if|for|while|use|package|#include|export|async)\b.*[\w({:;=.]\s*$|=>|::|\w\(.*\)\s*$|^\s*[})\]]"
)
_YAML = re.compile(r"^\s*(?:- )?[\w./-]+:(?:\s|$)|^\s*- \S")


def content_kind(text: str) -> ContentKind:
    """The kind of *text*, judged by samples from its beginning and its middle."""
    sample = text
    if len(text) > _SAMPLE_CHARS:
        middle = len(text) // 2
        sample = text[: _SAMPLE_CHARS // 2] + text[middle : middle + _SAMPLE_CHARS // 2]
    sample = _GUTTER.sub("", sample)
    if len(_CJK.findall(sample)) > 0.15 * len(sample):
        return "cjk"
    if _DIFF.search(sample):
        return "diff"
    lines = [line for line in sample.split("\n") if line.strip()]
    if sample.lstrip()[:1] in ("{", "[") and sample.count('"') > 0.01 * len(sample):
        return "json_pretty" if len(lines) > len(sample) / 100 else "json"
    if len(_TAG.findall(sample)) > 0.1 * len(lines):
        return "html"
    return _by_lines(lines)


def _by_lines(lines: list[str]) -> ContentKind:
    """Prose unless a good part of the lines looks like logs, settings or code."""
    tests: tuple[tuple[ContentKind, re.Pattern[str], float], ...] = (
        ("logs", _LOG, 0.3),
        ("yaml", _YAML, 0.6),
        ("code", _CODE, 0.3),
    )
    for kind, pattern, share in tests:
        if sum(1 for line in lines if pattern.search(line)) > share * max(1, len(lines)):
            return kind
    return "prose"
