from __future__ import annotations

import logging

import pytest

from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.config import RtkConfig
from tokenpak.engines.rtk.inforce import catalog_of, filter_set
from tokenpak.engines.rtk.trust import Trust

MINE = "name: mine\ndescription: d\nmatch: {command: ['^mine']}\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rtk" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(MINE)
    return path


def names(digest):
    return {each.name for each in catalog_of(digest).filters}


def test_without_files_of_one_s_own_the_built_in_filters_act(tmp_path):
    assert filter_set(tmp_path) == "" and catalog_of("") is built_in()


def test_a_changed_file_acts_at_once_and_another_set_has_another_digest(tmp_path, file):
    before = filter_set(tmp_path)
    assert "mine" in names(before) and filter_set(tmp_path) == before
    file.write_text(MINE + "drop: ['.']\n")
    after = filter_set(tmp_path)
    assert after != before and catalog_of(after).get("mine").spec.drop == (".",)
    file.unlink()
    assert filter_set(tmp_path) == ""


def test_the_same_files_give_the_same_digest_wherever_they_lie(tmp_path, file):
    other = tmp_path / "other" / "rtk"
    other.mkdir(parents=True)
    (other / "mine.yaml").write_text(MINE)
    assert filter_set(tmp_path) == filter_set(other.parent)


def test_a_broken_file_is_named_once_in_the_log_and_the_others_act(tmp_path, file, caplog):
    (file.parent / "bad.yaml").write_text("name: [")
    with caplog.at_level(logging.WARNING):
        assert "mine" in names(filter_set(tmp_path)) and filter_set(tmp_path)
    assert [each for each in caplog.messages if "bad.yaml" in each] == caplog.messages
    assert len(caplog.messages) == 1


def test_a_project_s_file_acts_while_it_is_trusted_as_it_is(tmp_path):
    project = tmp_path / "project" / "x.yaml"
    project.parent.mkdir()
    project.write_text(MINE)
    home = tmp_path / "home"
    assert filter_set(home) == ""
    Trust(home).add(project)
    assert "mine" in names(filter_set(home))
    assert filter_set(home, RtkConfig(trust_project_filters=False)) == ""
    project.write_text(MINE + "drop: ['.']\n")
    assert filter_set(home) == ""


def test_switched_off_no_file_is_read(tmp_path, file):
    assert filter_set(tmp_path, RtkConfig(custom_filters_enabled=False)) == ""


def test_a_damaged_list_of_trust_leaves_the_rest_in_force(tmp_path, file, caplog):
    (file.parent / "trusted.json").write_text("[")
    assert "mine" in names(filter_set(tmp_path)) and "trusted.json" in caplog.text
