"""What packing does to recorded conversations: tokens, cost, prefix, facts, refusals.

    python benchmarks/packing.py FOLDER [--turns every|N] [--mode pack] [--json]

FOLDER holds one JSON file a conversation: `format` (anthropic, openai), `messages`, `system`,
`tools` and, optionally, `facts`: strings that the agent took from a tool result and used itself at
message `used_at`. Each turn is packed as the proxy would (decode, pack, splice) and compared with
the client's own request of that turn, in the same run. Cost is in base-input equivalents under
prompt caching: 0.1 for the prefix shared with the turn before, 1.25 (Anthropic) or 1 (OpenAI) for
the rest.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenpak.compression.body import Compressor
from tokenpak.settings import load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

WRITE = {"anthropic": 1.25, "openai": 1.0}
READ = 0.1


def main() -> None:
    options = _options()
    compressor = Compressor(load({}, mode=options.mode))
    total: dict[str, Counter[str]] = defaultdict(Counter)
    techniques: Counter[str] = Counter()
    files = sorted(Path(options.folder).glob("*.json"))
    for done, file in enumerate(files, 1):
        session = json.loads(file.read_text(encoding="utf-8"))
        row, saved_by = replay(session, compressor, options.turns)
        total[session["format"]] += row
        techniques.update(saved_by)
        if sys.stderr.isatty():
            print(f"\r{done}/{len(files)} {file.name[:60]:60}", end="", file=sys.stderr)
    total["all"] = sum(total.values(), Counter())
    if options.json:
        print(json.dumps({"total": total, "saved_by": techniques}))
    else:
        _print(total, techniques)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder")
    parser.add_argument("--turns", default="every", help="every, or how many of each conversation")
    parser.add_argument("--mode", default="pack")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def replay(
    session: dict[str, Any], compressor: Compressor, wanted: str
) -> tuple[Counter[str], Counter[str]]:
    """Figures of one conversation over its turns, and tokens saved in its last by technique."""
    adapter = get_adapter("anthropic" if session["format"] == "anthropic" else "openai_chat")
    row: Counter[str] = Counter()
    saved_by: Counter[str] = Counter()
    before: dict[str, list[str]] = {"own": [], "sent": []}
    facts = defaultdict(list)
    for fact in session.get("facts") or []:
        facts[fact["used_at"]].append(fact)
    for upto in _turns(session, wanted):
        body = request_of(session, upto)
        started = time.perf_counter()
        packed = compressor.pack(adapter, "", body)
        row["us"] += int((time.perf_counter() - started) * 1e6)
        saved_by = Counter(packed.saved_by)
        own, sent = json.loads(body), json.loads(packed.body)
        row["turns"] += 1
        row["broken"] += _shape(own) != _shape(sent)
        for name, request in (("own", own), ("sent", sent)):
            blocks = _blocks(request)
            row[name] += (size := sum(map(_count, blocks)))
            shared = sum(_count(b) for b in blocks[: _common(before[name], blocks)])
            row[name + "_cost"] += int(READ * shared + WRITE[session["format"]] * (size - shared))
            row[name + "_unstable"] += _common(before[name], blocks) < len(before[name])
            before[name] = blocks
        text = "\n".join(_strings([sent.get("system"), sent["messages"]]))
        row["facts"] += len(facts[upto])
        row["kept"] += sum(_holds(text, fact) for fact in facts[upto])
    return row, saved_by


def _turns(session: dict[str, Any], wanted: str) -> list[int]:
    messages = session["messages"]
    points = [i for i, m in enumerate(messages) if m["role"] == "assistant" and i]
    if messages[-1]["role"] != "assistant":
        points.append(len(messages))
    if wanted == "every" or not points:
        return points
    return sorted({*points[:: max(1, len(points) // int(wanted))], points[-1]})


def request_of(session: dict[str, Any], upto: int | None = None) -> bytes:
    request = {"model": session.get("model"), "messages": session["messages"][:upto]}
    if session.get("tools"):
        request["tools"] = session["tools"]
    if session.get("system") and session["format"] == "anthropic":
        request["system"] = session["system"]
    elif session.get("system"):
        request["messages"] = [
            {"role": "system", "content": session["system"]},
            *request["messages"],
        ]
    return json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _blocks(request: dict[str, Any]) -> list[str]:
    """The request as the strings that a prompt cache compares, in its order."""
    blocks = [json.dumps(tool) for tool in request.get("tools") or []]
    blocks += [json.dumps(request["system"])] if request.get("system") else []
    for message in request["messages"]:
        content = message.get("content")
        pieces = content if isinstance(content, list) else [content]
        rest = {key: value for key, value in message.items() if key != "content"}
        blocks += [json.dumps(rest), *(json.dumps(piece, ensure_ascii=False) for piece in pieces)]
    return blocks


def _common(one: list[str], two: list[str]) -> int:
    pairs = zip(one, two, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two)))


def _shape(value: Any) -> Any:
    """The request without the texts of its tool results: what must not change."""
    if isinstance(value, dict):
        result = value.get("type") == "tool_result" or value.get("role") == "tool"
        return {k: None if result and k == "content" else _shape(v) for k, v in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _holds(text: str, fact: dict[str, Any]) -> bool:
    return bool(re.search(fact["re"], text)) if fact.get("re") else fact["fact"] in text


_counts: dict[str, int] = {}


def _count(block: str) -> int:
    if block not in _counts:
        _counts[block] = count(block)
    return _counts[block]


def _print(total: dict[str, Counter[str]], techniques: Counter[str]) -> None:
    heads = ("", "turns", "tokens", "cost", "recall", "unstable", "broken", "ms/turn")
    print("{:10} {:>6} {:>8} {:>8} {:>8} {:>8} {:>7} {:>8}".format(*heads))
    for name, row in total.items():
        tokens, cost = _share(row, "sent", "own"), _share(row, "sent_cost", "own_cost")
        recall, ms = row["kept"] / max(1, row["facts"]), row["us"] / 1000 / max(1, row["turns"])
        print(f"{name:10} {row['turns']:6} {tokens:>8} {cost:>8} {recall:8.5f}", end=" ")
        print(f"{row['sent_unstable']:8} {row['broken']:7} {ms:8.1f}")
    print("tokens saved at the last turns, by technique:")
    for name, saved in techniques.most_common():
        print(f"  {name:12} {saved:>10,}")


def _share(row: Counter[str], now: str, before: str) -> str:
    return f"{100 * (row[now] / max(1, row[before]) - 1):+.1f} %"


if __name__ == "__main__":
    main()
