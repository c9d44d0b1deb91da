from __future__ import annotations

import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from msgspec.structs import replace

from tokenpak.errors import StoreError
from tokenpak.policy import Combo, CompressionSettings, Policy, PolicyStore, Step
from tokenpak.policy.model import CavemanConfig, Refusal


def rtk(**values):
    return lambda policy: replace(policy, rtk=values)


@pytest.fixture
def store(tmp_path):
    return PolicyStore(tmp_path / "home")


def test_without_a_file_the_defaults_are_in_force(store):
    assert store.current() == Policy() and store.error is None


def test_a_change_is_seen_by_other_workers(store, tmp_path):
    other = PolicyStore(tmp_path / "home")
    assert other.current().rtk == {}
    store.change(rtk(intensity="minimal"))
    assert other.current().rtk == {"intensity": "minimal"}
    assert oct(store.path.stat().st_mode)[-3:] == "600"


def test_a_change_is_made_to_what_is_there_now(store, tmp_path):
    store.change(rtk(intensity="minimal"))
    PolicyStore(tmp_path / "home").change(rtk(intensity="aggressive"))
    after = store.change(
        lambda policy: replace(policy, assignments={"client:a": "default-caveman"})
    )
    assert after.rtk == {"intensity": "aggressive"}


def test_changes_made_at_the_same_time_are_all_kept(tmp_path):
    def change(number):
        PolicyStore(tmp_path).change(
            lambda policy: replace(
                policy, assignments=policy.assignments | {f"model:m{number}": "default-caveman"}
            )
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(40)))
    assert len(PolicyStore(tmp_path).current().assignments) == 40


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written.*nothing was changed"):
        PolicyStore(tmp_path / "file" / "home").change(rtk(intensity="minimal"))


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("recipe", Combo("a", "A", (Step("rtk"),), recipe="cod-review")),
        ("pipeline[0].skipRules", Combo("a", "A", (Step("caveman", skip_rules=("plese",)),))),
        (
            "settings.cavemanConfig.skipRules",
            CompressionSettings(caveman_config=CavemanConfig(skip_rules=("plese",))),
        ),
    ],
)
def test_a_rule_or_recipe_that_there_is_not_is_refused_when_it_is_new(store, field, changed):
    if isinstance(changed, Combo):
        after = Policy(combos=(*Policy().combos, changed))
    else:
        after = Policy(settings=changed)
    with pytest.raises(Refusal) as refused:
        store.change(lambda policy: after)
    assert refused.value.field == field and re.search("known|perhaps please", str(refused.value))

    # One that was there before, and has been removed since, does not make the file unusable.
    store.path.write_bytes(msgspec.json.encode(after))
    assert store.error is None
    with_rtk = replace(after, rtk={"intensity": "minimal"})
    assert store.change(lambda policy: replace(policy, rtk=with_rtk.rtk)) == with_rtk


def test_the_log_says_when_the_defaults_are_in_force(store, caplog):
    store.path.parent.mkdir()
    store.path.write_text("{")
    with caplog.at_level(logging.ERROR):
        assert store.current() == Policy()
    assert "is not JSON" in caplog.text and "the defaults are in force" in caplog.text


def test_what_is_refused_changes_nothing(store):
    store.change(rtk(intensity="minimal"))
    before = store.path.read_bytes()
    with pytest.raises(Exception, match="intensity"):
        store.change(rtk(intensity="x"))
    assert store.path.read_bytes() == before and store.current().rtk == {"intensity": "minimal"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "truncated"),
        ('{"setings": {}}', "setings"),
        ('{"settings": {"defaultMode": "x"}}', "known: off"),
        ('{"combos": [{"id": "a", "name": "A", "pipeline": [{"engine": "x"}]}]}', "'x' is unknown"),
    ],
)
def test_a_broken_file_is_told_and_what_was_read_before_stays(store, caplog, text, told):
    store.change(rtk(intensity="minimal"))
    store.path.write_text(text)
    with caplog.at_level(logging.ERROR):
        assert store.current().rtk == {"intensity": "minimal"}
        assert store.current().rtk == {"intensity": "minimal"}
    assert PolicyStore(store.path.parent).error == store.error
    assert len(caplog.records) == 1 and told in store.error and str(store.path) in store.error
    with pytest.raises(StoreError, match="mend or remove"):
        store.change(rtk())
    assert store.path.read_text() == text


def test_a_mended_file_is_in_force_again(store):
    store.change(rtk(intensity="minimal"))
    store.path.write_text("{")
    assert store.error
    store.path.write_text('{"rtk": {"intensity": "aggressive"}}')
    assert store.error is None and store.current().rtk == {"intensity": "aggressive"}


def test_the_built_in_combo_need_not_be_in_the_file(store):
    store.path.parent.mkdir()
    combo = '{"id": "a", "name": "A", "pipeline": [{"engine": "rtk"}]%s}'
    for default, stacked in (("", "default-caveman"), (', "isDefault": true', "a")):
        store.path.write_text('{"combos": [' + combo % default + "]}")
        assert store.current().stacked.id == stacked
        assert {each.id for each in store.current().combos} == {"default-caveman", "a"}


def test_a_file_that_cannot_be_written_stays_as_it_is(store, monkeypatch):
    store.change(rtk(intensity="minimal"))
    before = store.path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        store.change(rtk(intensity="aggressive"))
    assert store.path.read_bytes() == before
    assert set(os.listdir(store.path.parent)) == {store.path.name}
    assert store.current().rtk == {"intensity": "minimal"}


def test_a_refusal_goes_on_to_who_asked(store):
    def refuse(policy):
        raise Refusal("x", "no")

    with pytest.raises(Refusal):
        store.change(refuse)
    assert not store.path.exists()
