from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.cli.template_use import Change
from tokenpak.errors import ConfigError


def change(home: Path, recipe: str | None) -> Change:
    return Change(home=home, recipe=recipe, project=None, file=None)


@pytest.mark.parametrize(
    ("before", "recipe", "after"),
    [
        ("", "a", 'recipe = "a"\n'),
        ("port = 1", "a", 'port = 1\nrecipe = "a"\n'),
        ('# mine\nrecipe = "b"\nport = 1\n', "a", '# mine\nport = 1\nrecipe = "a"\n'),
        ('recipe = "b"\nport = 1\n', None, "port = 1\n"),
    ],
)
def test_only_the_line_of_the_recipe_changes(
    before: str, recipe: str | None, after: str, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(before, "utf-8")

    change(tmp_path, recipe).apply()

    assert (tmp_path / "config.toml").read_text("utf-8") == after


@pytest.mark.parametrize("text", ["port = [", "[table]\nx = 1\n"])
def test_a_file_that_it_cannot_change_stays(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")

    with pytest.raises(ConfigError, match=r"config\.toml: "):
        change(tmp_path, "a").apply()

    assert (tmp_path / "config.toml").read_text("utf-8") == text


def test_what_is_written_is_told_first(tmp_path: Path) -> None:
    told = Change(tmp_path, "a", Path("/src"), Path("/src/.tokenpak/recipes/a.yaml")).lines()

    assert told == [
        "/src/.tokenpak/recipes/a.yaml: trusted until it changes",
        f"{tmp_path}/recipes/projects.json: /src -> a",
    ]
