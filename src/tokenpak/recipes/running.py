"""A recipe applied to one piece of text, never to its harm in length."""

from __future__ import annotations

import json
import re

from tokenpak.recipes.directive import Hints, SegmentType
from tokenpak.recipes.lines import Keep
from tokenpak.recipes.recipe import Recipe
from tokenpak.tokens import count

_NOTHING = Hints()
_FENCED = re.compile(r"\A(?P<open>(?P<fence>```+|~~~+)[^\n]*\n)(?P<code>[\s\S]*)\Z")


def apply(recipe: Recipe, text: str, segment_type: SegmentType, hints: Hints = _NOTHING) -> str:
    """*text*, a piece of that type, as *recipe* leaves it; *text* itself where nothing is gained.

    A code fence stays around what it holds, and JSON stays JSON. The result never has more tokens
    (o200k) than *text*, and follows from the arguments alone.
    """
    fence = _FENCED.match(text) if segment_type == "code" else None
    if fence is None:
        return _applied(recipe, text, segment_type, hints)
    code, close = _closed(fence["code"], fence["fence"])
    short = _applied(recipe, code, segment_type, hints)
    # Nothing within may end the fence early, and what closes it stands on a line of its own.
    if short == code or any(line.startswith(fence["fence"]) for line in short.split("\n")):
        return text
    shown = fence["open"] + short + ("\n" if close and not short.endswith("\n") else "") + close
    return shown if count(shown) < count(text) else text


def _closed(code: str, fence: str) -> tuple[str, str]:
    """What a fence holds, and its last line; that is empty where the fence is not closed."""
    head, newline, last = code.rpartition("\n")
    if not last.startswith(fence):
        return code, ""
    return head + newline, last


def _applied(recipe: Recipe, text: str, kind: SegmentType, hints: Hints) -> str:
    shown, tokens = text, None
    stays_json: bool | None = None
    for each in recipe.directives:
        if not each.matches(shown, kind, hints):
            continue
        if isinstance(each, Keep):
            break
        short = each.run(shown, hints)
        if short == shown:
            continue
        tokens = count(shown) if tokens is None else tokens
        stays_json = is_json(text) if stays_json is None else stays_json
        after = count(short)
        if after < tokens and (not stays_json or is_json(short)):
            shown, tokens = short, after
    return shown


def is_json(text: str) -> bool:
    """Whether *text* as a whole is a JSON object or list."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
