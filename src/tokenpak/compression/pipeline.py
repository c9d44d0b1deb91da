"""The pipeline as a library: messages in, the same messages with fewer tokens out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenpak import settings as settings_module
from tokenpak.canonical import CanonicalRequest
from tokenpak.compression.directives import step
from tokenpak.compression.packer import Packer
from tokenpak.compression.repeats import without_repeats
from tokenpak.compression.segments import Segment, segmentize
from tokenpak.compression.select import Plan, plan
from tokenpak.errors import WireError
from tokenpak.policy import PolicyStore, check_pipeline, choose
from tokenpak.recipes import Recipe, get_recipe
from tokenpak.settings import Settings
from tokenpak.tokens import count
from tokenpak.wire import get_adapter, rewrite

Message = dict[str, Any]
Hook = Callable[[list[Message]], list[Message]]


@dataclass(slots=True)
class PipelineResult:
    """Messages after the pipeline, in the format in which they came, and what was done.

    Tokens are exact o200k counts over the text of all messages; `saved_by` tells them by
    technique, `removed` counts messages that repeated an earlier one whole.
    """

    messages: list[Message]
    segments: list[Segment]
    tokens_raw: int
    tokens_after: int
    duration_ms: float
    stages_run: list[str]
    saved_by: dict[str, int] = field(default_factory=dict)
    removed: int = 0

    @property
    def savings_pct(self) -> float:
        """Share of the tokens that was saved, in percent; negative if a hook added some."""
        if not self.tokens_raw:
            return 0.0
        return 100.0 * (self.tokens_raw - self.tokens_after) / self.tokens_raw


class CompressionPipeline:
    """What the proxy does to a conversation, for messages in Anthropic's or OpenAI's format.

    *settings* default to the user's own; *mode* overrides them: any mode, or a combo by id or name.
    *recipe* is one, or the name of one (see `tokenpak.recipes`), instead of the user's own.
    Raises ConfigError listing the known names if there is no such mode, LookupError if there is no
    such recipe.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        mode: str | None = None,
        recipe: str | Recipe | None = None,
    ) -> None:
        chosen = settings if settings is not None else settings_module.load()
        policy = PolicyStore(chosen.home).current()
        check_pipeline(policy, chosen)
        recipe = recipe or chosen.recipe
        if isinstance(recipe, str) and recipe:
            recipe = get_recipe(recipe, chosen.home, Path.cwd())
        directives = step(recipe) if isinstance(recipe, Recipe) else None
        found = plan(chosen, policy=policy, chosen=choose(policy, chosen, mode))
        self._plan = found.following(directives)
        self._packer = Packer(chosen.memo_mb << 20)
        self._hooks: list[Hook] = []

    def add_hook(self, hook: Hook) -> None:
        """Run *hook* on the messages after the standard stages, in the order of adding.

        A hook that raises or does not return a list is skipped, and `stages_run` says so.
        """
        self._hooks.append(hook)

    def run(self, messages: Sequence[Message]) -> PipelineResult:
        """Pack *messages*, which are not changed themselves.

        Raises TypeError if they are not a list of JSON objects.
        """
        started = time.perf_counter()
        body, request = _read(messages)
        result = PipelineResult(list(messages), [], _tokens(request), 0, 0.0, [])
        self._pack(result, body, request)
        for hook in self._hooks:
            _run_hook(hook, result)
        result.tokens_after = _tokens(_read(result.messages)[1])
        result.duration_ms = (time.perf_counter() - started) * 1000
        return result

    def _pack(self, result: PipelineResult, body: bytes, request: CanonicalRequest) -> None:
        if self._plan.does_nothing or not _reaches(self._plan, result.tokens_raw):
            return
        if self._plan.refers or self._plan.remembers:
            kept = without_repeats(result.messages, request, self._plan)
            result.removed = len(result.messages) - len(kept)
            result.messages = kept
            body, request = _read(kept) if result.removed else (body, request)
        packed = self._packer.pack(request.parts, self._plan)
        if packed.texts:
            result.messages = json.loads(rewrite(body, request, packed.texts))["messages"]
        result.saved_by = dict(packed.saved_by)
        result.segments = segmentize(request.parts)
        result.stages_run = ["dedup", "segmentize", "directives"]


def _reaches(chosen: Plan, tokens: int) -> bool:
    return tokens > chosen.untouched_tokens


def _read(messages: Sequence[Message]) -> tuple[bytes, CanonicalRequest]:
    if isinstance(messages, str | bytes) or not all(isinstance(each, dict) for each in messages):
        raise TypeError("messages: expected a list of objects with 'role' and 'content'")
    text = json.dumps({"messages": list(messages)}, ensure_ascii=True)
    body = text.encode("ascii")
    adapter = get_adapter("anthropic" if _is_anthropic(messages) else "openai_chat")
    try:
        return body, adapter.decode_request(body)
    except WireError as error:
        raise TypeError(f"messages: {error}") from error


def _is_anthropic(messages: Sequence[Message]) -> bool:
    kinds = {"tool_use", "tool_result", "thinking", "document"}
    return any(
        isinstance(block, dict) and block.get("type") in kinds
        for message in messages
        if isinstance(message.get("content"), list)
        for block in message["content"]
    )


def _tokens(request: CanonicalRequest) -> int:
    return sum(count(part.text) for part in request.parts if part.kind != "other")


def _run_hook(hook: Hook, result: PipelineResult) -> None:
    name = getattr(hook, "__name__", type(hook).__name__)
    try:
        messages = hook(list(result.messages))
        _read(messages)
    # A hook is someone else's code: whatever it raises, the messages before it are good.
    except Exception as error:
        result.stages_run.append(f"{name} (skipped: {type(error).__name__}: {error})")
        return
    result.messages = messages
    result.stages_run.append(name)
