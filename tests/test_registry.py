from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokenpak.errors import StoreError
from tokenpak.registry import Block, BlockRegistry


def block(path: str = "a.md", content: str = "text", content_hash: str = "h1") -> Block:
    return Block(path, content_hash, 1, path.rpartition(".")[2], 100, 40, content, 0.9, 7.0, 5.0)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[BlockRegistry]:
    with BlockRegistry(tmp_path / "blocks.db") as opened:
        yield opened


def test_gives_back_what_it_was_given(registry: BlockRegistry) -> None:
    kept = replace(block(), slice_id="s", provenance={"commit": "abc", "lines": [1, 2]})
    registry.add_block(kept)

    assert registry.get("a.md", slice_id="s") == kept
    assert registry.get("a.md") is None


def test_new_content_is_the_next_version(registry: BlockRegistry) -> None:
    versions = [
        registry.add_block(block(content=each, content_hash=each)).version for each in "xxyx"
    ]

    assert versions == [1, 1, 2, 3]
    assert registry.versions("a.md") == [1, 2, 3]
    assert registry.get("a.md", version=2) == replace(block("a.md", "y", "y"), version=2)
    assert registry.get("a.md") == replace(block("a.md", "x", "x"), version=3)
    assert registry.get("a.md", version=9) is None


def test_slices_of_a_file_have_versions_of_their_own(registry: BlockRegistry) -> None:
    first, second = (
        registry.add_block(replace(block(content_hash=each), slice_id=each)) for each in "ab"
    )

    assert (first.version, second.version) == (1, 1)
    assert registry.get_stats()["total_files"] == 1
    assert registry.get_stats()["total_blocks"] == 2


def test_only_the_latest_version_is_found(registry: BlockRegistry) -> None:
    registry.add_block(block(content="elephants", content_hash="1"))
    registry.add_block(block(content="giraffes", content_hash="2"))

    assert registry.search("elephants") == []
    assert [each.version for each in registry.search("giraffe")] == [2]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("token compression", "docs/packing.md"),
        ("compress tokens", "docs/packing.md"),
        ("parse request", "src/wire.py"),
        ("parseRequest", "src/wire.py"),
        ("max_retry_count", "src/retry.py"),
        ("retry", "src/retry.py"),
        ('"; DROP TABLE blocks; -- wire', "src/wire.py"),
        ("NEAR(wire OR *", "src/wire.py"),
    ],
)
def test_the_best_fit_comes_first(registry: BlockRegistry, query: str, best: str) -> None:
    registry.add_block(block("docs/packing.md", "# Token compression\n\nSmaller requests."))
    registry.add_block(block("src/wire.py", "def parseRequest(body):\n    pass"))
    registry.add_block(block("src/retry.py", "max_retry_count = 3  # of one request"))
    registry.add_block(block("docs/other.md", "Nothing about any of it, nor a request."))

    found = registry.search(query)

    assert found[0].path == best
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_gives_at_most_as_many_as_asked_for(registry: BlockRegistry) -> None:
    for at in range(5):
        registry.add_block(block(f"{at}.md", "the same words"))

    assert [each.path for each in registry.search("words", top_k=2)] == ["0.md", "1.md"]
    assert registry.search("?!") == []
    with pytest.raises(ValueError, match="top_k is 0"):
        registry.search("words", top_k=0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(query=st.text(max_size=40), content=st.text(max_size=60))
def test_any_text_can_be_kept_and_looked_for(
    registry: BlockRegistry, query: str, content: str
) -> None:
    registry.add_block(block(content=content, content_hash=content))
    registry.search(query)
    kept = registry.get("a.md")

    assert kept is not None
    assert kept.compressed_content == content


def test_text_that_is_no_unicode_is_kept_readable(registry: BlockRegistry) -> None:
    registry.add_block(block("a\udcff.md", "x\ud800"))

    assert registry.get("a\udcff.md") == block("a\\udcff.md", "x\\ud800")


def test_sums_are_of_the_latest_versions(registry: BlockRegistry) -> None:
    registry.add_block(block("a.md", content_hash="1"))
    registry.add_block(block("a.md", content_hash="2"))
    registry.add_block(block("b.py"))

    assert registry.get_stats() == {
        "total_files": 2,
        "total_blocks": 2,
        "total_versions": 3,
        "total_tokens": 200,
        "compressed_tokens": 80,
        "saved_tokens": 120,
        "by_type": {"md": 1, "py": 1},
    }


def test_what_is_removed_is_gone(registry: BlockRegistry) -> None:
    registry.add_block(block(content_hash="1"))
    registry.add_block(block(content_hash="2"))

    assert registry.remove("a.md") == 2
    assert registry.remove("a.md") == 0
    assert registry.search("text") == []
    assert registry.add_block(block()).version == 1


def test_provenance_that_is_no_json_is_refused(registry: BlockRegistry) -> None:
    with pytest.raises(TypeError, match="JSON serializable"):
        registry.add_block(replace(block(), provenance=object()))
    assert registry.get_stats()["total_files"] == 0


def test_threads_may_share_it(registry: BlockRegistry) -> None:
    def add(start: int) -> None:
        for at in range(20):
            registry.add_block(block("shared.md", content_hash=f"{start}-{at}"))
            registry.search("text")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert registry.versions("shared.md") == list(range(1, 81))


def test_another_registry_sees_the_same_file(registry: BlockRegistry) -> None:
    registry.add_block(block())
    with BlockRegistry(str(registry.path)) as other:
        assert other.get("a.md") == block()


def test_a_damaged_file_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database" * 500)

    with pytest.raises(StoreError, match=r"x\.db: damaged"):
        BlockRegistry(tmp_path / "x.db")


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="newer TokenPak"):
        BlockRegistry(tmp_path / "x.db")


def test_a_closed_registry_says_so(tmp_path: Path) -> None:
    registry = BlockRegistry(tmp_path / "x.db")
    registry.close()
    registry.close()

    with pytest.raises(StoreError, match="closed database"):
        registry.get("a.md")
    with pytest.raises(StoreError, match="closed database"):
        registry.add_block(block())
