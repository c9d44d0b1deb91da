"""Every code block of the published pages, as printed there, in an empty folder."""

from __future__ import annotations

import ast
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tokenpak import PipelineResult, server
from tokenpak.cli import COMMANDS, main
from tokenpak.recipes import read_recipe
from tokenpak.settings import Settings
from tokenpak.telemetry.store import open_telemetry

ROOT = Path(__file__).parent.parent
# Commands of the pages that there are not yet. The list only gets shorter.
MISSING = {"budget", "cost"}
GUIDE = (
    "# Token compression\n\nIt makes requests smaller. This is a sentence that explains.\n"
    "Never lose 3 facts.\n"
)


class Block(NamedTuple):
    """One code block of a page."""

    language: str
    text: str


def _blocks() -> Iterator[tuple[str, Block]]:
    for page in ("compression", "public_api"):
        text = (ROOT / "tests" / "snippets" / f"{page}.md").read_text("utf-8")
        for name, language, code in re.findall(
            r"^## ([^\n]+)\n\n```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
        ):
            yield name, Block(language, code)


BLOCKS = dict(_blocks())
NOT_TO_RUN = {"result", "connectors"}  # a declaration, and one with an ellipsis: tests of their own
PROGRAMS = [
    name for name, each in BLOCKS.items() if each.language == "python" and name not in NOT_TO_RUN
]
LINES = [
    line
    for each in BLOCKS.values()
    if each.language == "sh"
    for line in each.text.splitlines()
    if "tokenpak " in line and not line.startswith("pip ")
]


