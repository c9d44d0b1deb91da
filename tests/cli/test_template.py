from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenpak.cli import main
from tokenpak.recipes import read_recipe
from tokenpak.settings import load

SOURCE = '"""Doc."""\n\n\ndef area(w, h):\n' + "".join(
    f"    a{i} = w * h + {i}\n" for i in range(60)
)
OURS = 'name: ours\nversion: "1"\ndescription: d\ndirectives: [{type: text, action: keep}]\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["template", *words])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def write_project(home: Path) -> Path:
    path = home / ".tokenpak" / "recipes" / "ours.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(OURS, "utf-8")
    return path


def test_list_shows_every_recipe_and_why_one_is_refused(capsys, home):
    write_project(home)

    code, out, err = run(capsys, "list", "--json")

    rows = json.loads(out)["recipes"]
    assert code == 0 and len(rows) >= 35 and json.loads(out)["in_force"] is None
    assert "ours.yaml: is not trusted" in err
    assert "code-review" in run(capsys, "list")[1]


def test_show_prints_the_file_and_the_schema(capsys):
    assert "action: signature_only" in run(capsys, "show", "code-review")[1]
    told = json.loads(run(capsys, "show", "code-review", "--json")[1])
    assert told["origin"] == "built-in" and told["recipe"]["name"] == "code-review"
    assert json.loads(run(capsys, "show", "schema")[1])["title"] == "A TokenPak recipe"
    code, _, err = run(capsys, "show", "nope")
    assert code == 2 and "unknown recipe 'nope'; known: " in err


def test_use_shows_the_change_and_writes_it_only_with_apply(capsys, home):
    code, out, _ = run(capsys, "use", "bug-fix")
    assert code == 0 and 'recipe = "bug-fix"' in out and "add --apply" in out
    assert load().recipe == ""

    assert run(capsys, "use", "bug-fix", "--apply")[0] == 0
    assert load().recipe == "bug-fix"
    assert json.loads(run(capsys, "list", "--json")[1])["in_force"] == "bug-fix"

    assert json.loads(run(capsys, "use", "bug-fix", "--off", "--apply", "--json")[1])["applied"]
    assert load().recipe == ""
    assert run(capsys, "use", "nope")[0] == 2


def test_use_trusts_a_project_s_file_and_chooses_it_for_the_project(capsys, home):
    path = write_project(home)

    assert run(capsys, "use", str(path), "--apply")[0] == 0

    rows = {each["name"]: each for each in json.loads(run(capsys, "list", "--json")[1])["recipes"]}
    assert rows["ours"]["origin"] == "project"
    choices = json.loads((home / "home" / "recipes" / "projects.json").read_text("utf-8"))
    assert choices == {str(home): "ours"}


def test_validate_names_what_is_wrong(capsys, home):
    good = write_project(home)
    bad = home / "bad.yaml"
    bad.write_text(OURS.replace("ours", "bad").replace("keep", "kep"), "utf-8")

    assert run(capsys, "validate", str(good)) == (0, "1 of 1 files are valid\n", "")
    code, out, _ = run(capsys, "validate", str(good), str(bad))
    assert code == 1 and "directives[0].action 'kep' is unknown" in out
    faults = json.loads(run(capsys, "validate", str(bad), "--json")[1])["faults"]
    assert list(faults) == [str(bad)]


def test_new_writes_a_valid_recipe_that_an_editor_can_complete(capsys, home):
    code, out, _ = run(capsys, "new", "our-review", "--description", 'Our "own": review')

    path = home / "home" / "recipes" / "our-review.yaml"
    text = path.read_text("utf-8")
    assert code == 0 and str(path) in out
    assert text.startswith("# yaml-language-server: $schema=./recipes.schema.json\n")
    assert json.loads((path.parent / "recipes.schema.json").read_text("utf-8"))["$defs"]
    assert read_recipe(text, "x").description == 'Our "own": review'
    assert run(capsys, "validate", str(path))[0] == 0
    assert run(capsys, "show", "our-review")[0] == 0


def test_new_never_overwrites_and_refuses_a_bad_name(capsys, home):
    run(capsys, "new", "mine", "--project")
    before = (home / ".tokenpak" / "recipes" / "mine.yaml").read_text("utf-8")

    assert run(capsys, "new", "mine", "--project")[0] == 2
    assert run(capsys, "new", "My Recipe")[0] == 2
    assert (home / ".tokenpak" / "recipes" / "mine.yaml").read_text("utf-8") == before


def test_test_shows_tokens_and_a_diff(capsys, home):
    (home / "app.py").write_text(SOURCE, "utf-8")

    code, out, _ = run(capsys, "test", "api-design", "app.py", "--diff", "--out", "short.py")

    assert code == 0 and "api-design on a piece of type code" in out
    assert "-    a1 = w * h + 1" in out and "left out" in out
    assert "def area(w, h):" in (home / "short.py").read_text("utf-8")
    figures = json.loads(run(capsys, "test", "api-design", "app.py", "--json")[1])
    assert figures["tokens_after"] < figures["tokens_raw"] // 2


def test_test_takes_a_recipe_that_is_being_written(capsys, home):
    path = home / "ours.yaml"
    path.write_text(OURS.replace("keep", "limit, max_tokens: 40"), "utf-8")
    (home / "notes.txt").write_text("one two three\n" * 200, "utf-8")

    figures = json.loads(run(capsys, "test", str(path), "notes.txt", "--json")[1])

    assert figures["type"] == "text" and figures["tokens_after"] <= 40


def test_test_refuses_what_is_no_text(capsys, home):
    (home / "picture.png").write_bytes(b"\x89PNG\0\0")

    code, _, error = run(capsys, "test", "api-design", "picture.png")

    assert code == 1 and "picture.png: is no text" in error


def test_use_needs_a_name_unless_it_is_for_none(capsys, home):
    assert run(capsys, "use")[0] == 2
    code, out, _ = run(capsys, "use", "--off")
    assert code == 0 and 'recipe = ""' in out


def test_compress_takes_a_recipe(capsys, home):
    (home / "app.py").write_text(SOURCE, "utf-8")

    assert main(["compress", "app.py", "--recipe", "api-design", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["saved_by"]["directives"] == figures["saved_tokens"] > 100
    assert main(["compress", "app.py", "--recipe", "nope"]) == 2
