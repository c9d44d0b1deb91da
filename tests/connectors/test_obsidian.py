from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.connectors import ObsidianConnector
from tokenpak.errors import SourceError

NOTE = """---
title: A plan
tags: [work, "#next"]
aliases: the plan, Plan B
---
# Heading, no tag

See [[Other note]], [[Other note#Part|that part]] and ![[image.png]]. #idea #work/sub
Issue #12 and https://x.y/#anchor are none, nor is `#code`. [[Wikilink]]

```
#no [[no]]
```
"""


def note(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def test_gives_notes_with_tags_and_links(tmp_path: Path) -> None:
    note(tmp_path, "work/plan.md", NOTE)
    (found,) = ObsidianConnector(tmp_path)

    assert (found.path, found.text) == ("work/plan.md", NOTE)
    assert found.provenance == {
        "source": "obsidian",
        "vault": str(tmp_path),
        "title": "A plan",
        "tags": ["work", "next", "idea", "work/sub"],
        "aliases": ["the plan", "Plan B"],
        "links": ["Other note", "image.png", "Wikilink"],
    }


def test_settings_trash_and_other_files_are_left_out(tmp_path: Path) -> None:
    for name in (".obsidian/x.md", ".trash/y.md", "z.txt", "kept.md"):
        note(tmp_path, name, "text")

    assert [each.path for each in ObsidianConnector(tmp_path)] == ["kept.md"]


@pytest.mark.parametrize("text", ["---\n{broken\n---\ntext", "---\n- a\n---\n", "---\nopen", ""])
def test_a_note_with_broken_front_matter_is_a_note(tmp_path: Path, text: str) -> None:
    note(tmp_path, "a b.md", text)
    (found,) = ObsidianConnector(tmp_path)

    assert (found.text, found.provenance["title"], found.provenance["tags"]) == (text, "a b", [])


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        list(ObsidianConnector(tmp_path / "nowhere"))
