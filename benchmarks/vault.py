"""The vault on real trees: how fast it indexes, watches and searches, how well, what it survives.

    python benchmarks/vault.py [FOLDER…] [--kills 200] [--quick] [--json]

Without FOLDER: this Python's standard library and packages. Targets stand beside what was measured;
grep with counting and BM25 over whole texts answer the same questions in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import vault_queries as ask

from tokenpak.vault.calibrate import workers
from tokenpak.vault.indexer import Options, Report, index
from tokenpak.vault.schema import check, open_for_search, open_index
from tokenpak.vault.search import Searcher
from tokenpak.vault.walk import walk

GREP_QUESTIONS = 25


class Row(NamedTuple):
    """One figure, and the bound that it should keep."""

    what: str
    measured: str
    target: str = ""


def main() -> None:
    options = _options()
    folders = [Path(os.path.realpath(each)) for each in options.folders or _installed()]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="vault-") as made:
        home = Path(made)
        for part in (_indexing, _searching, _watching, _killing):
            for row in part(home, folders, options):
                rows.append(row)
                if not options.json:
                    print(f"{row.what:<58} {row.measured:>22}   {row.target}", flush=True)
    if options.json:
        print(json.dumps([row._asdict() for row in rows], indent=2))


def _installed() -> list[str]:
    paths = sysconfig.get_paths()
    library = paths["stdlib"]
    return [library] if paths["purelib"].startswith(library) else [library, paths["purelib"]]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--kills", type=int, default=200, help="how often an indexer is killed")
    parser.add_argument("--quick", action="store_true", help="fewer questions and no grep")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _registry(home: Path) -> Path:
    return home / "registry.db"


def _indexing(home: Path, folders: list[Path], options: argparse.Namespace) -> list[Row]:
    number = workers(home / "calibration.json")
    for folder in folders:  # Fills the page cache.
        for path, _ in walk(str(folder)):
            (folder / path).read_bytes()
    rows = []
    for exact in (False, True):
        for file in home.glob("registry.db*"):
            file.unlink()
        before = _cpu_s()
        first = [index(_registry(home), each, Options(number, exact)) for each in folders]
        busy = (_cpu_s() - before) * 1000 / sum(each.files for each in first)
        name = "symbols by tree-sitter or patterns" if exact else "symbols by patterns alone"
        rows.append(Row(f"first index, {name}, files/s", _rate(first), "≥ 2,500"))
        rows.append(Row("  CPU of all its processes, ms a file", f"{busy:.2f}"))
    again = [index(_registry(home), each, Options(number)) for each in folders]
    rehashed = [index(_registry(home), each, Options(number, rehash=True)) for each in folders]
    with closing(sqlite3.connect(_registry(home))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (source,) = connection.execute(
            "SELECT sum(size) FROM files WHERE reason IS NULL"
        ).fetchone()
    size = sum(file.stat().st_size for file in home.glob("registry.db*"))
    files = sum(each.files for each in first)
    return [
        Row("files", f"{files:,}", "≥ 20,000"),
        Row("source, MB", f"{source / 1e6:,.1f}"),
        *rows,
        Row("unchanged, by stamps, files/s", _rate(again), "≥ 40,000"),
        Row("unchanged, every file hashed again, files/s", _rate(rehashed)),
        Row("database, MB", f"{size / 1e6:,.1f}"),
        Row("database, share of the source", f"{size / source:.1%}", "≤ 15 %"),
    ]


def _cpu_s() -> float:
    """CPU time of this process and of those that it has ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _rate(reports: list[Report]) -> str:
    files, seconds = sum(each.files for each in reports), sum(each.duration_s for each in reports)
    return f"{files / seconds:,.0f} ({seconds:.2f} s)"


