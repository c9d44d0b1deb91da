"""Milliseconds per megabyte of the processors and the heuristic engine, on real and hostile text.

    python benchmarks/processors.py [FOLDER...] [--kb 1000] [--over 1000] [--only NAME]

Without folders only hostile texts run; with them, also the files below, joined by type up to the
size and repeated to it. Each text runs at half and at full size: the ratio of the times is about
2 where cost grows linearly. Only rows over `--over` ms/MB are printed, and the slowest of each.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tokenpak.engines import get_engine
from tokenpak.processors import PROCESSORS, get_processor
from tokenpak.processors.code import LANGUAGES, signatures
from tokenpak.processors.comments import tidy_code
from tokenpak.processors.languages import language_of
from tokenpak.processors.sentences import sentences
from tokenpak.processors.syntax import commented
from tokenpak.processors.terms import tokens
from tokenpak.tokens import count

REPEATED = (
    "( [ { < ) ] } () [] {} ([{ ([{}]) \" ' ` \"'` \"\"\" ''' /* // /*x*/ /*/* (* <!-- --> <div> "
    '</ <a" <a=\' <script> <script></script> <![CDATA[ ${ `${ "${ "#{ "\\( "$( f"{ $"{ #{ '
    '--[[ {- $$ $a$ r#" R"( @" %w[ %q( =/ =/[ /[ a.b. a/ a<b>( a?b: a= &a *a a: - ** *_ _ ! | '
    '\\ \\" \t \r é 😀 \0 x 1 1, 0x1f- #if #else : , ; ~~~ ``` :// https://a/ A.B! e.g.'
).split(" ")
LINES = (
    "x <<A y", "<<A", "<<~A", "=begin", "function f() {", "def f():", "def f", "fn f() {", "a: &a",
    "a: *a", "- a", "? a", "# a", "## a\n===", "| a | b |", "[a]: b", "> a", "begin", "end", "}",
    "{", "if (a) {", "ERROR a", "  at a", " ", "\t", "\\", "```", "---", "* a", "1. a", '"a', "'''",
    '"""', "/*", "//", "#define a {", "#if a", "#else", "A. B. C.", "-- a", "<!-- a", "a(b) {",
    "a() {\n\n", "class A {", "&&&&", "AAAA AAAA", "func f() -> ", "() => {", "x = () =>",
)  # fmt: skip


def hostile(chars: int) -> Iterator[tuple[str, str]]:
    """Names and texts of *chars* characters that a careless pattern takes long over."""
    for piece in REPEATED:
        piece = piece or " "
        yield repr(piece), (piece * (chars // len(piece) + 1))[:chars]
    for line in LINES:
        yield repr(line + "\n"), ((line + "\n") * (chars // (len(line) + 1) + 1))[:chars]
    rng = random.Random(1)
    signs = "(){}[]<>;:,.'\"`/*#$@!=+-\\\n ab1"
    yield "random signs", "".join(rng.choice(signs) for _ in range(chars))
    yield "random bytes", bytes(rng.randrange(256) for _ in range(chars)).decode("latin-1")
    yield "anchors", "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(chars // 30))
    yield "stairs", "".join(" " * i + "a:\n" for i in range(int((2 * chars) ** 0.5)))
    yield "lines", "".join(f"{i} {rng.random()} abc\n" for i in range(chars // 25))


def real(folders: list[Path], chars: int) -> Iterator[tuple[str, str]]:
    """The text files below *folders*, joined by their ending, as texts of *chars* characters."""
    found: dict[str, str] = {}
    for path in sorted(each for folder in folders for each in folder.rglob("*") if each.is_file()):
        kind = path.suffix.lstrip(".")
        if len(found.get(kind, "")) < chars:
            found[kind] = found.get(kind, "") + path.read_text("utf-8", "replace")
    for kind, text in found.items():
        if text:
            yield kind, (text * (chars // len(text) + 1))[:chars]


def subjects() -> Iterator[tuple[str, Callable[[str], object]]]:
    """What is measured, by name."""
    for name in PROCESSORS:
        if name != "code":
            processor = get_processor(name)
            assert processor is not None
            yield name, processor.process
    for language in LANGUAGES:
        yield f"signatures {language}", lambda text, each=language: signatures(text, each)
    for language in commented():
        yield f"comments {language}", lambda text, each=language: tidy_code(text, each)
    yield "sentences", lambda text: sentences(text, 0.5)
    yield "tokens", lambda text: tokens(text, 0.5)
    yield "heuristic", get_engine("heuristic").compress
    yield "heuristic, 2,000 tokens", lambda text: get_engine("heuristic").compress(text, 2000)


def milliseconds(act: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    act(text)
    return (time.process_time() - began) * 1000


def table(
    texts: Callable[[int], Iterator[tuple[str, str]]], chars: int, over: float, only: str
) -> None:
    """Prints each subject's slowest text, and every one that takes more than *over* ms/MB."""
    half = dict(texts(chars // 2))
    full = dict(texts(chars))
    print(f"{'subject':26} {'text':22} {'ms/MB':>8} {'× half':>7}")
    for subject, act in subjects():
        if only not in subject:
            continue
        language = subject.partition(" ")[2]
        act("x")
        rows = []
        for name, text in full.items():
            known = language_of(name)
            if known and subject.startswith(("sig", "com")) and known != language:
                continue
            took = milliseconds(act, text)
            rows.append((took * 1e6 / chars, name, took))
        rows.sort(reverse=True)
        for at, (rate, name, took) in enumerate(rows):
            if at == 0 or rate > over:
                ratio = took / max(0.01, milliseconds(act, half[name]))
                print(f"{subject:26} {name:22} {rate:8.0f} {ratio:7.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--kb", type=int, default=1000)
    parser.add_argument("--over", type=float, default=1000)
    parser.add_argument("--only", default="", help="subjects with this in their name")
    options = parser.parse_args()
    count("warm")
    if options.folders:
        table(
            lambda chars: real(options.folders, chars),
            options.kb * 1000,
            options.over,
            options.only,
        )
    table(hostile, options.kb * 1000, options.over, options.only)


if __name__ == "__main__":
    main()
