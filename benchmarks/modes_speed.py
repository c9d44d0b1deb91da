"""Seconds of CPU per megabyte of each mode, on ordinary and on hostile text, and how they grow.

    python benchmarks/modes_speed.py [--kb 1000] [--runs 2] [--over 0] [--mode NAME]...
                                     [--text NAME] [--shape NAME] [--model NAME]

Each text goes through the proxy's own path (decode, pack, splice; nothing remembered, everything
recoverable) in four shapes: `prompt`, a user's words; `one`, the result of one command; `many` and
`small`, results of 10 kB and of 1 kB of one command after another, which has the modes that age
history rewrite it again and again. A cell gives the best of the runs and how often the time for
half the size fits into it: about 2 where the cost grows linearly. Only rows with a cell over
`--over` are printed.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenpak.compression.body import Compressor
from tokenpak.settings import PIPELINES, load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

SHAPES = {"prompt": 0, "one": 1 << 30, "many": 10_000, "small": 1_000}
"""Characters of a tool result."""
PROSE = {
    "en": "Please make sure that you basically check the configuration, as it is really important "
    "that we do not lose any of the data that was written at {}. In order to do that, I would like "
    "you to read the file again, and then just tell me what you think of it.",
    "de": "Bitte stelle sicher, dass du die Einstellungen grundsätzlich noch einmal prüfst, weil "
    "es wirklich wichtig ist, dass von den Daten von {} nichts verloren geht. Es wäre schön, wenn "
    "du die Datei noch einmal lesen und mir dann einfach sagen könntest, was du davon hältst.",
    "fr": "Merci de bien vouloir vérifier la configuration, car il est vraiment important que nous "
    "ne perdions pas les données de {}. Afin de faire cela, je voudrais que tu lises le fichier "
    "encore une fois, et que tu me dises simplement ce que tu en penses.",
    "ja": "設定を確認していただけますでしょうか。基本的に、{}に書かれたデータを失わないことが"
    "非常に重要です。そのために、もう一度ファイルを読んで、どう思うか教えてください。",
    "zh": "请您务必帮我检查一下配置，因为我们基本上不能丢失{}写入的任何数据，这一点非常重要。"
    "为了做到这一点，我想请您再读一遍文件，然后告诉我您的看法。",
}
WORDS = "index self result parse token config error request response stream buffer path".split()


def texts(chars: int) -> Iterator[tuple[str, str, str]]:
    """Name, command and text, of *chars* characters, of every content."""
    dice = random.Random(7)

    def lines(command: str, line: Any) -> tuple[str, str]:
        found: list[str] = []
        size = 0
        while size < chars:
            found.append(line(len(found)))
            size += len(found[-1]) + 1
        return command, "\n".join(found)[:chars]

    def word() -> str:
        return dice.choice(WORDS) + dice.choice(WORDS)

    made = {
        "make": lines("make all", lambda i: f"cc -O2 -c src/{word()}_{i}.c -o build/{word()}.o"),
        "warnings": lines("make", lambda i: f"src/{word()}.c:{i}: warning: unused {word()} {i}"),
        "rg": lines("rg x", lambda i: f"src/{word()[:6]}_{i // 9}.py:{i}:    {word()} = {word()}"),
        "log": lines(
            "tail app.log",
            lambda i: f"2025-01-02 03:04:{i % 60:02} INFO {word()} took {i * 7 % 991} ms",
        ),
        "diff": lines("git diff", lambda i: f"{' +-'[i % 3]}    {word()}({i}, {word()})"),
        "code": lines("cat a.py", lambda i: f"def {word()}_{i}(a, b):\n    return a + {word()}(b)"),
        "json": lines(
            "curl x", lambda i: f'{{"id": {i}, "name": "{word()}", "ok": [true, null]}},'
        ),
        "yaml": lines("cat a.yaml", lambda i: f"- name: {word()}\n  value: {i}\n  on: [{word()}]"),
        "html": lines("curl x", lambda i: f"<div class='{word()}'><p>{word()} {i}</p></div>"),
        "listing": lines("find .", lambda i: f"./src/{word()}/{word()}_{i}.py"),
        "one letter": ("make", "a" * chars),
        "one line": ("make", ("word " * (chars // 5 + 1))[:chars]),
        "one json line": ("curl x", ('{"a":"b c","d":1},' * (chars // 18 + 1))[:chars]),
        "blank lines": ("make", "\n" * chars),
        "spaces": ("make", " " * chars),
        "same line": ("make", ("error: it failed again\n" * (chars // 23 + 1))[:chars]),
        "letters as lines": ("make", ("a\n" * chars)[:chars]),
        "brackets": ("cat a.json", "[" * (chars // 2) + "]" * (chars // 2)),
        "quotes": ("make", ("\"'`" * chars)[:chars]),
        "numbers": lines("make", lambda i: f"{i}\t{dice.random()}"),
        "random bytes": ("cat a.bin", dice.randbytes(chars).decode("latin-1")),
    }
    for name, line in PROSE.items():
        made["prose " + name] = lines(
            "cat a.txt", lambda i, line=line: line.format(i) + "\n" * (i % 2)
        )
    for name, (command, text) in made.items():
        yield name, command, text


def request_of(shape: str, command: str, text: str, model: str) -> bytes:
    """The request of an agent that holds *text*."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Please go on."}]
    if shape == "prompt":
        messages = [{"role": "user", "content": text}]
    else:
        size = SHAPES[shape]
        for number, at in enumerate(range(0, len(text), size)):
            call: dict[str, Any] = {"type": "tool_use", "id": f"call_{number}", "name": "Bash"}
            call["input"] = {"command": command}
            result: dict[str, Any] = {"type": "tool_result", "tool_use_id": call["id"]}
            result["content"] = text[at : at + size]
            messages += [
                {"role": "assistant", "content": [call]},
                {"role": "user", "content": [result]},
            ]
    schema = {"type": "object", "properties": {}}
    tools = [{"name": each, "description": "", "input_schema": schema} for each in ("Read", "Bash")]
    body = {"model": model, "tools": tools, "messages": messages}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def seconds(compressor: Compressor, mode: str, body: bytes, runs: int) -> float:
    """CPU time of the fastest of *runs*."""
    adapter = get_adapter("anthropic")
    found = []
    for _ in range(runs):
        began = time.process_time()
        compressor.pack(adapter, "", body, mode, local=True)
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kb", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--over", type=float, default=0.0, help="seconds per MB")
    parser.add_argument("--mode", action="append", help="one of the modes; all if none is named")
    parser.add_argument("--text", default="", help="texts with this in their name")
    parser.add_argument("--shape", choices=tuple(SHAPES))
    parser.add_argument("--model", default="claude-sonnet-4-5", help="its window and prices count")
    options = parser.parse_args()
    modes = options.mode or list(PIPELINES)
    count("warm")
    print(f"{'s/MB × half the size':28}" + "".join(f"{mode:>15}" for mode in modes))
    chars = options.kb * 1000
    worst = dict.fromkeys(modes, 0.0)
    half = {name: (command, text) for name, command, text in texts(chars // 2)}
    for name, command, text in texts(chars):
        if options.text not in name:
            continue
        for shape in [options.shape] if options.shape else SHAPES:
            row = {}
            small = request_of(shape, *half[name], options.model)
            full = request_of(shape, command, text, options.model)
            for mode in modes:
                with tempfile.TemporaryDirectory() as home:
                    row[mode] = _cell(Path(home), mode, small, full, options.runs)
            worst = {mode: max(worst[mode], row[mode][0]) for mode in modes}
            if max(rate for rate, _ in row.values()) >= options.over:
                cells = "".join(f"{rate:9.2f} ×{growth:4.1f}" for rate, growth in row.values())
                print(f"{name:20} {shape:7}{cells}", flush=True)
    print(f"{'worst':28}" + "".join(f"{rate:9.2f}      " for rate in worst.values()))


def _cell(home: Path, mode: str, small: bytes, full: bytes, runs: int) -> tuple[float, float]:
    """Seconds per megabyte of *full*, and how many times those of *small* its time is."""
    compressor = Compressor(load({}, home=home, mode="strict", recovery=True, memo_mb=0))
    seconds(compressor, mode, request_of("prompt", "", "x", ""), 1)
    before = seconds(compressor, mode, small, runs)
    took = seconds(compressor, mode, full, runs)
    return took * 1e6 / len(full), took / max(before, 1e-4)


if __name__ == "__main__":
    main()