def given() -> dict[str, Any]:
    """What the pages take as given."""
    from tokenpak import Block

    return {
        "messages": [{"role": "user", "content": f"message {at}"} for at in range(12)],
        "content": "one  \n\n\n\ntwo",
        "text": "line of text\n" * 5000,
        "block": Block("docs/README.md", "abc", 1, "md", 1500, 450, "Token compression"),
        "state_json": '{"goal": "ship"}',
        "recent_turns": "user: hello\n" * 3000,
        "evidence_list": ["a fact", {"text": "another fact", "score": 0.9}],
        "tool_schemas": "[]",
    }


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "guide.md").write_text(GUIDE, encoding="utf-8")
    (docs / "data.json").write_text('{"tokens": [1, 2]}', encoding="utf-8")
    (docs / "logo.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "myfile.txt").write_text("a line\n\n\n\nanother line  \n" * 900, encoding="utf-8")
    recipes = tmp_path / "home" / "recipes"
    recipes.mkdir(parents=True)
    (recipes / "my-recipe.yaml").write_text(BLOCKS["recipe"].text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "argv", ["tokenpak"])
    return tmp_path


@pytest.fixture
def used(empty_folder: Path) -> None:
    """An index and a record of requests, as they are after some use."""
    open_telemetry(empty_folder / "home" / "telemetry.db").close()
    assert main(["index", "docs"]) == 0


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings of servers that would have been started."""
    started: list[Settings] = []

    def run(settings: Settings) -> int:
        started.append(settings)
        return 0

    monkeypatch.setattr(server, "run", run)
    return started


def ran(name: str) -> dict[str, Any]:
    """The names of a program after it ran; its files are closed when they are forgotten."""
    namespace = given()
    exec(compile(BLOCKS[name].text, name, "exec"), namespace)
    return namespace


def called(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a line for a shell: variables, `tokenpak`, arguments."""
    words = shlex.split(line.replace("<path>", "docs").replace("<query>", "compression"))
    while "=" in words[0]:
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    assert words[0] == "tokenpak"
    return main(words[1:])


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the page's program leaves files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_runs_as_printed(name: str) -> None:
    names = ran(name)

    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(BLOCKS[name].text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= set(names)
    if "collector" in names:
        names["collector"].stop()


def test_every_block_is_tested() -> None:
    kinds = {each.language for each in BLOCKS.values()}
    others = {name for name, each in BLOCKS.items() if each.language != "python"}

    assert kinds == {"python", "sh", "yaml", "text"}
    assert others == {
        "threshold", "directives", "extra", "recipe", "use a recipe", "dry run", "output",
        "commands",
    }  # fmt: skip
    assert len(BLOCKS) == 31


def test_the_commands_that_are_not_there_yet_are_known() -> None:
    printed = {words[-1] for line in LINES if (words := re.findall(r"tokenpak ([a-z]+)", line))}

    assert printed - set(COMMANDS) == MISSING


@pytest.mark.parametrize("line", [each for each in LINES if each.split()[-1] not in MISSING])
def test_every_command_line_works_as_printed(
    line: str, used: None, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(line, monkeypatch) == 0


def test_the_threshold_reaches_the_server(
    served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    called(BLOCKS["threshold"].text, monkeypatch)

    assert served[0].threshold_tokens == 2000


def test_what_was_indexed_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called("tokenpak index <path>", monkeypatch)
    called("tokenpak search <query>", monkeypatch)

    assert "guide.md" in capsys.readouterr().out


def test_the_dry_run_prints_what_the_page_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shape(text: str) -> list[str]:
        bare = re.sub(r"-?[\d,.]+", "N", text.split("Saved by")[0])
        words = re.sub(r"[ \t]+", " ", bare).replace("(none)", "(applied)").strip()
        return words.splitlines()

    called(BLOCKS["dry run"].text, monkeypatch)

    assert shape(capsys.readouterr().out) == shape(BLOCKS["output"].text)


def test_the_extra_exists() -> None:
    (extra,) = re.findall(r"\[(\w+)\]", BLOCKS["extra"].text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert extra in project["optional-dependencies"]


def test_the_recipes_of_the_page_are_read() -> None:
    head = "name: example\nversion: '1'\ndescription: an example\n"
    example = read_recipe(head + BLOCKS["directives"].text, "code-review.yaml")
    minimal = read_recipe(BLOCKS["recipe"].text, "my-recipe.yaml")

    assert [len(example.directives), len(minimal.directives)] == [3, 2]
    assert minimal.name == "my-recipe"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_integration_example_finds_what_it_indexed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ran("integration")

    assert capsys.readouterr().out == "Found 2 results\n"
    assert names["results"][0].path.endswith("guide.md")
    kept = names["results"][0].compressed_content
    assert kept.startswith("# Token compression\n\nIt makes requests smaller. Never lose 3 facts.")
    assert "a sentence that explains" not in kept


def test_the_hook_keeps_the_last_ten_messages() -> None:
    names = ran("hooks")

    assert [each["content"] for each in names["result"].messages][0] == "message 2"
    assert len(names["result"].messages) == 10


def test_the_figures_of_the_examples_come_back() -> None:
    assert ran("completions")["stats"]["cost_usd"] == 0.015
    assert ran("cache")["hit"] == {"response": "data"}
    assert ran("allocation")["allocation"] == {"docs/a.md#v1": 2000, "docs/b.md#v1": 2000}
    stats = ran("registry")["stats"]
    assert (stats["total_files"], stats["total_tokens"]) == (1, 1500)
    assert ran("heuristic engine")["result"].endswith("more lines left out]")
    assert set(ran("budgeter")["trimmed"]) == {"state", "recent", "evidence", "tools"}


def test_a_repeated_turn_goes_as_the_page_shows() -> None:
    code = "".join(f"value_{at} = compute({at})\\n" for at in range(500))
    names: dict[str, Any] = {}
    before, after = BLOCKS["dedup"].text.replace("<500 lines>", code).split("# After dedup")
    exec(before, names)
    pipeline = names["messages"]
    exec(after, names)
    from tokenpak import CompressionPipeline

    assert CompressionPipeline(mode="strict").run(pipeline).messages == names["messages"]


def test_the_result_has_the_fields_of_the_page() -> None:
    (declared,) = ast.parse(BLOCKS["result"].text).body
    assert isinstance(declared, ast.ClassDef)
    printed = [
        each.target.id
        for each in declared.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]

    assert [each.name for each in fields(PipelineResult)][: len(printed)] == printed
    assert isinstance(PipelineResult.savings_pct, property)


def test_the_connectors_have_names_to_import() -> None:
    names: dict[str, object] = {}
    exec(BLOCKS["connectors"].text.replace("...", "*"), names)

    assert {"connectors", "FilesystemConnector", "GitConnector"} <= set(names)
