"""What the prose rules save on a corpus, what they keep, and how long they take.

    python benchmarks/prose.py CORPUS [--show N]

CORPUS holds `sessions/*.json` (requests with `messages`) and `qa/*.jsonl` (`context`, `answers`,
`match`). Of sessions the user's own texts count: those that are prose as a whole (`prompts`), and
the others (`mixed`). An answer is kept if it is still there to the letter.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from tokenpak.engines.caveman import built_in, detect, shorten
from tokenpak.engines.caveman.blocks import blocks
from tokenpak.tokens import count

ANSWERED = ("squad", "squad_20docs", "hotpot", "needle", "gsm8k", "kv_75", "bfcl", "tool_facts")
FILLER_HEAVY = Path(__file__).parents[1] / "tests/engines/caveman/filler_heavy.yaml"


def user_texts(folder: Path) -> Iterator[str]:
    """The texts that users wrote, each once."""
    seen = set()
    for path in sorted(folder.glob("*.json")):
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            content = message.get("content")
            if message["role"] != "user" or not content:
                continue
            parts = [content] if isinstance(content, str) else [
                part["text"] for part in content if part.get("type") == "text"
            ]  # fmt: skip
            for text in parts:
                if text not in seen and len(text.split()) >= 8:
                    seen.add(text)
                    yield text


def is_prose(text: str) -> bool:
    """Whether at least 80 % of the words of *text* stand in paragraphs of a known language."""
    words = total = 0
    for block in blocks(text):
        total += len(block.text.split())
        if block.prose and detect(block.text, built_in()):
            words += len(block.text.split())
    return words >= 0.8 * total


def measure(name: str, texts: list[str]) -> None:
    for intensity in ("lite", "full", "ultra"):
        raw = packed = seconds = size = 0.0
        for text in texts:
            started = time.process_time()
            found = shorten(text, intensity=intensity)
            seconds += time.process_time() - started
            size += len(text.encode("utf-8", "replace"))
            raw += count(text)
            packed += count(found.text)
        print(
            f"{name:<14} {intensity:<6} {len(texts):>5} texts {raw:>9,.0f} tokens  "
            f"saved {1 - packed / max(raw, 1):6.1%}  {1e9 * seconds / max(size, 1):7.0f} ms/MB"
        )


def answers(name: str, path: Path, show: int) -> None:
    for intensity in ("lite", "full", "ultra"):
        raw = packed = 0
        kept: list[bool] = []
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            made = shorten(item["context"], intensity=intensity).text
            raw, packed = raw + count(item["context"]), packed + count(made)
            test = any if item["match"] == "any" else all
            if not test(each in item["context"] for each in item["answers"]):
                continue
            kept.append(test(each in made for each in item["answers"]))
            if show and not kept[-1]:
                show -= 1
                print("   lost:", item["answers"][:2])
        share = sum(kept) / max(len(kept), 1)
        saved = f"saved {1 - packed / raw:6.1%}"
        print(f"{name:<14} {intensity:<6} {saved}  answers kept {share:.2%} of {len(kept)}")


HARD = {
    "prose": "Could you please explain, in order to help, why the parser is slow? " * 15_000,
    "paragraphs": "Could you please explain, in order to help, why the parser is slow?\n\n"
    * 15_000,
    "short lines": "the a the a to\n" * 70_000,
    "spaces": " " * 1_000_000,
    "words and spaces": ("please" + " " * 200) * 5_000,
    "one word": "a" * 1_000_000,
    "blank lines": "\n" * 1_000_000,
    "open quotes": 'the "' * 200_000 + "x",
    "open quotes of one kind": "the “ " * 170_000,
    "open brackets": "the [(<{ " * 110_000,
    "open backticks": "the ` `` ``` " * 80_000,
    "open tags": "".join(f"<t{i}>\nthe text\n" for i in range(50_000)),
    "inline tags": "the <b> of a <i> is " * 50_000,
    "please dots": "please" + "." * 1_000_000,
    "apostrophes": "the 'a " * 140_000,
    "dollars": "the $ of " * 110_000,
    "equals": "a = " * 250_000,
    "commas": "a,b," * 250_000,
    "chinese": "请帮我看一下这个问题，非常感谢你的帮助。" * 17_000,
    "japanese": "このコードを確認していただけますでしょうか。よろしくお願いいたします。" * 9_800,
    "json": '{"key": "the value of a thing"},\n' * 30_000,
    "log": "2026-01-02T03:04:05 INFO the request of a user\n" * 20_000,
}


def hard() -> None:
    """Time of 1 MB of inputs that were made to be slow, and what half as much takes."""
    for name, text in HARD.items():
        times = []
        for part in (text[: len(text) // 2], text):
            started = time.process_time()
            shorten(part)
            times.append(time.process_time() - started)
        size = len(text.encode()) / 1e6
        print(f"  {times[1]:6.2f} s  {size:4.1f} MB  half of it {times[0]:6.2f} s  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--only", choices=("sets", "hard"))
    chosen = parser.parse_args()
    if FILLER_HEAVY.exists():
        import yaml

        by_language = yaml.safe_load(FILLER_HEAVY.read_text("utf-8"))
        for language, texts in by_language.items():
            measure(f"filler {language}", texts)
    if chosen.corpus and chosen.only != "hard":
        texts = list(user_texts(chosen.corpus / "sessions"))
        measure("prompts", [each for each in texts if is_prose(each)])
        measure("mixed", [each for each in texts if not is_prose(each)])
        for name in ANSWERED:
            path = chosen.corpus / "qa" / f"{name}.jsonl"
            if path.exists():
                answers(name, path, chosen.show)
    if chosen.only != "sets":
        hard()


if __name__ == "__main__":
    main()
