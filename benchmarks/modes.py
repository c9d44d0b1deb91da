"""Whether the answers to questions are still in what each mode sends, and what it saves.

    python benchmarks/modes.py FOLDER [--mode NAME]... [--set NAME]... [--lost NUMBER] [--whole]

FOLDER holds question sets, one JSON object a line in `NAME.jsonl`: `context`, `question`,
`answers` and `match` (all of the answers must be there, or any); `tool` and `tool_input` where the
context is the result of a call. A context that is a list of tool definitions goes in as such. Each
question becomes the request that an agent would send, and is packed as the proxy packs it for a
client on this machine: always (`strict`), and with recovery, so that modes that cut do cut (not
with `--whole`). Only the part with the context is searched, not the question. An answer that was
not in the context to the letter is not counted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tokenpak.compression.body import Compressor
from tokenpak.settings import PIPELINES, load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

TARGETS = {"lite": 0.99, "standard": 0.99, "pack": 0.99, "aggressive": 0.95, "ultra": 0.85}
SCHEMA = {"type": "object", "properties": {}}
# What an agent declares beside the tool that it called: it can read again what was left out.
READERS = ("Read", "Bash")


@dataclass
class Row:
    """Sums over the questions of a set."""

    asked: int = 0
    """Questions whose answers are in the context."""
    kept: int = 0
    tokens: int = 0
    saved: int = 0
    seconds: float = 0.0

    @property
    def kept_share(self) -> float:
        return self.kept / self.asked if self.asked else 1.0

    @property
    def saved_share(self) -> float:
        return self.saved / self.tokens if self.tokens else 0.0

    def __add__(self, other: Row) -> Row:
        sums = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return Row(*(a + b for a, b in sums))


def main() -> None:
    options = _options()
    sets = {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in sorted(Path(options.folder).glob("*.jsonl"))
        if not options.set or path.stem in options.set
    }
    rows: dict[str, dict[str, Row]] = {}
    with tempfile.TemporaryDirectory() as home:
        for mode in options.mode or PIPELINES:
            rows[mode] = {
                name: measured(questions, mode, Path(home), options)
                for name, questions in sets.items()
            }
    if options.json:
        print(json.dumps({m: {n: asdict(r) for n, r in each.items()} for m, each in rows.items()}))
    else:
        _print(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder")
    parser.add_argument("--mode", action="append", help="one of the modes; all if none is named")
    parser.add_argument("--set", action="append", help="one of the sets; all if none is named")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lost", type=int, default=0, help="show so many lost answers of each set")
    parser.add_argument("--whole", action="store_true", help="without recovery: nothing is cut")
    return parser.parse_args()


def measured(
    questions: list[dict[str, Any]], mode: str, home: Path, options: argparse.Namespace
) -> Row:
    """The figures of *mode* on *questions*; some answers that went are printed."""
    recovery = not options.whole
    compressor = Compressor(load({}, home=home, mode="strict", recovery=recovery, memo_mb=0))
    row, lost = Row(), options.lost
    for question in questions:
        wire, body = request_of(question)
        started = time.perf_counter()
        packed = compressor.pack(get_adapter(wire), "", body, mode, local=True)
        row.seconds += time.perf_counter() - started
        row.tokens += sum(count(each) for each in (question["question"], *context_of(body)))
        row.saved += packed.saved_tokens
        before, after = ("\n".join(context_of(each)) for each in (body, packed.body))
        present = {each: each in before for each in question["answers"]}
        if not _enough(present, question["match"]):
            continue
        row.asked += 1
        left = {each: each in after for each in question["answers"] if present[each]}
        if _enough(left, question["match"]):
            row.kept += 1
        elif lost > 0:
            lost -= 1
            gone = [each for each, there in left.items() if not there]
            print(f"  {mode} {question['id']}: {json.dumps(gone, ensure_ascii=False)[:200]}")
    return row


def _enough(found: dict[str, bool], match: str) -> bool:
    return all(found.values()) if match == "all" else any(found.values())


def request_of(question: dict[str, Any]) -> tuple[str, bytes]:
    """The wire format and body of the request that asks *question*."""
    context = question["context"]
    asked = {"type": "text", "text": question["question"]}
    if "tools" in question:
        tools = json.loads(context)
        body = {
            "model": "gpt-5",
            "tools": tools,
            "messages": [{"role": "user", "content": [asked]}],
        }
        return "openai_chat", json.dumps(body, ensure_ascii=False).encode()
    messages: list[dict[str, Any]]
    if "tool_input" in question:
        name = question["tool"] or "Bash"
        call = {"type": "tool_use", "id": "call_1", "name": name, "input": _input(question)}
        result = {"type": "tool_result", "tool_use_id": "call_1", "content": context}
        messages = [
            {"role": "user", "content": "Please go on."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result, asked]},
        ]
        names = dict.fromkeys((name, *READERS))
    else:
        messages = [{"role": "user", "content": [{"type": "text", "text": context}, asked]}]
        names = dict.fromkeys(READERS)
    request = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 1024,
        "tools": [{"name": each, "description": each, "input_schema": SCHEMA} for each in names],
        "messages": messages,
    }
    return "anthropic", json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _input(question: dict[str, Any]) -> dict[str, Any]:
    found = question["tool_input"]
    return found if isinstance(found, dict) else {"command": str(found or "")}


def context_of(body: bytes) -> list[str]:
    """The texts of *body* that hold the context of its question."""
    request = json.loads(body)
    block = request["messages"][-1]["content"][0]
    if len(request["messages"][-1]["content"]) == 1:
        return list(_strings(request["tools"]))
    return list(_strings(block.get("text", block.get("content"))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)
    else:
        yield json.dumps(value)


def _print(rows: dict[str, dict[str, Row]]) -> None:
    totals: dict[str, Row] = defaultdict(Row)
    names = list(next(iter(rows.values())))
    print(f"{'answers kept / tokens saved':28}" + "".join(f"{name:>16}" for name in rows))
    for name in names:
        for mode, each in rows.items():
            totals[mode] += each[name]
        asked = next(iter(rows.values()))[name].asked
        print(f"{name + f' ({asked})':28}" + "".join(_cell(each[name]) for each in rows.values()))
    print(f"{'all questions':28}" + "".join(_cell(totals[mode]) for mode in rows))
    least = {mode: min(each[name].kept_share for name in names) for mode, each in rows.items()}
    print(f"{'worst set':28}" + "".join(f"{100 * each:15.1f}%" for each in least.values()))
    print(f"{'target':28}" + "".join(f"{_target(mode):>16}" for mode in rows))
    speeds = (each.seconds * 1e6 / max(1, each.tokens) for each in totals.values())
    print(f"{'µs a token':28}" + "".join(f"{each:16.2f}" for each in speeds))


def _cell(row: Row) -> str:
    return f"{100 * row.kept_share:8.1f} /{100 * row.saved_share:5.1f}%"


def _target(mode: str) -> str:
    return f"≥ {100 * TARGETS[mode]:.0f} %" if mode in TARGETS else ""


if __name__ == "__main__":
    main()
