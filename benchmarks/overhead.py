"""What the proxy adds to a request: latency, CPU, first byte, memory, growth with length.

    python benchmarks/overhead.py [--quick] [--json]

Every request goes each way in turn (direct, through nginx as a plain reverse proxy if there is
one, through TokenPak) to the same provider, which answers at once. *Added* is the median of the
differences to the direct way, request by request. *Cold*: each request begins a conversation that
the proxy has never seen. *Warm*: each continues the one before it by one turn. CPU is that of the
proxy's processes, by the scheduler's own count.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from statistics import median

from conversations import conversation, of_size, request
from ways import Way, all_ways

# name of a size -> bytes, characters of a tool result, samples
SIZES = {
    "2 KB": (2_000, 300, 400),
    "100 KB": (100_000, 3_000, 60),
    "800 KB": (800_000, 6_000, 15),
}
TURNS = 5
LENGTHS = (250, 500, 1_000, 2_000)
MEMORY_REQUESTS = 1_000
CONVERSATION = "/v1/messages"
OTHER = "/v1/complete"

_seeds = count(1)


@dataclass
class Row:
    """One case on one way: milliseconds added at the median and at the 95th percentile, and CPU."""

    case: str
    way: str
    requests: int
    added_ms: float
    added_p95_ms: float
    cpu_ms: float


def main() -> None:
    options = _options()
    with all_ways() as ways:
        if len(ways) < 3:
            print("nginx is not installed; its column is left out.", file=sys.stderr)
        rows = [row for case in _cases(options.quick) for row in _measure(ways, *case)]
        growth = _growth(ways[-1], 1 if options.quick else 5)
    requests = MEMORY_REQUESTS // 10 if options.quick else MEMORY_REQUESTS
    with all_ways() as fresh:
        memory = _memory(fresh[-1], requests)
    if options.json:
        found = {
            "rows": [asdict(row) for row in rows],
            "rss_mb": memory,
            "rss_after": requests,
            "growth": growth,
        }
        print(json.dumps(found, indent=1))
    else:
        _print(rows, memory, growth, requests)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


Sample = tuple[bytes, bool]
"""A body, and whether it counts; what does not only prepares the next."""


def _cases(quick: bool) -> Iterator[tuple[str, str, list[Sample]]]:
    small = request(of_size(0, 2_000, 300))
    number = 40 if quick else 400
    yield "2 KB, other path", OTHER, [(small, at >= 20) for at in range(number + 20)]
    yield (
        "2 KB, first byte of a stream",
        f"{CONVERSATION}?sse",
        [(small, at >= 5) for at in range(number // 4 + 5)],
    )
    for name, (size, chars, samples) in SIZES.items():
        samples = max(2, samples // 10) if quick else samples
        yield f"{name}, cold", CONVERSATION, list(_cold(size, chars, samples))
        yield f"{name}, warm", CONVERSATION, list(_warm(size, chars, samples))


def _cold(size: int, chars: int, samples: int) -> Iterator[Sample]:
    for at in range(samples + 2):
        yield request(of_size(next(_seeds), size, chars)), at >= 2


def _warm(size: int, chars: int, samples: int) -> Iterator[Sample]:
    for _ in range(-(-samples // TURNS)):
        messages = of_size(next(_seeds), size + 2 * TURNS * chars, chars)
        first = max(1, len(messages) - 2 * TURNS)
        for upto in range(first, len(messages) + 1, 2):
            yield request(messages[:upto]), upto > first


def _measure(ways: list[Way], case: str, path: str, samples: list[Sample]) -> list[Row]:
    taken: dict[str, list[float]] = {way.name: [] for way in ways}
    spent = {way.name: 0.0 for way in ways}
    streamed = path.endswith("sse")
    for body, counts in samples:
        for way in ways:
            before = way.cpu_ms()
            first_ms, total_ms = way.request(path, body)
            if counts:
                spent[way.name] += way.cpu_ms() - before
                taken[way.name].append(first_ms if streamed else total_ms)
    rows = []
    for way in ways[1:]:
        added = sorted(
            through - direct
            for through, direct in zip(taken[way.name], taken["direct"], strict=True)
        )
        p95 = added[min(len(added) - 1, int(0.95 * len(added)))]
        rows.append(
            Row(case, way.name, len(added), median(added), p95, spent[way.name] / len(added))
        )
    return rows


def _memory(proxy: Way, requests: int) -> float:
    """RSS after that many requests of growing conversations of 100 KB."""
    sent = 0
    while sent < requests:
        for body, _ in _warm(100_000, 3_000, 20):
            proxy.request(CONVERSATION, body)
            sent += 1
    return round(proxy.rss_mb(), 1)


def _growth(proxy: Way, repeats: int) -> list[dict[str, float]]:
    """Time spent packing a conversation as a whole, and its last turn when the rest is known."""
    found = []
    for length in LENGTHS:
        cold, warm, size = [], [], 0
        for _ in range(repeats):
            messages = conversation(next(_seeds), length + 1, 1_500)
            proxy.request(CONVERSATION, request(messages[:-2]))
            cold.append(proxy.packing_ms)
            body = request(messages)
            proxy.request(CONVERSATION, body)
            warm.append(proxy.packing_ms)
            size = len(body)
        found.append(
            {
                "messages": length,
                "kb": round(size / 1000),
                "cold_ms": median(cold),
                "warm_ms": median(warm),
                "cold_us_per_message": 1000 * median(cold) / length,
            }
        )
    return found


def _print(rows: list[Row], memory: float, growth: list[dict[str, float]], requests: int) -> None:
    print(f"{'request':32}{'way':>10}{'n':>6}{'added ms':>10}{'p95':>9}{'CPU ms':>9}{'× nginx':>9}")
    plain = {row.case: row.cpu_ms for row in rows if row.way == "nginx"}
    for row in rows:
        ratio = f"{row.cpu_ms / plain[row.case]:.1f}" if plain.get(row.case) else "–"
        print(
            f"{row.case:32}{row.way:>10}{row.requests:>6}{row.added_ms:>10.2f}"
            f"{row.added_p95_ms:>9.2f}{row.cpu_ms:>9.3f}{ratio:>9}"
        )
    print(f"\nmemory of a fresh proxy after {requests:,} requests: {memory:.0f} MB\n")
    print(f"{'messages':>8}{'KB':>8}{'cold ms':>10}{'warm ms':>10}{'cold µs a message':>20}")
    for each in growth:
        print(
            f"{each['messages']:>8}{each['kb']:>8}{each['cold_ms']:>10.1f}{each['warm_ms']:>10.2f}"
            f"{each['cold_us_per_message']:>20.0f}"
        )


if __name__ == "__main__":
    main()
