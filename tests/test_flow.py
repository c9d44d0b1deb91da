from __future__ import annotations

from tests.telemetry.exchanges import flow


def test_what_was_done_is_told_in_figures():
    told = flow(
        mode="hybrid/stacked",
        tokens_raw=1000,
        saved_tokens=150,
        saved_by={"rtk": 100, "caveman": 50},
        engines={"rtk": 100, "caveman": 50},
        combo="mine",
        raw_outputs=("0123456789abcdef",),
    ).stats()
    assert told == {
        "originalTokens": 1000,
        "compressedTokens": 850,
        "savingsPercent": 15.0,
        "techniquesUsed": ["rtk", "caveman"],
        "mode": "stacked",
        "engine": "stacked",
        "engineBreakdown": {"rtk": 100, "caveman": 50},
        "compressionComboId": "mine",
        "durationMs": 2.5,
        "rtkRawOutputPointers": ["0123456789abcdef"],
    }


def test_one_engine_is_named_and_none_is_nobody():
    assert flow(engines={"rtk": 1}).stats()["engine"] == "rtk"
    assert flow(engines={}).stats()["engine"] is None


def test_where_nothing_was_counted_nothing_is_said_to_be_saved():
    told = flow(mode="off", tokens_raw=None, saved_tokens=0).stats()
    assert (told["originalTokens"], told["savingsPercent"], told["mode"]) == (0, 0.0, "off")
