from __future__ import annotations

import pytest

from tokenpak.policy.model import (
    Combo,
    CompressionSettings,
    Policy,
    Refusal,
    merged,
    read,
    shown,
)

COMBO = {"id": "a", "name": "A", "pipeline": [{"engine": "rtk"}]}


@pytest.mark.parametrize(
    ("model", "values", "field", "told"),
    [
        (CompressionSettings, {"defautMode": "x"}, "defautMode", "known: autoTriggerMode"),
        (CompressionSettings, {"autoTriggerTokens": -1}, "autoTriggerTokens", ">= 0"),
        (CompressionSettings, {"cavemanConfig": {"x": 1}}, "cavemanConfig.x", "known: applyTo"),
        (Combo, COMBO | {"pipeline": [{"engine": "rtk", "x": 1}]}, "pipeline[0].x", "maxTokens"),
        (Combo, COMBO | {"pipeline": []}, "pipeline", "length >= 1"),
        (Combo, COMBO | {"id": "../x"}, "id", "matching regex"),
        (Combo, {"id": "a", "name": "A"}, "pipeline", "is missing"),
        (Combo, COMBO | {"pipeline": [{}]}, "pipeline[0].engine", "is missing"),
        (Combo, COMBO | {"languagePacks": ["xx"]}, "languagePacks[0]", "found 'xx'; expected one"),
        (
            CompressionSettings,
            {"cavemanConfig": {"intensity": "max"}},
            "cavemanConfig.intensity",
            "found 'max'; expected one of lite, full, ultra",
        ),
        (Policy, {"settings": {"liteConfig": {"x": 1}}}, "settings.liteConfig.x", "textOnlyModels"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_known(model, values, field, told):
    with pytest.raises(Refusal) as refused:
        read(values, model)
    assert refused.value.field == field and told in refused.value.message


def test_what_is_shown_can_be_read_again():
    settings = CompressionSettings(default_mode="rtk", auto_trigger_tokens=7)
    assert read(shown(settings), CompressionSettings) == settings


def test_a_partial_changes_what_it_names_and_goes_into_objects():
    values = merged(CompressionSettings(), {"cavemanConfig": {"intensity": "lite"}})
    found = read(values, CompressionSettings)
    assert found.caveman_config.intensity == "lite"
    assert found.caveman_config.apply_to == ("user",) and found.enabled


def test_a_combo_is_found_by_its_id_before_its_name():
    one, other = (read(COMBO | {"id": i, "name": n}, Combo) for i, n in (("a", "b"), ("b", "c")))
    policy = Policy(combos=(one, other))
    assert [policy.combo(each) for each in ("a", "b", "c", "d")] == [one, other, other, None]
