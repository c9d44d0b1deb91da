"""`tokenpak search` and `tokenpak vault search`, which are the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenpak.cli import main


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "box.py").write_text("\ndef open_box(): ...\n")
    (tmp_path / "tree" / "box.md").write_text("# How to open a box\n")
    return tmp_path / "tree"


@pytest.fixture
def indexed(tree: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["index", str(tree)]) == 0
    capsys.readouterr()
    return tree


@pytest.mark.parametrize("name", [["search"], ["vault", "search"]])
def test_prints_files_with_symbols_and_lines(
    indexed: Path, capsys: pytest.CaptureFixture[str], name: list[str]
) -> None:
    assert main([*name, "open", "box", "--type", "python"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert f"{indexed.resolve()}/box.py" in first
    assert second.split() == ["2:", "function", "open_box"]


def test_json_holds_the_hits(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "open_box", "--top-k", "1", "--path", "*.py", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["query"] == "open_box"
    assert [hit["path"] for hit in found["hits"]] == ["box.py"]
    assert found["hits"][0]["symbols"] == [{"name": "open_box", "kind": "function", "line": 2}]


def test_nothing_found_is_said(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "zzzz"]) == 0

    assert capsys.readouterr().out == "Nothing found.\n"


def test_without_an_index_it_fails_and_says_how_to_make_one(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "box"]) == 1

    assert "tokenpak index PATH" in capsys.readouterr().err
