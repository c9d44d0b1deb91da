from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.recipes.test_catalog import put
from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import trust
from tokenpak.recipes.inforce import any_chosen, choose, chosen, in_force


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "mine", "first")
    assert in_force("mine", tmp_path).description == "first"
    assert in_force("mine", tmp_path) is in_force("mine", tmp_path)

    put(tmp_path, "mine", "other")
    os.utime(path, ns=(1, 1))

    assert in_force("mine", tmp_path).description == "other"


def test_a_project_s_file_is_used_as_long_as_it_is_trusted(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    path = put(project / ".tokenpak", "ours", "first")
    with pytest.raises(ConfigError, match="not trusted"):
        in_force("ours", home, str(project))

    trust(path, home)

    assert in_force("ours", home, str(project)).description == "first"


def test_an_unknown_recipe_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown recipe 'nope'; known: .*code-review"):
        in_force("nope", tmp_path)


def test_a_project_has_the_recipe_that_was_chosen_for_it_or_for_a_folder_above(
    tmp_path: Path,
) -> None:
    choose(Path("/src/app"), "bug-fix", tmp_path)
    choose(Path("/src"), "minimal", tmp_path)

    assert any_chosen(tmp_path) and not any_chosen(tmp_path / "other")
    assert chosen("/src/app/lib", tmp_path) == ("bug-fix", "/src/app")
    assert chosen("/src/other", tmp_path) == ("minimal", "/src")
    assert chosen("/elsewhere", tmp_path) is None
    assert chosen(None, tmp_path) is None

    choose(Path("/src/app"), None, tmp_path)

    assert chosen("/src/app/lib", tmp_path) == ("minimal", "/src")


def test_choices_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    projects = [f"/src/{number}" for number in range(30)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: choose(Path(each), "minimal", tmp_path), projects))

    assert [each for each in projects if chosen(each, tmp_path) is None] == []


@pytest.mark.parametrize("text", ["{", "[]", '{"/a": 3}'])
def test_a_broken_file_of_choices_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "recipes" / "projects.json"
    path.parent.mkdir()
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigError, match=r"projects\.json: .*remove it"):
        chosen("/a", tmp_path)
