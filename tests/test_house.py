"""The rules of the house, checked on every file."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "tokenpak"
MAX_LINES_OF_A_FILE = 400
MAX_LINES_OF_A_FUNCTION = 80

# Modules without a test file of their own. The list only gets shorter.
UNTESTED: set[str] = {
    "wire/openai_error.py",
    "wire/reading.py",
}

# Words that do not belong in the project: paths of one machine and hosts of package registries.
# Split, so that this file does not hold them itself.
_FOREIGN = re.compile(
    "|".join(
        (
            r"(?<![\w.-])/(?:wo" + r"rk|fa" + r"rm)/",
            r"/tmp/" + r"(?:v|brief)\b",
            r"pypi\." + r"org",
            r"pythonhosted\." + r"org",
            r"registry\.npmjs\." + r"org",
            r"deb\.debian\." + r"org",
            r"crates\." + r"io",
        )
    )
)


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in found if path.is_file()]


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PYTHON if PACKAGE in path.parents)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_listing_found_the_project() -> None:
    assert len(MODULES) > 50
    assert ROOT / "pyproject.toml" in FILES


def _has_code(source: str) -> bool:
    """Whether a module defines a function; one of names and constants needs no test of its own."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_abstract(node)
        for node in ast.walk(ast.parse(source))
    )


def _is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method only says what a Protocol asks for."""
    return all(
        isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in node.body
    )


def _tests_of(module: str) -> list[Path]:
    """Where the test of *module* may stand: that of a room also inside the room."""
    path = Path(module)
    if module == "__init__.py":
        return [ROOT / "tests" / "test_public_api.py"]
    if path.name != "__init__.py":
        return [ROOT / "tests" / path.parent / f"test_{path.stem.strip('_')}.py"]
    room = path.parent
    return [
        ROOT / "tests" / room.parent / f"test_{room.name}.py",
        ROOT / "tests" / room / f"test_{room.name}.py",
    ]


def test_every_module_has_its_test_file() -> None:
    untested = {
        each
        for each in MODULES
        if _has_code((PACKAGE / each).read_text("utf-8"))
        and not any(path.exists() for path in _tests_of(each))
    }

    assert untested - UNTESTED == set(), "these need a test file of their own"
    assert UNTESTED - untested == set(), "these have one now: take them off the list"


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in PYTHON if (ROOT / "tests") in path.parents}

    assert sorted(named(each) for each in folders if not (each / "__init__.py").exists()) == []


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_files_and_functions_stay_short(path: Path) -> None:
    source = path.read_text("utf-8")

    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MAX_LINES_OF_A_FUNCTION
    ]

    assert long == []
    assert source.count("\n") <= MAX_LINES_OF_A_FILE


@pytest.mark.parametrize("module", MODULES)
def test_every_module_opens_with_its_caption(module: str) -> None:
    caption = ast.get_docstring(ast.parse((PACKAGE / module).read_text("utf-8")))

    assert caption
    assert re.search(r"[.:]$", caption.split("\n\n")[0].rstrip())


def test_every_room_stands_on_one_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]
    floors = [
        room.strip().removeprefix("tokenpak.")
        for floor in contract["layers"]
        for room in floor.split("|")
    ]
    rooms = {Path(each).parts[0].removesuffix(".py") for each in MODULES if each != "__init__.py"}

    assert contract["exhaustive"]
    assert "ignore_imports" not in contract
    assert sorted(floors) == sorted(rooms)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_file_names_a_foreign_path_or_a_registry(path: Path) -> None:
    data = path.read_bytes()
    text = "" if b"\0" in data else data.decode("utf-8", "replace")

    assert _FOREIGN.findall(text) == []


@pytest.mark.parametrize(
    "path",
    [each for each in FILES if each.suffix in (".json", ".yaml", ".yml", ".toml")],
    ids=named,
)
def test_data_files_can_be_read(path: Path) -> None:
    readers = {".json": json.loads, ".toml": tomllib.loads}

    assert readers.get(path.suffix, yaml.safe_load)(path.read_text("utf-8"))


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_requirement_is_pinned_by_hash_and_none_has_an_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    entries = re.findall(
        r"^(\S+)(?: ;[^\n\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text, re.MULTILINE
    )

    assert len(entries) == len(re.findall(r"^\w", text, re.MULTILINE)) > 10
    assert [each for each, _ in entries if "==" not in each] == []
    assert "://" not in text


def test_what_runs_is_pinned_the_same_for_developing() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text("utf-8")
        return set(re.findall(r"^\S+==\S+", text, re.MULTILINE))

    assert pins("run.txt") <= pins("dev.txt")