def _searching(home: Path, folders: list[Path], options: argparse.Namespace) -> list[Row]:
    """Questions about the Python files of the first folder, asked of the index of all."""
    root = folders[0]
    texts = {
        path: (root / path).read_text("utf-8", "replace")
        for path, _ in walk(str(root))
        if path.endswith(".py")
    }
    few = 100 if options.quick else 400
    defined = ask.definitions(texts, few)
    told = ask.sentences(texts, few // 2)
    took: list[float] = []
    busy: list[float] = []
    with closing(open_for_search(_registry(home))) as connection:
        searcher = Searcher(connection)

        def vault(query: str) -> list[str]:
            began, began_cpu = time.perf_counter(), time.thread_time()
            hits = searcher.search(query, 5)
            busy.append((time.thread_time() - began_cpu) * 1000)
            took.append((time.perf_counter() - began) * 1000)
            return [hit.path for hit in hits if hit.root == str(root)]

        shares = [ask.right_share(each, vault) for each in (defined, told)]
        first = [ask.right_share(each, vault, 1) for each in (defined, told)]
        centiles, middle = quantiles(took, n=100), median(took)
        busy_p99 = quantiles(busy, n=100)[98]
        took.clear()
        slips = ask.right_share(ask.misspelt(defined), vault)
        slip_p99 = quantiles(took, n=100)[98]
        meant = _by_meaning(searcher, str(root), told, ask.paraphrases(texts))
    rows = [
        Row("search, p50 ms", f"{middle:.2f}", "≤ 5"),
        Row("search, p99 ms", f"{centiles[98]:.2f}", "≤ 25"),
        Row("search, p99 ms of CPU", f"{busy_p99:.2f}"),
        Row("search for names with a slip, p50 ms", f"{median(took):.2f}"),
        Row("search for names with a slip, p99 ms", f"{slip_p99:.2f}", "≤ 25"),
        Row("`tokenpak vault search`, median ms", f"{_command_ms(home):.0f}", "≤ 250"),
        Row(f"right in first 5, {len(defined)} definitions: vault", f"{shares[0]:.1%}", "≥ 95 %"),
        Row(f"right in first 5, {len(told)} sentences: vault", f"{shares[1]:.1%}", "≥ 75 %"),
        Row("right first, definitions: vault", f"{first[0]:.1%}"),
        Row("right first, sentences: vault", f"{first[1]:.1%}"),
        Row("right in first 5, definitions with a slip: vault", f"{slips:.1%}"),
        *meant,
    ]
    for name, engine, most in _others(root, texts, options.quick):
        for kind, questions in (("definitions", defined[:most]), ("sentences", told[:most])):
            began = time.perf_counter()
            share = ask.right_share(questions, engine)
            each_ms = (time.perf_counter() - began) * 1000 / len(questions)
            what = f"right in first 5, {len(questions)} {kind}: {name}"
            rows.append(Row(what, f"{share:.1%} ({each_ms:,.0f} ms each)"))
    return rows


def _by_meaning(
    searcher: Searcher, root: str, told: list[ask.Question], paraphrases: list[ask.Question]
) -> list[Row]:
    """The same questions, and such in other words, without and with `--semantic`."""
    rows = []
    for kind, questions in (("sentences", told), ("paraphrases", paraphrases)):
        for semantic in (False, True) if questions else ():

            def vault(query: str, semantic: bool = semantic) -> list[str]:
                hits = searcher.search(query, 5, semantic=semantic)
                return [hit.path for hit in hits if hit.root == root]

            began = time.perf_counter()
            five, one = (ask.right_share(questions, vault, top) for top in (5, 1))
            each_ms = (time.perf_counter() - began) * 500 / len(questions)
            name = "vault --semantic" if semantic else "vault"
            what = f"right in first 5, in first, {len(questions)} {kind}: {name}"
            rows.append(Row(what, f"{five:.1%}, {one:.1%} ({each_ms:.1f} ms)"))
    return rows


def _others(
    root: Path, texts: dict[str, str], quick: bool
) -> list[tuple[str, ask.Engine, int | None]]:
    plain: list[tuple[str, ask.Engine, int | None]] = [
        ("bm25 over texts", ask.text_bm25(texts), None)
    ]
    return (
        plain if quick else [*plain, ("grep and count", ask.grep_and_count(root), GREP_QUESTIONS)]
    )


def _command_ms(home: Path) -> float:
    command = [sys.executable, "-m", "tokenpak", "vault", "search", "parse http header"]
    took = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(command, env=_environment(home), check=True, capture_output=True)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TOKENPAK_HOME": str(home)}


def _watching(home: Path, folders: list[Path], options: argparse.Namespace) -> list[Row]:
    """A copy of 20,000 files, watched; a new word in one of them, until search finds it."""
    tree, other = home / "tree", home / "watched"
    _copy(folders, tree, 2_000 if options.quick else 20_000)
    command = [sys.executable, "-m", "tokenpak", "index", str(tree), "--watch"]
    watcher = subprocess.Popen(
        command, env=_environment(other), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert watcher.stdout is not None
        watcher.stdout.readline()
        target = next(tree.rglob("*.py"))
        took = [_seen_after_ms(_registry(other), target, number) for number in range(30)]
        began = time.perf_counter()
        shutil.copytree(tree, tree / "branch")
        (tree / "branch" / "last.py").write_text("def the_last_of_the_burst(): ...\n")
        copied = time.perf_counter() - began
        burst = copied + _wait_for(_registry(other), "the_last_of_the_burst")
    finally:
        watcher.terminate()
        watcher.wait()
        shutil.rmtree(tree)
    return [
        Row("change until searchable, median of 30, ms", f"{median(took):.0f}", "≤ 300"),
        Row("change until searchable, worst of 30, ms", f"{max(took):.0f}", "≤ 300"),
        Row("20,000 files at once until searchable, s", f"{burst:.1f} (copying {copied:.1f})"),
    ]


def _copy(folders: list[Path], target: Path, most: int) -> None:
    every = ((folder, path) for folder in folders for path, _ in walk(str(folder)))
    for folder, path in islice(every, most):
        copy = target / folder.name / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, copy)


def _seen_after_ms(registry: Path, target: Path, number: int) -> float:
    word = f"unheard_of_{number}_{random.Random(number).randrange(10**9)}"
    with target.open("a") as file:
        file.write(f"\ndef {word}(): ...\n")
    return _wait_for(registry, word) * 1000


def _wait_for(registry: Path, word: str) -> float:
    began = time.perf_counter()
    with closing(open_for_search(registry)) as connection:
        found = "SELECT 1 FROM vocabulary WHERE term = ?"
        while connection.execute(found, (word,)).fetchone() is None:
            if time.perf_counter() - began > 120:
                raise TimeoutError(f"{word} was not indexed")
            time.sleep(0.005)
        assert Searcher(connection).search(word, 1)
    return time.perf_counter() - began


def _killing(home: Path, folders: list[Path], options: argparse.Namespace) -> list[Row]:
    """Kill an indexer at random instants of its work while its tree keeps changing."""
    tree, other = home / "tree", home / "killed"
    _copy(folders, tree, 1_500)
    files = sorted(tree.rglob("*.py"))
    dice = random.Random(0)
    command = [sys.executable, "-m", "tokenpak", "index", str(tree), "--workers", "2"]
    began = time.perf_counter()
    subprocess.run(command, env=_environment(other), check=True, stdout=subprocess.DEVNULL)
    whole_s = time.perf_counter() - began
    survived = at_work = 0
    for turn in range(options.kills):
        if turn % 20 == 0:
            shutil.rmtree(other)
        for path in dice.sample(files, 400):
            path.write_text(
                path.read_text("utf-8", "replace") + f"\nlast_{turn} = {turn}\n", "utf-8"
            )
        run = subprocess.Popen(
            command,
            env=_environment(other),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(dice.uniform(0.05, whole_s))
        at_work += run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        other.mkdir(exist_ok=True)
        with closing(open_index(_registry(other))) as connection:
            check(connection)
        survived += 1
    left = index(_registry(other), tree, Options(2, patience_s=5))
    fresh = index(_registry(home / "fresh"), tree, Options(2))
    same = _listing(_registry(other)) == _listing(_registry(home / "fresh"))
    assert left.files == fresh.files
    return [
        Row(f"killed {options.kills} times ({at_work} at work), whole", f"{survived}", "all"),
        Row("afterwards equal to a fresh index", "yes" if same else "NO", "yes"),
    ]


def _listing(registry: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with closing(open_for_search(registry)) as connection:
        files = connection.execute("SELECT path, content_hash, symbols FROM files ORDER BY path")
        return files.fetchall(), connection.execute("SELECT * FROM vocabulary").fetchall()


if __name__ == "__main__":
    main()
