"""Whether every mode keeps every law of the design over recorded conversations.

    python benchmarks/laws.py FOLDER... [--turns every|N] [--mode NAME]... [--wire NAME]... [--json]

A FOLDER holds one JSON file a conversation: `format` (anthropic, openai), `messages`, `system`,
`tools`. Each is replayed turn by turn through the code of the request path, in each mode, in its
own format (`--wire all`: rewritten for every format) and each turn is judged by `tests/judging.py`:

bytes      every byte outside of changed texts is the client's
structure  valid JSON of the same structure; only texts that the mode may touch differ: ids, roles,
           calls, inputs, thinking, signatures, images and definitions are the same
size       no text is longer, by exact count, nor is the request
told       the tokens that are said to be saved are those that were saved
threshold  what lies wholly within the threshold stays as it is
prefix     what was sent at one turn is sent at the next, but where an epoch is told
cold       a second process, which packs the last turn only, sends the same bytes
decode     references decode to the original, by the words of the markers alone
files      a marker names a file that is there and holds the original; none where it cannot be read
alarms     every word of every line that speaks of a problem is in sight
words      of users' texts numbers, names, quotations and negations stay

With `--turns N` some pairs of turns that follow each other are taken, and the last.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import converted  # noqa: E402
from tests.lawful import LAWS, MODES, judged, packed  # noqa: E402

Row = dict[str, Any]


def main() -> int:
    options = _options()
    files = [path for folder in options.folder for path in sorted(Path(folder).glob("*.json"))]
    chosen = [each for each in MODES if not options.mode or each.name in options.mode]
    if not files or not chosen:
        known = ", ".join(each.name for each in MODES)
        print(f"found {len(files)} conversations and {len(chosen)} modes; modes: {known}")
        return 2
    started = time.monotonic()
    rows = _all(files, [each.name for each in chosen], options)
    seconds = time.monotonic() - started
    if options.json:
        print(json.dumps({"conversations": len(files), "seconds": round(seconds), "modes": rows}))
    else:
        _print(rows, options.show)
        print(f"{len(files)} conversations, {seconds:.0f} s")
    return 1 if any(row["broken"] for row in rows.values()) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", nargs="+")
    parser.add_argument("--turns", default="4", help="every, or how many of each conversation")
    parser.add_argument("--mode", action="append", help="one of the modes; all if none is named")
    parser.add_argument(
        "--wire", action="append", help="a format, or all; the recorded one if none"
    )
    parser.add_argument("--show", type=int, default=3, help="breaches shown of each law and mode")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _all(files: list[Path], modes: list[str], options: argparse.Namespace) -> dict[str, Row]:
    """One row a mode. Each conversation is replayed in one of two processes, and its last turn
    packed in the other, whose hashes are seeded otherwise."""
    rows: dict[str, Row] = {
        name: {"checked": Counter(), "broken": Counter(), "shown": defaultdict(list)}
        for name in modes
    }
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pools = []
        for seed in ("1", "2"):
            os.environ["PYTHONHASHSEED"] = seed
            context = multiprocessing.get_context("spawn")
            pools.append(stack.enter_context(ProcessPoolExecutor(1, mp_context=context)))
            pools[-1].submit(_ready).result()
        jobs: list[tuple[Path, Future[Any], Future[Any]]] = []
        for number, file in enumerate(files):
            arguments = (file, home / str(number), modes, options.wire or [], options.turns)
            own, other = pools[number % 2], pools[1 - number % 2]
            jobs.append((file, own.submit(_replayed, *arguments), other.submit(_cold, *arguments)))
        for done, (file, replay, cold) in enumerate(jobs, 1):
            _take(rows, file.name, replay.result(), cold.result())
            shutil.rmtree(home / str(done - 1), ignore_errors=True)
            if sys.stderr.isatty():
                print(f"\r{done}/{len(files)} {file.name[:60]:60}", end="", file=sys.stderr)
    return rows


def _ready() -> int:
    return os.getpid()


_Key = tuple[str, str]


def _replayed(
    file: Path, home: Path, modes: list[str], wires: list[str], turns: str
) -> dict[_Key, tuple[Counter[str], list[tuple[str, str]], str]]:
    """What was checked and what broke, and a digest of the last body, by mode and format."""
    session = json.loads(file.read_text("utf-8"))
    found = {}
    for wire in _wires(session, wires):
        bodies = [converted.body(session, wire, upto) for upto in _turns(session, turns)]
        for mode in MODES:
            if mode.name in modes and bodies:
                verdict, last = judged(mode, wire, bodies, home)
                digest = hashlib.sha256(last).hexdigest()
                found[mode.name, wire] = (verdict.checked, verdict.broken, digest)
    return found


def _cold(
    file: Path, home: Path, modes: list[str], wires: list[str], turns: str
) -> dict[_Key, str]:
    """A digest of the last body of each mode and format, packed without the turns before."""
    session = json.loads(file.read_text("utf-8"))
    found = {}
    for wire in _wires(session, wires):
        last = _turns(session, turns)[-1:]
        for body in (converted.body(session, wire, upto) for upto in last):
            for mode in (each for each in MODES if each.name in modes):
                sent = packed(mode, mode.compressor(home), wire, body)
                found[mode.name, wire] = hashlib.sha256(sent.body).hexdigest()
    return found


def _wires(session: dict[str, Any], wanted: list[str]) -> list[str]:
    if "all" in wanted:
        return list(converted.WIRES)
    return wanted or [converted.NATIVE[session["format"]]]


def _turns(session: dict[str, Any], wanted: str) -> list[int]:
    """How many messages the requests held: pairs of neighbours, the last request among them."""
    messages = session["messages"]
    points = [i for i, each in enumerate(messages) if each["role"] == "assistant" and i]
    if messages[-1]["role"] != "assistant":
        points.append(len(messages))
    if wanted == "every" or len(points) <= int(wanted):
        return points
    pairs = max(1, int(wanted) // 2)
    ends = [len(points) * (i + 1) // pairs - 1 for i in range(pairs)]
    return sorted({points[at] for end in ends for at in (max(0, end - 1), end)})


def _take(rows: dict[str, Row], name: str, replay: dict[_Key, Any], cold: dict[_Key, str]) -> None:
    for (mode, wire), (checked, broken, digest) in replay.items():
        row = rows[mode]
        row["checked"].update(checked)
        row["checked"]["cold"] += 1
        if digest != cold[mode, wire]:
            broken = [*broken, ("cold", "a second process sent other bytes")]
        for law, what in broken:
            row["broken"][law] += 1
            row["shown"][law].append(f"{name} ({wire}): {what}")


def _print(rows: dict[str, Row], show: int) -> None:
    print("checked by law, and breaches:")
    print(f"{'':16}" + "".join(f"{law:>12}" for law in LAWS))
    for name, row in rows.items():
        print(f"{name:16}" + "".join(f"{_cell(row, law):>12}" for law in LAWS))
    for name, row in rows.items():
        for law, found in row["shown"].items():
            for each in found[:show]:
                print(f"{name} breaks {law}: {each}")


def _cell(row: Row, law: str) -> str:
    checked, broken = row["checked"][law], row["broken"][law]
    return f"{checked} !{broken}" if broken else str(checked or "-")


if __name__ == "__main__":
    sys.exit(main())
