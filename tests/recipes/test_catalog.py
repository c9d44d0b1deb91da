from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import built_in, built_in_names, find, get_recipe, read_all, read_file
from tokenpak.recipes.catalog import trust as trusted
from tokenpak.recipes.recipe import Recipe

TEXT = (
    'name: {name}\nversion: "1"\ndescription: {told}\ndirectives: [{{type: text, action: keep}}]\n'
)


def put(folder: Path, name: str, told: str) -> Path:
    path = folder / "recipes" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(name=name, told=told), "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "project"


def test_a_built_in_recipe_is_found_by_its_name() -> None:
    assert get_recipe("code-review").name == "code-review"
    assert [built_in(name).recipe.name for name in built_in_names()] == list(built_in_names())


def test_an_unknown_name_lists_the_known_ones(home: Path) -> None:
    put(home, "mine", "of the user")

    with pytest.raises(LookupError, match=r"unknown recipe 'x'; known: .*code-review.*mine"):
        get_recipe("x", home)


@pytest.mark.parametrize("name", ["../secret", "a/b", "", ".."])
def test_a_name_is_no_path(name: str, home: Path) -> None:
    with pytest.raises(LookupError):
        get_recipe(name, home, home)


def test_the_project_goes_before_the_user_and_the_user_before_the_built_in(
    home: Path, project: Path
) -> None:
    put(home, "code-review", "of the user")
    assert find("code-review", home).origin == "user"

    trusted(put(project / ".tokenpak", "code-review", "of the project"), home)

    assert find("code-review", home, project).recipe.description == "of the project"
    assert read_all(home, project).entries["code-review"].origin == "project"


def test_a_project_s_recipe_counts_only_while_it_is_as_it_was_trusted(
    home: Path, project: Path
) -> None:
    path = put(project / ".tokenpak", "ours", "first")
    with pytest.raises(
        ConfigError, match="is not trusted; look at it, then: tokenpak template use"
    ):
        find("ours", home, project)

    trusted(path, home)
    assert find("ours", home, project).recipe.description == "first"

    put(project / ".tokenpak", "ours", "second")
    with pytest.raises(ConfigError, match="changed since it was trusted"):
        find("ours", home, project)
    assert "ours" not in read_all(home, project).entries


def test_an_untrusted_file_does_not_fall_back_to_another_of_its_name(
    home: Path, project: Path
) -> None:
    put(project / ".tokenpak", "code-review", "somebody's")

    with pytest.raises(ConfigError, match="is not trusted"):
        find("code-review", home, project)


def test_a_broken_file_is_named_and_the_others_count(home: Path) -> None:
    put(home, "mine", "fine")
    (home / "recipes" / "bad.yaml").write_text("name: other", "utf-8")

    found = read_all(home)

    assert "mine" in found.entries and "bad" not in found.entries
    assert len(found.refused) == 1 and "bad.yaml" in found.refused[0]


@pytest.mark.parametrize("data", [b"\xff\xfe", TEXT.format(name="b", told="d").encode()])
def test_a_file_that_is_no_text_or_has_another_name_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)

    with pytest.raises(ConfigError, match=r"a\.yaml: "):
        read_file(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(tmp_path / "a.yaml")


def test_recipes_are_values() -> None:
    assert isinstance(get_recipe("minimal"), Recipe)
    assert get_recipe("minimal") == get_recipe("minimal")
