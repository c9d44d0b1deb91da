"""Questions about a tree with known answers, and plain ways to answer them beside the vault's."""

from __future__ import annotations

import ast
import random
import re
import sqlite3
import subprocess
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

# Not the vault's own patterns: a fault of those must not hide itself.
_DEFINED = re.compile(
    r"^[ \t]*(?:async +)?(?:def|class) +([A-Za-z]\w{3,})[ \t]*[(:\[]", re.MULTILINE
)
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_MOST_ANSWERS = 3


@dataclass(frozen=True)
class Question:
    """A query and the files that are right."""

    query: str
    right: frozenset[str]


Engine = Callable[[str], Sequence[str]]


def definitions(texts: dict[str, str], number: int, seed: int = 1) -> list[Question]:
    """Names that at most three files define; these files are right."""
    where: dict[str, set[str]] = defaultdict(set)
    for path, text in texts.items():
        for name in _DEFINED.findall(text):
            where[name].add(path)
    rare = sorted(name for name, paths in where.items() if len(paths) <= _MOST_ANSWERS)
    chosen = random.Random(seed).sample(rare, number)
    return [Question(name, frozenset(where[name])) for name in chosen]


def misspelt(questions: Sequence[Question], seed: int = 2) -> list[Question]:
    """The same with one letter lost, doubled or swapped inside the name."""
    dice = random.Random(seed)
    found = []
    for each in questions:
        name, at = each.query, dice.randrange(1, len(each.query) - 2)
        slip = dice.choice(
            (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:],
             name[:at] + name[at + 1] + name[at] + name[at + 2 :])
        )  # fmt: skip
        found.append(Question(slip, each.right))
    return found


def sentences(texts: dict[str, str], number: int, seed: int = 3) -> list[Question]:
    """First sentences of docstrings, without the names of what they explain.

    Every file whose text holds the same sentence is right, if they are at most three.
    """
    flat = {path: _BLANKS.sub(" ", text) for path, text in texts.items()}
    paths = sorted(texts)
    random.Random(seed).shuffle(paths)
    found: list[Question] = []
    for path in paths:
        for name, sentence in _explained(texts[path])[:1]:
            right = frozenset(each for each, text in flat.items() if sentence in text)
            words = [w for w in _WORD.findall(sentence) if w.lower() != name.lower()]
            if 0 < len(right) <= _MOST_ANSWERS and 5 <= len(words) <= 20:
                found.append(Question(" ".join(words), right))
        if len(found) == number:
            break
    return found


def paraphrases(texts: dict[str, str]) -> list[Question]:
    """Questions in words of their own about the standard library, if *texts* are of it."""
    listed = yaml.safe_load(Path(__file__).with_name("vault_paraphrases.yaml").read_text("utf-8"))
    found = [Question(e["asked"], frozenset([e["file"]])) for e in listed if e["file"] in texts]
    return found if len(found) > len(listed) / 2 else []


def _explained(source: str) -> list[tuple[str, str]]:
    """Public functions and classes of *source* with the first sentence of their docstrings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            text = _BLANKS.sub(" ", ast.get_docstring(node) or "").strip()
            sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
            if 25 <= len(sentence) <= 200 and sentence.isascii() and ">>>" not in sentence:
                found.append((node.name, sentence))
    return found


def right_share(questions: Iterable[Question], engine: Engine, top: int = 5) -> float:
    """The share of *questions* for which a right file is among the first *top*."""
    verdicts = [bool(q.right.intersection(list(engine(q.query))[:top])) for q in questions]
    return sum(verdicts) / len(verdicts)


def grep_and_count(root: Path) -> Engine:
    """Files by the number of lines that hold one of the words: ripgrep if there is one."""
    has_rg = subprocess.run(["which", "rg"], capture_output=True, check=False).returncode == 0
    command = ["rg", "-ciw", "--no-ignore"] if has_rg else ["grep", "-rIciwE"]

    def engine(query: str) -> list[str]:
        words = [w for w in _WORD.findall(query) if len(w) > 3] or [query]
        done = subprocess.run(
            [*command, "--include=*.py", "|".join(words), "."] if not has_rg
            else [*command, "-g*.py", "|".join(words), "."],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        counts = [line.rpartition(":") for line in done.stdout.splitlines()]
        ranked = sorted(counts, key=lambda row: -int(row[2] or 0))
        return [path.removeprefix("./") for path, _, number in ranked[:5] if number != "0"]

    return engine


def text_bm25(texts: dict[str, str]) -> Engine:
    """Plain BM25 over the whole text of each file, held in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE texts USING fts5"
        " (path UNINDEXED, body, tokenize=\"unicode61 tokenchars '_'\")"
    )
    connection.executemany("INSERT INTO texts VALUES (?, ?)", texts.items())

    def engine(query: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in _WORD.findall(query))
        rows = connection.execute(
            "SELECT path FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 5", (match,)
        )
        return [path for (path,) in rows]

    return engine
