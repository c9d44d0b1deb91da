"""Packs what a file holds, be it a text, a request body or a transcript, without sending it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tokenpak.canonical import CanonicalRequest
from tokenpak.cli.template_trial import trial, type_of
from tokenpak.compression.body import Compressor
from tokenpak.compression.directives import step
from tokenpak.compression.pipeline import CompressionPipeline
from tokenpak.compression.segments import segmentize
from tokenpak.errors import WireError
from tokenpak.policy import Chosen, PolicyStore, check_pipeline, choose
from tokenpak.recipes import Recipe
from tokenpak.settings import Settings, parted
from tokenpak.tokens import count
from tokenpak.transcript import Message, read_transcript
from tokenpak.wire import get_adapter
from tokenpak.wire.shape import wire_of


@dataclass(frozen=True, slots=True)
class Input:
    """What was found in a file: `body` for a request, `messages` for the rest."""

    kind: Literal["text", "request", "transcript"]
    body: bytes = b""
    wire: str = ""
    messages: Sequence[Message] = ()
    """Those of a transcript."""
    text: str = ""
    name: str = ""
    """Where a text comes from, which says of what type it is."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What packing did; `output` has the form of the input."""

    kind: str
    output: bytes
    tokens_raw: int
    tokens_after: int
    duration_ms: float
    removed: int
    segments: int
    stages: Sequence[str]
    saved_by: Mapping[str, int]
    changes: Sequence[tuple[str, str]] = field(default=())
    """Text before and after of every piece that changed."""
    idle: str = ""
    """Why no stage ran, if none did."""

    def figures(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "kind": self.kind,
            "tokens_raw": self.tokens_raw,
            "tokens_after": self.tokens_after,
            "saved_tokens": self.tokens_raw - self.tokens_after,
            "savings_pct": round(self._percent(), 1),
            "duration_ms": round(self.duration_ms, 1),
            "stages_run": list(self.stages),
            "removed": self.removed,
            "segments": self.segments,
            "saved_by": dict(self.saved_by),
            "changed": len(self.changes),
        }

    def summary(self) -> str:
        """The lines that `tokenpak compress` prints."""
        figures = [
            f"{each:,}"
            for each in (self.tokens_raw, self.tokens_after, self.tokens_raw - self.tokens_after)
        ]
        time = f"{self.duration_ms:.1f}ms"
        width = max(map(len, [*figures, time]))
        lines = [
            f"Input:  {figures[0]:>{width}} tokens",
            f"Output: {figures[1]:>{width}} tokens",
            f"Saved:  {figures[2]:>{width}} tokens ({self._percent():.1f}%)",
            f"Time:   {time:>{width}}",
            "",
            f"Stages: {self._stages()}",
        ]
        if self.saved_by:
            shares = (f"{name} {tokens:,}" for name, tokens in self.saved_by.items())
            lines.append(f"Saved by: {', '.join(shares)}")
        return "\n".join(lines)

    def _percent(self) -> float:
        saved = self.tokens_raw - self.tokens_after
        return 100 * saved / self.tokens_raw if self.tokens_raw else 0.0

    def _stages(self) -> str:
        notes = {
            "dedup": f"{self.removed} removed",
            "segmentize": f"{self.segments} block{'s' if self.segments != 1 else ''}",
            "directives": "applied",
        }
        shown = [f"{each} ({notes[each]})" if each in notes else each for each in self.stages]
        return " → ".join(shown) or f"none ({self.idle})"


def read(data: bytes, name: str) -> Input:
    """What *data* is, by the *name* of its file and its content.

    Raises WireError naming the file if it is neither text nor a request.
    """
    try:
        text = data.decode("utf-8")
        if name.endswith(".jsonl"):
            return Input("transcript", messages=read_transcript(text))
    except UnicodeDecodeError as error:
        raise WireError(
            f"{name}: byte {error.start:,} is no UTF-8; expected a text, a request body or a "
            "transcript (.jsonl)"
        ) from error
    except WireError as error:
        raise WireError(f"{name}: {error}") from error
    wire = _wire_of(text)
    if wire:
        return Input("request", body=data, wire=wire)
    return Input("text", text=text, name=name)


def run(
    found: Input,
    settings: Settings,
    mode: str | None = None,
    recipe: Recipe | None = None,
    command: str | None = None,
) -> DryRun:
    """Pack *found* under *settings*, or in *mode* or by *recipe*, by the same code as the proxy.

    A text that *command* printed is its result. Any other is what a user wrote, if its name tells
    prose and the mode is made for that, else what a tool gave back. A mode that says how acts on
    it from the first token on, as there is no conversation that could reach a threshold. With a
    *recipe* and no mode it is a piece of its type, and nothing else is done.
    """
    if found.kind == "request":
        return _run_body(found, settings, mode, recipe)
    if found.kind == "transcript":
        return _run_messages(found, found.messages, settings, mode, recipe)
    if recipe is not None and mode is None:
        return _run_recipe(found, recipe, command)
    if mode and parted(mode)[0] is None:
        mode = f"strict/{mode}"
    chosen = _chosen(settings, mode)
    is_prose = command is None and type_of(found.name, None) in ("text", "markdown")
    if is_prose and any("user" in (each.apply_to or ()) for each in chosen.steps):
        messages: list[Message] = [{"role": "user", "content": found.text}]
    else:
        messages = _as_tool_result(found, command)
    return _run_messages(found, messages, settings, mode, recipe)


