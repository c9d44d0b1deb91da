from __future__ import annotations

import json
import time

import pytest

from tests.telemetry.exchanges import PRICE, flow
from tokenpak.dashboard.api import Api
from tokenpak.dashboard.compression import changed
from tokenpak.policy import Policy, PolicyStore
from tokenpak.settings import load
from tokenpak.telemetry import store
from tokenpak.telemetry.events import row

SETTINGS = "/api/settings/compression"
RTK = "/api/context/rtk/config"


@pytest.fixture
def api(tmp_path):
    return Api(load({}, home=tmp_path))


def put(api, path, **values):
    return api.answer("PUT", path, json.dumps(values).encode())


def test_settings_are_changed_in_part_and_kept(api, tmp_path):
    before = api.answer("GET", SETTINGS)[1]
    seed = {"defaultMode": "stacked", "autoTriggerMode": "stacked", "autoTriggerTokens": 32000}
    assert put(api, SETTINGS, **seed) == (200, before | seed)
    status, after = put(api, SETTINGS, cavemanConfig={"intensity": "lite"})
    assert status == 200 and after["cavemanConfig"] == before["cavemanConfig"] | {
        "intensity": "lite"
    }
    assert Api(load({}, home=tmp_path)).answer("GET", SETTINGS)[1] == after


@pytest.mark.parametrize(
    ("path", "values", "field", "told"),
    [
        (SETTINGS, {"defaultMod": "lite"}, "defaultMod", "known: autoTriggerMode"),
        (SETTINGS, {"defaultMode": "tiny"}, "defaultMode", "known: off, lite"),
        (SETTINGS, {"autoTriggerTokens": "many"}, "autoTriggerTokens", "Expected `int`"),
        (SETTINGS, {"cavemanConfig": {"x": 1}}, "cavemanConfig.x", "intensity"),
        (RTK, {"x": 1}, "x", "known:"),
        (RTK, {"intensity": "x"}, "intensity", "minimal"),
    ],
)
def test_a_wrong_field_is_a_400_that_names_it_and_changes_nothing(api, path, values, field, told):
    before = api.answer("GET", path)
    status, body = put(api, path, **values)
    assert status == 400 and told in body["error"]["message"]
    assert [each["field"] for each in body["error"]["details"]] == [field]
    assert api.answer("GET", path) == before


def test_a_file_that_is_broken_is_told_and_not_written_over(api, tmp_path):
    file = tmp_path / "compression.json"
    file.write_text("{")
    assert str(file) in api.answer("GET", SETTINGS)[1]["fileError"]
    for path in (SETTINGS, RTK):
        status, body = put(api, path)
        assert status == 409 and "mend or remove" in body["error"]["message"]
    assert file.read_text() == "{"


def test_the_filters_settings_are_kept_and_act(api, tmp_path):
    status, after = put(api, RTK, enabled=False)
    assert status == 200 and after["enabled"] is False and "intensity" in after
    assert PolicyStore(tmp_path).current().rtk_config.enabled is False
    assert api.answer("GET", RTK) == (200, after)


def test_what_there_is_to_choose_from_is_listed(api):
    rules = api.answer("GET", "/api/compression/rules")[1]["rules"]
    packs = api.answer("GET", "/api/compression/language-packs")[1]
    engines = api.answer("GET", "/api/compression/engines")[1]["engines"]
    assert {"name", "category", "intensities", "description", "language"} <= set(rules[0])
    rules_of = {each["language"]: each["ruleCount"] for each in packs["packs"]}
    assert set(rules_of) == set(packs["languages"]) and rules_of["en"] >= 45
    assert "heuristic" in {each["name"] for each in engines}


def test_packs_of_the_user_are_listed_with_the_others(api, tmp_path):
    file = tmp_path / "language-packs" / "nl.yaml"
    file.parent.mkdir()
    file.write_text("language: nl\nrules: [{name: mine, category: filler, find: eigenlijk}]")
    rules = api.answer("GET", "/api/compression/rules")[1]["rules"]
    assert ("mine", "nl") in {(each["name"], each["language"]) for each in rules}
    assert "nl" in api.answer("GET", "/api/compression/language-packs")[1]["languages"]


