"""The recipe that a request asks for by its header, over real sockets."""

from __future__ import annotations

import json
from pathlib import Path

from tests import serving
from tests.serving import Provider, Proxy

CODE = "def f(x):\n" + "".join(f"    a{i} = x + {i}\n" for i in range(1500))
BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": f"```py\n{CODE}```"}]})


def test_the_recipe_of_the_header_acts_and_the_header_goes_no_further(
    proxy: Proxy, upstream: Provider
) -> None:
    proxy.request("/v1/messages", BODY.encode(), fields="X-TokenPak-Recipe: repo-map\r\n")
    proxy.request("/v1/messages", BODY.encode())

    with_recipe, without = upstream.requests
    content = json.loads(with_recipe.body)["messages"][0]["content"]
    assert content.startswith("```py\ndef f(x):\n") and "left out" in content
    assert b"x-tokenpak-recipe" not in with_recipe.fields
    assert without.body == BODY.encode()


def test_an_unknown_recipe_is_a_400_that_lists_the_known_ones(
    proxy: Proxy, upstream: Provider
) -> None:
    head, body = proxy.request("/v1/messages", BODY.encode(), fields="X-TokenPak-Recipe: nope\r\n")

    assert head.startswith(b"HTTP/1.1 400")
    assert "code-review" in json.loads(body)["error"]["message"]
    assert upstream.requests == []


def test_an_unknown_recipe_of_the_settings_stops_nothing(
    tmp_path: Path, upstream: Provider
) -> None:
    settings = serving.settings_for(tmp_path, anthropic_url=upstream.url, recipe="nope")
    with serving.proxy(settings) as proxy:
        proxy.request("/v1/messages", BODY.encode())

    assert upstream.requests[0].body == BODY.encode()
