from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tokenpak.dashboard.api import Api
from tokenpak.policy import PolicyStore, with_mode
from tokenpak.settings import load

COMBOS = "/api/context/combos"
CODING = {"name": "Coding agents", "pipeline": [{"engine": "rtk"}, {"engine": "pack"}]}


@pytest.fixture
def ask(tmp_path):
    api = Api(load({}, home=tmp_path))

    def ask(method, path="", values=None):
        body = b"" if values is None else json.dumps(values).encode()
        return api.answer(method, COMBOS + path, body)

    return ask


def ids(ask):
    return {each["id"]: each["isDefault"] for each in ask("GET")[1]["combos"]}


def test_a_combo_is_made_shown_changed_and_removed(ask):
    status, made = ask("POST", "", CODING)
    assert (
        status == 201 and made["id"] == "coding-agents" and made["pipeline"][0] == {"engine": "rtk"}
    )
    assert ask("GET", "/coding-agents") == (200, made)
    status, changed = ask("PUT", "/coding-agents", {"description": "d"})
    assert status == 200 and changed == made | {"description": "d"}
    assert ask("DELETE", "/coding-agents")[0] == 200
    assert ask("GET", "/coding-agents")[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "values", "status", "field"),
    [
        ("POST", "", CODING | {"name": "Standard savings"}, 409, "id"),
        ("POST", "", CODING | {"id": "default-caveman"}, 409, "id"),
        ("POST", "", CODING | {"x": 1}, 400, "x"),
        ("POST", "", {"name": "A"}, 400, "pipeline"),
        ("POST", "", CODING | {"recipe": "cod-review"}, 400, "recipe"),
        ("POST", "", CODING | {"name": "!"}, 400, "id"),
        ("POST", "", CODING | {"name": "rtk"}, 400, "combos.name"),
        ("POST", "", CODING | {"pipeline": [{"engine": "x"}]}, 400, "pipeline[0].engine"),
        ("PUT", "/default-caveman", {"id": "x"}, 400, "id"),
        ("PUT", "/default-caveman", {"isDefault": False}, 400, "isDefault"),
        ("PUT", "/default-caveman", {"pipeline": []}, 400, "pipeline"),
        ("PUT", "/none", {}, 404, None),
        ("DELETE", "/none", None, 404, None),
        ("DELETE", "/default-caveman", None, 409, None),
        ("GET", "/none/assignments", None, 404, None),
        ("PUT", "/none/assignments", {"routes": []}, 404, None),
        ("PUT", "/default-caveman/assignments", {"routes": ["codex"]}, 400, "routes"),
        ("PUT", "/default-caveman/assignments", {"routes": [7]}, 400, "routes"),
        ("PUT", "/default-caveman/assignments", {"routing": []}, 400, "routes"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(ask, method, path, values, status, field):
    code, body = ask(method, path, values)
    assert code == status and body["error"]["message"]
    assert [each["field"] for each in body["error"]["details"]] == ([field] if field else [])
    assert ids(ask) == {"default-caveman": True}


def test_one_combo_is_the_default_and_the_built_in_one_takes_its_place(ask):
    ask("POST", "", CODING | {"isDefault": True})
    assert ids(ask) == {"default-caveman": False, "coding-agents": True}
    ask("PUT", "/default-caveman", {"isDefault": True})
    ask("PUT", "/coding-agents", {"isDefault": True})
    assert ask("DELETE", "/coding-agents")[0] == 200
    assert ids(ask) == {"default-caveman": True}


def test_a_combo_in_use_is_not_removed(ask, tmp_path):
    ask("POST", "", CODING)
    settings = json.dumps({"defaultMode": "coding-agents"}).encode()
    Api(load({}, home=tmp_path)).answer("PUT", "/api/settings/compression", settings)
    assert ask("DELETE", "/coding-agents")[0] == 409


def test_the_combo_that_the_process_was_started_with_is_not_removed(ask, tmp_path):
    ask("POST", "", CODING)
    settings = with_mode(PolicyStore(tmp_path).current(), load({}, home=tmp_path), "coding-agents")
    status, body = Api(settings).answer("DELETE", COMBOS + "/coding-agents")
    assert status == 409 and "in use" in body["error"]["message"]


def test_changes_of_one_combo_at_the_same_time_are_all_kept(ask):
    ask("POST", "", CODING)
    fields = {"description": "d", "recipe": "code-review", "outputMode": True, "name": "N"}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: ask("PUT", "/coding-agents", {key: fields[key]}), fields))
    assert fields.items() <= ask("GET", "/coding-agents")[1].items()


def test_a_route_belongs_to_one_combo_and_goes_with_it(ask, tmp_path):
    ask("POST", "", CODING)
    routes = ["client:codex", "model:gpt-*"]
    assert ask("PUT", "/default-caveman/assignments", {"routes": routes})[0] == 200
    status, body = ask("PUT", "/coding-agents/assignments", {"routes": ["client:codex"]})
    assert (status, body) == (200, {"id": "coding-agents", "routes": ["client:codex"]})
    assert ask("GET", "/default-caveman/assignments")[1]["routes"] == ["model:gpt-*"]
    ask("DELETE", "/coding-agents")
    assert PolicyStore(tmp_path).current().assignments == {"model:gpt-*": "default-caveman"}
