from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tokenpak.engines.caveman import built_in, shorten
from tokenpak.engines.caveman.inforce import FOLDER, pack_set, packs_of

MINE = "language: en\nrules:\n  - {name: jargon, category: phrase, find: leverage, to: use}\n"
TEXT = "You should leverage the lock of the file in the server."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / FOLDER / "mine.yaml"
    path.parent.mkdir()
    path.write_text(MINE)
    return path


def test_without_packs_of_one_s_own_the_built_in_ones_act(tmp_path: Path) -> None:
    assert pack_set(tmp_path) == "" and packs_of("") is built_in()
    (tmp_path / FOLDER).mkdir()
    assert pack_set(tmp_path) == ""


def test_a_changed_pack_acts_at_once_and_another_set_has_another_digest(
    tmp_path: Path, file: Path
) -> None:
    before = pack_set(tmp_path)
    assert "use" in shorten(TEXT, packs=packs_of(before)).text and pack_set(tmp_path) == before
    file.write_text(MINE.replace("to: use", "to: employ"))
    after = pack_set(tmp_path)
    assert after != before and "employ" in shorten(TEXT, packs=packs_of(after)).text
    assert "use" in shorten(TEXT, packs=packs_of(before)).text
    file.unlink()
    assert pack_set(tmp_path) == ""


def test_the_same_packs_give_the_same_digest_wherever_they_lie(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "other" / FOLDER / "mine.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(MINE)

    assert pack_set(tmp_path) == pack_set(tmp_path / "other")


def test_a_pack_that_cannot_be_used_is_named_once_in_the_log_and_the_others_act(
    tmp_path: Path, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (file.parent / "bad.yaml").write_text(MINE.replace("leverage", "'(leverage+)+ x'"))
    (file.parent / "worse.yaml").write_bytes(b"\xff\xfe")
    with caplog.at_level(logging.WARNING):
        digest = pack_set(tmp_path)
        assert pack_set(tmp_path) == digest
    assert "use" in shorten(TEXT, packs=packs_of(digest)).text
    assert len(caplog.messages) == 2
    assert "bad.yaml" in caplog.messages[0] and "repeats a repetition" in caplog.messages[0]
    assert "worse.yaml" in caplog.messages[1]
