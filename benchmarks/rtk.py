"""What the filters save and lose on a folder of command outputs, and how long hard inputs take.

    python benchmarks/rtk.py FOLDER [--out FOLDER]

Each output is a file `ID.txt` beside `ID.json` with its `command`, `tags` and `must_keep`: strings
that must be found in the filtered text. `--out` writes the filtered texts for other scorers.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from tokenpak.engines.rtk import apply
from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.catalog import Catalog, built_in
from tokenpak.engines.rtk.spec import Filter, Match
from tokenpak.tokens import count

_SPACE = re.compile(r"\s+")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def plain(text: str) -> str:
    return _SPACE.sub(" ", _ESCAPE.sub("", text))


def corpus(folder: Path, out: Path | None) -> None:
    """Tokens saved, and the share of strings that are still there to the letter."""
    raw = packed = 0
    kept: list[float] = []
    failing: list[float] = []
    green = 0
    for sidecar in sorted(folder.glob("*.json")):
        about = json.loads(sidecar.read_text("utf-8"))
        with open(
            sidecar.with_suffix(".txt"), newline="", encoding="utf-8", errors="surrogateescape"
        ) as file:
            text = file.read()
        found = apply(text, about["command"])
        tokens = found.tokens or count(text)
        raw, packed = raw + tokens, packed + tokens - found.saved_tokens
        if out is not None:
            (out / f"{about['id']}.txt").write_text(
                found.text, "utf-8", "surrogateescape", newline=""
            )
        fails = {"fail", "error"} & set(about.get("tags", ()))
        if fails and speaks_of_failure(text) and not speaks_of_failure(found.text):
            green += 1
            print(f"  red turned green: {about['id']}")
        if about["must_keep"]:
            shown = plain(found.text)
            recall = sum(each in shown for each in about["must_keep"]) / len(about["must_keep"])
            kept.append(recall)
            if fails:
                failing.append(recall)
    print(f"tokens {raw:,} -> {packed:,}: {1 - packed / raw:.1%} saved")
    print(
        f"strict recall {sum(kept) / len(kept):.4f}; of failures {sum(failing) / len(failing):.4f}"
    )
    print(f"red turned green: {green}")


HARD = {
    "20,000 error lines": (
        "make",
        "\n".join(f"src/a{i}.c:{i}:5: error: bad {i}" for i in range(20_000)),
    ),
    "10 MB log": (
        "docker logs x",
        "\n".join(
            f"2026-01-02T03:{i // 60 % 60:02}:{i % 60:02} INFO request id={i} path=/p{i % 97} ok"
            for i in range(150_000)
        ),
    ),
    "one line of 5 MB": ("cat x.log", "x1 " * 1_700_000),
    "one word of 5 MB": ("cat x.log", "a" * 5_000_000),
    "a million carriage returns": (
        "npm install",
        "\r".join(f"{i % 100}%" for i in range(1_000_000)),
    ),
    "only carriage returns": ("npm install", "\r" * 1_000_000),
    "aaaa!": ("pytest", ("a" * 30 + "!\n") * 30_000),
    "open brackets": ("tsc", "((((((((((((((((((((((((\n" * 40_000),
    "spaces": ("make", (" " * 200 + "|\n") * 5_000),
    "unfinished escapes": ("make", "\x1b]0;" * 250_000),
    "digits": ("kubectl logs x", ("1" * 100 + "\n") * 10_000),
    "same paths": ("rg x", "\n".join(f"a/b.py:{i}:x" for i in range(80_000))),
    "dashes": ("pytest", ("_" * 300 + "\n") * 3_000),
    "carets": ("gcc x.c", "^ ~ ^ ~\n" * 125_000),
    "repeated block": ("make", "\n".join(f"line {i % 50} of a block" for i in range(50_000))),
}


def hard() -> None:
    """Time per megabyte on inputs that were made to be slow."""
    for name, (command, text) in HARD.items():
        started = time.process_time()
        found = apply(text, command)
        took = time.process_time() - started
        size = len(text.encode()) / 1e6
        speed = f"{1000 * took / size:7.1f} ms/MB"
        print(f"  {speed}  {size:5.1f} MB  saved {found.saved_tokens:>9,}  {name}")


SEEDS = [
    *(
        "a",
        " ",
        "1",
        "a.",
        "a-",
        "(",
        "/a",
        "/",
        "a:",
        "=",
        '"a',
        "| ",
        "-",
        "\t",
        "a/b.c:1:",
        "\\",
    ),
    *(
        "error",
        "error-",
        "error ",
        "error/",
        "0 error ",
        "--fail",
        "status 4",
        "...",
        "^ ",
        "at x.",
    ),
]


def adversarial() -> None:
    """The filter and the repeated letters that take longest, by lines that rules look at whole."""
    worst = []
    for each in built_in().filters:
        forced = Catalog((replace(each, spec=force(each.spec)),))
        apply("so that its patterns are compiled\n" * 9, "x", catalog=forced)
        for seed in SEEDS:
            text = (seed * (3900 // len(seed)) + "!\n") * 4
            started = time.process_time()
            apply(text, "x", catalog=forced)
            worst.append((time.process_time() - started, each.name, seed, len(text)))
    took, name, seed, size = max(worst)
    print(f"  {took * 1e9 / size:7.1f} ms/MB  worst of all filters: {name} on {seed!r} repeated")


def force(spec: Filter) -> Filter:
    """*spec* for any command."""
    return structs.replace(spec, match=Match(command=("",)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    if chosen.folder:
        if chosen.out:
            chosen.out.mkdir(parents=True, exist_ok=True)
        corpus(chosen.folder, chosen.out)
    hard()
    adversarial()


if __name__ == "__main__":
    main()
