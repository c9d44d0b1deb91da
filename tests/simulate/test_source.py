"""Files that are whole, damaged, gzipped or too large."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.simulate.recordings import write_lines
from tokenpak.errors import WireError
from tokenpak.simulate import source
from tokenpak.simulate.source import Source, is_candidate


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.traj", "a.json.gz", "a.ndjson"])
def test_transcripts_are_known_by_their_names(name: str) -> None:
    assert is_candidate(Path(name))


@pytest.mark.parametrize("name", ["a.txt", "json", "a.gz", "a.json.bak"])
def test_other_files_are_not_looked_at(name: str) -> None:
    assert not is_candidate(Path(name))


def test_a_damaged_line_is_numbered_and_passed_over(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"a": 1}, b"{broken", b"", {"b": "\u2028"}, b"\xff")
    found = Source(path)

    assert list(found.lines()) == [{"a": 1}, {"b": "\u2028"}]
    assert found.damaged == [2, 5]


def test_the_head_of_a_file_notes_no_damage(tmp_path: Path) -> None:
    found = Source(write_lines(tmp_path / "a.jsonl", b"{broken", {"a": 1}))

    assert found.head() == [{"a": 1}]
    assert found.damaged == []


def test_gzipped_files_are_read_as_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}'))

    assert Source(path).head() == [{"a": 1}]


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)

    with pytest.raises(WireError, match="not JSON"):
        Source(path).value()


def test_a_huge_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 4)
    path = tmp_path / "a.json"
    path.write_bytes(b"[1,2,3]")

    with pytest.raises(WireError, match="larger than"):
        Source(path).value()
