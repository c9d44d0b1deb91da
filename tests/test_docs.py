"""The docs say what there is, and nothing that there is not."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from tokenpak.cli import COMMANDS
from tokenpak.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]
# A line of a code block, or the inside of a code span, that calls the command.
_CALLS = re.compile(r"(?:^|`|\.venv/bin/)tokenpak (?P<command>[a-z]+)", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", [each.name for each in fields(Settings)])
def test_every_setting_has_a_line_in_the_docs(setting: str) -> None:
    variable = {each.name: each.metadata["env"] for each in fields(Settings)}[setting]

    assert f"| `{setting}` | `{variable}` |" in read("docs/settings.md")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_in_the_docs(command: str) -> None:
    assert f"\n## tokenpak {command}\n" in read("docs/commands.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_command_that_does_not_exist(page: Path) -> None:
    named = {match["command"] for match in _CALLS.finditer(page.read_text(encoding="utf-8"))}

    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_of_ours_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [each for each in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in each]

    assert [each for each in targets if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_ours_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:src|docs|tests|benchmarks|requirements|changes)/[\w./-]+)`",
        page.read_text(encoding="utf-8"),
    )

    assert [each for each in named if not (ROOT / each).exists()] == []


def test_every_variable_that_is_named_exists() -> None:
    known = {each.metadata["env"] for each in fields(Settings)}
    named = {
        each
        for page in PAGES
        for each in re.findall(r"\bTOKENPAK_[A-Z_]+\b", page.read_text(encoding="utf-8"))
    }

    assert named - known == set()


def test_every_page_is_in_the_navigation() -> None:
    entries = yaml.safe_load(read("mkdocs.yml"))["nav"]

    assert sorted(page for entry in entries for page in entry.values()) == [
        page.name for page in DOCS
    ]


def test_the_readme_s_two_commands_are_those_of_the_set_up_tool() -> None:
    blocks = re.findall(r"```sh\n(python3 dev\.py \w+)\n```", read("README.md"))

    assert blocks == ["python3 dev.py demo", "python3 dev.py check"]


def test_what_runs_in_ci_is_the_readme_s_check() -> None:
    assert read(".ci/run").splitlines()[-1] == "python3 dev.py check"


def test_the_quick_start_s_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    program = re.findall(r"```python\n(.*?)```", read("docs/index.md"), re.DOTALL)[0]

    exec(compile(program, "docs/index.md", "exec"), {})

    assert re.fullmatch(r"\d+ \d+ [\d.]+\n", capsys.readouterr().out)
