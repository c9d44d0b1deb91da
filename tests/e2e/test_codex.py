"""The real Codex CLI works through the proxy: the Responses format as its own client speaks it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e import agents
from tests.e2e.answers import Turn
from tests.e2e.process import serve
from tests.e2e.upstream import Upstream

CONFIG = """
model = "gpt-5"
model_provider = "e2e"
[model_providers.e2e]
name = "e2e"
base_url = "{url}/v1"
env_key = "E2E_KEY"
wire_api = "responses"
"""


def test_codex_works_through_the_proxy(upstream: Upstream, tmp_path: Path) -> None:
    codex = agents.executable("codex", "@openai/codex")
    folder = agents.workspace(tmp_path / "work")
    commands = [
        "cat src/decoder.py",
        "grep -rn def src",
        "cat src/decoder.py",
        "sed -i s/41/42/ src/answer.py",
        "cat src/answer.py src/decoder.py",
    ]
    # Else Codex cuts the outputs down itself.
    most = {"max_output_tokens": 20_000}
    calls = [Turn(tool="exec_command", arguments={"cmd": each, **most}) for each in commands]
    upstream.script.turns = [*calls, Turn(text="Edited: the answer is 42 now.")]
    settings = tmp_path / "codex"
    settings.mkdir()
    with serve(tmp_path / "tokenpak", upstream.url) as proxy:
        (settings / "config.toml").write_text(CONFIG.format(url=proxy.url), encoding="utf-8")
        said = agents.run(
            [
                *(codex, "exec", "--skip-git-repo-check"),
                *("--dangerously-bypass-approvals-and-sandbox", "Correct the answer."),
            ],
            folder,
            tmp_path / "home",
            CODEX_HOME=str(settings),
            E2E_KEY="sk-e2e",
        )
        asked = upstream.asked("/v1/responses")
        inputs = [each["input"] for each in agents.bodies(asked)]

        assert said.strip().endswith("Edited: the answer is 42 now.")
        assert (folder / "src" / "answer.py").read_text() == "ANSWER = 42\n"
        assert len(inputs) == len(upstream.script.turns)
        agents.assert_prefix_kept(inputs)
        for items in inputs:
            called = [i["call_id"] for i in items if i["type"] == "function_call"]
            answered = [i["call_id"] for i in items if i["type"] == "function_call_output"]
            assert answered == called
        assert {each.fields[b"authorization"] for each in asked} == {b"Bearer sk-e2e"}
        outputs = [i["output"] for i in inputs[-1] if i["type"] == "function_call_output"]
        agents.assert_saved(proxy, "codex", outputs)
