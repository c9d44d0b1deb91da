from __future__ import annotations

import msgspec
import pytest

from tokenpak.engines.rtk.catalog import built_in, load_built_in, ordered, runs_anything
from tokenpak.engines.rtk.command import Recovered, recover
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Filter


def one(name, origin, command, priority=50):
    value = {
        "name": name,
        "description": "d",
        "match": {"command": [command]},
        "priority": priority,
    }
    return Loaded(msgspec.convert(value, Filter), f"{name}.yaml", origin)


def test_there_are_at_least_seventy_filters():
    assert len(load_built_in()) >= 70


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("cd app && python -m pytest -q", "test-pytest"),
        ("npx jest", "test-jest"),
        ("git diff --stat HEAD~3", "git-diff-stat"),
        ("git -C x diff", "git-diff"),
        ("kubectl get pods -o json", "json-output"),
        ("docker compose logs web", "docker-logs"),
        ("tail -f /var/log/nginx/access.log", "web-log"),
        ("cat src/a.py", "code"),
        ("cargo clippy", "cargo-build"),
        ("./nobody-knows-this", "generic"),
    ],
)
def test_a_command_leads_to_its_filter(command, name):
    assert built_in().choose(recover(command), "").name == name


def test_a_project_s_filter_goes_before_the_user_s_and_ours():
    found = ordered(
        [
            one("a", "built-in", "^x", 99),
            one("b", "global", "^x", 50),
            one("c", "project", "^x", 1),
            one("a", "project", "^y"),
        ]
    )
    assert [each.name for each in found.filters] == ["a", "c", "b"]
    assert found.choose(Recovered("x"), "").name == "c"


def test_an_unknown_command_is_judged_by_its_output_only_where_it_runs_others():
    text = "==== FAILURES ====\nx\n" + "=" * 5 + " 1 failed in 0.1s " + "=" * 5
    assert built_in().choose(recover("make check"), text).name == "make"
    assert built_in().choose(recover("npm run check"), text).name == "test-pytest"
    assert built_in().choose(recover("cat report"), text).name == "code"
    assert built_in().choose(None, text).name == "test-pytest"
    assert runs_anything(Recovered("node x.js")) and not runs_anything(Recovered("git status"))


@pytest.mark.parametrize(
    "text",
    ["* an item\n* another", "name: x\nitems:\n- a", "1,2,3\n4,5,6", "E is a letter", "{ a }"],
)
def test_prose_and_data_have_no_signature(text):
    assert built_in().choose(None, text).name == "generic"


def test_a_name_that_is_unknown_lists_those_that_exist():
    with pytest.raises(LookupError, match="known: .*test-pytest"):
        built_in().get("pytest-x")