def _run_recipe(found: Input, recipe: Recipe, command: str | None) -> DryRun:
    started = time.perf_counter()
    tried = trial(recipe, found.text, found.name, command=command)
    changed = tried.text != found.text
    return DryRun(
        kind=found.kind,
        output=tried.text.encode("utf-8"),
        tokens_raw=tried.tokens_raw,
        tokens_after=tried.tokens_after,
        duration_ms=(time.perf_counter() - started) * 1000,
        removed=0,
        segments=tried.segments,
        stages=("segmentize", "directives"),
        saved_by={"directives": tried.tokens_raw - tried.tokens_after} if changed else {},
        changes=[(found.text, tried.text)] if changed else (),
    )


def _run_body(found: Input, settings: Settings, mode: str | None, recipe: Recipe | None) -> DryRun:
    adapter = get_adapter(found.wire)
    directives = step(recipe) if recipe else None
    packed = Compressor(settings).pack(adapter, "", found.body, mode, recipe=directives)
    after = adapter.decode_request(packed.body)
    tokens = _tokens(packed.request)
    idle = _idle(_chosen(settings, mode), settings, tokens)
    return DryRun(
        kind=found.kind,
        output=packed.body,
        tokens_raw=tokens,
        tokens_after=_tokens(after),
        duration_ms=packed.duration_ms,
        removed=0,
        segments=len(segmentize(packed.request.parts)),
        stages=() if idle else ("dedup", "segmentize", "directives"),
        saved_by=packed.saved_by,
        changes=_changes(packed.request, after),
        idle=idle,
    )


def _run_messages(
    found: Input,
    messages: Sequence[Message],
    settings: Settings,
    mode: str | None,
    recipe: Recipe | None,
) -> DryRun:
    result = CompressionPipeline(settings, mode, recipe).run(messages)
    anthropic = get_adapter("anthropic")
    before, after = (
        anthropic.decode_request(json.dumps({"messages": list(each)}).encode())
        for each in (messages, result.messages)
    )
    if found.kind == "text":
        output = after.parts[-1].text.encode("utf-8", "surrogatepass")
        raw, packed = (count(each.parts[-1].text) for each in (before, after))
    else:
        output = json.dumps({"messages": result.messages}, ensure_ascii=False).encode("utf-8")
        raw, packed = result.tokens_raw, result.tokens_after
    return DryRun(
        kind=found.kind,
        output=output,
        tokens_raw=raw,
        tokens_after=packed,
        duration_ms=result.duration_ms,
        removed=result.removed,
        segments=len(result.segments),
        stages=result.stages_run,
        saved_by=result.saved_by,
        changes=_changes(before, after) if not result.removed else (),
        idle=_idle(_chosen(settings, mode), settings, result.tokens_raw),
    )


def _chosen(settings: Settings, mode: str | None) -> Chosen:
    policy = PolicyStore(settings.home).current()
    check_pipeline(policy, settings)
    return choose(policy, settings, mode)


def _idle(chosen: Chosen, settings: Settings, tokens: int) -> str:
    """Why nothing ran on a conversation of *tokens*; empty if something did."""
    if chosen.mode == "off":
        return "packing is off"
    if chosen.acts_at_once or tokens > settings.threshold_tokens:
        return ""
    return (
        f"the threshold of {settings.threshold_tokens:,} tokens was not reached; "
        f"--mode strict/{chosen.combo.id if chosen.combo else chosen.mode} goes without it"
    )


def _tokens(request: CanonicalRequest) -> int:
    return sum(count(part.text) for part in request.parts if part.kind != "other")


def _changes(before: CanonicalRequest, after: CanonicalRequest) -> list[tuple[str, str]]:
    pairs = zip(before.parts, after.parts, strict=True)
    return [(old.text, new.text) for old, new in pairs if old.literal != new.literal]


def _wire_of(text: str) -> str | None:
    """The wire format of a request body; None if *text* is none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return wire_of(value)


def _as_tool_result(found: Input, command: str | None) -> list[Message]:
    """The text of *found* where texts stand in a request: as what a tool, or a shell, gave back."""
    tool, arguments = ("Bash", {"command": command}) if command else ("Show", {"name": found.name})
    call = {"type": "tool_use", "id": "call_1", "name": tool, "input": arguments}
    result = {"type": "tool_result", "tool_use_id": "call_1", "content": found.text}
    return [
        {"role": "user", "content": "Show it."},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
