from __future__ import annotations

import pytest

from tokenpak.engines.rtk.trust import Trust, filter_files, read_all
from tokenpak.errors import ConfigError

MINE = "name: mine\ndescription: d\nmatch: {command: ['^mine']}\n"


@pytest.fixture
def project(tmp_path):
    file = tmp_path / "project" / ".tokenpak" / "rtk" / "mine.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(MINE)
    return file


def names(found):
    return [each.name for each in found.catalog.filters]


def test_a_project_s_file_counts_only_once_trusted(tmp_path, project):
    home = tmp_path / "home"
    before = read_all(home, tmp_path / "project")
    assert "mine" not in names(before)
    assert "is not trusted" in before.refused[0] and "tokenpak rtk trust" in before.refused[0]
    Trust(home).add(project)
    assert names(read_all(home, tmp_path / "project"))[0] == "mine"


def test_a_changed_file_is_refused_until_trusted_again(tmp_path, project):
    home = tmp_path / "home"
    Trust(home).add(project)
    project.write_text(MINE + "drop: ['.']\n")
    after = read_all(home, tmp_path / "project")
    assert "mine" not in names(after) and "changed since it was trusted" in after.refused[0]


def test_trust_can_be_taken_back(tmp_path, project):
    trust = Trust(tmp_path / "home")
    trust.add(project)
    assert trust.remove(project) and not trust.remove(project)
    assert trust.state(project, project.read_bytes()) == "unknown"


def test_a_wrong_file_cannot_be_trusted(tmp_path, project):
    project.write_text("name: mine\nwhat: 1\n")
    with pytest.raises(ConfigError, match=r"mine\.yaml"):
        Trust(tmp_path / "home").add(project)


def test_a_user_s_own_file_counts_and_a_wrong_one_is_named(tmp_path):
    folder = tmp_path / "rtk"
    folder.mkdir()
    (folder / "mine.yaml").write_text(MINE)
    (folder / "bad.yaml").write_text("name: [")
    found = read_all(tmp_path)
    assert found.catalog.get("mine").origin == "global"
    assert len(found.refused) == 1 and "bad.yaml" in found.refused[0]
    assert [path.name for path in filter_files(folder)] == ["bad.yaml", "mine.yaml"]


def test_a_damaged_list_of_trust_is_named(tmp_path):
    (tmp_path / "rtk").mkdir()
    (tmp_path / "rtk" / "trusted.json").write_text("[")
    with pytest.raises(ConfigError, match=r"trusted\.json"):
        Trust(tmp_path).state(tmp_path / "x", b"")
