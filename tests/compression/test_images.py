from __future__ import annotations

import json

import pytest

from tokenpak.compression.body import Compressor
from tokenpak.compression.images import left_out, unseen
from tokenpak.policy import CompressionSettings, Policy
from tokenpak.policy.model import LiteConfig
from tokenpak.settings import load
from tokenpak.wire import get_adapter

DATA = "iVBORw0KGgo" * 200
BLIND = Policy(settings=CompressionSettings(lite_config=LiteConfig(("tiny-*",))))
WORDS = "[image: png, 3 KB; left out: this model sees no images]"
URL = f"data:image/png;base64,{DATA}"
SOURCE = {"type": "base64", "media_type": "image/png", "data": DATA}
MARKER = {"type": "ephemeral"}

BODIES = {
    "anthropic": (
        lambda block: {"messages": [{"role": "user", "content": [block]}]},
        {"type": "image", "source": SOURCE, "cache_control": MARKER},
        {"type": "text", "text": WORDS, "cache_control": MARKER},
    ),
    "openai_chat": (
        lambda block: {"messages": [{"role": "user", "content": [block]}]},
        {"type": "image_url", "image_url": {"url": URL}},
        {"type": "text", "text": WORDS},
    ),
    "openai_responses": (
        lambda block: {"input": [{"type": "message", "role": "user", "content": [block]}]},
        {"type": "input_image", "image_url": URL},
        {"type": "input_text", "text": WORDS},
    ),
    "gemini": (
        lambda block: {"contents": [{"role": "user", "parts": [block]}]},
        {"inlineData": {"mimeType": "image/png", "data": DATA}},
        {"text": WORDS},
    ),
}


def body(wire: str, block: object) -> bytes:
    return json.dumps({"model": "tiny-1"} | BODIES[wire][0](block)).encode()


@pytest.mark.parametrize("wire", BODIES)
def test_an_image_is_told_in_words_in_its_place(wire):
    _, image, words = BODIES[wire]
    before = body(wire, image)
    request = get_adapter(wire).decode_request(before)
    after, told = left_out(before, request)
    assert after == body(wire, words) and list(told.values()) == [WORDS]


@pytest.mark.parametrize(
    ("wire", "block"),
    [
        ("anthropic", {"type": "image", "source": {"type": "url", "url": "https://x/a.png"}}),
        ("openai_chat", {"type": "image_url", "image_url": {"url": "https://x/a.png"}}),
    ],
)
def test_an_image_elsewhere_stays(wire, block):
    before = body(wire, block)
    request = get_adapter(wire).decode_request(before)
    assert left_out(before, request) == (before, {})


@pytest.mark.parametrize(("model", "blind"), [("tiny-1", True), ("big", False), (None, False)])
def test_only_models_that_the_user_names_see_none(model, blind):
    assert unseen(model, BLIND) is blind
    assert not unseen(model, Policy())


@pytest.mark.parametrize(("mode", "gone"), [("lite", True), ("pack", False), ("off", False)])
def test_only_lite_leaves_images_out(mode, gone, tmp_path):
    before = body("anthropic", BODIES["anthropic"][1])
    packed = Compressor(load({}, home=tmp_path)).pack(
        get_adapter("anthropic"), "", before, mode, policy=BLIND
    )
    assert (packed.body != before) is gone
    assert ("images" in packed.stages) is gone
    assert packed.saved_tokens == 0