def test_a_partial_goes_onto_the_policy_that_is_there():
    policy = Policy(rtk={"intensity": "minimal"})
    after = changed(policy, {"enabled": False})
    assert not after.settings.enabled and after.rtk == policy.rtk


def test_figures_come_from_what_was_recorded(api, tmp_path):
    now = time.time()
    flows = [
        flow(
            started=now,
            mode="hybrid/stacked",
            combo="mine",
            tokens_raw=1000,
            saved_tokens=300,
            saved_by={"rtk": 200, "caveman": 100},
            engines={"rtk": 200, "caveman": 100},
            compression_ms=4.0,
        ),
        flow(
            started=now,
            mode="strict/pack",
            provider="openai",
            tokens_raw=1000,
            saved_tokens=100,
            saved_by={"references": 100},
            engines={"pack": 100},
            compression_ms=2.0,
        ),
        flow(started=now - 3 * 86_400, mode="hybrid/off", tokens_raw=None, saved_tokens=0),
        flow(started=now, mode="hybrid/stacked", status=500),
    ]
    connection = store.open_telemetry(tmp_path / "telemetry.db")
    store.insert(connection, [row(each, PRICE) for each in flows])
    connection.close()
    status, found = api.answer("GET", "/api/context/analytics", b"", "since=24h")
    assert status == 200
    totals = found["totals"]
    assert (totals["requests"], totals["originalTokens"], totals["tokensSaved"]) == (3, 2000, 400)
    assert (totals["savingsPercent"], totals["averageDurationMs"]) == (20.0, 3.0)
    by_mode = {each["name"]: each for each in found["byMode"]}
    assert by_mode["stacked"]["savingsPercent"] == 30.0 and by_mode["pack"]["requests"] == 1
    assert [(e["name"], e["requests"], e["tokensSaved"]) for e in found["byEngine"]] == [
        ("rtk", 1, 200),
        ("caveman", 1, 100),
        ("pack", 1, 100),
    ]
    assert [(e["name"], e["tokensSaved"]) for e in found["byCombo"]] == [("mine", 300)]
    assert {e["name"] for e in found["byProvider"]} == {"anthropic", "openai"}
    everything = api.answer("GET", "/api/context/analytics", b"", "since=all")[1]
    assert everything["totals"]["requests"] == 4


def test_figures_of_an_unknown_span_are_refused(api):
    assert api.answer("GET", "/api/context/analytics", b"", "since=1y")[0] == 400


def test_before_the_first_request_all_figures_are_zero(api, tmp_path):
    status, found = api.answer("GET", "/api/context/analytics")
    assert status == 200 and set(found["totals"].values()) == {0} and found["byMode"] == []


def test_what_only_reads_leaves_nothing_in_the_home(tmp_path):
    home = tmp_path / "new"
    api = Api(load({}, home=home))
    asked = [path for verb, path in api.endpoints if verb == "GET" and "{" not in path]

    assert [api.answer("GET", path)[0] for path in asked] == [200] * len(asked)
    assert not home.exists()


def test_a_change_leaves_nothing_but_its_file(api, tmp_path):
    assert api.answer("PUT", "/api/settings/compression", b'{"defaultMode": "lite"}')[0] == 200
    assert [each.name for each in tmp_path.iterdir()] == ["compression.json"]


def test_figures_that_cannot_be_read_or_are_not_kept_are_an_error(api, tmp_path):
    (tmp_path / "telemetry.db").write_bytes(b"no database at all, but long enough to be read")
    off = Api(load({}, home=tmp_path / "off", telemetry=False))
    for each in (api, off):
        status, body = each.answer("GET", "/api/context/analytics")
        assert status == 404 and "telemetry.db" in body["error"]["message"]
